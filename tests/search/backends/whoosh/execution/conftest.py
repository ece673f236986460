"""Small newspapers to search: random texts of few syllables, so that all meet all."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.analysis import Analyser
from index.article import Article
from index.build.writing.writer import IndexWriter
from index.schema import field_texts
from index.snapshot import Snapshot

SYLLABLES = [
    *("giá", "vàng", "hôm", "nay", "tăng", "mạnh", "ở", "Hà", "Nội", "chủ", "tịch", "nước"),
    *("thăm", "hỏi", "bão", "số", "ba", "ma", "má", "mà", "mả", "tin", "tín", "Covid-19"),
    *("TP.HCM", "đường", "dương", "đương", "của", "cua", "ôtô", "2022", "U23", "Việt", "Nam"),
]
SECTIONS = ("Thời sự", "Kinh tế", "Thể thao", "")


def make_article(source: random.Random, number: int, *, longest: int = 30) -> Article:
    def text(most: int) -> str:
        # Squared: a few syllables are everywhere, most are rare.
        return " ".join(
            SYLLABLES[int(source.random() ** 2 * len(SYLLABLES))]
            for _ in range(source.randrange(most))
        )

    published = datetime(2021, 1, 1, tzinfo=timezone.utc) + timedelta(
        days=source.randrange(900), seconds=source.randrange(86_400)
    )
    return Article(
        id=f"bai-{number}",
        headline=text(8) or "Tin",
        summary=text(15),
        body=text(longest),
        captions=(text(5),),
        section=source.choice(SECTIONS),
        source=source.choice(("Báo A", "Báo B")),
        published=published if source.random() < 0.9 else None,
    )


class Newspaper:
    """An index made in several transactions, and what it should hold."""

    def __init__(self, directory: Path, seed: int, batches: list[int]) -> None:
        self.directory = directory
        source = random.Random(seed)
        self.articles: dict[str, Article] = {}
        number = 0
        for size in batches:
            with IndexWriter(directory, workers=1) as writer:
                for _ in range(size):
                    article = make_article(source, number)
                    number += 1
                    writer.add(article)
                    self.articles[article.id] = article
                for old in source.sample(sorted(self.articles), len(self.articles) // 10):
                    if source.random() < 0.5:
                        writer.delete(old)
                        del self.articles[old]
                    else:
                        article = make_article(source, int(old.removeprefix("bai-")))
                        writer.add(article)
                        self.articles[old] = article
        self.snapshot = Snapshot.open(directory)
        self.terms = _terms(self.articles.values())

    def ids(self, docs: list[int]) -> list[str]:
        found = []
        for doc in docs:
            leaf = self.snapshot.leaf_of(doc)
            found.append(leaf.segment.values("id").value(doc - leaf.base))
        return found


def _terms(articles) -> dict[str, dict[str, list[list[tuple[str, int]]]]]:
    """By article and field: for every token its text and position."""
    analyser = Analyser()
    terms: dict = {}
    for article in articles:
        by_field = terms[article.id] = {}
        for name, text in field_texts(article)._asdict().items():
            tokens = analyser.tokens(text)
            by_field[name] = [(token.folded, token.position) for token in tokens]
            by_field[f"{name}_accents"] = [(token.key, token.position) for token in tokens]
    return terms


@pytest.fixture(scope="session")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, list[int]], Newspaper]:
    made: dict[tuple[int, ...], Newspaper] = {}

    def make(seed: int, batches: list[int]) -> Newspaper:
        key = (seed, *batches)
        if key not in made:
            made[key] = Newspaper(tmp_path_factory.mktemp("index"), seed, batches)
        return made[key]

    return make


def bm25(idf: float, tf: int, length: int, average: float) -> float:
    """The textbook formula with the length that Whoosh keeps: one byte, rounded up."""
    length = byte_to_length(length_to_byte(length))
    return idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average))


def idf(df: int, documents: int) -> float:
    return math.log(documents / (df + 1)) + 1
