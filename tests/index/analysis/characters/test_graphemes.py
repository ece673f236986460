"""Cutting texts between graphemes."""

from __future__ import annotations

import pytest

from index.analysis.characters.graphemes import grapheme_start

CASES = [
    ("nguo\u031b\u0300i", 4, 3),
    ("nguo\u031b\u0300i", 5, 3),
    ("nguo\u031b\u0300i", 6, 6),
    ("người", 3, 3),
    ("a👨‍👩‍👧b", 3, 1),
    ("a👨‍👩‍👧b", 6, 6),
    ("👍🏽", 1, 0),
    ("🇻🇳🇱🇦", 1, 0),
    ("🇻🇳🇱🇦", 2, 2),
    ("một\r\nhai", 4, 3),
    ("x", 0, 0),
    ("x", 1, 1),
    ("", 0, 0),
    ("\ud800x", 1, 1),
    ("x" * 100 + "o\u031b\u0300" + "y" * 100, 102, 100),
]


@pytest.mark.parametrize(("text", "at", "expected"), CASES)
def test_a_letter_keeps_its_marks(text: str, at: int, expected: int) -> None:
    assert grapheme_start(text, at) == expected
