"""Runs: batches of articles made into segments of their own, in this process or in others.

A bulk build cuts its articles into batches, makes each a segment, and merges them; how many
processes share the first part changes nothing in the result.
"""

from __future__ import annotations

import pickle
import queue
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from whoosh.util.times import datetime_to_long

from index.analysis import Analyser
from index.article import Article
from index.build.derived.run_statistics import RunStatisticsWriter
from index.build.processes.children import start_child, stream, tasks
from index.build.processes.memory import keep_memory
from index.codec.columns import NO_MOMENT
from index.codec.segment.builder import Analysed, Entry, SegmentBuilder
from index.codec.segment.layout import ARTICLES
from index.codec.segment.profile import Profile, make_profile
from index.errors import BuildError
from index.schema import VALUE_FIELDS, field_texts, utc_naive
from index.stored import load_article

ENCODED_AT_ONCE = 64
"""Articles: enough that the calls of NumPy for each group cost nothing."""

SAMPLE = 1_500
"""Articles that a new index makes its profile of: more change nothing that shows in its size."""


def train_profile(articles: Sequence[bytes], analyser: Analyser) -> Profile:
    """What a new index keeps in mind, from its first articles (as they will be stored)."""
    sample = articles[:SAMPLE]
    vocabulary = analyser.vocabulary
    folds = []
    for stored in sample:
        keys = analyser.encode(field_texts(load_article(stored)).body).keys
        folds.append(np.unique(vocabulary.fold_of[keys]))
    frequencies = np.bincount(
        np.concatenate([np.zeros(0, np.uint32), *folds]), minlength=len(vocabulary.folded)
    )
    return make_profile(sample, vocabulary.folded, frequencies.astype(np.int64))


class Run(NamedTuple):
    """A run to be made.

    Attributes:
        path: of its segment.
        articles: as they will be stored.
        statistics: the folder for what they tell about words; None if nobody wants it.
        number: of the run, from 0, in the order of the articles.
    """

    path: Path
    articles: Sequence[bytes]
    statistics: Path | None
    number: int


def write_run(run: Run, profile: Profile, analyser: Analyser) -> None:
    """Make the segment of a run, and its statistics."""
    builder = SegmentBuilder(ARTICLES, profile)
    statistics_writer = (
        None if run.statistics is None else RunStatisticsWriter(run.statistics, run.number)
    )
    for start in range(0, len(run.articles), ENCODED_AT_ONCE):
        for entry, article in _entries(run.articles[start : start + ENCODED_AT_ONCE], analyser):
            builder.add(entry)
            if statistics_writer is not None:
                statistics_writer.add(article)
    texts = builder.write(run.path, analyser.vocabulary)
    if statistics_writer is not None:
        statistics_writer.write(texts)


def _entries(group: Sequence[bytes], analyser: Analyser) -> Iterator[tuple[Entry, Article]]:
    articles = [load_article(stored) for stored in group]
    encoded = iter(
        analyser.encode_all(text for article in articles for text in field_texts(article))
    )
    for stored, article in zip(group, articles, strict=True):
        published = article.published
        moment = NO_MOMENT if published is None else int(datetime_to_long(utc_naive(published)))
        texts = tuple(Analysed(*next(encoded)) for _ in ARTICLES.texts)
        values = (article.id, *(getattr(article, name) for name in VALUE_FIELDS))
        yield Entry(stored, values, (moment,), texts), article


class LocalRuns:
    """Makes runs in this process, at once."""

    def __init__(self, profile: Profile, analyser: Analyser) -> None:
        self._profile = profile
        self._analyser = analyser

    def make(self, run: Run) -> None:
        """Make one run."""
        write_run(run, self._profile, self._analyser)

    def finish(self) -> None:
        """Wait for all runs: there is nothing to wait for."""

    def stop(self) -> None:
        """Give up runs under way: there are none."""


class WorkerRuns:
    """Makes runs in other processes, several at a time.

    Raises:
        BuildError: from :meth:`make` or :meth:`finish` if a worker failed.
    """

    def __init__(self, profile: Profile, workers: int) -> None:
        self._workers = [_Worker(profile) for _ in range(workers)]
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="run")
        self._under_way: list[Future[None]] = []

    def make(self, run: Run) -> None:
        """Have a run made; waits while all workers are busy, so that articles do not pile up."""
        worker = self._idle.get()
        self._under_way.append(self._threads.submit(self._run, worker, run))
        done = [future for future in self._under_way if future.done()]
        self._under_way = [future for future in self._under_way if not future.done()]
        for future in done:
            future.result()

    def _run(self, worker: _Worker, run: Run) -> None:
        try:
            worker.make(run)
        finally:
            self._idle.put(worker)

    def finish(self) -> None:
        """Wait for all runs and let the workers go."""
        try:
            for future in self._under_way:
                future.result()
        finally:
            self.stop()

    def stop(self) -> None:
        """End the workers, whatever they are doing."""
        for worker in self._workers:
            worker.end()
        self._threads.shutdown()


class _Worker:
    """One process that makes runs."""

    _SERVE = "from index.build.writing.runs import serve; serve()"

    def __init__(self, profile: Profile) -> None:
        self._process = start_child(self._SERVE, answers=True)
        self._send = stream(self._process.stdin)
        self._receive = stream(self._process.stdout)
        self._profile: Profile | None = profile

    def make(self, run: Run) -> None:
        """Have one run made and wait for it."""
        try:
            if self._profile is not None:
                pickle.dump(self._profile, self._send)
                self._profile = None
            pickle.dump(run, self._send, pickle.HIGHEST_PROTOCOL)
            self._send.flush()
            problem: str = pickle.load(self._receive)  # noqa: S301 - our own child's words
        except (OSError, EOFError) as error:
            raise BuildError(f"{run.path}: a worker process of the build has died") from error
        if problem:
            raise BuildError(
                f"{run.path}: cannot be written ({problem}); the index is as it was before; make "
                "room and run the command again"
            )

    def end(self) -> None:
        """End the process."""
        self._process.terminate()
        with suppress(BrokenPipeError):  # what a dead worker has left unread is flushed, in vain
            self._send.close()
        self._receive.close()
        self._process.wait()


def serve() -> None:
    """A worker: makes runs as told on standard input; when that closes it ends at once."""
    keep_memory()
    told: queue.SimpleQueue[Profile | Run] = tasks()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends this
    answers = sys.stdout.buffer
    analyser = Analyser()
    profile = Profile()
    while True:
        message = told.get()
        if isinstance(message, Profile):
            profile = message
            continue
        problem = ""
        try:
            write_run(message, profile, analyser)
        except OSError as error:
            problem = error.strerror or str(error)
        with suppress(BrokenPipeError):  # a parent who has died needs no answer
            pickle.dump(problem, answers)
            answers.flush()
