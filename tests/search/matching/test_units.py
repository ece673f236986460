"""Units of a query: what belongs together, in competition with its neighbours."""

from __future__ import annotations

import math

import pytest

from search.matching.units import Word, telling_words, units_of

TOTAL = 1_000_000
SINGLES = {
    "tai": 9_000,
    "nạn": 3_000,
    "giao": 9_000,
    "thông": 20_000,
    "học": 9_000,
    "đường": 9_000,
    "sốt": 900,
    "xuất": 4_000,
    "huyết": 500,
    "dịch": 4_000,
    "và": 90_000,
    "nhà": 9_000,
    "ở": 60_000,
    "xã": 5_000,
    "hội": 9_000,
    "gan": 900,
    "là": 90_000,
    "gì": 3_000,
    "bạo": 500,
    "lực": 4_000,
    "tài": 4_000,
    "của": 90_000,
}
PAIRS = {
    ("tai", "nạn"): 2_500,
    ("nạn", "giao"): 900,
    ("giao", "thông"): 5_000,
    ("bạo", "lực"): 400,
    ("lực", "học"): 60,
    ("học", "đường"): 90,
    ("dịch", "sốt"): 90,
    ("sốt", "xuất"): 400,
    ("xuất", "huyết"): 420,
    ("nhà", "ở"): 2_500,
    ("ở", "xã"): 900,
    ("xã", "hội"): 3_000,
    ("của", "gan"): 40,
    ("tài", "nạn"): 1,
}
FOLDS = {"tai": "tai", "tài": "tai", "nạn": "nan", "giao": "giao", "thông": "thong"}


class Counts:
    """Counts of a small language, made up."""

    def information(self, left: str, right: str) -> float | None:
        together = PAIRS.get((left, right))
        if together is None:
            return None
        apart = SINGLES[left] * SINGLES[right]
        return math.log(together * TOTAL / apart) / math.log(TOTAL / together)

    def readings(self, left: str, right: str) -> list[tuple[str, str, float]]:
        return [
            (one, other, float(count))
            for (one, other), count in PAIRS.items()
            if (FOLDS.get(one), FOLDS.get(other)) == (left, right)
        ]

    def together(self, left: str, right: str) -> bool:
        return any(
            (FOLDS.get(one, one), FOLDS.get(other, other)) == (left, right) for one, other in PAIRS
        )

    def absorbed(self, words: tuple[str, str, str], first: bool) -> float:
        return 0.95 if words == ("sốt", "xuất", "huyết") else 0.05


def typed(text: str) -> list[Word]:
    return [Word(word, FOLDS.get(word, word)) for word in text.split()]


def parted(text: str) -> list[str]:
    return [
        " ".join(key for key, _ in unit.spellings[0]) for unit in units_of(typed(text), Counts())
    ]


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("tai nạn giao thông", ["tai nạn", "giao thông"]),
        ("bạo lực học đường", ["bạo lực", "học đường"]),  # though "lực học" is met too
        ("dịch sốt xuất huyết", ["dịch", "sốt xuất huyết"]),
        ("nhà ở xã hội", ["nhà ở", "xã hội"]),
        ("tai nạn và giao thông", ["tai nạn", "giao thông"]),  # what only joins is no unit
        ("học đường học đường", ["học đường"]),
        ("và", ["và"]),  # but where nothing else is left
        ("chức năng của gan là gì", ["chức năng", "gan"]),  # of which nothing is known
        ("gan gì", ["gan", "gì"]),  # two words are no question
        ("học đường", ["học đường"]),
        ("gan huyết", ["gan", "huyết"]),  # never side by side
        ("", []),
    ],
)
def test_words_are_parted_as_they_hold_together(query: str, units: list[str]) -> None:
    assert parted(query) == units


def test_what_is_typed_without_a_space_is_one_unit() -> None:
    words = [Word("gan", "gan"), Word("huyết", "huyết", glued=True), Word("và", "và")]
    units = units_of(words, Counts())
    assert [(unit.start, unit.stop) for unit in units] == [(0, 2)]


def test_a_bare_unit_is_meant_in_every_spelling_that_is_not_rare() -> None:
    words = [Word("tai", "tai", bare=True), Word("nạn", "nan", bare=True)]
    PAIRS["tài", "nạn"] = 1
    assert [dict.fromkeys(unit.spellings) for unit in units_of(words, Counts())] == [
        {(("tai", "tai"), ("nạn", "nan")): None}
    ]
    PAIRS["tài", "nạn"] = 2_000
    (unit,) = units_of(words, Counts())
    assert (("tài", "tai"), ("nạn", "nan")) in unit.spellings
    PAIRS["tài", "nạn"] = 1


def test_typed_accents_stay_in_a_unit_with_bare_words() -> None:
    PAIRS["tài", "nạn"] = 2_000
    words = [Word("tai", "tai"), Word("nạn", "nan", bare=True)]
    (unit,) = units_of(words, Counts())
    assert {spelling[0][0] for spelling in unit.spellings} == {"tai"}
    PAIRS["tài", "nạn"] = 1


def test_words_that_join_or_ask_are_not_telling() -> None:
    assert [word.key for word in telling_words(typed("chức năng của gan là gì"))] == [
        "chức",
        "năng",
        "gan",
    ]
    assert [word.key for word in telling_words(typed("của và là"))] == ["của", "và", "là"]
