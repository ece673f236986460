"""What the text analysis costs: milliseconds a megabyte in bulk, and milliseconds a query.

In bulk means everything that an index takes of a text (accent keys, folded terms, positions), in
one process and by processor time: once as a build meets the articles, while pieces of text are
still being met, and once more when all of them are known. Two sizes show how that grows, and
the time that Python's own ``str.split`` takes for the same texts tells how busy the machine is. A
query is six words: noticing and decoding raw Telex or VNI, then restoring the accents.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.table import Table

from index.analysis import Analyser, decode_typing
from index.analysis.phrases import phrase_of
from index.build.writing.runs import ENCODED_AT_ONCE
from index.language.files import open_model
from index.language.model.model import LanguageModel
from index.language.restoration import Restorer
from index.schema import field_texts
from index.snapshot import Snapshot
from scripts.measure.bench.documents import articles_of
from scripts.measure.bench.measure import PERCENTILES

MOST_ARTICLES = 20_000
STEP = 4
"""How many times the articles of the smaller size are those of the larger."""
COLUMNS = ("bare", "telex", "vni")
WORDS = 6
TOGETHER = 3 * ENCODED_AT_ONCE
"""Texts that are encoded together, as in a build: three an article."""
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class BulkCost:
    """Processor time of encoding some articles.

    Attributes:
        mb: length of their texts as UTF-8, in millions of bytes.
        first_ms_per_mb: with an analyser that knows nothing yet.
        again_ms_per_mb: the same texts once more.
        split_ms_per_mb: only to split them at white space.
    """

    articles: int
    mb: float
    first_ms_per_mb: float
    again_ms_per_mb: float
    split_ms_per_mb: float


@dataclass(frozen=True, slots=True)
class QueryCost:
    """Processor time of understanding queries, in milliseconds at each of :data:`PERCENTILES`."""

    step: str
    queries: int
    ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AnalysisCost:
    """What was measured of the analysis."""

    bulk: tuple[BulkCost, ...]
    queries: tuple[QueryCost, ...]


def measure_analysis(build: Path, queries_file: Path, most: int) -> AnalysisCost:
    """Measure the analysis with the articles and the model of a build.

    Args:
        build: the directory of the build.
        queries_file: a TSV with at least one of the columns :data:`COLUMNS`.
        most: how many of its rows are used.
    """
    snapshot = Snapshot.open(build)
    articles = min(MOST_ARTICLES, snapshot.doc_count)
    return AnalysisCost(
        tuple(_bulk_cost(snapshot, size) for size in (max(1, articles // STEP), articles)),
        _query_costs(open_model(build), _read_queries(queries_file, most)),
    )


def analysis_tables(cost: AnalysisCost) -> tuple[Table, Table]:
    """One table for texts in bulk, one for queries."""
    bulk = Table(title="Analysis in bulk: processor time, one process")
    for heading in ("articles", "MB of UTF-8", "ms/MB at first", "ms/MB again", "ms/MB str.split"):
        bulk.add_column(heading, justify="right")
    for row in cost.bulk:
        bulk.add_row(
            f"{row.articles:,}",
            f"{row.mb:.1f}",
            f"{row.first_ms_per_mb:.1f}",
            f"{row.again_ms_per_mb:.1f}",
            f"{row.split_ms_per_mb:.1f}",
        )
    queries = Table(title=f"Queries of {WORDS} words: processor time")
    for heading in ("step", "queries", *(f"p{at} ms" for at in PERCENTILES)):
        queries.add_column(heading, justify="left" if heading == "step" else "right")
    for line in cost.queries:
        queries.add_row(line.step, f"{line.queries:,}", *(f"{value:.3f}" for value in line.ms))
    return bulk, queries


def _bulk_cost(snapshot: Snapshot, size: int) -> BulkCost:
    texts = [text for article in articles_of(snapshot, size) for text in field_texts(article)]
    mb = max(sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6, 1e-6)
    analyser = Analyser()

    def encode_all() -> None:
        for start in range(0, len(texts), TOGETHER):
            analyser.encode_all(texts[start : start + TOGETHER])

    def split_all() -> None:
        for text in texts:
            text.split()

    first, again, split = _cpu_ms(encode_all), _cpu_ms(encode_all), _cpu_ms(split_all)
    return BulkCost(size, mb, first / mb, again / mb, split / mb)


def _query_costs(model: LanguageModel, queries: Sequence[str]) -> tuple[QueryCost, ...]:
    analyser, restorer = Analyser(), Restorer(model)

    def restore(text: str) -> None:
        phrase = phrase_of(analyser.tokens(text))
        pairs = zip(phrase.keys, phrase.folded, strict=True)
        restorer.restore([folded if key.isascii() else key for key, folded in pairs])

    decode = [_quickest(partial(decode_typing, text, model)) for text in queries]
    read = [decode_typing(text, model).text for text in queries]
    accents = [_quickest(partial(restore, text)) for text in read]
    both = [decoding + restoring for decoding, restoring in zip(decode, accents, strict=True)]
    steps = {"notice and decode typing": decode, "restore accents": accents, "both": both}
    return tuple(
        QueryCost(name, len(times), tuple(map(float, np.percentile(times, PERCENTILES))))
        for name, times in steps.items()
        if times
    )


def _read_queries(path: Path, most: int) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[:most]
    texts = [row[column].split() for row in rows for column in COLUMNS if row.get(column)]
    return [" ".join(words[:WORDS]) for words in texts if len(words) >= WORDS]


def _quickest(action: Callable[[], object]) -> float:
    return min(_cpu_ms(action) for _ in range(ROUNDS))


def _cpu_ms(action: Callable[[], object]) -> float:
    start = time.process_time_ns()
    action()
    return (time.process_time_ns() - start) / 1e6
