"""What compiled code sees in texts is what NumPy sees."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyser
from search.query import parse
from search.query.slots import wanted
from search.snippets import highlighter
from search.snippets.excerpts import LENGTH
from search.snippets.highlighter import Highlighter
from search.snippets.matches import MatchFinder
from search.snippets.passages import COMPILED, window_scores

if COMPILED:
    from search.snippets import compiled

pytestmark = pytest.mark.skipif(not COMPILED, reason="nothing is compiled here")

ANALYSER = Analyser()
TERMS = ["thong", "tin", "ky", "ngoai", "a", "covid19", "internationale", "đ1"]
QUERIES = ["thông tin", '"thong tin"', "ky ngoại covid-19", "a"]
PIECES = [
    *("Thông", "tho\u0302ng", "TIN", "tín", "kĩ", "ngoai\u0323", "a", "Covid19", "internationales"),
    *(" ", "\n", ", ", "-", "\u200b", "\u0301", "€", "日", "🙂", "\U0001d41a", "\udc80", "ß", "x"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=60)


def finder_of(query: str) -> Highlighter:
    tree = parse(query, date(2026, 11, 23)).tree
    return Highlighter(ANALYSER, wanted(ANALYSER, tree))


@given(terms=st.sets(st.sampled_from(TERMS)), text=texts)
def test_the_same_matches_are_found(terms: set[str], text: str) -> None:
    finder = MatchFinder(terms)
    for got, expected in zip(
        finder.find_matches(text), finder.find_matches_by_numpy(text), strict=True
    ):
        assert got.tolist() == expected.tolist()


@given(text=texts, cuts=st.lists(st.integers(0, 70), max_size=9))
def test_the_same_words_have_the_same_numbers(text: str, cuts: list[int]) -> None:
    class Met(dict[str, int]):
        def __missing__(self, word: str) -> int:
            number = self[word] = len(self)
            return number

    places = list(pairwise(sorted(cuts)))
    starts, ends = np.array(places, np.int64).reshape(-1, 2).T.copy()
    met = Met()
    expected = [met[text[start:end]] for start, end in places]
    assert compiled.numbers(text, starts, ends, Met()).tolist() == expected


@given(text=texts, places=st.sets(st.integers(0, 70)), query=st.sampled_from(QUERIES))
def test_the_same_is_read_where_matches_begin(text: str, places: set[int], query: str) -> None:
    starts = sorted(place for place in places if place < len(text))
    got = finder_of(query).occurrences_at(text, starts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highlighter, "COMPILED", False)
        assert got == finder_of(query).occurrences_at(text, starts)


@given(text=texts, slots=st.lists(st.integers(1, (1 << 60) - 1), min_size=120, max_size=120))
def test_the_same_windows_score_as_much(text: str, slots: list[int]) -> None:
    text = "a".join([text] * 5) + "a"
    starts = np.array([at for at, letter in enumerate(text) if letter.isalpha()][: len(slots)])
    filled = np.array(slots, np.int64)[: len(starts)]
    agreeing = filled & np.roll(filled, 1)
    columns = starts, filled, agreeing
    assert (
        compiled.window_scores(text, *columns, LENGTH).tolist()
        == window_scores(text, *columns).tolist()
    )
