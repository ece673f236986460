"""Reads the sources for a rebuild or an update: counts everything, hands out what is to be indexed.

An article is handed out once, and not at all if the index has it already. Memory does not grow with
the sources, but for the ids met. It knows nothing of how articles are indexed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from index.article import Article
from index.build.fingerprints import Fingerprints, Meeting
from index.build.processes.readers import Readers
from index.build.report.report import Report
from index.errors import RecordError
from index.sources import (
    Fetcher,
    FetchRules,
    Found,
    Meter,
    Origin,
    SkipReason,
    read_sources,
    skip,
)
from index.sources.web.page_cache import PageCache
from index.stored import due, dump_article

CACHE_NAME = "web-cache.sqlite"

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
        bytes_total: the size of all files; 0 if it is not known (pipes, servers).
        indexed: articles handed to the writer.
        skipped: records that are no articles.
        unchanged: articles that the index has already.
    """

    stage: Stage
    bytes_read: int
    bytes_total: int
    indexed: int
    skipped: int
    unchanged: int = 0


def ignore_progress(progress: Progress) -> None:
    """For who does not care how far a rebuild is."""


class SourceReader:
    """Reads sources once.

    Args:
        origins: the sources.
        limit: of articles read, or None.
        report: filled on the way.
        progress: called some ten times a second.
        known: the articles that the index has; filled with those met.
        index_dir: of the index, which is no source; pages of the web are kept there.
        published: ids that the journal has the say on, and whether they are withdrawn.
        moment: seconds since 1970; articles dated later are not handed out but held.

    Attributes:
        held: those, as they are stored, with their moments, by id.
    """

    def __init__(
        self,
        origins: Sequence[Origin],
        limit: int | None,
        report: Report,
        progress: Callable[[Progress], None],
        known: Fingerprints,
        index_dir: Path,
        published: Mapping[str, bool],
        moment: float,
    ) -> None:
        self.held: dict[str, tuple[bytes, int]] = {}
        self._published = published
        self._moment = moment
        self.report = report
        self.known = known
        self._origins = origins
        self._limit = limit
        self._progress = progress
        self._index_dir = index_dir
        self._meter = Meter()
        self._next_progress = 0.0
        self._ids: set[str] = set()
        self._captured: dict[str, str] = {}
        self._is_limited = False

    @property
    def shows_all(self) -> bool:
        """Whether an article that was not met is gone; to be asked at the end."""
        return self._meter.shows_all and not self._is_limited

    @property
    def met(self) -> int:
        """How many articles the sources have, as far as they were read."""
        return len(self._ids)

    def articles(self) -> Iterator[Article]:
        """Every article that the index lacks or has otherwise, up to the limit."""
        self.tell(Stage.READING)
        readers = Readers()
        try:
            yield from self._read(readers)
        finally:
            readers.close()
        self.tell(Stage.WRITING)

    def _read(self, readers: Readers) -> Iterator[Article]:
        for outcome in read_sources(
            self._origins, self._meter, self._fetcher, [self._index_dir], readers
        ):
            if isinstance(outcome, RecordError):
                self.report.skip(outcome)
            elif outcome.article.id in self._ids:
                self.report.skip(_duplicate(outcome))
                if self._is_later(outcome):
                    self._captured[outcome.article.id] = outcome.captured
                    if self.known.meet_again(outcome.article) is not Meeting.UNCHANGED:
                        yield outcome.article  # in place of the one with its id
            elif refusal := self._refusal(outcome):
                self._ids.add(outcome.article.id)
                self.report.skip(refusal)
            else:
                self._ids.add(outcome.article.id)
                if outcome.captured:
                    self._captured[outcome.article.id] = outcome.captured
                meeting = self.known.meet(outcome.article)
                self.report.meet(outcome, meeting)
                if meeting is not Meeting.UNCHANGED:
                    yield outcome.article
            if time.monotonic() >= self._next_progress:
                self.tell(Stage.READING)
            if self._limit is not None and len(self._ids) >= self._limit:
                self._is_limited = True
                break

    def _is_later(self, found: Found) -> bool:
        """Whether an article was taken from the web after the one with its id that was read."""
        return "" < self._captured.get(found.article.id, "") < found.captured

    def _refusal(self, found: Found) -> RecordError | None:
        """Why an article is not to be indexed now although it is one."""
        article = found.article
        if article.id in self._published:
            if self._published[article.id]:
                return skip(found.where, SkipReason.WITHDRAWN, f"{article.id} was withdrawn")
            told = f"{article.id} was put by a program since; what that said is kept"
            return skip(found.where, SkipReason.PUT_SINCE, told)
        if article.published is None or article.published.timestamp() <= self._moment:
            return None
        self.held[article.id] = (dump_article(article), due(article.published))
        told = f"is dated {article.published.isoformat()}; it is shown from then on"
        return skip(found.where, SkipReason.EMBARGO, told)

    def tell(self, stage: Stage) -> None:
        """Say how far the rebuild is."""
        self.report.bytes_read = self._meter.bytes_read
        self.report.files = self._meter.files
        self._next_progress = time.monotonic() + _PROGRESS_EVERY
        self._progress(
            Progress(
                stage,
                self._meter.bytes_read,
                self._meter.bytes_total,
                self.report.indexed,
                self.report.skipped_total,
                self.report.unchanged,
            )
        )

    def _fetcher(self, rules: FetchRules) -> Fetcher:
        return Fetcher(rules, PageCache(self._index_dir / CACHE_NAME))


def _duplicate(found: Found) -> RecordError:
    kept = "the later capture" if found.captured else "the first one"
    return skip(
        found.where,
        SkipReason.DUPLICATE_ID,
        f"an article with the id {found.article.id} was read before; {kept} is kept",
    )
