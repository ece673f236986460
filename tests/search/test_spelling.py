"""Slips of the finger: repaired where a word does not exist, never where it does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling import MOST_RESPELLINGS, MOST_SLIPS, respellings, ways_to_respell

COUNTS = {"thong": 900, "tin": 1500, "doi": 2000, "ngoai": 700, "tan": 50, "tim": 800, "thon": 90}


class Counts:
    """A lexicon of a few words."""

    total = 1_000_000

    def key_count(self, key: str) -> int:
        return 0

    def folded_count(self, folded: str) -> int:
        return COUNTS.get(folded, 0)


SLIPS = [
    ("htong", "thong", "two letters swapped"),
    ("thonng", "thong", "a key twice"),
    ("thomg", "thong", "a key beside the right one"),
    ("thng", "thong", "a letter left out"),
    ("ngoaix", "ngoai", "a letter too many"),
    ("tni", "tin", "swapped at the end"),
]


@pytest.mark.parametrize(("typed", "meant", "slip"), SLIPS, ids=[slip for *_, slip in SLIPS])
def test_one_slip_is_repaired(typed: str, meant: str, slip: str) -> None:
    assert respellings(typed, Counts())[0].word == meant


KEPT = ["thong", "tan", "gia", "vang", "zzyzxq", "19", "covid19", "a", "", "đối", "x" * 50]


@pytest.mark.parametrize("word", KEPT)
def test_words_that_exist_and_what_is_no_word_are_kept(word: str) -> None:
    assert respellings(word, Counts()) == ()


def test_easy_slips_come_before_hard_ones() -> None:
    # m is beside n on the keyboard, a is nowhere near i, though "tim" and "tan" exist both.
    assert respellings("tjn", Counts())[0].word == "tin"


def test_several_unknown_words_are_respelled_together() -> None:
    ways = ways_to_respell(["htong", "tin", "dio"], Counts())
    assert ways[0] == ({0: "thong", 2: "doi"}, 0.0)
    assert len(ways) <= MOST_RESPELLINGS
    assert ways_to_respell(["thong", "tin"], Counts()) == []


def test_a_text_in_another_language_is_not_respelled() -> None:
    slips = ["htong", *["tni"] * (MOST_SLIPS - 1)]
    assert ways_to_respell(slips, Counts())
    assert ways_to_respell([*slips, "dio"], Counts()) == []


@given(st.text(max_size=30))
def test_any_word_is_accepted(word: str) -> None:
    for found in respellings(word, Counts()):
        assert found.word in COUNTS
