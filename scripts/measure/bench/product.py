"""The whole product measured: a search from query text to page, and an update of a large index.

Peers have nothing to compare with here: understanding, facets and marked snippets are this
project's.
"""

from __future__ import annotations

import csv
import multiprocessing
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from whoosh import query as wq

from index.build.writing.writer import IndexWriter
from index.schema import make_schema
from index.snapshot import Snapshot
from index.storage.builds import current_build
from scripts.measure.bench.documents import articles_of
from scripts.measure.bench.measure import PERCENTILES
from scripts.measure.bench.memory import private_mb
from search import SearchEngine, SearchRequest
from search.backends.whoosh.execution import Executor

UPDATED = 100
NO_QUERIES = ("qid", "kind")
"""Columns of the file of queries that hold none."""


@dataclass(frozen=True, slots=True)
class Searched:
    """Whole searches: understanding, facets and ten results with snippets.

    Attributes:
        column: the spelling of the queries.
        first: milliseconds at each of the percentiles, each query for the first time.
        again: the same, all queries once more.
        cpu: the same as ``again`` in milliseconds of processor time.
        open_ms: to open the engine, before its first search.
        private_mb: memory of the process alone after all searches of this and earlier columns.
    """

    column: str
    queries: int
    first: tuple[float, ...]
    again: tuple[float, ...]
    cpu: tuple[float, ...]
    open_ms: float
    private_mb: float


@dataclass(frozen=True, slots=True)
class Updated:
    """An update: half of the articles replaced, half new, until a search finds them.

    Attributes:
        articles: of the index.
        changed: articles added.
        seconds: of wall time.
        cpu_seconds: of processor time.
    """

    articles: int
    changed: int
    seconds: float
    cpu_seconds: float


def measure_searches(index_dir: Path, queries_file: Path, most: int) -> list[Searched]:
    """Search for the queries of every column, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_search, (index_dir, queries_file, most))


def _search(index_dir: Path, queries_file: Path, most: int) -> list[Searched]:
    with queries_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[:most]
    began = time.perf_counter()
    with SearchEngine.open(index_dir) as engine:
        open_ms = (time.perf_counter() - began) * 1e3
        searched = []
        for column in (name for name in rows[0] if name not in NO_QUERIES):
            requests = [SearchRequest(query=row[column]) for row in rows]
            first = np.array([_timed(engine, request) for request in requests])
            again = np.array([_timed(engine, request) for request in requests])
            searched.append(
                Searched(
                    column,
                    len(rows),
                    _percentiles(first[:, 0]),
                    _percentiles(again[:, 0]),
                    _percentiles(again[:, 1]),
                    open_ms,
                    private_mb(),
                )
            )
    return searched


def _timed(engine: SearchEngine, request: SearchRequest) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.thread_time()
    engine.search(request)
    return time.perf_counter() - began, time.thread_time() - cpu


def _percentiles(seconds: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.percentile(seconds * 1e3, PERCENTILES))


def measure_update(index_dir: Path) -> Updated:
    """Update a copy of the index and search it, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="timbao-benchmark-") as scratch:
        copy = shutil.copytree(current_build(index_dir).path, Path(scratch) / "index")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            return pool.apply(_update, (copy,))


def _update(directory: Path) -> Updated:
    snapshot = Snapshot.open(directory)
    articles = list(articles_of(snapshot, UPDATED))
    changed = [
        replace(
            article,
            id=article.id if number % 2 else f"{article.id}-moi",
            body=f"{article.body} chudemoi{number}",
        )
        for number, article in enumerate(articles)
    ]
    total = snapshot.doc_count
    del snapshot
    began, cpu = time.perf_counter(), time.process_time()
    with IndexWriter(directory) as writer:
        for article in changed:
            writer.add(article)
    executor = Executor(Snapshot.open(directory), make_schema())
    for number in range(len(changed)):
        (doc,) = executor.search(wq.Term("body", f"chudemoi{number}"), 10).docs
        executor.snapshot.stored(int(doc))
    return Updated(total, len(changed), time.perf_counter() - began, time.process_time() - cpu)
