"""The shape of a text: each character's class, so that plain patterns find words in any script.

Invariant: a shape has as many characters as its text.

Knows nothing of languages.
"""

from __future__ import annotations

from index.analysis.characters.normalization import is_mark

JOINING = ".,/-'@:"
"""Punctuation that can stand inside a word or number; it keeps its own shape."""


class _Shapes(dict[int, str]):
    """Classes of characters, worked out on first sight and remembered."""

    def __missing__(self, code: int) -> str:
        value = self[code] = _class_of(chr(code))
        return value


def _class_of(character: str) -> str:
    if character in JOINING:
        return character
    if character.isdigit() and character.isascii():
        return "0"
    if character.isalnum():
        return "h" if _runs_on(character) else "a"
    return "m" if is_mark(character) else " "


def _runs_on(character: str) -> bool:
    """Whether a letter belongs to Chinese or Japanese, which put no spaces between words."""
    return (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U0003ffff"
    )


_shapes = _Shapes()


def shape_of(text: str) -> str:
    """Return ``text`` with a for letters, m for marks, 0 for digits, h for Chinese and Japanese.

    What may join words keeps its own shape, and everything else is a space.
    """
    return text.translate(_shapes)
