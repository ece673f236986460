"""Which accents of a query are meant as they stand."""

from __future__ import annotations

import pytest

from index.analysis import Analyser
from search.query.slots import slots_of

ANALYSER = Analyser()
KEYS = {"cho": 900, "chó": 50, "tin": 400, "tín": 100, "doi": 1, "đối": 500}
FOLDS = {"cho": 950, "tin": 500, "doi": 900, "ngoai": 300}


class Counts:
    """A lexicon of a few words."""

    total = 10_000

    def key_count(self, key: str) -> int:
        return KEYS.get(key, 0)

    def folded_count(self, folded: str) -> int:
        return FOLDS.get(folded, 0)


CASES = [
    ("thông tin đối ngoại", "1111", "tin has no marks, and is mostly written so"),
    ("vay cho thông", "111", "cho too"),
    ("thong tin doi ngoai", "0000", "without any mark, bare letters are wildcards"),
    ("thông tin doi ngoai", "1000", "doi is hardly ever written so: accents were left out"),
    ("thông tin cho đối tác", "11111", "all words that may have no marks"),
    ("agribank hạ lãi", "111", "what is no syllable was not left without its marks"),
]


@pytest.mark.parametrize(("query", "accented", "why"), CASES, ids=[case[2] for case in CASES])
def test_bare_words_among_marked_ones(query: str, accented: str, why: str) -> None:
    slots = slots_of(ANALYSER, query, lexicon=Counts())
    assert "".join("1" if slot.accented else "0" for slot in slots) == accented, why


def test_without_counts_spelling_alone_decides() -> None:
    assert [slot.accented for slot in slots_of(ANALYSER, "thông tin nuoc")] == [True, False, False]
    assert all(slot.accented for slot in slots_of(ANALYSER, "thông tin cho"))


def test_exact_means_every_word_as_typed() -> None:
    slots = slots_of(ANALYSER, "thông tin doi ngoai", exact=True, lexicon=Counts())
    assert all(slot.accented and slot.exact for slot in slots)
