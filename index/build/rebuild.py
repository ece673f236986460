"""A rebuild or an update: from sources to a new build that is being served, or none.

One pass: records are read, the bad ones counted, and the articles handed to the writer as it asks
for them, so memory does not grow with the sources (but for the ids met). Whatever happens on the
way, an error, Ctrl-C or a full disk, the build that was serving goes on serving. What a killed
rebuild had finished is taken over by the next.

An update begins with the files of the build being served and changes only what differs; where
nothing does, nothing is written.

What was put or withdrawn over HTTP has the last word over the sources. The indexer goes on applying
it to the old build meanwhile, and before a new one is served it gets whatever arrived since its
making began (:mod:`index.build.publishing`). This module knows nothing of terminals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from index.article import Article
from index.build.bulk import write_index
from index.build.fingerprints import Fingerprints, Meeting
from index.build.image_hosts import ImageHosts
from index.build.incremental import change_index
from index.build.publishing.applying import DERIVE_SHARE, apply_journal, with_changes
from index.build.recovery import purpose, take_over
from index.build.report.report import Kept, Report, printable
from index.build.source_reader import Progress, SourceReader, Stage, ignore_progress
from index.errors import BuildError, IndexMissing, IndexOpenError, NothingToIndex
from index.sources import FetchRules, Origin, origin_of
from index.storage.builds import (
    Build,
    clean_up,
    current_build,
    finish_build,
    leftovers,
    link_build,
    locked_for_rebuilding,
    locked_for_switching,
    pinned_build,
    remove_build,
    served_id,
    switch_to,
    unfinished_build,
)
from index.storage.disk_space import (
    MOST_AT_ONCE,
    RoomWatch,
    require_room,
    trouble_told,
    written,
)
from index.storage.journal import Journal, JournalState
from index.stored import load_article

KEEP_BUILDS = 2
"""Builds kept: the one being served and the one before it."""

_FEW = 0.1
"""Of the articles that were there: sources that have fewer are more likely broken than shrunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildOptions:
    """What a person may choose of a rebuild or an update.

    Attributes:
        kind: the name of the kind of all files, or "" to recognise each.
        query: for databases that are named by their address or file.
        includes_pages: whether what sources call pages is indexed too.
        limit: stop after so many articles.
        keep: builds to keep, the new one among them; at least 1.
        rules: how servers are asked.
        deletes: whether an update deletes what the sources have no more.
        allows_loss: whether fewer than a tenth of the articles that were there may be left.
    """

    kind: str = ""
    query: str = ""
    includes_pages: bool = False
    limit: int | None = None
    keep: int = KEEP_BUILDS
    rules: FetchRules = field(default_factory=FetchRules)
    deletes: bool = True
    allows_loss: bool = False


def rebuild(
    index_dir: Path,
    sources: Sequence[Path | str],
    options: RebuildOptions | None = None,
    *,
    progress: Callable[[Progress], None] = ignore_progress,
    report: Report | None = None,
) -> Report:
    """Build an index of the sources' articles and serve it.

    Args:
        index_dir: made if it is missing.
        sources: files, folders, addresses, or TOML files that describe one of these.
        options: see there.
        progress: called some ten times a second.
        report: filled as the rebuild goes, so that it can be shown even if this raises.

    Raises:
        SourceError: a source does not exist.
        NothingToIndex: no article was found; the report says why.
        BuildLocked: another rebuild of this index is running.
        BuildError: the build could not be written.
    """
    return _Rebuild(index_dir, sources, options, progress, report).run(updates=False)


def update(
    index_dir: Path,
    sources: Sequence[Path | str],
    options: RebuildOptions | None = None,
    *,
    progress: Callable[[Progress], None] = ignore_progress,
    report: Report | None = None,
) -> Report:
    """Add, change and delete in the index being served what differs from the sources.

    Articles are compared by id and content. One that was not met is deleted, unless not everything
    could be read (a server is down, a disk is not mounted), a source shows only some of its
    articles (feeds), there is a limit, or the options say that nothing is to be deleted.

    Without an index that this program could have made, this is a `rebuild`, if the sources show all
    of their articles. Arguments and errors are the same.

    Raises:
        IndexOpenError: there is an index that cannot be read, and what it holds would be lost.
    """
    return _Rebuild(index_dir, sources, options, progress, report).run(updates=True)


class _Rebuild:
    """One rebuild or update."""

    def __init__(
        self,
        index_dir: Path,
        sources: Sequence[Path | str],
        options: RebuildOptions | None,
        progress: Callable[[Progress], None],
        report: Report | None,
    ) -> None:
        self._index_dir = index_dir
        self._options = RebuildOptions() if options is None else options
        self._progress = progress
        self._report = Report() if report is None else report
        self._origins = [self._origin(source) for source in sources]
        self._names = [printable(origin.shown) for origin in self._origins]
        self._journal = Journal(index_dir)
        self._images = ImageHosts()
        self._unreadable: IndexOpenError | None = None

    def run(self, *, updates: bool) -> Report:
        started = time.monotonic()
        try:
            with trouble_told(self._index_dir), locked_for_rebuilding(self._index_dir):
                self._begin()
                if updates and self._updates():
                    self._clean_up()
                    with pinned_build(self._index_dir) as base:
                        self._update(base)
                else:
                    self._rebuild()
                self._clean_up()
        finally:
            self._report.seconds = time.monotonic() - started
        return self._report

    def _updates(self) -> bool:
        """Whether there is an index to update.

        Raises:
            IndexOpenError: there is one, but it cannot be read, and the sources are not all of it.
        """
        try:
            current_build(self._index_dir)
        except IndexMissing:
            return False
        except IndexOpenError as error:
            if not self._options.deletes or self._options.limit is not None:
                raise
            self._unreadable = error
            return False
        return True

    def _begin(self) -> None:
        """See what the journal says now; what it says later is applied at the end."""
        self._state = self._journal.state()
        self._moment = int(time.time()) if self._state is None else self._state.moment
        self._published = self._journal.ids()

    def _clean_up(self, working: Path | None = None) -> None:
        with locked_for_switching(self._index_dir):
            clean_up(self._index_dir, keep=self._options.keep, working=working)

    def _origin(self, source: Path | str) -> Origin:
        options = self._options
        return origin_of(
            source,
            options.kind,
            options.rules,
            query=options.query,
            includes_pages=options.includes_pages,
        )

    def _reader(self, known: Fingerprints) -> SourceReader:
        limit = self._options.limit
        return SourceReader(
            self._origins,
            limit,
            self._report,
            self._progress,
            known,
            self._index_dir,
            self._published,
            self._moment,
        )

    def _put(self, known: Fingerprints) -> Iterator[Article]:
        """Every article put over HTTP that the index lacks or has otherwise."""
        if self._state is not None:
            for content in self._journal.contents(self._state):
                article = load_article(content)
                if known.meet(article) is not Meeting.UNCHANGED:
                    yield article

    def _refused(self, reader: SourceReader) -> Iterator[str]:
        """Articles that the index must not have, whether it has or not."""
        yield from (name for name, is_withdrawn in self._published.items() if is_withdrawn)
        yield from reader.held

    def _deletes(self, reader: SourceReader) -> bool:
        """Whether an article that was not met is gone; to be asked when all is read."""
        if not self._options.deletes:
            return False
        if not reader.shows_all:
            self._report.kept_because = Kept.INCOMPLETE
        elif 0 < reader.met < len(reader.known) * _FEW and not self._options.allows_loss:
            self._report.kept_because = Kept.TOO_FEW
        else:
            return True
        return False

    def _keep(self, known: Fingerprints) -> None:
        """Report what is not deleted although it was not met, unless nobody asked for that."""
        if self._options.deletes:
            self._report.kept = known.unmet

    def _rebuild(self) -> None:
        note = purpose(self._names)
        left = leftovers(self._index_dir)
        with unfinished_build(self._index_dir, note) as directory:
            self._report.resumed = take_over(left, directory, note)
            self._clean_up(working=directory)
            require_room(directory, self._expected() - written(directory))
            known = Fingerprints.none()
            if self._report.resumed:
                known = Fingerprints.of_articles(directory)
                self._images.add_stored(directory)
            reader = self._reader(known)
            read = chain(self._put(known), reader.articles())
            articles = self._images.noted(_watched(read, directory))
            if self._report.resumed:
                counts = change_index(
                    directory, articles, lambda: known.unmet_ids(directory), lambda _: True
                )
            else:
                counts = write_index(directory, articles)
            if counts.articles == 0:
                raise NothingToIndex("no article was found in the sources; nothing was changed")
            if self._unreadable is not None and not reader.shows_all:
                raise self._unreadable  # an update would have kept what it holds beside these
            self._require_enough(counts.articles)
            known.write(directory, unmet=False)
            self._finish(reader, directory, counts.articles, all_held=True)

    def _require_enough(self, articles: int) -> None:
        """See that an index is not replaced by what little could be read of its sources.

        Raises:
            BuildError: much was skipped, and fewer than a tenth of the articles are left.
        """
        build = _updatable(self._index_dir)
        if build is None or self._options.allows_loss or self._options.limit is not None:
            return
        before = build.manifest.articles
        if self._report.skipped and articles < before * _FEW:
            raise BuildError(
                f"only {articles} articles could be read where {before} are being served, and "
                "something was skipped; the old index stays in use. If that is meant, say "
                "--allow-delete"
            )

    def _expected(self) -> int:
        """About how many bytes a rebuild will take, if it is like the build being served."""
        build = _updatable(self._index_dir)
        if build is None:
            return 0
        size = sum(file.bytes for file in build.manifest.files.values())
        limit, articles = self._options.limit, build.manifest.articles
        if limit is not None and limit < articles:
            size = size * limit // articles
        return int(size * MOST_AT_ONCE)

    def _update(self, base: Build) -> None:
        self._report.updates = True
        known = Fingerprints.of_build(base.path)
        reader = self._reader(known)
        changed = chain(self._put(known), reader.articles())
        first = next(changed, None)
        if first is None and not self._any_gone(reader):
            self._keep(known)
            self._journal.hold(reader.held, all_of_them=self._deletes(reader))
            apply_journal(self._index_dir, keep=self._options.keep)
            return
        articles = changed if first is None else chain((first,), changed)
        with unfinished_build(self._index_dir) as directory:
            link_build(base, directory)
            self._change(base, directory, reader, articles)

    def _any_gone(self, reader: SourceReader) -> bool:
        """Whether the index has articles that it should not; to be asked when all is read."""
        known = reader.known
        refused = any(known.has(name) for name in self._refused(reader))
        return refused or bool(known.unmet and self._deletes(reader))

    def _change(
        self, base: Build, directory: Path, reader: SourceReader, articles: Iterable[Article]
    ) -> None:
        """Make an index that began as a copy of ``base`` what the sources say."""
        report, known = self._report, reader.known

        def gone() -> Iterator[str]:
            for article_id in filter(known.drop, self._refused(reader)):
                report.deleted += 1
                yield article_id
            if not self._deletes(reader):
                self._keep(known)
                return
            for article_id in known.unmet_ids(directory):
                report.deleted += 1
                yield article_id

        def changed() -> int:
            return base.manifest.changed_since_derived + report.indexed + report.deleted

        def must_derive(total: int) -> bool:
            return changed() > total * DERIVE_SHARE

        self._images.add_known(base.manifest.image_hosts)
        watched = self._images.noted(_watched(articles, directory))
        counts = change_index(directory, watched, gone, must_derive, base.path)
        if counts.articles == 0:
            raise NothingToIndex("the sources have no article any more; nothing was changed")
        known.write(directory, unmet=not self._deletes(reader))
        changed_since_derived = 0 if must_derive(counts.articles) else changed()
        self._finish(
            reader,
            directory,
            counts.articles,
            base,
            changed_since_derived,
            all_held=self._deletes(reader),
        )

    def _finish(
        self,
        reader: SourceReader,
        directory: Path,
        articles: int,
        base: Build | None = None,
        changed_since_derived: int = 0,
        *,
        all_held: bool,
    ) -> None:
        reader.tell(Stage.FINISHING)
        with locked_for_switching(self._index_dir):
            self._journal.hold(reader.held, all_of_them=all_held)
            made = finish_build(
                directory,
                articles=articles,
                sources=self._names,
                base=base,
                changed_since_derived=changed_since_derived,
                journal=self._begun(),
                image_hosts=self._images.most_named(),
            )
            pending = self._journal.pending(made.manifest.journal)
            build = with_changes(self._index_dir, made, pending) if pending else made
            try:
                switch_to(self._index_dir, build)
            finally:  # it may have happened even if this was interrupted
                if served_id(self._index_dir) == build.id:
                    self._report.build = build.id
            if build is not made:
                remove_build(made)
        if build.manifest.journal is not None:
            self._journal.applied(build.manifest.journal, build.id, 0.0)

    def _begun(self) -> JournalState | None:
        """How much of the journal is in a build whose making began when this did."""
        if self._state is not None:
            return self._state
        state = self._journal.state()  # of one that was begun since
        return None if state is None else state._replace(task=0, moment=self._moment)


def _updatable(index_dir: Path) -> Build | None:
    """The build being served, or None where there is none that this program can read."""
    try:
        return current_build(index_dir)
    except IndexOpenError:
        return None


def _watched(articles: Iterable[Article], directory: Path) -> Iterator[Article]:
    """The articles, as long as the disk has room for what they become."""
    room = RoomWatch(directory)
    for article in articles:
        room.look()
        yield article
    room.insist()
