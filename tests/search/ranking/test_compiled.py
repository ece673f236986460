"""Compiled features are those of NumPy to the last bit, compiled scores to within rounding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import fold
from index.article import Article
from index.build.writing.writer import IndexWriter
from index.snapshot import Leaf, Snapshot
from search.ranking import candidates, scoring
from search.ranking.candidates import add, make
from search.ranking.compiled_features import CompiledFullFeatures
from search.ranking.features import FIELDS, PAIRED_FROM, FullFeatures
from search.ranking.passages import UNITS, PassageWorth
from search.ranking.scoring import (
    COMPILED,
    Features,
    ScoreParts,
    TermWeights,
    count_having,
    score_parts,
)
from search.ranking.slot_terms import SlotTerms, Term, find_numbers
from search.ranking.weights import Weights

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")

SYLLABLES = ["thông", "tin", "đối", "ngoại", "đội", "tín", "đổi", "của", "hiếm"]
ARTICLES = 150


@pytest.fixture(scope="module")
def leaf(tmp_path_factory: pytest.TempPathFactory) -> Leaf:
    """Texts of few words that repeat in every order."""
    draw = np.random.default_rng(11)
    chances = np.array([6, 6, 6, 6, 3, 3, 2, 9, 0.2])

    def text(most: int) -> str:
        size = int(draw.integers(0, most))
        return " ".join(draw.choice(SYLLABLES, size, p=chances / chances.sum()))

    directory = tmp_path_factory.mktemp("features") / "index"
    with IndexWriter(directory) as writer:
        for number in range(ARTICLES):
            # One body is long enough for more occurrences than are sorted one by compiled.
            body = text(2_000 if number == 3 else 60)
            writer.add(Article(id=str(number), headline=text(8), summary=text(15), body=body))
    return Snapshot.open(directory).leaves[0]


def term(word: str) -> Term:
    return Term(fold(word).encode(), word.encode())


slots = st.builds(
    SlotTerms,
    st.lists(st.sampled_from([*SYLLABLES, "vắng"]).map(term), min_size=1, max_size=3).map(tuple),
    st.sampled_from([0.0, 1.0]),
)


@given(
    query=st.lists(slots, max_size=6),
    docs=st.sets(st.integers(0, ARTICLES - 1)),
    fields=st.sampled_from([FIELDS, ("body",), ("headline", "summary")]),
    worths=st.lists(st.sampled_from([0, 1, 7, 12 * UNITS]), min_size=6, max_size=6),
    words=st.sampled_from([1, 2, 10, 50]),
)
def test_it_reads_the_features_that_numpy_reads(
    leaf: Leaf,
    query: list[SlotTerms],
    docs: set[int],
    fields: tuple[str, ...],
    worths: list[int],
    words: int,
) -> None:
    numbers = [find_numbers(leaf, slot) for slot in query]
    documents = np.array(sorted(docs | {3}), np.int64)
    wanted = np.array(worths[: len(query)], np.int64)
    sure = np.array([slot.accents > 0 for slot in query], np.bool_)
    worth = PassageWorth(wanted, wanted // 3, sure, words)
    compiled, by_numpy = (
        kind(leaf, numbers, documents, fields, worth)
        for kind in (CompiledFullFeatures, FullFeatures)
    )
    for got, wanted in zip(compiled.beside(), by_numpy.beside(), strict=True):
        assert got.dtype == wanted.dtype
        assert (got == wanted).all()
    assert compiled.passage().dtype == by_numpy.passage().dtype
    assert (compiled.passage() == by_numpy.passage()).all()
    for got, wanted in zip(compiled.frequencies(), by_numpy.frequencies(), strict=True):
        assert got.dtype == wanted.dtype
        assert (got == wanted).all()
    if len(query) > 1:
        for got, wanted in zip(compiled.proximity(), by_numpy.proximity(), strict=True):
            assert got.dtype == wanted.dtype
            assert (got == wanted).all()


def test_words_further_apart_than_a_bitset_reaches_are_sorted(tmp_path: Path) -> None:
    body = " ".join(["thông", *["của"] * 70_000, "tin đối", *["của"] * 100, "ngoại"])
    with IndexWriter(tmp_path / "index") as writer:
        writer.add(Article(id="0", headline="", summary="", body=body))
    leaf = Snapshot.open(tmp_path / "index").leaves[0]
    numbers = [find_numbers(leaf, SlotTerms((term(word),), 1.0)) for word in SYLLABLES[:4]]
    worth = PassageWorth(np.full(4, 2 * UNITS), np.full(4, UNITS), np.ones(4, np.bool_), words=50)
    for kind in (CompiledFullFeatures, FullFeatures):
        features = kind(leaf, numbers, np.array([0]), FIELDS, worth)
        assert features.passage().tolist() == [4.0]
        assert features.beside().keyed[2, :, 0].tolist() == [0, 1, 0]


def test_without_worth_neither_pairs_nor_passages_are_looked_for(leaf: Leaf) -> None:
    numbers = [find_numbers(leaf, SlotTerms((term(word),), 1.0)) for word in SYLLABLES]
    assert len(numbers) >= PAIRED_FROM
    for kind in (CompiledFullFeatures, FullFeatures):
        features = kind(leaf, numbers, np.arange(ARTICLES))
        assert not features.passage().any()
        assert not np.any(features.beside())


@given(
    shape=st.tuples(st.integers(1, 3), st.integers(0, 5), st.integers(0, 40)),
    seed=st.integers(0, 1_000),
)
def test_it_counts_documents_as_numpy_does(shape: tuple[int, int, int], seed: int) -> None:
    counts = np.random.default_rng(seed).choice(np.array([0, 0, 0, 2], np.float32), shape)
    got = count_having(counts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "COMPILED", False)
        assert got.tolist() == count_having(counts).tolist()


@given(
    documents=st.integers(1, 200),
    having=st.lists(st.sets(st.integers(0, 199), max_size=60), min_size=3, max_size=3),
    seed=st.integers(0, 1_000),
)
def test_it_makes_the_impacts_that_numpy_makes(
    documents: int, having: list[set[int]], seed: int
) -> None:
    draw = np.random.default_rng(seed)
    docs = [np.array(sorted(doc for doc in some if doc < documents), np.uint32) for some in having]
    postings = [(some, draw.integers(1, 300, len(some)).astype(np.uint32)) for some in docs]
    occurrences = draw.random((3, documents), np.float32) + np.float32(0.01)
    got = make(postings, occurrences, 1.2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "COMPILED", False)
        wanted = make(postings, occurrences, 1.2)
    assert got.tolist() == wanted.tolist()


@given(
    documents=st.integers(1, 200),
    having=st.sets(st.integers(0, 199), max_size=200),
    weight=st.integers(1, candidates.STEPS),
)
def test_it_adds_impacts_as_numpy_does(documents: int, having: set[int], weight: int) -> None:
    docs = np.array(sorted(doc for doc in having if doc < documents), np.uint32)
    values = (docs % 255 + 1).astype(np.uint8)
    if 5 * len(docs) < documents:
        impacts = np.concatenate([docs.view(np.uint8), values])
    else:
        impacts = np.zeros(documents, np.uint8)
        impacts[docs] = values
    got, wanted = np.full((2, documents), 3, np.int32)
    add(got, impacts, weight)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "COMPILED", False)
        add(wanted, impacts, weight)
    assert (got == wanted).all()
    assert got.sum() == 3 * documents + weight * values.sum(dtype=np.int64)


@given(
    documents=st.integers(1, 40),
    accents=st.lists(st.sampled_from([0.0, 0.4, 1.0]), min_size=1, max_size=6),
    seed=st.integers(0, 1_000),
    joined=st.booleans(),
    power=st.sampled_from([4.0, 2.5]),
)
def test_it_scores_as_numpy_does(
    documents: int, accents: list[float], seed: int, joined: bool, power: float
) -> None:
    draw = np.random.default_rng(seed)
    slots = len(accents)
    shape = (len(FIELDS), slots, documents)
    folded = draw.integers(0, 4, shape).astype(np.float32)
    proximity = draw.choice(np.array([0, 0.2, 0.5, 1], np.float32), (3, slots - 1, documents))
    features = Features(
        folded,
        np.minimum(folded, draw.integers(0, 4, shape)).astype(np.float32),
        proximity,
        draw.random(documents, np.float32),
        draw.integers(0, 4, (len(FIELDS), slots - 1, documents)).astype(np.float32),
        draw.integers(0, 2, (len(FIELDS), slots - 1, documents)).astype(np.float32),
        draw.random(documents, np.float32) * 20,
        draw.random((len(FIELDS), documents), np.float32) * 3,
        draw.random(documents, np.float32),
    )
    expected = draw.random(slots) * 9 + 0.1
    pairs = np.minimum(expected[1:], expected[:-1]) * (not joined)
    term_weights = TermWeights(
        draw.random(slots),
        draw.random(slots),
        expected,
        np.array(accents),
        draw.random(slots),
        pairs,
        draw.random(slots - 1) * (not joined),
    )
    weights = Weights(coverage_power=power, phrase_power=power)
    got = score_parts(features, term_weights, weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "COMPILED", False)
        wanted = score_parts(features, term_weights, weights)
    for name, part, wanted_part in zip(ScoreParts._fields, got, wanted, strict=True):
        assert part == pytest.approx(wanted_part, rel=1e-5, abs=1e-6), name
