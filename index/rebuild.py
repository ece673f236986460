"""A whole rebuild: from sources to a new build that is being served, or none.

One pass: records are read, the bad ones counted, and the articles handed to the writer as it asks
for them, so memory does not grow with the sources (but for the ids met). Whatever happens on the
way, an error, Ctrl-C or a full disk, the build that was serving goes on serving. It knows nothing
of terminals.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from index.article import Article
from index.builder import write_index
from index.builds import (
    clean_up,
    finish_build,
    locked_for_rebuilding,
    served_id,
    switch_to,
    unfinished_build,
)
from index.errors import BuildError, NothingToIndex, RecordError, SourceError
from index.report import Report, printable
from index.sources import (
    Found,
    Kind,
    Meter,
    Outcome,
    SkipReason,
    SourceFile,
    find_files,
    read_file,
    skip,
)

KEEP_BUILDS = 2
"""Builds kept: the one being served and the one before it."""

_PROGRESS_EVERY = 0.1


class Stage(str, Enum):
    """What a rebuild is busy with."""

    READING = "reading"
    WRITING = "writing"
    FINISHING = "finishing"


class Progress(NamedTuple):
    """How far a rebuild is.

    Attributes:
        bytes_read: of the files, before decompression.
        bytes_total: the size of all files; 0 if it is not known (pipes).
        indexed: articles handed to the writer.
        skipped: records that are no articles.
    """

    stage: Stage
    bytes_read: int
    bytes_total: int
    indexed: int
    skipped: int


def ignore_progress(progress: Progress) -> None:
    """For who does not care how far a rebuild is."""


def rebuild(
    index_dir: Path,
    sources: Sequence[Path],
    *,
    kind: Kind | None = None,
    limit: int | None = None,
    keep: int = KEEP_BUILDS,
    progress: Callable[[Progress], None] = ignore_progress,
    report: Report | None = None,
) -> Report:
    """Build an index of the sources' articles and serve it.

    Args:
        index_dir: made if it is missing.
        sources: files and folders.
        kind: of all files, or None to recognise each.
        limit: stop after so many articles.
        keep: builds to keep, the new one among them; at least 1.
        progress: called some ten times a second.
        report: filled as the rebuild goes, so that it can be shown even if this raises.

    Raises:
        SourceError: a source does not exist.
        NothingToIndex: no article was found; the report says why.
        BuildLocked: another rebuild of this index is running.
        BuildError: the build could not be written.
    """
    started = time.monotonic()
    report = Report() if report is None else report
    for source in sources:
        if not os.path.lexists(source):
            raise SourceError(f"{source}: there is no such file or folder")
    try:
        with locked_for_rebuilding(index_dir):
            clean_up(index_dir, keep=keep)
            reader = _Reader(sources, kind, limit, report, progress)
            _build(index_dir, reader, [printable(str(source)) for source in sources])
            clean_up(index_dir, keep=keep)
    except OSError as error:
        raise _build_error(index_dir, error) from error
    finally:
        report.seconds = time.monotonic() - started
    return report


def _build(index_dir: Path, reader: _Reader, sources: Sequence[str]) -> None:
    with unfinished_build(index_dir) as directory:
        counts = write_index(directory, reader.articles())
        if counts.articles == 0:
            raise NothingToIndex("no article was found in the sources; nothing was changed")
        reader.tell(Stage.FINISHING)
        build = finish_build(directory, articles=counts.articles, sources=sources)
        try:
            switch_to(index_dir, build)
        finally:  # it may have happened even if this was interrupted
            if served_id(index_dir) == build.id:
                reader.report.build = build.id


def _build_error(index_dir: Path, error: OSError) -> BuildError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return BuildError(
            f"{index_dir}: the disk is full; the old index, if there is one, stays in use. Make "
            "room for about the size of one more build and try again"
        )
    return BuildError(
        f"{error.filename or index_dir}: cannot be written: {error.strerror or error}"
    )


class _Reader:
    """Reads the sources and counts; the articles come out one by one."""

    def __init__(
        self,
        sources: Sequence[Path],
        kind: Kind | None,
        limit: int | None,
        report: Report,
        progress: Callable[[Progress], None],
    ) -> None:
        self.report = report
        self._sources = sources
        self._kind = kind
        self._limit = limit
        self._progress = progress
        self._meter = Meter()
        self._bytes_total = 0
        self._next_progress = 0.0
        self._ids: set[str] = set()

    def articles(self) -> Iterator[Article]:
        """Every article once, up to the limit."""
        for outcome in self._outcomes():
            if isinstance(outcome, RecordError):
                self.report.skip(outcome)
            elif outcome.article.id in self._ids:
                self.report.skip(_duplicate(outcome))
            else:
                self._ids.add(outcome.article.id)
                self.report.index(outcome)
                yield outcome.article
            if time.monotonic() >= self._next_progress:
                self.tell(Stage.READING)
            if self._limit is not None and self.report.indexed >= self._limit:
                break
        self.report.bytes_read = self._meter.bytes_read
        self.tell(Stage.WRITING)

    def tell(self, stage: Stage) -> None:
        """Say how far the rebuild is."""
        self._next_progress = time.monotonic() + _PROGRESS_EVERY
        self._progress(
            Progress(
                stage,
                self._meter.bytes_read,
                self._bytes_total,
                self.report.indexed,
                self.report.skipped_total,
            )
        )

    def _outcomes(self) -> Iterator[Outcome]:
        files: list[SourceFile] = []
        for item in find_files(self._sources):
            if isinstance(item, RecordError):
                yield item
            else:
                files.append(item)
                self._bytes_total += item.size
        for file in files:
            self.report.files += 1
            yield from read_file(file, self._meter, self._kind)


def _duplicate(found: Found) -> RecordError:
    return skip(
        found.where,
        SkipReason.DUPLICATE_ID,
        f"an article with the id {found.article.id} was read before; the first one is kept",
    )
