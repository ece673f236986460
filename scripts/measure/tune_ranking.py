#!/usr/bin/env python3
"""Tunes the weights of the ranking on half of some judged queries, and tests them on the other.

Needs the extra ``evaluate``. Every query is searched once, with the weights of
``search/ranking/weights.py``, and the features of its best articles are kept; weights are then
tried on that, a weight at a time, as long as the mean reciprocal rank of the tuned half grows. A
change that chance explains as well is none: what counts is the half that was held back.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from index.errors import IndexOpenError
from index.snapshot import Snapshot
from scripts.measure.figures import DEPTH
from scripts.measure.judgements import FILE, Qrels, Query, read_qrels, read_queries
from search import SearchEngine, SearchRequest
from search.backends.whoosh.backend import open_whoosh
from search.engine import today_in_vietnam
from search.ranking import (
    WEIGHTS,
    Features,
    Ranker,
    SlotTerms,
    TermWeights,
    Weights,
    score_parts,
    totals,
)
from search.ranking.scoring import Matrix
from search.serving import ServedBuilds

KEPT = 300
"""Of each query's articles, how many that are the best now compete under other weights."""

FACTORS = (0.5, 0.75, 1.33, 2.0)
"""What each weight is tried to be multiplied by."""

SHARES = (
    "headline_length", "summary_length", "body_length", "folded", "folded_presence", "scattered",
    "pair_body_length", "pair_folded",
)  # fmt: skip
"""Weights that are shares, so never above 1."""

FIXED = ("body", "recency", "telling_floor", "telling_enough", "passage_words")
"""``body`` is the unit of the fields; ``recency`` is the site's to choose. The others are in what
is kept of a query already, and so is ``folded_presence`` as far as passages go."""

GAIN = 2e-4
"""Mean reciprocal rank that a change must bring to be worth making."""


class Observed(NamedTuple):
    """What one query's ranking saw.

    Attributes:
        qid: of the query.
        column: how the query was typed.
        relevant: which of the documents are wanted, shape (documents,).
    """

    qid: str
    column: str
    features: Features
    term_weights: TermWeights
    relevant: NDArray[np.bool_]


class RankingRecord(NamedTuple):
    """What one ranking saw of its best documents.

    Attributes:
        term_weights: of the slots.
        features: of the documents of each segment.
        docs: which these are, in the snapshot's numbers.
        best: the one that ranked first.
    """

    term_weights: TermWeights
    features: list[Features]
    docs: list[NDArray[np.int64]]
    best: int


class ObservingRanker(Ranker):
    """A ranker that keeps what it saw in each ranking of a search."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.snapshot = snapshot
        self.records: list[RankingRecord] = []
        self._bases = [leaf.base for leaf in snapshot.leaves]

    def score(
        self, slots: Sequence[SlotTerms], docs: Sequence[NDArray[np.integer]]
    ) -> list[Matrix]:
        """As the ranker does, keeping what it saw of the best."""
        parts, weights = self.score_and_weigh(slots, docs)
        scores = np.concatenate([totals(leaf_parts) for leaf_parts in parts])
        if not len(scores):
            return parts
        least = np.partition(scores, -KEPT)[-KEPT] if len(scores) > KEPT else -np.inf
        snapshot_docs = [
            leaf_docs + base for leaf_docs, base in zip(docs, self._bases, strict=True)
        ]
        best = int(np.concatenate(snapshot_docs)[scores.argmax()])
        record = RankingRecord(weights, [], [], best)
        for leaf_parts, candidates, base in zip(
            parts, self.candidates(slots, docs), self._bases, strict=True
        ):
            kept = candidates.of(np.flatnonzero(totals(leaf_parts) >= least))
            record.features.append(kept.full_features())
            record.docs.append(kept.docs.astype(np.int64) + base)
        self.records.append(record)
        return parts


def observe(index_dir: Path, queries: Iterable[Query], qrels: Qrels) -> list[Observed]:
    """Search every query and keep what the ranking saw of it.

    A query may be ranked in several ways, with other names or respelled: kept is the first way in
    which the article stands on top that does so in the answer, else the first of all.

    Raises:
        IndexOpenError: there is no usable index.
    """
    opened: list[ObservingRanker] = []

    def make_ranker(snapshot: Snapshot) -> Ranker:
        opened.append(ObservingRanker(snapshot))
        return opened[-1]

    found: list[Observed] = []
    open_backend = partial(open_whoosh, make_ranker=make_ranker)
    with SearchEngine(index_dir, ServedBuilds(index_dir, open_backend), today_in_vietnam) as engine:
        for query in queries:
            ranker = opened[-1]
            ranker.records = []
            page = engine.search(SearchRequest(query=query.text, per_page=DEPTH))
            wanted = [
                ranker.snapshot.find_id(name)
                for name, grade in qrels.get(query.qid, {}).items()
                if grade
            ]
            if not ranker.records:  # a query that finds nothing is not ranked
                continue
            top = ranker.snapshot.find_id(page.hits[0].id)
            record = next((each for each in ranker.records if each.best == top), ranker.records[0])
            features = Features(*map(_side_by_side, zip(*record.features, strict=True)))
            docs = np.concatenate(record.docs)
            relevant = np.isin(docs, [doc for doc in wanted if doc is not None])
            found.append(Observed(query.qid, query.column, features, record.term_weights, relevant))
    return found


def _side_by_side(matrices: Sequence[Matrix]) -> Matrix:
    """Features of the documents of several segments, as of one."""
    return np.concatenate(matrices, axis=-1)


def reciprocal_ranks(observed: Sequence[Observed], weights: Weights) -> NDArray[np.float64]:
    """1/rank of the first wanted article of each query, 0 beyond the depth: shape (queries,)."""
    found = np.zeros(len(observed))
    for at, (_, _, features, term_weights, relevant) in enumerate(observed):
        if relevant.any():
            scores = totals(score_parts(features, term_weights, weights))
            first = np.flatnonzero(relevant)
            best = first[scores[first].argmax()]
            rank = 1 + int((scores > scores[best]).sum() + (scores[:best] == scores[best]).sum())
            found[at] = 1 / rank if rank <= DEPTH else 0.0
    return found


def halves(observed: Sequence[Observed], seed: int) -> tuple[list[Observed], list[Observed]]:
    """Split by query, so that no query is in both halves however it was typed."""
    names = sorted({query.qid for query in observed})
    Random(seed).shuffle(names)  # noqa: S311 - a split, not a secret
    tuned = set(names[: len(names) // 2])
    return (
        [query for query in observed if query.qid in tuned],
        [query for query in observed if query.qid not in tuned],
    )


def tune(observed: Sequence[Observed], weights: Weights, sweeps: int, console: Console) -> Weights:
    """Try every weight in turn, keeping what brings most, until nothing brings anything.

    Args:
        observed: the queries to tune on.
        weights: to begin with.
        sweeps: the most rounds over all weights.
        console: told of every change.
    """
    best = float(reciprocal_ranks(observed, weights).mean())
    for sweep in range(sweeps):
        before = best
        for name, value in asdict(weights).items():
            if name in FIXED:
                continue
            tried = {factor * value for factor in FACTORS}
            if name in SHARES:
                tried = {min(other, 1.0) for other in tried} - {value}
            for other in sorted(tried):
                changed = replace(weights, **{name: round(other, 4)})
                mean = float(reciprocal_ranks(observed, changed).mean())
                if mean > best + GAIN:
                    best, weights = mean, changed
                    console.print(f"{name} {value:g} → {other:.4g}: {best:.4f}", highlight=False)
        if best == before:
            break
        console.print(f"sweep {sweep + 1}: {best:.4f}", highlight=False)
    return weights


def print_outcome(
    parts: dict[str, Sequence[Observed]], before: Weights, after: Weights, console: Console
) -> None:
    """Print how each part fares under both, column by column, and which weights differ."""
    table = Table("queries", "column", "number", "MRR@10 now", "tuned", "change")
    for title, observed in parts.items():
        ranks = [reciprocal_ranks(observed, weights) for weights in (before, after)]
        columns = np.array([query.column for query in observed])
        for column in ("all", *sorted(set(columns.tolist()))):
            in_column = columns == column if column != "all" else np.ones(len(columns), np.bool_)
            old, new = (float(found[in_column].mean()) for found in ranks)
            change = f"{new - old:+.4f}"
            table.add_row(
                title, column, str(int(in_column.sum())), f"{old:.4f}", f"{new:.4f}", change
            )
    console.print(table)
    for name, value in asdict(after).items():
        if value != getattr(before, name):
            console.print(f"{name}: {getattr(before, name):g} → {value:g}", highlight=False)


@click.command("tune_ranking")
@click.option("--index", "index_dir", required=True, type=click.Path(path_type=Path))
@click.option("--queries", required=True, type=FILE, help="TSV: qid, kind, one column a spelling.")
@click.option("--qrels", required=True, type=FILE, help="TREC judgements.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    default=("accented", "bare"),
    show_default=True,
    help="Tune on this column; may be repeated.",
)
@click.option("--seed", default=1, show_default=True, help="Of the split into halves.")
@click.option("--sweeps", default=5, show_default=True, help="The most rounds over all weights.")
def main(
    index_dir: Path, queries: Path, qrels: Path, columns: tuple[str, ...], seed: int, sweeps: int
) -> None:
    """Tune the weights of the ranking; prints them, and changes nothing."""
    asked, judged = read_queries(queries, columns), read_qrels(qrels)
    console, errors = Console(), Console(stderr=True)
    try:
        observed = observe(index_dir, track(asked, "Queries", console=errors), judged)
    except IndexOpenError as error:
        raise click.ClickException(str(error)) from error
    tuned_on, held_back = halves(observed, seed)
    if not tuned_on:
        raise click.ClickException(f"{queries}: holds too few queries that find anything")
    weights = tune(tuned_on, WEIGHTS, sweeps, console)
    print_outcome({"tuned on": tuned_on, "held back": held_back}, WEIGHTS, weights, console)


if __name__ == "__main__":
    main()
