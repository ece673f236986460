"""How alike two texts are: 1 for the same words, 0 without a common run."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.duplicates.resemblance import RunReader, likeness

TEXT = "Sáng nay tàu chở lúa đã cập bến Mỹ Tho sau ba ngày đi vòng tránh bão"


@pytest.mark.parametrize(
    "same",
    [
        TEXT.upper(),
        unicodedata.normalize("NFD", TEXT),
        "Sang nay tau cho lua da cap ben My Tho sau ba ngay di vong tranh bao",
        "“Sáng nay”, tàu chở lúa – đã cập bến Mỹ Tho, sau ba ngày đi vòng tránh bão…",
    ],
)
def test_case_accents_and_punctuation_do_not_count(same):
    reader = RunReader()
    assert likeness(reader.read(TEXT), reader.read(same)) == (1.0, 1.0)


def test_a_text_cut_short_is_contained_and_resembles_by_its_share():
    reader = RunReader()
    words = [f"chữ{number}" for number in range(43)]
    whole, half = reader.read(" ".join(words)), reader.read(" ".join(words[:23]))
    assert (len(whole), len(half)) == (40, 20)
    assert likeness(whole, half) == (0.5, 1.0)


def test_texts_without_a_run_are_like_nothing():
    reader = RunReader()
    assert likeness(reader.read("ba chữ thôi"), reader.read("ba chữ thôi")) == (0.0, 0.0)
    assert likeness(reader.read(TEXT), reader.read(TEXT[::-1])) == (0.0, 0.0)


digits = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
words = st.lists(st.sampled_from(digits), max_size=40)


@given(words, words)
def test_likeness_is_that_of_the_sets_of_runs(one, other):
    def runs(text: list[str]) -> set[tuple[str, ...]]:
        return {tuple(text[at : at + 4]) for at in range(len(text) - 3)}

    reader = RunReader()
    alike = likeness(reader.read(" ".join(one)), reader.read(" ".join(other)))
    shared, either = runs(one) & runs(other), runs(one) | runs(other)
    fewer = min(len(runs(one)), len(runs(other)))
    assert alike.resemblance == (len(shared) / len(either) if fewer else 0.0)
    assert alike.containment == (len(shared) / fewer if fewer else 0.0)
