"""The terms of one chunk: what stands between two white spaces, and the rules that take it apart.

Invariant: a chunk gives the same forms wherever it stands, so that an answer may be remembered; the
parts of a form that has parts are forms too, so that a spelling with spaces (covid 19) is found.

Knows nothing of documents and counts: what a chunk means never depends on what else was indexed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from index.analysis.characters.normalization import VIETNAMESE_LETTERS, clean
from index.analysis.characters.shapes import shape_of
from index.analysis.keys import LONGEST_KEY, accent_key
from index.analysis.loans import split_loan
from index.analysis.numerals import clock_key, is_unit, number_keys, plain_number, split_counted


class Form(NamedTuple):
    """An accent key; position and offsets count from the start of the chunk as it was written."""

    key: str
    position: int
    start: int
    end: int


class Chunk(NamedTuple):
    """The forms of a chunk, in order, and how many positions it takes."""

    forms: tuple[Form, ...]
    advance: int


_EDGE = "[!-/:-@[-`{-~“”‘’–…]*"
_PLAIN_WORD = re.compile(f"{_EDGE}([A-Za-z{VIETNAMESE_LETTERS}]+){_EDGE}")
_PIECE = re.compile(
    r"""
    (?P<chain>0+(?:/(?:0+[a0m]*|a[a0m]*(?:-a[a0m]*)*))+(?![.,]?[0am]))
  | (?P<clock>(?<![:0])0{1,2}:00(?![:0a]))
  | (?P<number>0+(?:[.,]0+)+)
  | (?P<quoted>a[a0m]*(?:'a[am]*)+)
  | (?P<dotted>a[am]*(?:\.[a0][a0m]*)+)
  | (?P<measured>a[am]*a[am]*0{1,2}[.,]0{1,2}(?![.,]?[0am]))
  | (?P<coded>(?<![0.,])a[am]*-0+[a0m]*(?![.,]0))
  | (?P<word>[a0][a0m]*)
  | (?P<han>h+)
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(
    r"""
    (?<![\w\u0300-\u036f])
    (?:(?P<mail>[a-z0-9_.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+(?![\w\u0300-\u036f-]))
  | (?:https?://|ftp://)?(?:www\.)?
    (?P<host>(?:[a-z0-9-]{1,63}\.){0,8}[a-z0-9-]{2,63}\.
      (?:com|net|org|edu|gov|info|vn|uk|cn|jp|kr|fr|de|ru|au|eu|sg|tv|io)(?![\w\u0300-\u036f-]))
    (?P<rest>(?::[0-9]+)?(?:/[\w.~%/?&=+\#@:-]*)?))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_ADDRESS = 4096
_LONGEST_HAN = 4
_NAME_AND_NUMBER = re.compile(r"([^\W\d_]{2,})([0-9]+)")


class _Reader:
    """Reads one cleaned chunk from left to right and collects its forms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.forms: list[Form] = []
        self.position = 0
        self._rules: dict[str, Callable[[int, int], None]] = {
            "chain": self._chain,
            "clock": self._word,
            "number": self._number,
            "quoted": self._quoted,
            "dotted": self._dotted,
            "measured": self._measured,
            "coded": self._coded,
            "word": self._word,
            "han": self._han,
        }

    def read(self) -> Chunk:
        """Read the whole chunk: web and mail addresses first, words and numbers between them."""
        done = 0
        if "." in self.text and len(self.text) <= _LONGEST_ADDRESS:
            for match in _ADDRESS.finditer(self.text):
                self._read_plain(done, match.start())
                self._address(match)
                done = match.end()
        self._read_plain(done, len(self.text))
        return Chunk(tuple(self.forms), self.position)

    def _read_plain(self, start: int, end: int) -> None:
        for match in _PIECE.finditer(shape_of(self.text[start:end])):
            self._rules[match.lastgroup or "word"](start + match.start(), start + match.end())

    def _add(self, key: str, start: int, end: int) -> None:
        """Add a form at the next position."""
        if key:
            self.forms.append(Form(key[:LONGEST_KEY], self.position, start, end))
            self.position += 1

    def _here(self) -> tuple[int, int]:
        return len(self.forms), self.position

    def _stack(self, whole: str, start: int, end: int, since: tuple[int, int]) -> None:
        """Put a whole form before its parts, all read since then, where the first one stands."""
        count, position = since
        if len(self.forms) > count and self.forms[count].key != whole and len(whole) <= LONGEST_KEY:
            self.forms.insert(count, Form(whole, position, start, end))

    def _parts(self, pattern: str, start: int, end: int) -> None:
        for part in re.finditer(pattern, self.text[start:end]):
            self._word(start + part.start(), start + part.end())

    def _address(self, match: re.Match[str]) -> None:
        here = self._here()
        start = match.start("mail") if match["mail"] else match.start("host")
        whole = (match["mail"] or match["host"] + match["rest"]).rstrip("/.?&#:=-")
        self._parts(r"[^\W_]+", start, start + len(whole))
        self._stack(whole.lower(), start, start + len(whole), here)

    def _chain(self, start: int, end: int) -> None:
        """Dates and law numbers: 02/09, 15/2020/NĐ-CP."""
        here = self._here()
        self._parts("[^/-]+", start, end)
        self._stack(self.text[start:end].lower(), start, end, here)

    def _number(self, start: int, end: int) -> None:
        """Numbers with dots and commas; a list, a version or a date falls into its parts."""
        digits = self.text[start:end]
        keys = number_keys(digits)
        here = self._here()
        if keys:
            self._add(keys[-1], start, end)
            self._stack(keys[0], start, end, here)
            return
        self._parts("[0-9]+", start, end)
        if "," not in digits:
            self._stack(digits, start, end, here)

    def _quoted(self, start: int, end: int) -> None:
        """Apostrophes: H'Hen is found as Hhen and Hen; of Trump's only Trump counts."""
        parts = self.text[start:end].split("'")
        while parts[-1] in ("s", "S") and len(parts) > 1:
            end -= len(parts.pop()) + 1
        if len(parts) == 1:
            self._word(start, end)
            return
        here = self._here()
        joined = accent_key("".join(parts))
        if min(map(len, parts[1:])) == 1:
            self._add(joined, start, end)
            return
        at = start
        for part in parts:
            if len(part) > 1:
                self._add(accent_key(part), at, at + len(part))
            at += len(part) + 1
        self._stack(joined, start, end, here)

    def _dotted(self, start: int, end: int) -> None:
        """Abbreviations: initials are joined (N.V.A., Th.S), all else falls into parts (TP.HCM)."""
        parts = [(m.start(), m.end()) for m in re.finditer("[^.]+", self.text[start:end])]
        sizes = [b - a for a, b in parts]
        if not any(c.isdigit() for c in self.text[start:end]):
            title = len(parts) == 2 and sizes[0] <= 3 and sizes[1] == 1
            parts = [parts[0][:1] + parts[1][1:]] if title else _join_initials(parts)
        for a, b in parts:
            if "." in self.text[start + a : start + b]:
                self._add(
                    accent_key(self.text[start + a : start + b].replace(".", "")),
                    start + a,
                    start + b,
                )
            else:
                self._word(start + a, start + b)

    def _coded(self, start: int, end: int) -> None:
        """A name and a number with a hyphen: COVID-19, U-23. With accents in it, it is no code."""
        name, _, number = self.text[start:end].partition("-")
        here = self._here()
        self._word(start, start + len(name))
        self._word(end - len(number), end)
        if name.isascii():
            self._stack(accent_key(name + number), start, end, here)

    def _measured(self, start: int, end: int) -> None:
        """A name and a decimal number in one piece: PM2.5."""
        text = self.text[start:end]
        name = text.rstrip("0123456789.,")
        middle = start + len(name)
        here = self._here()
        self._word(start, middle)
        self._number(middle, end)
        if name.isascii():
            self._stack(accent_key(name) + self.forms[-1].key, start, end, here)

    def _word(self, start: int, end: int) -> None:
        """Letters, digits or both, without punctuation but for that of a clock."""
        word = self.text[start:end]
        here = self._here()
        if word.isdigit():
            self._add(plain_number(word), start, end)
        elif clock := clock_key(word):
            self._add(clock, start, end)
        elif not is_unit(word) and (match := _NAME_AND_NUMBER.fullmatch(word)):
            self._add(accent_key(match[1]), start, start + match.end(1))
            self._add(plain_number(match[2]), start + match.start(2), end)
            self._stack(accent_key(word), start, end, here)
        elif counted := split_counted(word):
            middle, of_unit = counted
            self._add(plain_number(word[:middle]), start, start + middle)
            self._add(accent_key(word[middle:]), start + middle, end)
            if not of_unit:
                self._stack(accent_key(word), start, end, here)
        else:
            key, loan = _read_word(word)
            if loan is None:
                self._add(key, start, end)
                return
            at = start
            for part in loan:
                self._add(accent_key(part), at, min(end, at + len(part)))
                at += len(part)
            self._stack(key, start, end, here)

    def _han(self, start: int, end: int) -> None:
        """Chinese and Japanese have no spaces: each character, and a short run as a whole."""
        here = self._here()
        for index in range(start, end):
            self._add(self.text[index], index, index + 1)
        if end - start <= _LONGEST_HAN:
            self._stack(self.text[start:end], start, end, here)


def _join_initials(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighbouring parts of one letter: J.K.Rowling is JK and Rowling."""
    joined: list[tuple[int, int]] = []
    initials = False
    for start, end in parts:
        if end - start == 1 and initials:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
        initials = end - start == 1
    return joined


@lru_cache(maxsize=65_536)
def _read_word(word: str) -> tuple[str, tuple[str, ...] | None]:
    key = accent_key(word)
    return key, split_loan(key)


def read_chunk(chunk: str) -> Chunk:
    """Give the forms of a chunk, with offsets into the chunk as it was written."""
    if chunk.isdigit() and chunk.isascii():
        return Chunk((Form(plain_number(chunk)[:LONGEST_KEY], 0, 0, len(chunk)),), 1)
    plain = _PLAIN_WORD.fullmatch(chunk)
    if plain is None and not chunk.isascii():
        plain = _PLAIN_WORD.fullmatch(unicodedata.normalize("NFC", chunk))
    if plain is not None:
        # In NFC only the letters are fewer, so what stands around them keeps its length.
        key, loan = _read_word(plain[1])
        if loan is None:
            start, end = plain.span(1)
            return Chunk((Form(key, 0, start, end + len(chunk) - len(plain.string)),), 1)
    text, starts, ends = clean(chunk)
    read = _Reader(text).read()
    if starts is None or ends is None:
        return read
    forms = tuple(f._replace(start=starts[f.start], end=ends[f.end - 1]) for f in read.forms)
    return Chunk(forms, read.advance)
