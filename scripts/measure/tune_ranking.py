#!/usr/bin/env python3
"""Tunes the weights of the ranking on half of some judged queries, and tests them on the other.

Needs the extra ``evaluate``. Every query of every set is searched once, with the weights of
``search/ranking/weights.py``, and the features of its best articles are kept; weights are then
tried on that, a weight at a time, as long as the tuned half fares better. What is tuned is the mean
over sets and columns, so that known items, questions and topics count alike however many there are.
A change that chance explains as well is none: what counts is the half that was held back.
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
from scripts.measure.judgements import (
    ACCENTED,
    BARE,
    RankedSet,
    index_option,
    own_article,
    own_option,
    qrels_option,
    queries_option,
    read_ranked_sets,
)
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
from search.request import Duplicates
from search.serving import ServedBuilds

KEPT = 300
"""Of each query's articles, how many that are the best now compete under other weights."""

FACTORS = (0.5, 0.75, 1.33, 2.0)
"""What each weight is tried to be multiplied by."""

SHARES = (
    "headline_length", "summary_length", "body_length", "folded", "folded_presence", "scattered",
    "pair_folded",
)  # fmt: skip
"""Weights that are shares, so never above 1."""

FIXED = ("body", "recency", "telling_floor", "telling_enough", "passage_words")
"""``body`` is the unit of the fields; ``recency`` is the site's to choose. The others are in what
is kept of a query already, and so is ``folded_presence`` as far as passages go."""

GAIN = 2e-4
"""By how much a change must raise the mean over sets and columns to be worth making."""

Figures = NDArray[np.float64]
"""How well each of some queries is answered, 0 to 1: shape (queries,)."""

DISCOUNTS = 1 / np.log2(np.arange(2, DEPTH + 2))
"""What an article at each rank counts (Järvelin and Kekäläinen, 2002)."""


class Observed(NamedTuple):
    """What one query's ranking saw.

    Attributes:
        name: of the set.
        qid: of the query.
        column: how the query was typed.
        relevance: of the documents, 0 where they are not wanted: shape (documents,).
        ideal: the discounted gain of all that is wanted in the best order; 0 where one article is
            wanted, and its rank is what counts.
    """

    name: str
    qid: str
    column: str
    features: Features
    term_weights: TermWeights
    relevance: NDArray[np.int64]
    ideal: float


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

    def same_words(self, other: RankingRecord) -> bool:
        """Whether this is another tier of the same way to read a query."""
        return np.array_equal(self.term_weights.expected, other.term_weights.expected)


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


def observe(index_dir: Path, judged: RankedSet, console: Console | None = None) -> list[Observed]:
    """Search every query of a set and keep what the ranking saw of it.

    A query may be ranked in several ways, with other names or respelled: kept is the first way in
    which the article stands on top that does so in the answer, else the first of all. Both tiers
    are ranked as one.

    Args:
        index_dir: of the index.
        judged: the set.
        console: shows how far it is; None for none.

    Raises:
        IndexOpenError: there is no usable index.
    """
    opened: list[ObservingRanker] = []

    def make_ranker(snapshot: Snapshot) -> Ranker:
        opened.append(ObservingRanker(snapshot))
        return opened[-1]

    found: list[Observed] = []
    duplicates = Duplicates.SHOW if judged.own else Duplicates.COLLAPSE
    queries = track(judged.queries, judged.name, console=console, disable=console is None)
    open_backend = partial(open_whoosh, make_ranker=make_ranker)
    with SearchEngine(index_dir, ServedBuilds(index_dir, open_backend), today_in_vietnam) as engine:
        for query in queries:
            ranker = opened[-1]
            ranker.records = []
            page = engine.search(
                SearchRequest(query=query.text, per_page=DEPTH, duplicates=duplicates)
            )
            if not ranker.records:  # a query that finds nothing is not ranked
                continue
            top = ranker.snapshot.find_id(page.hits[0].id) if page.hits else None
            chosen = next((each for each in ranker.records if each.best == top), ranker.records[0])
            alike = [each for each in ranker.records if each.same_words(chosen)]
            features = Features(
                *(
                    np.concatenate(matrices, axis=-1)
                    for matrices in zip(
                        *(of for each in alike for of in each.features), strict=True
                    )
                )
            )
            docs = np.concatenate([of for each in alike for of in each.docs])
            own = ranker.snapshot.find_id(own_article(judged.own, query.qid))
            docs, places = np.unique(docs, return_index=True)
            places = places[docs != own] if own is not None else places
            grades = judged.qrels.get(query.qid, {})
            relevance = np.zeros(len(docs), np.int64)
            for article_id, grade in grades.items():
                relevance[docs == ranker.snapshot.find_id(article_id)] = grade
            if own is not None:
                relevance = relevance[docs != own]
            found.append(
                Observed(
                    *(judged.name, query.qid, query.column),
                    Features(*(np.take(matrix, places, axis=-1) for matrix in features)),
                    chosen.term_weights,
                    relevance,
                    ideal_gain(grades.values()),
                )
            )
    return found


def ideal_gain(grades: Iterable[int]) -> float:
    """The discounted gain of judged articles in the best order; 0 where one alone is wanted."""
    best = sorted((grade for grade in grades if grade), reverse=True)[:DEPTH]
    return float(best @ DISCOUNTS[: len(best)]) if len(best) > 1 else 0.0


def figure(first: NDArray[np.int64], ideal: float) -> float:
    """How well a query is answered.

    Args:
        first: the relevance of the first ten articles, best first, or of all where there are fewer.
        ideal: as in :class:`Observed`.

    Returns:
        1/rank of the wanted article where there is one, else the normalised discounted gain.
    """
    if ideal:
        return float(first @ DISCOUNTS[: len(first)]) / ideal
    return 1 / (1 + int(first.argmax())) if first.any() else 0.0


def figures(observed: Sequence[Observed], weights: Weights) -> Figures:
    """How well each query is answered under some weights: shape (queries,)."""
    found = np.zeros(len(observed))
    for at, query in enumerate(observed):
        scores = totals(score_parts(query.features, query.term_weights, weights))
        best_first = np.argsort(-scores, kind="stable")[:DEPTH]
        found[at] = figure(query.relevance[best_first], query.ideal)
    return found


def mean_of_sets(observed: Sequence[Observed], found: Figures) -> float:
    """The mean over sets and columns of what their queries score on the mean."""
    kinds = [(query.name, query.column) for query in observed]
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kinds))}
    at = [numbers[kind] for kind in kinds]
    return float((np.bincount(at, found) / np.bincount(at)).mean())


def halves(observed: Sequence[Observed], seed: int) -> tuple[list[Observed], list[Observed]]:
    """Split by query, so that no query is in both halves however it was typed."""
    names = sorted({(query.name, query.qid) for query in observed})
    Random(seed).shuffle(names)  # noqa: S311 - a split, not a secret
    tuned = set(names[: len(names) // 2])
    return (
        [query for query in observed if (query.name, query.qid) in tuned],
        [query for query in observed if (query.name, query.qid) not in tuned],
    )


def tune(observed: Sequence[Observed], weights: Weights, sweeps: int, console: Console) -> Weights:
    """Try every weight in turn, keeping what brings most, until nothing brings anything.

    Args:
        observed: the queries to tune on.
        weights: to begin with.
        sweeps: the most rounds over all weights.
        console: told of every change.
    """
    best = mean_of_sets(observed, figures(observed, weights))
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
                mean = mean_of_sets(observed, figures(observed, changed))
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
    """Print how each part fares under both, set by set, and which weights differ."""
    table = Table("queries", "set", "column", "number", "now", "tuned", "change")

    def add_row(title: str, name: str, column: str, means: Sequence[float], number: int) -> None:
        old, new = means
        table.add_row(
            title, name, column, str(number), f"{old:.4f}", f"{new:.4f}", f"{new - old:+.4f}"
        )

    for title, observed in parts.items():
        found = [figures(observed, weights) for weights in (before, after)]
        kinds = np.array([(query.name, query.column) for query in observed])
        add_row(title, "all", "", [mean_of_sets(observed, each) for each in found], len(observed))
        for name, column in dict.fromkeys(map(tuple, kinds.tolist())):
            of_kind = (kinds == (name, column)).all(axis=1)
            means = [float(each[of_kind].mean()) for each in found]
            add_row(title, name, column, means, int(of_kind.sum()))
    console.print(table)
    for name, value in asdict(after).items():
        if value != getattr(before, name):
            console.print(f"{name}: {getattr(before, name):g} → {value:g}", highlight=False)


def index_of_each(index_dirs: Sequence[Path], sets: Sequence[RankedSet]) -> list[Path]:
    """The index of each set.

    Args:
        index_dirs: one for all, or one for each set in the same order.
        sets: the sets.

    Raises:
        click.UsageError: there is another number of them.
    """
    if len(index_dirs) not in (1, len(sets)):
        raise click.UsageError(
            f"there are {len(index_dirs)} --index and {len(sets)} --queries; "
            "give one --index for all, or one for each --queries, in the same order"
        )
    return [*index_dirs] if len(index_dirs) == len(sets) else [*index_dirs] * len(sets)


@click.command("tune_ranking")
@index_option
@queries_option
@qrels_option
@own_option
@click.option(
    "--column",
    "columns",
    multiple=True,
    default=(ACCENTED, BARE),
    show_default=True,
    help="Tune on this column; may be repeated.",
)
@click.option("--seed", default=1, show_default=True, help="Of the split into halves.")
@click.option("--sweeps", default=5, show_default=True, help="The most rounds over all weights.")
def main(
    index_dirs: tuple[Path, ...],
    queries: tuple[Path, ...],
    qrels: tuple[Path, ...],
    own: dict[str, str],
    columns: tuple[str, ...],
    seed: int,
    sweeps: int,
) -> None:
    """Tune the weights of the ranking; prints them, and changes nothing."""
    sets = read_ranked_sets(queries, qrels, columns, None, own)
    console, errors = Console(), Console(stderr=True)
    observed: list[Observed] = []
    try:
        for index_dir, judged in zip(index_of_each(index_dirs, sets), sets, strict=True):
            observed += observe(index_dir, judged, errors)
    except IndexOpenError as error:
        raise click.ClickException(str(error)) from error
    tuned_on, held_back = halves(observed, seed)
    if not tuned_on:
        raise click.ClickException(f"{queries[0]}: holds too few queries that find anything")
    weights = tune(tuned_on, WEIGHTS, sweeps, console)
    print_outcome({"tuned on": tuned_on, "held back": held_back}, WEIGHTS, weights, console)


if __name__ == "__main__":
    main()
