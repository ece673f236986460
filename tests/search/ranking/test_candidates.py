"""The likeliest documents: those that a plain sum of impacts finds, none of them deleted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.analysis import Analyser
from index.article import Article
from index.build.writing.writer import IndexWriter
from index.snapshot import Snapshot
from search.query.slots import slots_of
from search.ranking import WEIGHTS, Ranker, SlotTerms, Term, candidates
from search.ranking.candidates import FULL, LEAST, MOST, STEPS, WORTHIEST, enough
from search.ranking.ranker import SHORTEST

pytestmark = pytest.mark.usefixtures("each_way")

SYLLABLES = ["thông", "tin", "đối", "ngoại", "đội", "tín", "đổi", "của", "hiếm"]
ARTICLES = 900


def text(draw: np.random.Generator, most: int) -> str:
    chances = np.array([6, 6, 6, 6, 3, 3, 2, 9, 0.2])
    return " ".join(draw.choice(SYLLABLES, int(draw.integers(1, most)), p=chances / chances.sum()))


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, str, str]]:
    draw = np.random.default_rng(5)
    return [(text(draw, 6), text(draw, 9), text(draw, 40)) for _ in range(ARTICLES)]


@pytest.fixture(scope="module")
def directory(
    texts: Sequence[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("likely") / "index"
    for first in range(0, ARTICLES, 500):
        with IndexWriter(path) as writer:
            for number, (headline, summary, body) in enumerate(texts[first : first + 500], first):
                writer.add(Article(id=str(number), headline=headline, summary=summary, body=body))
    return path


def slots(query: str) -> list[SlotTerms]:
    return [
        SlotTerms(tuple(Term(form.folded.encode(), form.key.encode()) for form in slot.forms), 1.0)
        for slot in slots_of(Analyser(), query)
    ]


def likely(snapshot: Snapshot, query: str, most: int) -> list[int]:
    found = Ranker(snapshot).likely(slots(query), most)
    return [
        int(doc) + leaf.base
        for leaf, docs in zip(snapshot.leaves, found, strict=True)
        for doc in docs
    ]


@pytest.mark.parametrize("query", ["của", "hiếm của", "thông tin đối ngoại của đội", "vắng hiếm"])
@pytest.mark.parametrize("most", [1, 3, 10, 100, 899, 5_000])
def test_they_are_the_best_of_an_or_of_the_words(
    query: str, most: int, texts: Sequence[tuple[str, str, str]], directory: Path
) -> None:
    snapshot, w = Snapshot.open(directory), WEIGHTS
    worth = Ranker(snapshot).term_weights(slots(query)).worth
    lengths = np.array([[len(part.split()) for part in article] for article in texts])
    share = np.array([w.headline_length, w.summary_length, w.body_length], np.float32)
    counted = np.array([w.headline, w.summary, w.body], np.float32) / (
        1 - share + share * np.maximum(lengths / lengths.mean(axis=0), SHORTEST).astype(np.float32)
    )
    sums = np.zeros(ARTICLES)
    known = [word for word in query.split() if word in SYLLABLES]
    greatest = max(worth[query.split().index(word)] for word in known)
    for word in known:
        times = np.array([[part.split().count(word) for part in article] for article in texts])
        weighted = (counted * times).sum(axis=1)
        impact = np.ceil(FULL * weighted / (weighted + w.saturation))
        sums += impact * round(STEPS * worth[query.split().index(word)] / greatest)
    wanted = np.lexsort((np.arange(ARTICLES), -sums))[:most]
    # A byte may be rounded either way; what is found is as good as the best.
    found = likely(snapshot, query, most)
    assert len(found) == min(most, np.count_nonzero(sums))
    assert found == sorted(set(found))
    assert sums[found].min() >= sums[wanted][: len(found)].min() - len(known) * STEPS
    assert np.mean(np.isin(found, wanted)) > 0.9


def test_deleted_documents_are_not_likely(tmp_path: Path) -> None:
    with IndexWriter(tmp_path / "index") as writer:
        for number in range(60):
            writer.add(Article(id=str(number), headline="tin", summary="", body="đối ngoại"))
    with IndexWriter(tmp_path / "index") as writer:
        writer.delete("1")
        writer.delete("4")
    snapshot = Snapshot.open(tmp_path / "index")
    (alive,) = [leaf.alive for leaf in snapshot.leaves]
    assert alive is not None
    assert likely(snapshot, "đối ngoại", 100) == np.flatnonzero(alive).tolist()
    assert len(likely(snapshot, "đối ngoại", 58)) == snapshot.doc_count == 58


def test_of_equally_likely_documents_the_lower_are_kept(tmp_path: Path) -> None:
    for first in (0, 3):
        with IndexWriter(tmp_path / "index") as writer:
            for number in range(first, first + 3):
                writer.add(Article(id=str(number), headline="tin", summary="", body="đối ngoại"))
    assert likely(Snapshot.open(tmp_path / "index"), "đối ngoại", 4) == [0, 1, 2, 3]


def test_of_many_words_only_the_worthiest_are_looked_for(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = Snapshot.open(directory)
    looked_for: list[int] = []
    add = candidates.add

    def counting(*args: object) -> None:
        looked_for.append(1)
        add(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(candidates, "add", counting)
    likely(snapshot, " ".join(SYLLABLES * 6), 10)
    assert len(looked_for) == WORTHIEST * len(snapshot.leaves)


def test_a_query_without_words_has_no_likely_documents(directory: Path) -> None:
    assert likely(Snapshot.open(directory), "", 10) == []
    assert likely(Snapshot.open(directory), "vắng", 10) == []


def test_more_words_have_more_likely_documents_within_bounds() -> None:
    assert [enough(count) for count in (1, 5, 6, 16, 17, 64)] == [
        LEAST,
        LEAST,
        180,
        480,
        MOST,
        MOST,
    ]
