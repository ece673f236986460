"""Compiled features are those of NumPy to the last bit, compiled scores to within rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import fold
from index.article import Article
from index.build.writing.writer import IndexWriter
from index.snapshot import Leaf, Snapshot
from search.ranking import scoring
from search.ranking.compiled_features import CompiledFullFeatures
from search.ranking.features import FIELDS, FullFeatures, SlotTerms, Term, find_numbers
from search.ranking.scoring import COMPILED, Features, ScoreParts, TermWeights, score_parts
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
)
def test_it_reads_the_features_that_numpy_reads(
    leaf: Leaf, query: list[SlotTerms], docs: set[int], fields: tuple[str, ...]
) -> None:
    numbers = [find_numbers(leaf, slot) for slot in query]
    candidates = np.array(sorted(docs | {3}), np.int64)
    compiled, by_numpy = (
        kind(leaf, numbers, candidates, fields) for kind in (CompiledFullFeatures, FullFeatures)
    )
    for got, wanted in zip(compiled.frequencies(), by_numpy.frequencies(), strict=True):
        assert got.dtype == wanted.dtype
        assert (got == wanted).all()
    if len(query) > 1:
        for got, wanted in zip(compiled.proximity(), by_numpy.proximity(), strict=True):
            assert got.dtype == wanted.dtype
            assert (got == wanted).all()


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
        draw.random((len(FIELDS), documents), np.float32) * 3,
        draw.random(documents, np.float32),
    )
    expected = draw.random(slots) * 9 + 0.1
    pairs = np.minimum(expected[1:], expected[:-1]) * (not joined)
    term_weights = TermWeights(
        draw.random(slots), draw.random(slots), expected, np.array(accents), pairs
    )
    weights = Weights(coverage_power=power, phrase_power=power)
    got = score_parts(features, term_weights, weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "COMPILED", False)
        wanted = score_parts(features, term_weights, weights)
    for name, part, wanted_part in zip(ScoreParts._fields, got, wanted, strict=True):
        assert part == pytest.approx(wanted_part, rel=1e-5, abs=1e-6), name
