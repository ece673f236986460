"""What is measured: building and opening in processes of their own, queries side by side."""

from __future__ import annotations

import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from scripts.measure.bench.documents import Queries, articles_of, read_analysed
from scripts.measure.bench.engines import Engine, Fts5, Opened, StockWhoosh, Timbao
from scripts.measure.bench.memory import MB_IN_KIB, private_mb

PEERS = ("tantivy", "fts5", "whoosh")
PERCENTILES = (50, 95, 99)
ROUNDS = 4
KINDS = ("and", "or", "phrase")
BATCHED, IN_TURNS = "batched", "in turns"
MANY_QUERIES = 1_000


@dataclass(frozen=True, slots=True)
class Built:
    """What building cost.

    Attributes:
        seconds: wall time from the first article to the index on disk.
        cpu_seconds: of all processes.
        mb: size on disk.
        peak_mb: the largest process, plus the largest of its workers.
        open_ms: to open the index in another process.
        private_mb: memory of that process alone after a thousand queries.
    """

    engine: str
    articles: int
    seconds: float
    cpu_seconds: float
    mb: float
    peak_mb: float
    open_ms: float
    private_mb: float


@dataclass(frozen=True, slots=True)
class Timed:
    """What one kind of query took.

    Attributes:
        order: :data:`BATCHED`, all queries of a kind one after the other, as a server that runs
            one engine sees them; or :data:`IN_TURNS`, each query put to every engine in turn, so
            that the others have filled the processor's caches with their own data.
        queries: how many.
        ms: milliseconds at each of :data:`PERCENTILES`.
        share: what part of that this project takes for the same queries; empty for itself.
    """

    engine: str
    articles: int
    kind: str
    order: str
    queries: int
    ms: tuple[float, ...]
    share: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How far stock Whoosh is asked to go: it takes minutes for what others do in a second.

    Attributes:
        articles: above that it does not take part.
        queries: of each kind that it is asked at most, once each.
    """

    articles: int
    queries: int


class UnknownEngine(ValueError):
    """No engine has this name, or it is not installed."""


def engine_named(name: str) -> Engine | Timbao:
    """An engine by its name.

    Raises:
        UnknownEngine: there is none.
    """
    if name == "timbao":
        return Timbao()
    if name == "whoosh":
        return StockWhoosh()
    if name == "fts5":
        return Fts5()
    if name != "tantivy":
        raise UnknownEngine(f"{name}: not one of {', '.join(PEERS)}")
    if importlib.util.find_spec("tantivy") is None:
        raise UnknownEngine("tantivy is not installed: pip install timbao[benchmark]")
    from scripts.measure.bench.tantivy import Tantivy

    return Tantivy()


def measure_build(
    name: str, source: Path, analysed: Path, directory: Path, articles: int, queries: Queries
) -> Built:
    """Build an index, then open and use it, in processes of their own.

    Args:
        name: of the engine.
        source: the index that the articles come from, for this project.
        analysed: the same articles analysed, for its peers.
        directory: exists and is empty.
        articles: how many.
        queries: what to ask before looking at the memory.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        seconds, cpu, peak = pool.apply(_build, (name, source, analysed, directory, articles))
    with context.Pool(1) as pool:
        open_ms, private = pool.apply(_use, (name, directory, queries))
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    return Built(name, articles, seconds, cpu, size / 1e6, peak, open_ms, private)


def _build(
    name: str, source: Path, analysed: Path, directory: Path, articles: int
) -> tuple[float, float, float]:
    engine = engine_named(name)
    began, cpu = time.perf_counter(), _cpu_seconds()
    if isinstance(engine, Timbao):
        engine.build(directory, articles_of(Snapshot.open(source), articles))
    else:
        engine.build(directory, read_analysed(analysed, articles))
    seconds, cpu = time.perf_counter() - began, _cpu_seconds() - cpu
    process, workers = (
        resource.getrusage(who).ru_maxrss * MB_IN_KIB
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return seconds, cpu, process + workers


def _cpu_seconds() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _use(name: str, directory: Path, queries: Queries) -> tuple[float, float]:
    engine = engine_named(name)
    began = time.perf_counter()
    opened = engine.open(directory)
    open_ms = (time.perf_counter() - began) * 1e3
    asked = 0
    while asked < MANY_QUERIES and not isinstance(engine, StockWhoosh):
        for words in queries.words:
            opened.all_of(words)
        for words in queries.phrases:
            opened.phrase(words)
        asked += max(len(queries.words) + len(queries.phrases), 1)
    return open_ms, private_mb()


def measure_queries(
    engines: Sequence[str],
    directories: Sequence[Path],
    articles: int,
    queries: Queries,
    limits: Limits,
) -> list[Timed]:
    """Ask all engines the same; the quickest time of each query counts.

    Batched there are several rounds, in which each engine answers all queries of a kind; in turns
    there is one. Stock Whoosh has one round, batched.
    """
    opened = [
        engine_named(name).open(directory)
        for name, directory in zip(engines, directories, strict=True)
    ]
    timed: list[Timed] = []
    for kind, ask in zip(KINDS, (_all_of, _any_of, _phrase), strict=True):
        asked = queries.phrases if kind == "phrase" else queries.words
        best = np.full((len(opened), len(asked)), np.inf)
        for repetition in range(ROUNDS):
            for row, engine in enumerate(opened):
                slow = engines[row] == StockWhoosh.name
                if not (slow and repetition):
                    for column, words in enumerate(asked[: limits.queries] if slow else asked):
                        best[row, column] = min(best[row, column], _seconds(ask, engine, words))
        timed += _summed_up(engines, articles, kind, BATCHED, best)
        quick = [row for row, name in enumerate(engines) if name != StockWhoosh.name]
        turns = [[_seconds(ask, opened[row], words) for row in quick] for words in asked]
        names = [engines[row] for row in quick]
        timed += _summed_up(names, articles, kind, IN_TURNS, np.array(turns).T)
    return timed


def _seconds(
    ask: Callable[[Opened, Sequence[str]], int], engine: Opened, words: Sequence[str]
) -> float:
    began = time.perf_counter()
    ask(engine, words)
    return time.perf_counter() - began


def _summed_up(
    engines: Sequence[str], articles: int, kind: str, order: str, seconds: NDArray[np.float64]
) -> Iterator[Timed]:
    """Percentiles of each engine's times (shape (engines, queries), infinite if not asked)."""
    ours = seconds[list(engines).index(Timbao.name)]
    for name, times in zip(engines, seconds, strict=True):
        asked = np.isfinite(times)
        ms = np.percentile(times[asked] * 1e3, PERCENTILES)
        share = np.percentile(ours[asked] * 1e3, PERCENTILES) / ms
        yield Timed(
            name,
            articles,
            kind,
            order,
            int(asked.sum()),
            tuple(map(float, ms)),
            () if name == Timbao.name else tuple(map(float, share)),
        )


def _all_of(engine: Opened, words: Sequence[str]) -> int:
    return engine.all_of(words)


def _any_of(engine: Opened, words: Sequence[str]) -> int:
    return engine.any_of(words)


def _phrase(engine: Opened, words: Sequence[str]) -> int:
    return engine.phrase(words)
