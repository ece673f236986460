"""The documents and queries that every engine of the benchmark gets: the same, analysed once.

Peers are handed terms separated by spaces, so that what they index is what this project indexes and
none of them is charged for analysing Vietnamese; this project's own build is.
"""

from __future__ import annotations

import csv
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from index.analysis import Analyser, Token
from index.article import Article
from index.schema import field_texts
from index.snapshot import Snapshot
from index.stored import load_article

CHUNK = 2_000
PHRASE_SEED = 20_260_101
PHRASE_WORDS = (2, 3, 4)


class Analysed(NamedTuple):
    """An article as peers index it: terms separated by spaces."""

    stored: bytes
    headline: str
    summary: str
    body: str
    headline_accents: str
    summary_accents: str
    body_accents: str
    body_pairs: str


@dataclass(frozen=True, slots=True)
class Queries:
    """What is asked: folded terms of the body.

    Attributes:
        words: for AND and OR, a list of terms each.
        phrases: two to four neighbouring terms of some article each.
    """

    words: tuple[tuple[str, ...], ...]
    phrases: tuple[tuple[str, ...], ...]


def articles_of(snapshot: Snapshot, limit: int) -> Iterator[Article]:
    """The first articles of an index that are not deleted."""
    given = 0
    for leaf in snapshot.leaves:
        for doc in range(leaf.segment.doc_count):
            if given == limit:
                return
            if leaf.alive is None or leaf.alive[doc]:
                given += 1
                yield load_article(leaf.segment.stored(doc))


def write_analysed(snapshot: Snapshot, limit: int, path: Path) -> None:
    """Analyse articles and keep them in a file, some thousand at a time."""
    analyser = Analyser()
    chunk: list[Analysed] = []
    with path.open("wb") as file:
        for article in articles_of(snapshot, limit):
            chunk.append(_analysed(article, analyser))
            if len(chunk) == CHUNK:
                pickle.dump(chunk, file, pickle.HIGHEST_PROTOCOL)
                chunk = []
        pickle.dump(chunk, file, pickle.HIGHEST_PROTOCOL)


def read_analysed(path: Path, limit: int) -> Iterator[list[Analysed]]:
    """What :func:`write_analysed` wrote, at most ``limit`` articles of it."""
    with path.open("rb") as file:
        while limit > 0:
            try:
                chunk: list[Analysed] = pickle.load(file)  # noqa: S301 - our own file
            except EOFError:
                return
            yield chunk[:limit]
            limit -= len(chunk)


def _analysed(article: Article, analyser: Analyser) -> Analysed:
    words = analyser.vocabulary
    keys: list[list[str]] = []
    folded: list[list[str]] = []
    for text in field_texts(article):
        numbers = analyser.encode(text).keys
        keys.append([words.keys[number] for number in numbers.tolist()])
        folded.append([words.folded[number] for number in words.fold_of[numbers].tolist()])
    pairs = [f"{first}_{second}" for first, second in pairwise(folded[2])]
    texts = [" ".join(terms) for terms in (*folded, *keys, pairs)]
    return Analysed(article.body.encode(), *texts)


def read_queries(path: Path, column: str, snapshot: Snapshot, most: int) -> Queries:
    """Queries from a TSV with a header; phrases from the articles, always the same ones.

    Raises:
        ValueError: the file has no such column, or no query.
    """
    analyser = Analyser()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    if not rows or column not in rows[0]:
        raise ValueError(f"{path}: has no column {column!r}, or no row")
    words = [_folded(analyser.tokens(row[column])) for row in rows[:most]]
    return Queries(
        tuple(query for query in words if query), tuple(_phrases(snapshot, analyser, most))
    )


def _phrases(snapshot: Snapshot, analyser: Analyser, most: int) -> Iterator[tuple[str, ...]]:
    source = random.Random(PHRASE_SEED)  # noqa: S311 - a sample, no secret
    for number in range(most):
        article = load_article(snapshot.stored(source.randrange(snapshot.doc_count_all)))
        terms = _folded(analyser.tokens(article.body))
        length = PHRASE_WORDS[number % len(PHRASE_WORDS)]
        if len(terms) >= length:
            start = source.randrange(len(terms) - length + 1)
            yield terms[start : start + length]


def _folded(tokens: Sequence[Token]) -> tuple[str, ...]:
    """The terms, one for each position."""
    return tuple({token.position: token.folded for token in tokens}.values())
