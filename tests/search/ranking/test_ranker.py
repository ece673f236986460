"""The ranking: its parts against their formulas, and the order that readers expect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyser, fold
from index.article import Article
from index.build.writing.writer import IndexWriter
from index.snapshot import Snapshot
from search.query.slots import slots_of
from search.ranking import WEIGHTS, Ranker, ScoreParts, SlotTerms, Term, ranker, totals
from search.ranking.candidates import FULL
from search.ranking.features import PAIRED_FROM, PROXIMITY_WINDOW, FullFeatures
from search.ranking.scoring import BODY
from search.ranking.slot_terms import find_numbers
from search.ranking.term_weights import UNSEEN

pytestmark = pytest.mark.usefixtures("each_way")

ANALYSER = Analyser()
SYLLABLES = ["thông", "tin", "đối", "ngoại", "đội", "tín", "đổi", "của"]


def index_of(directory: Path, articles: Sequence[Article], per_segment: int = 100) -> Snapshot:
    for first in range(0, len(articles), per_segment):
        with IndexWriter(directory) as writer:
            for article in articles[first : first + per_segment]:
                writer.add(article)
    return Snapshot.open(directory)


def articles_of(*texts: tuple[str, str, str]) -> list[Article]:
    return [
        Article(id=str(number), headline=headline, summary=summary, body=body)
        for number, (headline, summary, body) in enumerate(texts)
    ]


def terms_of(query: str, accents: float) -> list[SlotTerms]:
    return [
        SlotTerms(
            tuple(Term(form.folded.encode(), form.key.encode()) for form in slot.forms), accents
        )
        for slot in slots_of(ANALYSER, query)
    ]


def scored(snapshot: Snapshot, query: str, accents: float) -> ScoreParts:
    docs = [np.arange(leaf.segment.doc_count) for leaf in snapshot.leaves]
    parts = Ranker(snapshot).score(terms_of(query, accents), docs)
    return ScoreParts(*np.concatenate(parts, axis=1))


ORDERS: list[tuple[str, float, str, tuple[tuple[str, str, str], tuple[str, str, str]]]] = [
    (
        "a word of the headline counts more than one of the body",
        1.0,
        "đối ngoại",
        (("đối ngoại", "tin", "tin"), ("tin", "tin", "đối ngoại")),
    ),
    (
        "a word of the lead counts more than one of the body",
        1.0,
        "đối ngoại",
        (("tin", "đối ngoại", "tin"), ("tin", "tin", "đối ngoại")),
    ),
    (
        "typed accents stand above others",
        1.0,
        "đối",
        (("tin", "tin", "đối"), ("tin", "tin", "đội")),
    ),
    (
        "words in the query's order stand above the reverse",
        1.0,
        "thông tin đối ngoại",
        (("tin", "", "thông tin đối ngoại"), ("tin", "", "ngoại đối tin thông")),
    ),
    (
        "neighbours stand above words apart",
        1.0,
        "đối ngoại",
        (("tin", "", "đối ngoại của của của của"), ("tin", "", "đối của của của của ngoại")),
    ),
    (
        "without accents, neighbours count all the same",
        0.0,
        "doi ngoai",
        (("tin", "", "đối ngoại của của"), ("tin", "", "đối của của ngoại")),
    ),
    (
        "all words in headline and lead together stand above half of them in each",
        1.0,
        "thông tin đối ngoại",
        (
            ("thông tin", "đối ngoại", "thông"),
            ("thông tin", "thông tin", "đối ngoại đối ngoại đối ngoại"),
        ),
    ),
]


@pytest.mark.parametrize(
    ("accents", "query", "texts"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS]
)
def test_the_better_article_stands_on_top(
    accents: float, query: str, texts: tuple[tuple[str, str, str], ...], tmp_path: Path
) -> None:
    parts = scored(index_of(tmp_path / "index", articles_of(*texts)), query, accents)
    scores = totals(np.array(parts))
    assert scores[0] > scores[1]


def share_that_tells(times: list[int]) -> float:
    """Of a word that stands so often in each body."""
    size, w = len(times), WEIGHTS
    df, cf = sum(map(bool, times)) + UNSEEN, sum(times) + math.e * UNSEEN
    residual = math.log(size / df) + math.log(1 - math.exp(-cf / size))
    return w.telling_floor + (1 - w.telling_floor) * min(1, max(0, residual))


words = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=12).map(" ".join)
newspapers = st.lists(st.tuples(words, words, words), min_size=1, max_size=8)


@settings(max_examples=25)  # each writes an index
@given(newspaper=newspapers, query=words, per_segment=st.sampled_from([2, 100]))
def test_parts_are_those_of_a_plain_computation(
    newspaper: list[tuple[str, str, str]],
    query: str,
    per_segment: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    snapshot = index_of(tmp_path_factory.mktemp("index"), articles_of(*newspaper), per_segment)
    parts = scored(snapshot, query, 1.0)
    w = WEIGHTS
    words_wanted = query.split()
    average = [np.mean([len(texts[field].split()) for texts in newspaper]) for field in range(3)]

    def idf(has: list[list[bool]]) -> float:
        df = max(sum(column) for column in zip(*has, strict=True))
        return math.log(1 + (len(newspaper) - df + 0.5) / (df + 0.5))

    for doc, texts in enumerate(newspaper):
        accented = 0.0
        for word in words_wanted:
            if not any(word in text.split() for article in newspaper for text in article):
                continue
            weighted = 0.0
            for text, mean, weight, b in zip(
                texts,
                average,
                (w.headline, w.summary, w.body),
                (w.headline_length, w.summary_length, w.body_length),
                strict=True,
            ):
                tokens = text.split()
                weighted += weight * tokens.count(word) / (1 - b + b * len(tokens) / mean)
            weight_of_word = idf(
                [[word in text.split() for text in article] for article in newspaper]
            )
            telling = share_that_tells([body.split().count(word) for _, _, body in newspaper])
            accented += telling * weight_of_word * weighted / (weighted + w.saturation)
        assert parts.accented[doc] == pytest.approx(accented, rel=1e-4, abs=1e-5)


@settings(max_examples=25)
@given(newspaper=newspapers, query=words, accents=st.sampled_from([0.0, 0.4, 1.0]))
def test_a_passage_is_worth_its_distinct_words(
    newspaper: list[tuple[str, str, str]],
    query: str,
    accents: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    snapshot = index_of(tmp_path_factory.mktemp("index"), articles_of(*newspaper))
    slots, w = terms_of(query, accents), replace(WEIGHTS, passage_words=3)
    ranker = Ranker(snapshot, w)
    worth = ranker.term_weights(slots).worth.tolist()
    (parts,) = ranker.score(slots, [np.arange(len(newspaper))])
    first_of = {fold(word): at for at, word in reversed([*enumerate(query.split())])}
    for doc, texts in enumerate(newspaper):
        best = 0.0
        for text in texts:
            tokens = text.split()
            for start in range(len(tokens)):
                passage = tokens[start : start + w.passage_words]
                found = 0.0
                for folded, at in first_of.items():
                    if not accents or query.split()[at] in passage:
                        found += worth[at] * (folded in map(fold, passage))
                    elif folded in map(fold, passage):
                        found += worth[at] * w.folded_presence
                best = max(best, found)
        part = ScoreParts(*parts).passage[doc]
        assert part == pytest.approx(w.passage * best, rel=1e-3, abs=1e-3)


@settings(max_examples=25)
@given(
    newspaper=newspapers,
    query=st.lists(st.sampled_from(SYLLABLES), min_size=3, max_size=14),
)
def test_pairs_are_bm25_over_neighbours(
    newspaper: list[tuple[str, str, str]],
    query: list[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    snapshot = index_of(tmp_path_factory.mktemp("index"), articles_of(*newspaper))
    slots, w, size = terms_of(" ".join(query), 1.0), WEIGHTS, len(newspaper)
    parts = scored(snapshot, " ".join(query), 1.0)
    weights = Ranker(snapshot).term_weights(slots)
    average = [np.mean([len(texts[field].split()) for texts in newspaper]) for field in range(3)]
    if len(query) < PAIRED_FROM:
        assert not parts.pairs.any()
        return

    def times(pair: tuple[str, ...], text: str) -> int:
        tokens = [*map(str, text.split())]
        return sum(tuple(tokens[at : at + len(pair)]) == pair for at in range(len(tokens)))

    def having(pair: tuple[str, ...]) -> int:
        return sum(any(times(pair, text) for text in texts) for texts in newspaper)

    def most_in_a_field(word: str) -> int:
        return max(
            sum(word in text.split() for text in texts) for texts in zip(*newspaper, strict=True)
        )

    def key(pair: tuple[str, str]) -> list[float]:
        df, next_df = map(most_in_a_field, pair)
        rarer, df = (pair[1], next_df) if next_df < df else (pair[0], df)
        df *= min(1, (having(pair) + 0.5) / (having((rarer,)) + 0.5))
        return [math.log(1 + (size - df + 0.5) / (df + 0.5))]

    ramp = min(1, len(query) / w.pair_slots) ** 2
    own = (weights.keyed * weights.telling).tolist()
    for doc, texts in enumerate(newspaper):
        expected = 0.0
        for at, pair in enumerate(pairwise(query)):
            worth = min(*key(pair), own[at] + own[at + 1])
            for share, spelled in ((1 - w.pair_folded, str), (w.pair_folded, fold)):
                weighted = sum(
                    weight
                    * times(tuple(map(spelled, pair)), " ".join(map(spelled, text.split())))
                    / (1 - b + b * len(text.split()) / mean)
                    for text, mean, weight, b in zip(
                        texts,
                        average,
                        (w.headline, w.summary, w.body),
                        (w.headline_length, w.summary_length, w.body_length),
                        strict=True,
                    )
                )
                expected += share * worth * weighted / (weighted + w.pair_saturation)
        assert parts.pairs[doc] == pytest.approx(w.pairs * ramp * expected, rel=1e-3, abs=1e-4)


def test_what_is_strewn_evenly_hardly_counts_beside_what_stands_together(tmp_path: Path) -> None:
    texts = [("tin", "", "của " + ("ngoại ngoại ngoại" if at < 10 else "đội")) for at in range(20)]
    texts += [("tin", "", "đội")] * 10
    snapshot = index_of(tmp_path / "index", articles_of(*texts))
    telling = Ranker(snapshot).term_weights(terms_of("của ngoại", 1.0)).telling
    assert telling[0] == pytest.approx(WEIGHTS.telling_floor, abs=0.2)
    assert telling[1] > telling[0] + 0.2


@settings(max_examples=25)
@given(
    newspaper=newspapers,
    query=st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=14).map(" ".join),
    accents=st.sampled_from([0.0, 0.4, 1.0]),
    most=st.integers(1, 9),
)
def test_scores_and_likely_documents_do_not_depend_on_how_an_index_is_cut(
    newspaper: list[tuple[str, str, str]],
    query: str,
    accents: float,
    most: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    parts: list[np.ndarray[tuple[int, int], np.dtype[np.float32]]] = []
    likely: list[list[int]] = []
    for per_segment in (100, 3):
        directory = tmp_path_factory.mktemp("index")
        snapshot = index_of(directory, articles_of(*newspaper), per_segment)
        parts.append(np.array(scored(snapshot, query, accents)))
        found = Ranker(snapshot).likely(terms_of(query, accents), most)
        likely.append(
            [
                doc + leaf.base
                for leaf, docs in zip(snapshot.leaves, found, strict=True)
                for doc in docs.tolist()
            ]
        )
    assert parts[0] == pytest.approx(parts[1], rel=1e-6)
    assert likely[0] == likely[1]


@settings(max_examples=25)
@given(text=words, query=st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=4))
def test_proximity_is_one_over_the_least_distance_and_one_piece_is_told_from_several(
    text: str, query: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("index")
    snapshot = index_of(directory, articles_of(("của", "của", text)))
    leaf = snapshot.leaves[0]
    numbers = [find_numbers(leaf, slot) for slot in terms_of(" ".join(query), 0.0)]
    proximity = FullFeatures(leaf, numbers, np.array([0])).proximity()
    folded = [fold(word) for word in text.split()]
    for row, (first, second) in enumerate(pairwise(map(fold, query))):
        steps = [
            b - a
            for a, word in enumerate(folded)
            for b in range(a + 1, min(a + PROXIMITY_WINDOW, len(folded) - 1) + 1)
            if word == first and folded[b] == second
        ]
        assert proximity.of_pairs[BODY, row, 0] == pytest.approx(1 / min(steps) if steps else 0.0)
    pairs = [*pairwise(map(fold, query))]
    at_one_place = [
        sum(folded[max(0, start + at) : start + at + 2] == [*pair] for at, pair in enumerate(pairs))
        for start in range(-len(pairs), len(folded))
    ]
    assert proximity.aligned[0] == pytest.approx(max(at_one_place) / len(pairs))


def test_of_many_candidates_none_scores_above_its_full_score_and_the_best_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(1)

    def text(size: int) -> str:
        return " ".join(draw.choice(SYLLABLES, size))

    texts = [(text(4), text(8), text(30)) for _ in range(120)]
    snapshot = index_of(tmp_path / "index", articles_of(*texts), per_segment=70)
    query = "thông tin đối"  # of more words, pairs would be worth what the candidates make them
    by_full_features = totals(np.array(scored(snapshot, query, 1.0)))
    monkeypatch.setattr(ranker, "RESCORED", 30)
    by_first_pass = totals(np.array(scored(snapshot, query, 1.0)))
    rounding = 1 + 1 / FULL
    assert (by_first_pass <= by_full_features * rounding).all()
    assert np.isclose(by_first_pass, by_full_features, rtol=1e-5).sum() >= 30


def test_a_query_without_words_scores_nothing(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path / "index", articles_of(("tin", "tin", "tin")))
    assert totals(np.array(scored(snapshot, "", 0.0))).tolist() == [0.0]
