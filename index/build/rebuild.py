"""A rebuild or an update: from sources to a new build that is being served, or none.

One pass: records are read, the bad ones counted, and the articles handed to the writer as it asks
for them, so memory does not grow with the sources (but for the ids met). Whatever happens on the
way, an error, Ctrl-C or a full disk, the build that was serving goes on serving. What a killed
rebuild had finished is taken over by the next.

An update begins with the files of the build being served and changes only what differs; where
nothing does, nothing is written. It knows nothing of terminals.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from index.article import Article
from index.build.bulk import write_index
from index.build.fingerprints import Fingerprints
from index.build.image_hosts import ImageHosts
from index.build.incremental import change_index
from index.build.recovery import purpose, take_over
from index.build.report.report import Report, printable
from index.build.source_reader import Progress, SourceReader, Stage, ignore_progress
from index.errors import BuildError, IndexOpenError, NothingToIndex
from index.sources import FetchRules, Origin, origin_of
from index.storage.builds import (
    Build,
    clean_up,
    current_build,
    finish_build,
    leftovers,
    link_build,
    locked_for_rebuilding,
    served_id,
    switch_to,
    unfinished_build,
)
from index.storage.disk_space import MOST_AT_ONCE, RoomWatch, require_room, written

KEEP_BUILDS = 2
"""Builds kept: the one being served and the one before it."""

_REDERIVE_SHARE = 0.1
"""Of the articles that may change before what is derived from all of them is made anew."""

_NEEDS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildOptions:
    """What a person may choose of a rebuild or an update.

    Attributes:
        kind: the name of the kind of all files, or "" to recognise each.
        query: for databases that are named by their address.
        limit: stop after so many articles.
        keep: builds to keep, the new one among them; at least 1.
        rules: how servers are asked.
        deletes: whether an update deletes what the sources have no more.
    """

    kind: str = ""
    query: str = ""
    limit: int | None = None
    keep: int = KEEP_BUILDS
    rules: FetchRules = field(default_factory=FetchRules)
    deletes: bool = True


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

    Without an index that this program could have made, this is a `rebuild`. Arguments and errors
    are the same.
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
        self._images = ImageHosts()

    def run(self, *, updates: bool) -> Report:
        started = time.monotonic()
        try:
            with locked_for_rebuilding(self._index_dir):
                base = _updatable(self._index_dir) if updates else None
                if base is not None:
                    self._update(base)
                else:
                    self._rebuild()
                clean_up(self._index_dir, keep=self._options.keep)
        except OSError as error:
            raise _build_error(self._index_dir, error) from error
        finally:
            self._report.seconds = time.monotonic() - started
        return self._report

    def _origin(self, source: Path | str) -> Origin:
        return origin_of(source, self._options.kind, self._options.rules, query=self._options.query)

    def _reader(self, known: Fingerprints) -> SourceReader:
        limit = self._options.limit
        return SourceReader(
            self._origins, limit, self._report, self._progress, known, self._index_dir
        )

    def _deletes(self, reader: SourceReader) -> bool:
        """Whether an article that was not met is gone; to be asked when all is read."""
        return self._options.deletes and reader.shows_all

    def _keep(self, known: Fingerprints) -> None:
        """Report what is not deleted although it was not met, unless nobody asked for that."""
        if self._options.deletes:
            self._report.kept = known.unmet

    def _rebuild(self) -> None:
        note = purpose(self._names)
        left = leftovers(self._index_dir)
        with unfinished_build(self._index_dir, note) as directory:
            self._report.resumed = take_over(left, directory, note)
            clean_up(self._index_dir, keep=self._options.keep, working=directory)
            require_room(directory, self._expected() - written(directory))
            known = Fingerprints.none()
            if self._report.resumed:
                known = Fingerprints.of_articles(directory)
                self._images.add_stored(directory)
            reader = self._reader(known)
            articles = self._images.noted(_watched(reader.articles(), directory))
            if self._report.resumed:
                counts = change_index(
                    directory, articles, lambda: known.unmet_ids(directory), lambda _: True
                )
            else:
                counts = write_index(directory, articles)
            if counts.articles == 0:
                raise NothingToIndex("no article was found in the sources; nothing was changed")
            known.write(directory, unmet=False)
            self._finish(reader, directory, counts.articles)

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
        clean_up(self._index_dir, keep=self._options.keep)
        known = Fingerprints.of_build(base.path)
        reader = self._reader(known)
        changed = reader.articles()
        first = next(changed, None)
        if first is None and not (known.unmet and self._deletes(reader)):
            self._keep(known)
            return
        articles = changed if first is None else chain((first,), changed)
        with unfinished_build(self._index_dir) as directory:
            link_build(base, directory)
            self._change(base, directory, reader, articles)

    def _change(
        self, base: Build, directory: Path, reader: SourceReader, articles: Iterable[Article]
    ) -> None:
        """Make an index that began as a copy of ``base`` what the sources say."""
        report, known = self._report, reader.known

        def gone() -> Iterator[str]:
            if not self._deletes(reader):
                self._keep(known)
                return
            for article_id in known.unmet_ids(directory):
                report.deleted += 1
                yield article_id

        def changed() -> int:
            return base.manifest.changed_since_derived + report.indexed + report.deleted

        def must_derive(total: int) -> bool:
            return changed() > total * _REDERIVE_SHARE

        self._images.add_known(base.manifest.image_hosts)
        watched = self._images.noted(_watched(articles, directory))
        counts = change_index(directory, watched, gone, must_derive, base.path)
        if counts.articles == 0:
            raise NothingToIndex("the sources have no article any more; nothing was changed")
        known.write(directory, unmet=not self._deletes(reader))
        changed_since_derived = 0 if must_derive(counts.articles) else changed()
        self._finish(reader, directory, counts.articles, base, changed_since_derived)

    def _finish(
        self,
        reader: SourceReader,
        directory: Path,
        articles: int,
        base: Build | None = None,
        changed_since_derived: int = 0,
    ) -> None:
        reader.tell(Stage.FINISHING)
        build = finish_build(
            directory,
            articles=articles,
            sources=self._names,
            base=base,
            changed_since_derived=changed_since_derived,
            image_hosts=self._images.most_named(),
        )
        try:
            switch_to(self._index_dir, build)
        finally:  # it may have happened even if this was interrupted
            if served_id(self._index_dir) == build.id:
                self._report.build = build.id


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


def _build_error(index_dir: Path, error: OSError) -> BuildError:
    # NumPy tells of bytes that were not written, but not why ("8647 requested and 5632 written").
    if error.errno in _NEEDS or error.errno is None:
        return BuildError(
            f"{index_dir}: the disk is full; the old index, if there is one, stays in use. Make "
            "room for about the size of one more build and try again"
        )
    return BuildError(
        f"{error.filename or index_dir}: cannot be written: {error.strerror or error}"
    )
