"""How well the engine answers judged queries: outcomes, their means, and the tables of both.

A ranked query's outcome is where its articles stand among the first ten; a set's figures are the
means over its queries. A saved run holds every outcome, so that two rankings can be compared query
by query. Invariant: the order of the engine's page is what is measured. Knows nothing of files of
queries, nor of what figures are expected.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import orjson
from rich.console import Console
from rich.table import Table

from scripts.measure.judgements import Qrels, Query, own_article
from search import SearchEngine, SearchRequest
from search.request import Duplicates

DEPTH = 10
CHANGES_SHOWN = 10
WIDTH = 120
"""Columns of the tables where they do not go to a terminal."""

EMPTY = "empty"
TITLES = {
    "mrr": f"MRR@{DEPTH}",
    "ndcg": f"nDCG@{DEPTH}",
    "success": f"S@{DEPTH}",
    EMPTY: "empty",
    "precision": "P(may)",
    "recall": "R(must)",
    "newest": "newest",
}
"""All figures of a set and what the table calls them. Those of a ranked set are the first four,
those of a topical set the last four. Each is a share, the higher the better but for `EMPTY`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the engine made of one query.

    Attributes:
        reciprocal: 1/rank of the first relevant article, 0 beyond :data:`DEPTH`.
        success: whether there is one.
        ndcg: normalised discounted cumulative gain at :data:`DEPTH`.
        empty: whether nothing was found.
        ms: what the engine took.
    """

    qid: str
    kind: str
    column: str
    text: str
    reciprocal: float
    success: float
    ndcg: float
    empty: bool
    ms: float


class Summary(NamedTuple):
    """The means of a group of outcomes."""

    queries: int
    mrr: float
    success: float
    ndcg: float
    empty: float
    p50_ms: float
    p95_ms: float


class Row(NamedTuple):
    """The figures of one column of one set.

    Attributes:
        name: of the set.
        queries: how many.
        figures: by name, those of :data:`TITLES` that such a set has.
    """

    name: str
    column: str
    queries: int
    figures: Mapping[str, float]


def run(
    engine: SearchEngine, queries: Iterable[Query], qrels: Qrels, own: str = ""
) -> list[Outcome]:
    """Ask every query and measure what comes back.

    Args:
        engine: to ask.
        queries: to ask it.
        qrels: which articles are relevant.
        own: template of the article that is left out of a query's results (`own_article`). Results
            are then not collapsed, for the one left out would take its near-duplicates along.
    """
    from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc, nDCG

    measures = [RR @ DEPTH, Success @ DEPTH, nDCG @ DEPTH]
    duplicates = Duplicates.SHOW if own else Duplicates.COLLAPSE
    outcomes: list[Outcome] = []
    for query in queries:
        page = engine.search(
            SearchRequest(query=query.text, per_page=DEPTH + bool(own), duplicates=duplicates)
        )
        left_out = own_article(own, query.qid)
        ids = [hit.id for hit in page.hits if hit.id != left_out][:DEPTH]
        judged = [Qrel(query.qid, name, rel) for name, rel in qrels.get(query.qid, {}).items()]
        # The order of the page is what counts: equal scores must not be shuffled by the metric.
        ranked = [ScoredDoc(query.qid, name, float(DEPTH - rank)) for rank, name in enumerate(ids)]
        values = {str(found.measure): found.value for found in iter_calc(measures, judged, ranked)}
        reciprocal, success, ndcg = (float(values.get(str(measure), 0.0)) for measure in measures)
        outcomes.append(Outcome(*query, reciprocal, success, ndcg, not ids, page.took_ms))
    return outcomes


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    """The means, and the percentiles of the time."""
    times = [outcome.ms for outcome in outcomes]
    return Summary(
        len(outcomes),
        float(np.mean([outcome.reciprocal for outcome in outcomes])),
        float(np.mean([outcome.success for outcome in outcomes])),
        float(np.mean([outcome.ndcg for outcome in outcomes])),
        float(np.mean([outcome.empty for outcome in outcomes])),
        float(np.percentile(times, 50)),
        float(np.percentile(times, 95)),
    )


def groups(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """All outcomes of each column, then by kind within it where there are kinds."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        found[outcome.column].append(outcome)
        if outcome.kind:
            found[f"{outcome.column} · {outcome.kind}"].append(outcome)
    return dict(sorted(found.items()))


def ranked_rows(name: str, outcomes: Sequence[Outcome]) -> list[Row]:
    """The figures of a ranked set, column by column."""
    rows: list[Row] = []
    for column in dict.fromkeys(outcome.column for outcome in outcomes):
        means = summarise([outcome for outcome in outcomes if outcome.column == column])
        values = {figure: value for figure, value in means._asdict().items() if figure in TITLES}
        rows.append(Row(name, column, means.queries, values))
    return rows


def compare(outcomes: Sequence[Outcome], before: Sequence[Outcome], console: Console) -> None:
    """Print what changed since another run, and whether it can be chance."""
    from scipy.stats import permutation_test

    old = {(outcome.column, outcome.qid): outcome for outcome in before}
    for column in sorted({outcome.column for outcome in outcomes}):
        pairs = [
            (old[column, new.qid], new)
            for new in outcomes
            if new.column == column and (column, new.qid) in old
        ]
        if len(pairs) < 2:
            continue
        changes = np.array([new.reciprocal - was.reciprocal for was, new in pairs])
        chance = permutation_test(
            (changes,), np.mean, permutation_type="samples", n_resamples=9_999, rng=0
        ).pvalue
        console.print(
            f"\n{column}: MRR {changes.mean():+.4f} on {len(pairs)} queries, p = {chance:.4f} "
            f"({int((changes > 0).sum())} better, {int((changes < 0).sum())} worse)"
        )
        for at in np.argsort(-np.abs(changes), kind="stable")[:CHANGES_SHOWN]:
            if changes[at]:
                was, new = pairs[at]
                console.print(
                    f"  {changes[at]:+.2f}  {_rank(was)} → {_rank(new)}  {new.qid}  {new.text}"
                )


def _rank(outcome: Outcome) -> str:
    return f"{round(1 / outcome.reciprocal)}" if outcome.reciprocal else f">{DEPTH}"


def print_table(outcomes: Sequence[Outcome], console: Console) -> None:
    """Print the means of every group of one set."""
    table = Table("column", "queries", f"MRR@{DEPTH}", f"Success@{DEPTH}", f"nDCG@{DEPTH}")
    for title in ("empty", "p50 ms", "p95 ms"):
        table.add_column(title)
    for name, members in groups(outcomes).items():
        means = summarise(members)
        table.add_row(
            name,
            str(means.queries),
            *(f"{value:.4f}" for value in (means.mrr, means.success, means.ndcg)),
            f"{means.empty:.2%}",
            *(f"{value:.2f}" for value in (means.p50_ms, means.p95_ms)),
        )
    console.print(table)


def print_rows(rows: Sequence[Row], *, title: str = "", signed: bool = False) -> None:
    """Print figures of several sets as one table: a line for each column of each set."""
    heads = ("set", "column", "queries", *TITLES.values())
    table = Table(*heads, title=title or None, title_justify="left")
    form = "{:+.4f}" if signed else "{:.4f}"
    for row in rows:
        cells = (form.format(row.figures[name]) if name in row.figures else "" for name in TITLES)
        table.add_row(row.name, row.column, str(row.queries), *cells)
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)


def save_run(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write every outcome to a file."""
    path.write_bytes(orjson.dumps([asdict(outcome) for outcome in outcomes]))


def load_run(path: Path) -> list[Outcome]:
    """Read a saved run."""
    try:
        return [Outcome(**outcome) for outcome in orjson.loads(path.read_bytes())]
    except (OSError, TypeError, orjson.JSONDecodeError) as error:
        raise click.ClickException(f"{path}: is no saved run ({error})") from error
