"""Accents restored with a model of a small corpus, and against a sum over all readings.

By compiled code, where there is any, and by NumPy.
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import Analyser
from index.language.restoration import Restorer, marginals
from tests.index.language.model.samples import SENTENCES, build_model


@pytest.fixture(scope="module")
def restorer(tmp_path_factory, each_way) -> Restorer:
    return Restorer(build_model(tmp_path_factory.mktemp("model") / "m"))


@pytest.mark.parametrize(
    ("bare", "restored"),
    [
        ("thong tin doi ngoai", "thông tin đối ngoại"),
        ("doi bong cua huyen", "đội bóng của huyện"),
        ("ba con doi giong lua", "bà con đổi giống lúa"),
        ("nha ho duong", "nhà họ dương"),
        ("con duong", "con đường"),
        ("ngay 30 thang 8 doi bong", "ngày 30 tháng 8 đội bóng"),
        ("duong", "đường"),
        ("", ""),
    ],
)
def test_company_decides_the_accents(restorer, bare, restored):
    assert " ".join(restorer.restore(bare.split()).keys) == restored


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("đợi bong", "đợi bóng"),
        ("họ dương co", "họ dương cờ"),
        ("thong tin đội ngoai", "thông tin đội ngoại"),
        ("người lạ duong", "người lạ đường"),
    ],
)
def test_marks_that_were_typed_stay(restorer, typed, restored):
    restoration = restorer.restore(typed.split())
    assert " ".join(restoration.keys) == restored
    for token, confidence in zip(typed.split(), restoration.confidences, strict=True):
        if not token.isascii():
            assert confidence == 1.0


def test_a_lone_ambiguous_syllable_offers_its_alternatives(restorer):
    (alternatives,) = restorer.restore(["duong"]).alternatives
    assert [each.key for each in alternatives] == ["đường", "dương"]
    assert sum(each.probability for each in alternatives) == pytest.approx(1)
    assert restorer.restore(["duong"]).confidences[0] < 0.9


def test_company_raises_the_confidence(restorer):
    alone = restorer.restore(["doi"]).certainty
    assert restorer.restore(["doi", "bong", "cua", "tinh"]).confidences[0] > max(alone, 0.9)


@pytest.mark.parametrize(("token", "confidence"), [("2022", 1.0), ("3.5", 1.0), ("qwert", 0.0)])
def test_nothing_is_made_up_for_numbers_and_unknown_words(restorer, token, confidence):
    restoration = restorer.restore(["con", token, "duong"])
    assert restoration.keys[1] == token
    assert restoration.confidences[1] == confidence


def test_an_empty_query_is_certain(restorer):
    assert restorer.restore([]).certainty == 1.0


known = sorted({token.folded for s in SENTENCES for token in Analyser().tokens(s)})
marked = sorted({token.key for s in SENTENCES for token in Analyser().tokens(s)})


@settings(deadline=None)
@given(st.lists(st.sampled_from([*known, *marked, "qwert", "ữ", "", "\udc80"]), max_size=9))
def test_every_query_is_answered_and_answers_fold_to_what_was_typed(restorer, tokens):
    restoration = restorer.restore(tokens)
    analyser = Analyser()
    for token, key, confidence, alternatives in zip(
        tokens, restoration.keys, restoration.confidences, restoration.alternatives, strict=True
    ):
        assert 0 <= confidence <= 1 + 1e-9
        if not token.isascii() or not alternatives:
            assert key == token
        else:
            assert analyser.tokens(key)[-1].folded == token if token else key == token
            assert alternatives[0].key == key
            chances = [each.probability for each in alternatives]
            assert chances == sorted(chances, reverse=True)


sizes = st.lists(st.integers(1, 3), min_size=2, max_size=5)


@settings(max_examples=50, deadline=None)
@given(sizes, st.integers(0, 1 << 32))
def test_forward_and_backward_sums_equal_the_sum_over_every_reading(shape, seed):
    numbers = np.random.default_rng(seed)
    begin = numbers.random((shape[0], shape[1])) + 0.01
    steps = [
        numbers.random((shape[place - 1], shape[place - 2], shape[place])) + 0.01
        for place in range(2, len(shape))
    ]
    expected = [np.zeros(size) for size in shape]
    for reading in itertools.product(*map(range, shape)):
        chance = begin[reading[0], reading[1]]
        for place, step in enumerate(steps, 2):
            chance *= step[reading[place - 1], reading[place - 2], reading[place]]
        for place, variant in enumerate(reading):
            expected[place][variant] += chance
    for chances, sums in zip(marginals(begin, steps), expected, strict=True):
        assert chances == pytest.approx(sums / sums.sum())


def test_threads_share_a_restorer(restorer):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: restorer.restore(["con", "duong"]), range(100)))
    assert set(answers) == {answers[0]}
