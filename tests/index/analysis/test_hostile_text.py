"""Texts made to hurt: no exception, offsets right, and time that grows no faster than the text."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from index.analysis import Analyser, decode_typing, repair, sentences
from index.analysis import analyser as analyser_module

MANY = 20_000
HOSTILE = {
    "marks on one letter": "a" + "\u0301\u0323\u0302\u0300" * 25_000,
    "marks on nothing": "\u0301" * MANY,
    "a million letters": "ă" * 1_000_000,
    "ASCII without a space": "x" * 1_000_000,
    "digits without a space": "0" * 1_000_000,
    "dots": "1." * MANY,
    "initials": "a." * MANY,
    "slashes": "1/" * MANY,
    "hyphens": "a-1" * MANY,
    "apostrophes": "a'" * MANY,
    "commas": "1,000" * MANY,
    "at signs": "a@" * MANY,
    "hosts": "a.vn/" * MANY,
    "lone surrogates": "\ud800a\udfff" * MANY,
    "NUL": "a\0" * MANY,
    "Chinese": "東" * MANY,
    "emoji": "😀" * MANY,
    "invisible": "\u200b" * MANY,
    "loans": "ôtô" * MANY,
    "mojibake": "Ã¡Â»" * MANY,
    "brackets": "“(" * MANY,
}


def calls_of(action: Callable[[], object]) -> int:
    """How many Python calls an action makes: a measure of its work that no other load disturbs."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_raises_nothing_and_keeps_its_offsets(text: str) -> None:
    analyser = Analyser()
    tokens = analyser.tokens(text)
    assert all(0 <= t.start < t.end <= len(text) for t in tokens)
    assert len(analyser.encode(text).keys) == len(tokens)
    assert all(0 <= a < b <= len(text) for a, b in sentences(text))
    assert decode_typing(text).typed_as == "text"
    repair(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_hostile_text_is_at_most_about_twice_the_work(text: str) -> None:
    half = text[: len(text) // 20]
    single = calls_of(lambda: Analyser().tokens(half))
    double = calls_of(lambda: Analyser().tokens(half + half))
    assert double <= 2.2 * single + 1_000


def test_no_key_is_longer_than_a_word_can_be() -> None:
    tokens = Analyser().tokens(" ".join(HOSTILE.values()))
    assert max(len(token.key) for token in tokens) <= 64


def test_forgetting_chunks_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    analyser = Analyser()
    text = "thông tin đối ngoại 2/9 covid-19"
    before = analyser.encode(text)
    monkeypatch.setattr(analyser_module, "_MOST_CHUNKS", 3)
    analyser.encode("một hai ba bốn năm sáu")
    after = analyser.encode(text)
    assert after.keys.tolist() == before.keys.tolist()
    assert after.positions.tolist() == before.positions.tolist()
