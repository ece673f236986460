"""Packing of n-grams and the one-byte codes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.language.model.codes import (
    PAIR_CHANCES,
    PAIR_COUNTS,
    PAIR_SHARES,
    REST_VALUES,
    SHARE_VALUES,
    TRIPLE_CHANCES,
    discounted,
    encode_chances,
    encode_pairs,
    encode_rests,
    encode_shares,
    estimate_discounts,
    pack,
)

words = st.integers(0, (1 << 21) - 1)


@settings(deadline=None)
@given(st.lists(st.tuples(words, words, words), min_size=1))
def test_packing_keeps_runs_that_fold_alike_together(runs):
    columns = [np.array(column, np.int64) for column in zip(*runs, strict=True)]
    packed = pack(columns).tolist()
    by_form = [(tuple(word >> 5 for word in run), tuple(word & 31 for word in run)) for run in runs]
    order = sorted(range(len(runs)), key=lambda place: packed[place])
    assert [by_form[place] for place in order] == sorted(by_form)


@settings(deadline=None)
@given(st.integers(0, 1 << 29).map(float) | st.floats(0, 10))
def test_what_is_left_of_a_count_comes_back_closely(rest):
    read = REST_VALUES[encode_rests(np.array([rest]))[0]]
    assert abs(read - rest) <= max(0.13, 0.046 * rest)


@settings(deadline=None)
@given(st.integers(1, 700), st.floats(0, 1))
def test_a_count_and_a_share_come_back_from_one_byte(count, share):
    code = encode_pairs(np.array([float(count)]), np.array([share]))[0]
    assert PAIR_COUNTS[code >> 4] == pytest.approx(count, rel=0.45)
    assert abs(PAIR_SHARES[code & 15] - share) <= 0.065
    assert PAIR_SHARES[code & 15] > 0


def test_counts_up_to_four_and_whole_shares_come_back_exactly():
    codes = encode_pairs(np.arange(1.0, 5.0), np.ones(4))
    assert PAIR_COUNTS[codes >> 4].tolist() == [1, 2, 3, 4]
    assert PAIR_SHARES[codes & 15].tolist() == [1, 1, 1, 1]


@settings(deadline=None)
@given(st.floats(0, 1))
def test_a_share_comes_back_closely_and_is_never_nothing(share):
    read = SHARE_VALUES[encode_shares(np.array([share]))[0]]
    assert abs(read - share) < 0.005
    assert read > 0


@settings(deadline=None)
@given(st.floats(2e-4, 1), st.sampled_from([(PAIR_CHANCES, 0.14), (TRIPLE_CHANCES, 0.34)]))
def test_a_chance_comes_back_within_a_third_or_a_seventh(chance, table):
    values, deviation = table
    read = values[encode_chances(np.array([chance]), values)[0]]
    assert read == pytest.approx(chance, rel=deviation)


def test_discounts_follow_chen_and_goodman():
    # n1=80, n2=40, n3=20, n4=10: Y = 80/160 = 0.5; 1-2Y/2, 2-3Y/2, 3-4Y/2.
    assert estimate_discounts(np.array([0, 80, 40, 20, 10])).tolist() == [0.5, 1.25, 2.0]


@pytest.mark.parametrize("histogram", [[0, 0, 0, 0, 0], [0, 5, 9, 1, 0], [0, 9, 5, 3, 0]])
def test_a_tiny_corpus_gets_discounts_that_work(histogram):
    kept = discounted(PAIR_COUNTS, estimate_discounts(np.array(histogram)))
    assert (kept >= 0).all()
    assert kept[0] > 0
