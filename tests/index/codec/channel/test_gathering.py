"""Places of many folds in a few documents, against those of each fold by itself.

By compiled code, where there is any, and by NumPy.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.codec.channel.channel import Channel
from index.snapshot import Snapshot

pytestmark = pytest.mark.usefixtures("each_way")


def channel_of(directory: Path, bodies: list[str]) -> tuple[Channel, list[int]]:
    """The bodies of an index, and the numbers of their folds."""
    with IndexWriter(directory) as writer:
        for number, body in enumerate(bodies):
            writer.add(Article(id=str(number), headline="tin", summary="", body=body))
    segment = Snapshot.open(directory).leaves[0].segment
    channel = segment.channel("body")
    folds = [fold for fold in range(len(segment.terms.folds)) if channel.df(fold)]
    return channel, folds


def check(channel: Channel, folds: list[int], docs: list[int]) -> None:
    """Every occurrence is where asking fold by fold finds it."""
    gathered = channel.places_many(folds, np.array(docs, np.int64))
    cells = np.repeat(gathered.cells, gathered.counts).tolist()
    got = list(zip(cells, gathered.positions.tolist(), gathered.ranks.tolist(), strict=True))
    wanted: list[tuple[int, int, int]] = []
    for number, fold in enumerate(folds):
        having = [doc for doc in docs if doc in set(channel.postings(fold).docs.tolist())]
        places = channel.places(fold, np.array(having, np.int64))
        wanted += [
            (number * len(docs) + docs.index(having[row]), position, rank)
            for row, position, rank in zip(
                places.rows.tolist(), places.positions.tolist(), places.ranks.tolist(), strict=True
            )
        ]
    assert got == wanted


@pytest.fixture(scope="module")
def bodies() -> list[str]:
    """Frequent and rare words, with accents and repetitions that vary."""
    draw = np.random.default_rng(5)
    syllables = ["đối", "đội", "doi", "ngoại", "tin", "thông", "của", "và", "mùa", "quýt"]
    chances = np.array([8, 4, 1, 6, 9, 5, 20, 20, 0.5, 0.2])
    return [
        " ".join(draw.choice(syllables, draw.integers(1, 60), p=chances / chances.sum()))
        for _ in range(700)
    ]


def test_places_of_many_folds_are_those_of_each(bodies: list[str], tmp_path: Path) -> None:
    channel, folds = channel_of(tmp_path / "index", bodies)
    draw = np.random.default_rng(6)
    for size in (1, 3, 40, len(bodies)):
        docs = np.sort(draw.choice(len(bodies), size, replace=False)).tolist()
        check(channel, folds, docs)


def test_words_said_hundreds_of_times_are_counted_exactly(tmp_path: Path) -> None:
    bodies = ["đối " * times + "ngoại" for times in (1, 300, 2, 254, 255, 256, 3, 1, 4_200, 5, 1)]
    channel, folds = channel_of(tmp_path / "index", bodies)
    check(channel, folds, list(range(len(bodies))))
    check(channel, folds, [1, 8, 9])


def test_no_documents_or_no_folds_have_no_places(bodies: list[str], tmp_path: Path) -> None:
    channel, folds = channel_of(tmp_path / "index", bodies[:20])
    assert not len(channel.places_many(folds, np.zeros(0, np.int64)).cells)
    assert not len(channel.places_many([], np.arange(20)).cells)
