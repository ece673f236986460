"""From query text to lexemes: words, quoted phrases, operators, field words.

A lexeme never fails: a character that could open an operator but does not is part of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from enum import Enum, auto
from typing import NamedTuple

from search.query.plain import plain


class Kind(Enum):
    """What a lexeme is."""

    WORD = auto()
    PHRASE = auto()
    FIELD = auto()
    NOT = auto()
    OR = auto()
    EXACT = auto()
    OPEN = auto()
    CLOSE = auto()


class Lexeme(NamedTuple):
    """One lexeme.

    Attributes:
        text: what it says without its punctuation.
        typed: of a field word, how it was typed.
    """

    kind: Kind
    text: str
    typed: str = ""


_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "＂": "＂"}
"""Opening quotes and what closes them; phones and word processors type curly ones."""

_CLOSERS = {opening: frozenset((closing, '"', "”")) for opening, closing in _QUOTES.items()}

_WORD_END = re.compile(r"[\s()|\"“”„«»＂\x00-\x1f\x7f-\x9f]")
_LETTERS = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*"
_FIELD = re.compile(rf"({_LETTERS}):(?=[^\s:)|])")
_FIELD_OF_TWO = re.compile(rf"({_LETTERS})(?:\s+|[_-])({_LETTERS}):(?=[^\s:)|])")
_OPERATORS = {"OR": Kind.OR, "NOT": Kind.NOT}
OPERATOR_WORDS = frozenset(("AND", *_OPERATORS))
"""In capitals only, and English only: no Vietnamese syllable looks like them, whereas KHÔNG in a
headline is a word. AND is for those who are used to it: side by side already means and."""


def lex(text: str, fields: Mapping[str, str]) -> Iterator[Lexeme]:
    """The lexemes of ``text``.

    Args:
        text: any text; control characters count as spaces.
        fields: the field words that are known, plain (:mod:`search.query.plain`), and what the
            lexeme is to say; "a b" may be written ``a b:``, ``a_b:`` or ``ab:``. ``word:`` of any
            other is plain text.
    """
    last_halves = {name.partition(" ")[2] for name in fields} - {""}
    at = 0
    size = len(text)
    while at < size:
        char = text[at]
        if char.isspace() or char in "”»" or unicodedata.category(char) == "Cc":
            at += 1  # a quote that closes nothing means nothing either
        elif char in _QUOTES:
            closing = _find_closing(text, at)
            if closing < 0:
                at += 1  # an unbalanced quote means nothing
                continue
            yield Lexeme(Kind.PHRASE, text[at + 1 : closing])
            at = closing + 1
        elif char in "()":
            yield Lexeme(Kind.OPEN if char == "(" else Kind.CLOSE, char)
            at += 1
        elif char == "|":
            yield Lexeme(Kind.OR, char)
            at += 1
        elif char == "-" and _opens_operand(text, at):
            yield Lexeme(Kind.NOT, char)
            at += 1
        elif char == "=" and _opens_operand(text, at):
            yield Lexeme(Kind.EXACT, char)
            at += 1
        else:
            field = _field_at(text, at, fields)
            if field is not None:
                name, end = field
                yield Lexeme(Kind.FIELD, name, text[at : end - 1])
                at = end
                continue
            stop = _word_end(text, at, last_halves)
            word = text[at:stop]
            at = stop
            if word != "AND":
                yield Lexeme(_OPERATORS.get(word, Kind.WORD), word)


def _field_at(text: str, at: int, fields: Mapping[str, str]) -> tuple[str, int] | None:
    """The field word at ``at`` and where it ends, or None."""
    found = _FIELD_OF_TWO.match(text, at)
    if found and (name := fields.get(plain(f"{found[1]} {found[2]}"))):
        return name, found.end()
    found = _FIELD.match(text, at)
    if found and (name := fields.get(plain(found[1]))):
        return name, found.end()
    return None


def _word_end(text: str, at: int, last_halves: Set[str]) -> int:
    """Where the word at ``at`` ends.

    The second half of a field word of two is a word of its own: where something ignored stands
    between the halves, canonical text must not bring them together.
    """
    half = _FIELD.match(text, at)
    if half and plain(half[1]) in last_halves:
        return half.end()
    end = _WORD_END.search(text, at)
    return end.start() if end else len(text)


def _find_closing(text: str, opening: int) -> int:
    """Where the quote opened at ``opening`` closes, or -1."""
    closers = _CLOSERS[text[opening]]
    for at in range(opening + 1, len(text)):
        if text[at] in closers:
            return at
    return -1


def _opens_operand(text: str, at: int) -> bool:
    """Whether the sign at ``at``, where a lexeme begins, stands right before an operand."""
    after = text[at + 1] if at + 1 < len(text) else " "
    return after.isalnum() or after in '("“='
