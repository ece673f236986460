#!/usr/bin/env python3
"""How good the ranking is: known-item queries with judgements, per column and per kind.

Needs the extra ``evaluate`` (``pip install timbao[evaluate]``, or the development lock).

The queries are a TSV with a header: ``qid``, optionally ``kind``, and one column for each way to
type the query; the judgements are TREC qrels. A saved run (``--save``) holds the rank of the wanted
article for every query, so that two rankings can be compared query by query (``--against``).
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

import click
import numpy as np
import orjson
from rich.console import Console
from rich.progress import track
from rich.table import Table

from index.analysis import fold
from search import IndexUnavailable, SearchEngine, SearchRequest
from search.request import MAX_QUERY_LENGTH

DEPTH = 10
CHANGES_SHOWN = 10

PARTLY = "partly"
"""The column that :func:`partly_accented` makes."""


class Query(NamedTuple):
    """One query as typed in one column."""

    qid: str
    kind: str
    column: str
    text: str


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


Qrels = dict[str, dict[str, int]]


def read_queries(path: Path, columns: Sequence[str]) -> list[Query]:
    """Read the queries of some columns; of all that hold queries, if none is named."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            names = list(reader.fieldnames or ())
            wanted = list(columns) or [name for name in names if name not in ("qid", "kind")]
            missing = [name for name in ("qid", *wanted) if name not in names]
            if missing:
                raise click.ClickException(
                    f"{path}: has no column {missing[0]!r}; it has {', '.join(names)}"
                )
            return [
                Query(row["qid"], row.get("kind") or "", name, row[name][:MAX_QUERY_LENGTH])
                for row in reader
                for name in wanted
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{path}: cannot be read ({error})") from error


def partly_accented(queries: Iterable[Query], column: str) -> list[Query]:
    """Queries of a column with the accents of some words left out, the same ones every time.

    Each word with marks loses them by the toss of a coin; queries with fewer than two such words
    cannot be partly accented and are left out.
    """
    partly: list[Query] = []
    for query in queries:
        words = query.text.split()
        marked = [at for at, word in enumerate(words) if not word.isascii()]
        if query.column != column or len(marked) < 2:
            continue
        coin = Random(query.qid)  # noqa: S311 - the same for everyone
        bare = [at for at in marked if coin.random() < 0.5]
        bare = bare[:-1] if len(bare) == len(marked) else bare or [coin.choice(marked)]
        typed = [fold(word) if at in bare else word for at, word in enumerate(words)]
        partly.append(query._replace(column=PARTLY, text=" ".join(typed)))
    return partly


def read_qrels(path: Path) -> Qrels:
    """Read TREC judgements: ``qid 0 id relevance`` a line."""
    qrels: Qrels = defaultdict(dict)
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            qid, _, article_id, relevance = line.split()
            qrels[qid][article_id] = int(relevance)
        except ValueError as error:
            raise click.ClickException(f"{path}:{number}: is not 'qid 0 id relevance'") from error
    return dict(qrels)


def run_queries(engine: SearchEngine, queries: Iterable[Query], qrels: Qrels) -> list[Outcome]:
    """Ask every query and measure what comes back."""
    from ir_measures import RR, Qrel, ScoredDoc, Success, iter_calc, nDCG

    measures = [RR @ DEPTH, Success @ DEPTH, nDCG @ DEPTH]
    outcomes: list[Outcome] = []
    for query in queries:
        page = engine.search(SearchRequest(query=query.text, per_page=DEPTH))
        judged = [Qrel(query.qid, name, rel) for name, rel in qrels.get(query.qid, {}).items()]
        # The order of the page is what counts: equal scores must not be shuffled by the metric.
        ranked = [
            ScoredDoc(query.qid, hit.id, float(DEPTH - rank)) for rank, hit in enumerate(page.hits)
        ]
        values = {
            str(metric.measure): metric.value for metric in iter_calc(measures, judged, ranked)
        }
        reciprocal, success, ndcg = (float(values.get(str(measure), 0.0)) for measure in measures)
        outcomes.append(Outcome(*query, reciprocal, success, ndcg, page.total == 0, page.took_ms))
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


def group_outcomes(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """All outcomes of each column, then by kind within it where there are kinds."""
    grouped: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        grouped[outcome.column].append(outcome)
        if outcome.kind:
            grouped[f"{outcome.column} · {outcome.kind}"].append(outcome)
    return dict(sorted(grouped.items()))


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
    """Print the means of every group."""
    table = Table("column", "queries", f"MRR@{DEPTH}", f"Success@{DEPTH}", f"nDCG@{DEPTH}")
    for title in ("empty", "p50 ms", "p95 ms"):
        table.add_column(title)
    for name, members in group_outcomes(outcomes).items():
        means = summarise(members)
        table.add_row(
            name,
            str(means.queries),
            *(f"{value:.4f}" for value in (means.mrr, means.success, means.ndcg)),
            f"{means.empty:.2%}",
            *(f"{value:.2f}" for value in (means.p50_ms, means.p95_ms)),
        )
    console.print(table)


def load_run(path: Path) -> list[Outcome]:
    """Read a saved run."""
    try:
        return [Outcome(**outcome) for outcome in orjson.loads(path.read_bytes())]
    except (OSError, TypeError, orjson.JSONDecodeError) as error:
        raise click.ClickException(f"{path}: is no saved run ({error})") from error


FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("evaluate")
@click.option("--index", "index_dir", required=True, type=click.Path(path_type=Path))
@click.option("--queries", required=True, type=FILE, help="TSV: qid, kind, one column a spelling.")
@click.option("--qrels", required=True, type=FILE, help="TREC judgements.")
@click.option("--column", "columns", multiple=True, help="Only this column; may be repeated.")
@click.option("--partly", help="Also leave out the accents of some words of this column.")
@click.option("--json", "as_json", is_flag=True, help="The means as one JSON object.")
@click.option("--save", type=FILE, help="Write every query's outcome to this file.")
@click.option("--against", type=FILE, help="Compare with a run saved before.")
def main(
    index_dir: Path,
    queries: Path,
    qrels: Path,
    columns: tuple[str, ...],
    partly: str | None,
    as_json: bool,
    save: Path | None,
    against: Path | None,
) -> None:
    """Measure the ranking on queries whose right answers are known."""
    asked = read_queries(queries, columns)
    if partly is not None:
        asked += partly_accented(read_queries(queries, (partly,)), partly)
    judged = read_qrels(qrels)
    before = load_run(against) if against is not None else []
    errors = Console(stderr=True)
    try:
        with SearchEngine.open(index_dir) as engine:
            outcomes = run_queries(
                engine, track(asked, "Queries", console=errors, disable=as_json), judged
            )
    except IndexUnavailable as error:
        raise click.ClickException(str(error)) from error
    if not outcomes:
        raise click.ClickException(f"{queries}: holds no queries")
    if save is not None:
        save.write_bytes(orjson.dumps([asdict(outcome) for outcome in outcomes]))
    if as_json:
        means = {
            name: summarise(members)._asdict() for name, members in group_outcomes(outcomes).items()
        }
        click.echo(orjson.dumps(means).decode())
        return
    console = Console()
    print_table(outcomes, console)
    if before:
        compare(outcomes, before, console)


if __name__ == "__main__":
    main()
