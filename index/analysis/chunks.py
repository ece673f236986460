"""The terms of one chunk: what stands between two white spaces, and the rules that take it apart.

Invariant: a chunk gives the same forms wherever it stands, so that an answer may be remembered; the parts
of a form that has parts are forms too, so that a spelling with spaces (covid 19) is always found.

Knows nothing of documents and counts: what a chunk means never depends on what else was indexed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from index.analysis.characters import clean, is_mark
from index.analysis.keys import LONGEST_KEY, accent_key
from index.analysis.loans import split_loan


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


class _Shapes(dict[int, str]):
    """Classes of characters: a letter, m mark, 0 digit, h Han or kana; what may join stays itself."""

    def __missing__(self, code: int) -> str:
        value = self[code] = _shape(chr(code))
        return value


def _shape(character: str) -> str:
    if character in ".,/-'@:":
        return character
    if character.isdigit() and character.isascii():
        return "0"
    if (
        "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
        or character >= "\U00020000"
    ):
        return "h" if character.isalpha() else " "
    if character.isalnum():
        return "a"
    return "m" if is_mark(character) else " "


_shapes = _Shapes()
_PIECE = re.compile(
    r"""
    (?P<chain>0+(?:/(?:0+[a0]*|a[a0m]*(?:-a[a0m]*)*))+)
  | (?P<clock>(?<![:0])0{1,2}:00(?![:0a]))
  | (?P<number>0+(?:[.,]0+)+)
  | (?P<quoted>a[a0m]*(?:'a[am]*)+)
  | (?P<dotted>a[am]*(?:\.[a0][a0m]*)+)
  | (?P<coded>a[am]*-0+[a0]*)
  | (?P<word>[a0][a0m]*)
  | (?P<han>h+)
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(
    r"""
    (?P<mail>[\w.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+)
  | (?:https?://|ftp://)?(?:www\.)?
    (?P<host>(?:[a-z0-9-]{1,63}\.){1,8}
      (?:com|net|org|edu|gov|info|vn|uk|us|cn|jp|kr|fr|de|ru|au|eu|sg|th|tv|io)(?![\w-]))
    (?P<rest>(?::[0-9]+)?(?:/[\w.~%/?&=+\#@:-]*)?)
    """,
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_EUROPEAN = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)")
_ENGLISH = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)")
_DECIMAL = re.compile(r"([0-9]+)[.,]([0-9]+)")
_TELEPHONE = re.compile(r"0[0-9]{2,3}(?:[.,][0-9]{3,4}){2}")
_CLOCK = re.compile(r"0?([0-9]|1[0-9]|2[0-4])[hg:]([0-5][0-9])?(?:ph?)?", re.IGNORECASE)
_COUNTED = re.compile(r"([0-9]+)([^\W\d_]+[0-9]?)")
_NUMBERED = re.compile(r"([^\W\d_]{2,})([0-9]+)")
_UNIT_NAMES = """
kg mg g gr km m cm mm nm ha m2 m3 km2 km3 cm2 cm3 l ml lít tấn tạ đ đồng usd vnd vnđ eur tỷ tỉ triệu tr
nghìn ngàn gb mb tb kw mw gw kwh mwh w v hz mhz ghz mah mp inch cc hp mph phút giây giờ ngày tháng năm
tuổi người
"""
_UNITS = frozenset(_UNIT_NAMES.split())
_SMALL_GENERATIONS = frozenset(("g", "l", "m", "v", "w"))
_LONGEST_HAN = 4


class _Reader:
    """Reads one cleaned chunk from left to right and collects its forms."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.forms: list[Form] = []
        self.position = 0
        self._rules: dict[str, Callable[[int, int], None]] = {
            "chain": self._chain,
            "clock": self._clock,
            "number": self._number,
            "quoted": self._quoted,
            "dotted": self._dotted,
            "coded": self._coded,
            "word": self._word,
            "han": self._han,
        }

    def read(self) -> Chunk:
        """Read the whole chunk: web and mail addresses first, words and numbers between them."""
        done = 0
        if "." in self.text:
            for match in _ADDRESS.finditer(self.text):
                self._read_plain(done, match.start())
                self._address(match)
                done = match.end()
        self._read_plain(done, len(self.text))
        return Chunk(tuple(self.forms), self.position)

    def _read_plain(self, start: int, end: int) -> None:
        shape = self.text[start:end].translate(_shapes)
        for match in _PIECE.finditer(shape):
            self._rules[match.lastgroup or "word"](start + match.start(), start + match.end())

    def _add(self, word: str, start: int, end: int) -> None:
        """Add a form at the next position."""
        key = accent_key(word)
        if key:
            self.forms.append(Form(key, self.position, start, end))
            self.position += 1

    def _stack(self, whole: str, start: int, end: int, since: tuple[int, int]) -> None:
        """Put a whole form before its parts, those read since then, at the position of the first."""
        count, position = since
        if len(whole) <= LONGEST_KEY and len(self.forms) > count and self.forms[count].key != whole:
            self.forms.insert(count, Form(whole, position, start, end))

    def _here(self) -> tuple[int, int]:
        return len(self.forms), self.position

    def _address(self, match: re.Match[str]) -> None:
        here = self._here()
        start = match.start("mail") if match["mail"] else match.start("host")
        whole = match["mail"] or match["host"] + match["rest"]
        trimmed = whole.rstrip("/.?&#:=-").lower()
        for word in re.finditer(r"[^\W_]+", trimmed):
            self._add(word[0], start + word.start(), start + word.end())
        self._stack(trimmed, start, start + len(trimmed), here)

    def _chain(self, start: int, end: int) -> None:
        """Dates and law numbers: 02/09, 15/2020/NĐ-CP."""
        here = self._here()
        for part in re.finditer(r"[^/-]+", self.text[start:end]):
            self._word(start + part.start(), start + part.end())
        self._stack(self.text[start:end].lower(), start, end, here)

    def _clock(self, start: int, end: int) -> None:
        self._word(start, end)

    def _number(self, start: int, end: int) -> None:
        """Numbers with dots and commas; a list or date written with dots falls into its parts."""
        digits = self.text[start:end]
        if _THOUSANDS.fullmatch(digits) or _TELEPHONE.fullmatch(digits):
            self._add(digits.replace(".", "").replace(",", ""), start, end)
        elif match := _EUROPEAN.fullmatch(digits):
            self._add(f"{match[1].replace('.', '')}.{match[2]}", start, end)
        elif match := _ENGLISH.fullmatch(digits):
            self._add(f"{match[1].replace(',', '')}.{match[2]}", start, end)
        elif match := _DECIMAL.fullmatch(digits):
            self._add(f"{match[1]}.{match[2]}", start, end)
        else:
            here = self._here()
            for part in re.finditer("[0-9]+", digits):
                self._digits(start + part.start(), start + part.end())
            if "," not in digits:
                self._stack(digits, start, end, here)

    def _digits(self, start: int, end: int) -> None:
        self._add(self.text[start:end].lstrip("0") or "0", start, end)

    def _quoted(self, start: int, end: int) -> None:
        """Apostrophes: H'Hen is found as H'Hen, Hhen and Hen; of Trump's only Trump counts."""
        parts = self.text[start:end].split("'")
        if parts[-1] in ("s", "S", ""):
            end -= len(parts.pop()) + 1
        if len(parts) == 1:
            self._word(start, end)
            return
        here = self._here()
        if len(parts[-1]) > 1:
            if len(parts[0]) == 1:
                self._add(parts[-1], end - len(parts[-1]), end)
            else:
                at = start
                for part in parts:
                    self._add(part, at, at + len(part))
                    at += len(part) + 1
            self._stack(accent_key("".join(parts)), start, end, here)
        else:
            self._add("".join(parts), start, end)

    def _dotted(self, start: int, end: int) -> None:
        """Abbreviations: initials are joined (N.V.A., Th.S), all else falls into parts (TP.HCM)."""
        parts = list(re.finditer(r"[^.]+", self.text[start:end]))
        sizes = [len(part[0]) for part in parts]
        letters = all(part[0].isalpha() for part in parts)
        if letters and (max(sizes) == 1 or (len(parts) == 2 and sizes[0] <= 3 and sizes[1] == 1)):
            self._add("".join(part[0] for part in parts), start, end)
            return
        index = 0
        while index < len(parts):
            last = index
            while letters and sizes[index] == 1 and last + 1 < len(parts) and sizes[last + 1] == 1:
                last += 1
            a, b = start + parts[index].start(), start + parts[last].end()
            if last > index:
                self._add(self.text[a:b].replace(".", ""), a, b)
            else:
                self._word(a, b)
            index = last + 1

    def _coded(self, start: int, end: int) -> None:
        """A name and a number with a hyphen: COVID-19, U-23. With accents in it, it is no code."""
        name, _, number = self.text[start:end].partition("-")
        here = self._here()
        self._word(start, start + len(name))
        self._word(end - len(number), end)
        if name.isascii():
            self._stack(accent_key(name + number), start, end, here)

    def _word(self, start: int, end: int) -> None:
        """Letters, digits or both, without punctuation."""
        word = self.text[start:end]
        if word.isdigit():
            self._digits(start, end)
        elif match := _CLOCK.fullmatch(word):
            self._add(match[1] + "h" + (match[2] or "").replace("00", ""), start, end)
        elif match := _COUNTED.fullmatch(word):
            self._counted(match, start)
        elif match := _NUMBERED.fullmatch(word):
            here = self._here()
            self._add(match[1], start, start + match.end(1))
            self._digits(start + match.start(2), end)
            self._stack(accent_key(word), start, end, here)
        else:
            here = self._here()
            key = accent_key(word)
            loan = split_loan(key)
            if loan is None:
                self._add(word, start, end)
                return
            at = start
            for part in loan:
                self._add(part, at, at + len(part))
                at += len(part)
            self._stack(key, start, end, here)

    def _counted(self, match: re.Match[str], start: int) -> None:
        """A number and letters: a unit is a word of its own (121 kg); 30Shine is found both ways."""
        number, unit = match[1], match[2].lower()
        middle, end = start + match.end(1), start + match.end(2)
        here = self._here()
        known = unit in _UNITS and not (unit in _SMALL_GENERATIONS and len(number) == 1)
        if not known and len(unit) == 1:
            self._add(match[0], start, end)
            return
        self._digits(start, middle)
        self._word(middle, end)
        if not known:
            self._stack(accent_key(match[0]), start, end, here)

    def _han(self, start: int, end: int) -> None:
        """Chinese and Japanese run on without spaces: each character, and a short run as a whole."""
        here = self._here()
        for index in range(start, end):
            self._add(self.text[index], index, index + 1)
        if end - start <= _LONGEST_HAN:
            self._stack(self.text[start:end], start, end, here)


def read_chunk(chunk: str) -> Chunk:
    """Give the forms of a chunk, with offsets into the chunk as it was written."""
    cleaned = clean(chunk)
    if cleaned.text.isascii() and cleaned.text.isalpha() and len(cleaned.text) <= LONGEST_KEY:
        key = accent_key(cleaned.text)
        if cleaned.starts is None and split_loan(key) is None:
            return Chunk((Form(key, 0, 0, len(chunk)),), 1)
    read = _Reader(cleaned.text).read()
    starts, ends = cleaned.starts, cleaned.ends
    if starts is None or ends is None:
        return read
    forms = tuple(f._replace(start=starts[f.start], end=ends[f.end - 1]) for f in read.forms)
    return Chunk(forms, read.advance)
