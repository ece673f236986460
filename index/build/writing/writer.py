"""Adding, replacing and deleting articles, in one transaction.

::

    with IndexWriter(directory) as writer:
        writer.add(article)          # replaces the one with the same id, if any
        writer.delete("some-id")     # leaving the block commits; an exception cancels

One writer at a time: it holds Whoosh's own write lock, so that stock Whoosh keeps out too. Articles
are gathered in batches that become segments (:mod:`index.build.writing.runs`); a commit merges what
the policy says and then makes the new state visible by one rename. Readers keep the state that they
opened.

Invariant: what was committed stays, whatever happens to this process; what was not never shows. The
lock is released on every path, and with the process at the latest.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import TracebackType

import numpy as np
from whoosh.filedb.filestore import FileStorage

from index.analysis import Analyser
from index.article import Article
from index.build.processes.children import processors
from index.build.writing.merge_policy import SegmentSize, choose_merge
from index.build.writing.runs import SAMPLE, LocalRuns, Run, WorkerRuns, train_profile
from index.codec.merge.numbering import Source
from index.codec.merge.segments import merge_segments
from index.codec.segment.file import SegmentFile
from index.codec.segment.profile import Profile
from index.codec.table_of_contents import (
    INDEX_NAME,
    Contents,
    read_contents,
    remove_litter,
    write_contents,
)
from index.codec.whoosh_codec import ArraySegment
from index.errors import BuildError, BuildLocked, IndexMissing
from index.schema import make_schema
from index.storage.disk_space import require_room
from index.stored import dump_article

BATCH_ARTICLES = 4_096
BATCH_BYTES = 24_000_000
"""A batch is cut at either: a worker then needs about 250 MB, and when the articles are at their
end no processor waits long for the last batch. The first batch is as small as the sample that the
profile is made of, so that the workers begin early."""

MOST_WORKERS = 4
"""More are kept waiting by the one process that reads and hands out the articles."""


class IndexWriter:
    """One transaction on the index in a directory, which is made if need be.

    Args:
        directory: of the index.
        workers: processes that share the work once there is more than a batch; None means one for
            each processor this process may use.
        statistics: a folder for what the articles tell about words
            (:mod:`index.build.derived.run_statistics`).

    Raises:
        BuildLocked: another writer is at work.
        BuildError: from any method, when the disk is full or cannot be written.
    """

    def __init__(
        self, directory: Path, *, workers: int | None = None, statistics: Path | None = None
    ) -> None:
        self._directory = directory
        self._statistics = statistics
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = FileStorage(str(directory)).lock(f"{INDEX_NAME}_WRITELOCK")
        if not self._lock.acquire(blocking=False):
            raise BuildLocked(f"{directory}: another writer is at work; wait until it has finished")
        self._workers = min(MOST_WORKERS, processors()) if workers is None else workers
        self._runs: LocalRuns | WorkerRuns | None = None
        self._batch: list[bytes] = []
        self._batch_bytes = 0
        self._new: list[ArraySegment] = []
        self._current = ArraySegment(INDEX_NAME)
        self._where: dict[str, tuple[ArraySegment, int]] = {}
        self._open = True
        try:
            self._contents = self._read_contents()
            remove_litter(directory, self._contents)
            self._old = [SegmentFile(path) for path in self._contents.paths]
        except BaseException:
            self._release()
            raise

    def _read_contents(self) -> Contents:
        try:
            return read_contents(self._directory)
        except IndexMissing:
            return Contents(0, [], [], [])

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._open:
            return
        if kind is None:
            self.commit()
        else:
            self.cancel()

    def add(self, article: Article) -> None:
        """Add an article, in place of any that has its id."""
        self.delete(article.id)
        stored = dump_article(article)
        self._where[article.id] = (self._current, len(self._batch))
        self._batch.append(stored)
        self._batch_bytes += len(stored)
        most = BATCH_ARTICLES if self._new else min(BATCH_ARTICLES, SAMPLE)
        if len(self._batch) >= most or self._batch_bytes >= BATCH_BYTES:
            self._flush(more=True)

    def delete(self, article_id: str) -> bool:
        """Delete an article; returns whether there was one."""
        pending = self._where.pop(article_id, None)
        if pending is not None:
            segment, doc = pending
            segment.delete_document(doc)
            return True
        deleted = False
        for segment, file in zip(self._contents.segments, self._old, strict=True):
            for doc in file.values(file.layout.id).docs_having(article_id).tolist():
                if not segment.is_deleted(doc):
                    segment.delete_document(doc)
                    deleted = True
        return deleted

    def commit(self) -> int:
        """Make everything visible and release the lock; returns how many articles the index has.

        Raises:
            BuildError: it could not be written; the index is as it was before this writer.
        """
        try:
            self.finish_runs()
            kept = self._merge()
            generation = self._contents.generation + 1
            write_contents(self._directory, make_schema(), kept, generation)
        except BaseException as error:
            self.cancel()
            if isinstance(error, OSError):
                raise self._failed(error) from error
            raise
        remove_litter(self._directory, Contents(generation, kept, [], []))
        self._release()
        return sum(segment.doc_count() for segment in kept)

    def finish_runs(self) -> None:
        """Wait until all articles are in segments and counted; :meth:`commit` merges these.

        Raises:
            BuildError: they could not be written; the caller cancels.
        """
        if self._batch:
            self._flush(more=False)
        if self._runs is not None:
            self._runs.finish()
            self._runs = None

    def cancel(self) -> None:
        """Forget everything since the writer was made, remove its files, release the lock."""
        if not self._open:
            return
        try:
            if self._runs is not None:
                self._runs.stop()
            for segment in (*self._new, self._current):
                with suppress(OSError):
                    segment.path(self._directory).unlink()
        finally:
            self._release()

    def _flush(self, *, more: bool) -> None:
        """Turn the batch into a run."""
        if self._runs is None:
            analyser = Analyser()
            profile = self._old_profile() or train_profile(self._batch, analyser)
            if more and self._workers > 1:
                self._runs = WorkerRuns(profile, self._workers)
            else:
                self._runs = LocalRuns(profile, analyser)
        segment = self._current
        path = segment.path(self._directory)
        run = Run(path, self._batch, self._statistics, len(self._new))
        segment.set_doc_count(len(run.articles))
        self._new.append(segment)
        self._current = ArraySegment(INDEX_NAME)
        self._batch, self._batch_bytes = [], 0
        try:
            self._runs.make(run)
        except OSError as error:
            raise self._failed(error) from error

    def _old_profile(self) -> Profile | None:
        """The profile made when the index was built: that of its largest segment."""
        largest = max(self._old, key=lambda file: file.doc_count, default=None)
        return None if largest is None else largest.profile

    def _merge(self) -> list[ArraySegment]:
        """Merge what the policy says; returns the segments of the new state."""
        segments = [*self._contents.segments, *self._new]
        kept = [segment for segment in segments if segment.doc_count()]
        if not kept:
            return segments[:1]  # an index has a segment, though all of its articles be deleted
        sizes = [
            SegmentSize(segment.doc_count_all(), segment.deleted_count(), segment in self._new)
            for segment in kept
        ]
        chosen = choose_merge(sizes)
        if not chosen:
            return kept
        paths = [kept[number].path(self._directory) for number in chosen]
        require_room(self._directory, sum(path.stat().st_size for path in paths))
        merged = ArraySegment(INDEX_NAME)
        sources = [
            Source(SegmentFile(path), np.array(sorted(kept[number].deleted_docs()), np.int64))
            for number, path in zip(chosen, paths, strict=True)
        ]
        merged.set_doc_count(sum(kept[number].doc_count() for number in chosen))
        self._new.append(merged)
        merge_segments(sources, merged.path(self._directory))
        first = chosen[0]
        others = set(chosen)
        kept = [segment for number, segment in enumerate(kept) if number not in others]
        kept.insert(first, merged)
        return kept

    def _failed(self, error: OSError) -> BuildError:
        return BuildError(
            f"{self._directory}: cannot be written ({error.strerror or error}); the index is as it "
            "was before; make room and run the command again"
        )

    def _release(self) -> None:
        self._open = False
        self._lock.release()
