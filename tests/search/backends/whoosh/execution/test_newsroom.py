"""The sample newsroom in segments with deletions: executor = stock Whoosh = brute force.

Rankings are compared with their scores (1e-9), so ties may stand in any order; counts exactly.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh import query as wq

from index.analysis import Analyser
from index.build.writing.writer import IndexWriter
from index.schema import field_texts, make_schema
from index.snapshot import Snapshot
from index.storage.builds import current_build
from index.stored import load_article
from search.backends.whoosh.execution import Executor

from .conftest import bm25, idf

pytestmark = pytest.mark.usefixtures("each_way")

FIELDS = ("headline", "summary", "body", "headline_accents", "summary_accents", "body_accents")
SEGMENTS = 4
QUERIES = 240

Terms = dict[str, list[list[str]]]
"""By field: the terms of every document, deleted ones too: they count in document frequencies."""


class Newsroom(NamedTuple):
    """The sample newsroom in several segments."""

    directory: Path
    snapshot: Snapshot
    terms: Terms
    alive: list[bool]


@pytest.fixture(scope="module")
def newsroom(newsroom_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    whole = Snapshot.open(current_build(newsroom_index).path)
    articles = [load_article(whole.stored(doc)) for doc in range(whole.doc_count_all)]
    directory = tmp_path_factory.mktemp("newsroom")
    source = random.Random(7)
    step = len(articles) // SEGMENTS + 1
    for start in range(0, len(articles), step):
        with IndexWriter(directory, workers=1) as writer:
            # A few of the articles so far are replaced, a few deleted: fewer than make a merge.
            for article in source.sample(articles[:start], start // 10):
                if source.random() < 0.5:
                    writer.add(article)
                else:
                    writer.delete(article.id)
            for article in articles[start : start + step]:
                writer.add(article)
    snapshot = Snapshot.open(directory)
    alive = [
        leaf.alive is None or bool(leaf.alive[doc])
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
    ]
    return Newsroom(directory, snapshot, _terms(snapshot), alive)


def _terms(snapshot: Snapshot) -> Terms:
    analyser = Analyser()
    terms: Terms = {name: [] for name in FIELDS}
    for doc in range(snapshot.doc_count_all):
        for name, text in field_texts(load_article(snapshot.stored(doc)))._asdict().items():
            tokens = analyser.tokens(text)
            terms[name].append([token.folded for token in tokens])
            terms[f"{name}_accents"].append([token.key for token in tokens])
    return terms


def test_the_newsroom_stands_in_several_segments_with_deletions(newsroom):
    assert len(newsroom.snapshot.leaves) > 1
    assert newsroom.alive.count(False) > 1


def _queries(terms: Terms) -> Iterator[wq.Query]:
    """Words and phrases that stand in some document, combined."""
    source = random.Random(11)

    def words(count: int) -> tuple[str, list[str]]:
        name = source.choice(FIELDS)
        text = source.choice([text for text in terms[name] if len(text) >= count])
        start = source.randrange(len(text) - count + 1)
        return name, text[start : start + count]

    def some(count: int) -> list[wq.Query]:
        return [
            wq.Term(name, word, boost=source.choice([1.0, 1.0, 2.0]))
            for name, chosen in (words(1) for _ in range(count))
            for word in chosen
        ]

    def together(kind: type[wq.Query]) -> wq.Query:
        name, chosen = words(source.randrange(1, 5))
        return kind([wq.Term(name, word) for word in chosen])

    makers = [
        lambda: together(wq.And),
        lambda: together(wq.Or),
        lambda: wq.Or(some(source.randrange(1, 6))),
        lambda: wq.And([together(wq.And), wq.Or(some(3))]),
        lambda: wq.And([together(wq.Or), wq.Not(together(wq.And))]),
        lambda: wq.Or([together(wq.And), *some(2)]),
    ]
    for number in range(QUERIES):
        yield makers[number % len(makers)]()


def _scores(query: wq.Query, room: Newsroom) -> dict[int, float]:
    """Documents that match, deleted ones among them, and their scores: the obvious way."""
    everything = range(len(room.alive))
    match query:
        case wq.Term(fieldname=name, text=word, boost=boost):
            counts = {doc: text.count(word) for doc, text in enumerate(room.terms[name])}
            counts = {doc: count for doc, count in counts.items() if count}
            average = sum(map(len, room.terms[name])) / len(room.alive)
            weight = boost * idf(len(counts), len(room.alive))
            return {
                doc: bm25(weight, count, len(room.terms[name][doc]), average)
                for doc, count in counts.items()
            }
        case wq.Not(query=inner):
            return dict.fromkeys(set(everything) - set(_scores(inner, room)), 1.0)
        case wq.And(subqueries=parts) | wq.Or(subqueries=parts):
            found = [_scores(part, room) for part in parts]
            matched = Counter(doc for part_scores in found for doc in part_scores)
            least = len(found) if isinstance(query, wq.And) else 1
            return {
                doc: sum(part_scores.get(doc, 0.0) for part_scores in found)
                for doc, count in matched.items()
                if count >= least
            }
    raise AssertionError(query)


def _compare(query: wq.Query, room: Newsroom, expected: set[int] | dict[int, float]) -> None:
    everything = Executor(room.snapshot, make_schema()).search(query, limit=1_000)
    scores = dict(zip(everything.docs.tolist(), everything.scores.tolist(), strict=True))
    with whoosh_index.open_dir(str(room.directory)).searcher() as stock:
        hits = {hit.docnum: hit.score for hit in stock.search(query, limit=None)}
    assert scores == pytest.approx(hits, rel=1e-9)
    assert everything.total == len(hits)
    assert np.all(np.diff(everything.scores) <= 1e-12)
    assert set(scores) == set(expected)
    if isinstance(expected, dict):
        assert scores == pytest.approx(expected, rel=1e-9)
    best = Executor(room.snapshot, make_schema()).search(query, limit=10)
    assert best.total == everything.total
    assert best.scores.tolist() == pytest.approx(everything.scores[:10].tolist(), rel=1e-12)


def test_words_rank_and_count_as_in_stock_whoosh_and_by_brute_force(newsroom):
    for query in _queries(newsroom.terms):
        scores = _scores(query, newsroom)
        expected = {doc: score for doc, score in scores.items() if newsroom.alive[doc]}
        _compare(query, newsroom, expected)


def test_phrases_rank_and_count_as_in_stock_whoosh_and_match_the_articles_text(newsroom):
    source = random.Random(13)
    analyser = Analyser()
    texts = [load_article(newsroom.snapshot.stored(doc)).body for doc in range(len(newsroom.alive))]
    places = []
    for doc, text in enumerate(texts):
        captions = load_article(newsroom.snapshot.stored(doc)).captions
        terms_at: dict[int, set[str]] = {}
        for token in analyser.tokens("\n".join((text, *captions))):
            terms_at.setdefault(token.position, set()).add(token.folded)
        places.append(terms_at)
    for _ in range(QUERIES // 4):
        terms_at = source.choice(places)
        length = source.choice([2, 3, 4])
        start = source.randrange(max(terms_at) - length + 1)
        words = [min(terms_at[start + step]) for step in range(length)]
        expected = {
            doc
            for doc, other in enumerate(places)
            if newsroom.alive[doc]
            and any(
                all(words[step] in other.get(at + step, ()) for step in range(length))
                for at in other
            )
        }
        _compare(wq.Phrase("body", words), newsroom, expected)
