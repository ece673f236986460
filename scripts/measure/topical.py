"""Whether an answer is about its topic: all that it counts, held against what must and may count.

A site counts, draws over time, filters and feeds all articles that match, and not just the first
ten. So all of them are read, page by page, as many as `SearchPage.total` says; what a page shows
beyond these is not counted, and not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from scripts.measure.figures import DEPTH, EMPTY, Row
from scripts.measure.judgements import Query, Wanted
from search import SearchEngine, SearchRequest
from search.page import Hit
from search.request import MAX_DEPTH, MAX_PER_PAGE, Duplicates


@dataclass(frozen=True, slots=True)
class TopicalOutcome:
    """What the engine made of one topical query.

    Attributes:
        precision: the share of the counted articles that may be; 0 where none is counted.
        recall: the share of those that must be counted that are.
        newest: the share of the ten newest counted articles that may be; 0 where none is counted.
        counted: how many articles are.
        read: how many of these were judged: no more than can be asked for (`MAX_DEPTH`).
    """

    qid: str
    column: str
    text: str
    precision: float
    recall: float
    newest: float
    counted: int
    read: int


def judge(
    engine: SearchEngine, queries: Iterable[Query], wanted: Mapping[str, Wanted]
) -> list[TopicalOutcome]:
    """Ask every query and judge all that its answer counts."""
    outcomes: list[TopicalOutcome] = []
    for query in queries:
        counted, hits = read_counted(engine, query.text)
        must, may = wanted[query.qid]
        found = [hit.id for hit in hits]
        newest = [hit.id for hit in newest_first(hits)[:DEPTH]]
        outcomes.append(
            TopicalOutcome(
                query.qid,
                query.column,
                query.text,
                _share(found, may),
                len(must.intersection(found)) / len(must),
                _share(newest, may),
                counted,
                len(found),
            )
        )
    return outcomes


def read_counted(engine: SearchEngine, text: str) -> tuple[int, list[Hit]]:
    """How many articles an answer counts, and these articles, best first."""
    first = engine.search(
        SearchRequest(query=text, per_page=MAX_PER_PAGE, duplicates=Duplicates.SHOW)
    )
    hits = list(first.hits)
    wanted = min(first.total, MAX_DEPTH)
    for number in range(2, -(-wanted // MAX_PER_PAGE) + 1):
        hits += engine.search(
            SearchRequest(
                query=text,
                page=number,
                per_page=MAX_PER_PAGE,
                duplicates=Duplicates.SHOW,
                build=first.build,
            )
        ).hits
    return first.total, hits[:wanted]


def newest_first(hits: Iterable[Hit]) -> list[Hit]:
    """Hits by their date, the newest first, then those without a date.

    Those without a date, or with the same, are in the order of the SHA-256 of their ids in
    hexadecimal: as good as chance, and the same for everyone.
    """
    shuffled = sorted(hits, key=lambda hit: sha256(hit.id.encode()).hexdigest())
    return sorted(
        shuffled, key=lambda hit: -hit.published.timestamp() if hit.published else np.inf
    )  # fmt: skip


def topical_rows(name: str, outcomes: Sequence[TopicalOutcome]) -> list[Row]:
    """The figures of a topical set, column by column."""
    rows: list[Row] = []
    for column in dict.fromkeys(outcome.column for outcome in outcomes):
        members = [outcome for outcome in outcomes if outcome.column == column]
        figures = {
            EMPTY: float(np.mean([not outcome.counted for outcome in members])),
            "precision": float(np.mean([outcome.precision for outcome in members])),
            "recall": float(np.mean([outcome.recall for outcome in members])),
            "newest": float(np.mean([outcome.newest for outcome in members])),
        }
        rows.append(Row(name, column, len(members), figures))
    return rows


def _share(found: Sequence[str], may: frozenset[str]) -> float:
    return sum(name in may for name in found) / len(found) if found else 0.0
