"""Slips of the finger in queries that nothing has: corrected by how common words are, and where."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.spelling.speller import MOST_CORRECTIONS, MOST_DOUBTFUL, Speller

COUNTS = {
    "thong": 9_000, "tin": 15_000, "doi": 20_000, "ngoai": 7_000, "tan": 500, "tim": 8_000,
    "hong": 4_000, "thon": 900, "nguoi": 30_000, "nato": 700, "nat": 300, "vng": 6, "bst": 400,
    "bat": 9_000, "vong": 900, "tun": 2, "vang": 9_000, "thuong": 9_000, "campuchia": 800,
}  # fmt: skip
TOGETHER = {("thong", "tin"): 5_000.0, ("doi", "ngoai"): 500.0, ("thuong", "vong"): 700.0}


class FewWords:
    """Counts of a few words."""

    total = 1_000_000

    def key_count(self, key: str) -> int:
        return 0

    def folded_count(self, folded: str) -> int:
        return COUNTS.get(folded, 0)

    def forms(self) -> Iterator[tuple[str, int]]:
        return iter(COUNTS.items())

    def times_together(self, left: str, right: str) -> float:
        return TOGETHER.get((left, right), 0.0)


SPELLER = Speller(FewWords())


def likeliest(query: str) -> str:
    words = query.split()
    corrections = SPELLER.corrections(words)
    return (
        " ".join(corrections[0].words.get(at, word) for at, word in enumerate(words))
        if corrections
        else query
    )


MEANT = [
    ("htong tin", "thong tin", "beside its neighbour, though 'hong' is a slip away too"),
    ("thong tni", "thong tin", "two letters swapped"),
    ("campuchia nguuoi", "campuchia nguoi", "a key twice"),
    ("thong tun", "thong tun", "a syllable, though a rare one"),
    ("capuchia", "campuchia", "a letter left out"),
    ("thuong vng", "thuong vong", "in company the rarer word"),
    ("vng", "vang", "alone the commoner one"),
    ("htong tin dio ngoai", "thong tin doi ngoai", "two slips at once"),
    ("bst", "bst", "a word that articles have and nothing speaks against"),
    ("qwxzk", "qwxzk", "what no word is a slip for"),
    ("19 a 2022 đối", "19 a 2022 đối", "no words of letters"),
]


@pytest.mark.parametrize(
    ("typed", "meant"), [case[:2] for case in MEANT], ids=[c[2] for c in MEANT]
)
def test_the_likeliest_correction_of_a_query(typed: str, meant: str) -> None:
    assert likeliest(typed) == meant


def test_corrections_come_with_what_makes_them_less_likely() -> None:
    corrections = SPELLER.corrections(["thuong", "vng"])
    assert [correction.words[1] for correction in corrections[:2]] == ["vong", "vang"]
    assert corrections[0].cost == 0.0
    assert [correction.cost for correction in corrections] == sorted(
        correction.cost for correction in corrections
    )
    assert len(SPELLER.corrections(["htong", "tni", "dio"])) <= MOST_CORRECTIONS


ODD = [
    ("thong tun", {1: "tin"}, "a syllable in no company, for one that follows all the time"),
    ("thong tin tun", None, "nothing else fits better"),
    ("tun", None, "alone, there is nothing to fit in with"),
    ("doi ngoai", None, "known neighbours"),
]


@pytest.mark.parametrize(("query", "words"), [case[:2] for case in ODD], ids=[c[2] for c in ODD])
def test_the_word_that_does_not_fit_in(query: str, words: dict[int, str] | None) -> None:
    correction = SPELLER.odd_one_out(query.split())
    assert (correction.words if correction else None) == words


def test_a_word_typed_with_its_marks_fits_in() -> None:
    assert SPELLER.odd_one_out(["thong", "tun"], marked={1}) is None


def test_a_syllable_that_is_hardly_used_may_be_a_slip_but_not_with_its_marks() -> None:
    class ManyWords(FewWords):
        total = 50_000_000

    assert Speller(ManyWords()).corrections(["thong", "tun"])[0].words == {1: "tin"}
    assert Speller(ManyWords()).corrections(["thong", "tun"], marked={1}) == []
    assert Speller(ManyWords()).corrections(["thong", "tim"]) == []


def test_a_new_word_is_not_taken_for_a_rare_one_that_hardly_resembles_it() -> None:
    class OlderArticles(FewWords):
        total = 50_000_000

        def forms(self) -> Iterator[tuple[str, int]]:
            return iter([("cvid", 14), ("facebook", 7_000)])

        def folded_count(self, folded: str) -> int:
            return dict(self.forms()).get(folded, 0)

    assert Speller(OlderArticles()).corrections(["covid"]) == []
    assert Speller(OlderArticles()).corrections(["facebok"])[0].words == {0: "facebook"}


def test_a_text_in_another_language_is_not_corrected() -> None:
    slips = ["htong", *["tni"] * (MOST_DOUBTFUL - 1)]
    assert SPELLER.corrections(slips)
    assert SPELLER.corrections([*slips, "dio"]) == []


def test_words_so_common_that_a_rare_one_may_be_a_slip_for_them() -> None:
    assert SPELLER.commoner("nguoii", 10_000) == ["nguoi"]
    assert SPELLER.commoner("nguoii", 100_000) == []
    assert SPELLER.commoner("nguoi", 1) == []


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_query_is_accepted_and_becomes_words_of_the_index(words: list[str]) -> None:
    for correction in SPELLER.corrections(words):
        assert correction.words
        assert set(correction.words.values()) <= set(COUNTS)
