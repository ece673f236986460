#!/usr/bin/env python3
"""What each ingredient of the ranking is worth: judged queries without it, and beside plain BM25.

Needs the extra ``evaluate``. The rankings without an ingredient order what the whole ranking has
among its best few hundred, as the tuning does (``scripts/measure/tune_ranking.py``); the two BM25
rankings are Whoosh's own over the same index: all words, headline weighted twice.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from whoosh import query as wq

from index.analysis import Analyser
from index.errors import IndexOpenError
from index.schema import TEXT_FIELDS, accents_field, make_schema
from index.snapshot import Snapshot
from index.storage.builds import current_build
from scripts.measure.figures import DEPTH
from scripts.measure.judgements import (
    FILE,
    Qrels,
    Query,
    partly_accented,
    read_qrels,
    read_queries,
)
from scripts.measure.tune_ranking import Observed, observe, reciprocal_ranks
from search.backends.whoosh.execution import Executor
from search.query.slots import Form, slots_of
from search.ranking import WEIGHTS

Ranks = NDArray[np.float64]

WITHOUT = {
    "this ranking": WEIGHTS,
    "without coverage": replace(WEIGHTS, coverage=0.0),
    "coverage wherever the words stand": replace(WEIGHTS, scattered=1.0),
    "without headline coverage": replace(WEIGHTS, headline_coverage=0.0),
    "without nearness": replace(WEIGHTS, nearness=0.0),
    "without phrase": replace(WEIGHTS, phrase=0.0, short_phrase=0.0),
    "without pairs": replace(WEIGHTS, pairs=0.0),
    "pairs in full for any query": replace(WEIGHTS, pair_slots=1.0),
    "without passage": replace(WEIGHTS, passage=0.0),
    "without any of these": replace(
        WEIGHTS, coverage=0.0, headline_coverage=0.0, nearness=0.0, phrase=0.0, short_phrase=0.0,
        pairs=0.0, passage=0.0
    ),
    "all fields alike": replace(WEIGHTS, headline=1.0, summary=1.0),
    "without lengths": replace(
        WEIGHTS, headline_length=0.0, summary_length=0.0, body_length=0.0
    ),
    "without the floor of other accents": replace(WEIGHTS, folded=0.0, folded_presence=0.0),
}  # fmt: skip

HEADLINE_BOOST = 2.0


def without_telling(observed: Sequence[Observed]) -> list[Observed]:
    """The same queries where all words are as telling; not in what passages are worth."""
    return [
        query._replace(
            term_weights=query.term_weights._replace(
                telling=np.ones_like(query.term_weights.telling)
            )
        )
        for query in observed
    ]


def without_accents(observed: Sequence[Observed]) -> list[Observed]:
    """The same queries where nothing is known of accents; passages and pairs know of them."""
    return [
        query._replace(
            term_weights=query.term_weights._replace(
                expected=query.term_weights.folded,
                confidence=np.zeros_like(query.term_weights.confidence),
                pairs=np.minimum(query.term_weights.folded[1:], query.term_weights.folded[:-1]),
            )
        )
        for query in observed
    ]


def bm25(index_dir: Path, queries: Sequence[Query], qrels: Qrels, *, accents: bool) -> Ranks:
    """Reciprocal ranks of Whoosh's BM25F, all words: shape (queries,).

    Raises:
        IndexOpenError: there is no usable index.
    """
    snapshot = Snapshot.open(current_build(index_dir).path)
    executor, analyser = Executor(snapshot, make_schema()), Analyser()
    found = np.zeros(len(queries))
    for at, query in enumerate(queries):
        grades = qrels.get(query.qid, {})
        wanted = {snapshot.find_id(name) for name, grade in grades.items() if grade}
        words = [_word(slot.split, accents=accents) for slot in slots_of(analyser, query.text)]
        if words:
            docs = executor.search(wq.And(words), DEPTH).docs.tolist()
            found[at] = next((1 / rank for rank, doc in enumerate(docs, 1) if doc in wanted), 0.0)
    return found


def _word(form: Form, *, accents: bool) -> wq.Query:
    return wq.Or(
        [
            wq.Term(
                accents_field(name) if accents else name,
                form.key if accents else form.folded,
                boost=HEADLINE_BOOST if name == TEXT_FIELDS[0] else 1.0,
            )
            for name in TEXT_FIELDS
        ]
    )


@click.command("ablate_ranking")
@click.option("--index", "index_dir", required=True, type=click.Path(path_type=Path))
@click.option("--queries", required=True, type=FILE, help="TSV: qid, kind, one column a spelling.")
@click.option("--qrels", required=True, type=FILE, help="TREC judgements.")
@click.option("--column", "columns", multiple=True, help="Only this column; may be repeated.")
@click.option("--partly", help="Also leave out the accents of some words of this column.")
def main(
    index_dir: Path, queries: Path, qrels: Path, columns: tuple[str, ...], partly: str | None
) -> None:
    """Measure what each ingredient of the ranking is worth (MRR@10)."""
    asked = read_queries(queries, columns)
    if partly is not None:
        asked += partly_accented(read_queries(queries, (partly,)), partly)
    judged = read_qrels(qrels)
    names = list(dict.fromkeys(query.column for query in asked))
    table = Table("ranking", *names)

    def add_row(title: str, columns_of: Sequence[str], ranks: Ranks) -> None:
        columns_typed = np.array(columns_of)
        sums = [ranks[columns_typed == name].sum() for name in names]
        # A query that found nothing was not ranked, and counts as a failure.
        sizes = [sum(query.column == name for query in asked) for name in names]
        table.add_row(title, *(f"{a / max(1, n):.3f}" for a, n in zip(sums, sizes, strict=True)))

    try:
        progress = track(asked, "Queries", console=Console(stderr=True))
        observed = observe(index_dir, progress, judged)
        typed = [query.column for query in observed]
        for title, weights in WITHOUT.items():
            add_row(title, typed, reciprocal_ranks(observed, weights))
        telling = reciprocal_ranks(without_telling(observed), WEIGHTS)
        add_row("all words as telling", typed, telling)
        add_row("without accents", typed, reciprocal_ranks(without_accents(observed), WEIGHTS))
        for title, accents in (("BM25, without accents", False), ("BM25, accents exact", True)):
            ranks = bm25(index_dir, asked, judged, accents=accents)
            add_row(title, [query.column for query in asked], ranks)
    except IndexOpenError as error:
        raise click.ClickException(str(error)) from error
    Console().print(table)


if __name__ == "__main__":
    main()
