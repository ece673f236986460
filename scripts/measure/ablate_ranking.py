#!/usr/bin/env python3
"""What each ingredient of the ranking is worth: judged queries without it, and beside plain BM25.

Needs the extra ``evaluate``. Sets where one article is wanted are measured by MRR@10, others by
nDCG@10. The rankings without an ingredient order what the whole ranking has
among its best few hundred, as the tuning does (``scripts/measure/tune_ranking.py``); the two BM25
rankings are Whoosh's own over the same index: all words, headline weighted twice.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from whoosh import query as wq

from index.analysis import Analyser
from index.errors import IndexOpenError
from index.schema import TEXT_FIELDS, accents_field, make_schema
from index.snapshot import Snapshot
from index.storage.builds import current_build
from scripts.measure.figures import DEPTH, WIDTH
from scripts.measure.judgements import (
    RankedSet,
    index_option,
    own_article,
    own_option,
    qrels_option,
    queries_option,
    read_ranked_sets,
)
from scripts.measure.tune_ranking import (
    Figures,
    Observed,
    figure,
    figures,
    ideal_gain,
    index_of_each,
    observe,
)
from search.backends.whoosh.execution import Executor
from search.query.slots import Form, slots_of
from search.ranking import WEIGHTS

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


def bm25(index_dir: Path, judged: RankedSet, *, accents: bool, some: bool) -> Figures:
    """How well Whoosh's BM25F answers each query of a set: shape (queries,).

    Args:
        index_dir: of the index.
        judged: the set.
        accents: whether words count with the accents typed, and no others.
        some: whether some of the words are enough.

    Raises:
        IndexOpenError: there is no usable index.
    """
    snapshot = Snapshot.open(current_build(index_dir).path)
    executor, analyser = Executor(snapshot, make_schema()), Analyser()
    found = np.zeros(len(judged.queries))
    for at, query in enumerate(judged.queries):
        grades = judged.qrels.get(query.qid, {})
        relevance = {snapshot.find_id(name): grade for name, grade in grades.items()}
        own = snapshot.find_id(own_article(judged.own, query.qid))
        words = [_word(slot.split, accents=accents) for slot in slots_of(analyser, query.text)]
        if words:
            docs = executor.search(wq.Or(words) if some else wq.And(words), DEPTH + 1).docs.tolist()
            first = [relevance.get(doc, 0) for doc in docs if doc != own][:DEPTH]
            found[at] = figure(np.array(first, np.int64), ideal_gain(grades.values()))
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
@index_option
@queries_option
@qrels_option
@own_option
@click.option("--column", "columns", multiple=True, help="Only this column; may be repeated.")
@click.option("--partly", help="Also leave out the accents of some words of this column.")
def main(
    index_dirs: tuple[Path, ...],
    queries: tuple[Path, ...],
    qrels: tuple[Path, ...],
    own: dict[str, str],
    columns: tuple[str, ...],
    partly: str | None,
) -> None:
    """Measure what each ingredient of the ranking is worth (MRR@10 or nDCG@10)."""
    sets = read_ranked_sets(queries, qrels, columns, partly, own)
    all_kinds = [(judged.name, query.column) for judged in sets for query in judged.queries]
    asked = Counter(all_kinds)
    table = Table("ranking", *(f"{name} {column}" for name, column in asked))

    def add_row(title: str, kinds: Sequence[tuple[str, str]], found: Figures) -> None:
        sums = Counter[tuple[str, str]]()
        for kind, value in zip(kinds, found.tolist(), strict=True):
            sums[kind] += value
        # A query that found nothing was not ranked, and counts as a failure.
        table.add_row(title, *(f"{sums[kind] / number:.3f}" for kind, number in asked.items()))

    places = [*zip(index_of_each(index_dirs, sets), sets, strict=True)]
    errors = Console(stderr=True)
    try:
        observed = [query for place in places for query in observe(*place, errors)]
        kinds = [(query.name, query.column) for query in observed]
        for title, weights in WITHOUT.items():
            add_row(title, kinds, figures(observed, weights))
        add_row("all words as telling", kinds, figures(without_telling(observed), WEIGHTS))
        add_row("without accents", kinds, figures(without_accents(observed), WEIGHTS))
        for some, accents in product((False, True), repeat=2):
            title = f"BM25, {'some' if some else 'all'} words, {'accents' if accents else 'folded'}"
            found = [bm25(*place, accents=accents, some=some) for place in places]
            add_row(title, all_kinds, np.concatenate(found))
    except IndexOpenError as error:
        raise click.ClickException(str(error)) from error
    Console(width=None if sys.stdout.isatty() else WIDTH + 10 * len(asked)).print(table)


if __name__ == "__main__":
    main()
