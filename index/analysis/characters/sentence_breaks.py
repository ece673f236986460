"""Where sentences begin and end, for snippets.

Invariant: the ranges are in order, do not overlap, begin and end with a visible character, and
leave nothing but white space out.

Knows nothing of words: ICU finds the boundaries, and what it takes for the end of a sentence
after a Vietnamese abbreviation or initials is put together again.
"""

from __future__ import annotations

import re

import icu

_ABBREVIATIONS = """
TP Tp TX Tx TT T P Q H X GS PGS TS TSKH ThS Ths Th.S BS BSCKI BSCKII CN KS KTS LS NSƯT NSND ĐH CĐ
THPT Mr Mrs Ms Dr St No Nxb NXB tr Tr CT UV Ô Đ vd VD v.v cf ex
"""
_ENDS_IN_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"'./-])(?:"
    + "|".join(map(re.escape, sorted(set(_ABBREVIATIONS.split()), key=len, reverse=True)))
    + r"|(?:[^\W\d_]\.)+[^\W\d_]|[A-ZĐÂĂÊÔƠƯ])\.\s*$"
)
_ENDS_IN_NUMBER = re.compile(r"(?:^|\n)\s*[0-9]{1,2}\.\s*$")
_LINE = re.compile(r"[^\n]+")
_WINDOW = 24


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a text as code-point ranges, without the white space around them.

    A line break always ends a sentence.
    """
    breaker = icu.BreakIterator.createSentenceInstance(icu.Locale("vi"))
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for end in _ends(line[0], breaker):
            piece = text[start : line.start() + end]
            stripped = piece.strip()
            if stripped:
                begin = start + piece.index(stripped[0])
                spans.append((begin, begin + len(stripped)))
            start = line.start() + end
    return spans


def _ends(line: str, breaker: icu.BreakIterator) -> list[int]:
    """Return where the sentences of a line end, in code points."""
    units = line.encode("utf-16-le", "surrogatepass")
    breaker.setText(icu.UnicodeString(line))
    boundaries = list(breaker)
    points = boundaries if len(units) == 2 * len(line) else _code_points(line, boundaries)
    ends = [end for end in points[:-1] if not _goes_on(line, end)]
    return [*ends, len(line)]


def _code_points(line: str, boundaries: list[int]) -> list[int]:
    """Turn UTF-16 offsets, which ICU counts in, into code points."""
    wanted = iter(boundaries)
    target = next(wanted, None)
    points, units = [], 0
    for index, character in enumerate(line):
        while target is not None and units >= target:
            points.append(index)
            target = next(wanted, None)
        units += 2 if character > "\uffff" else 1
    return [*points, len(line)] if target is not None else points


def _goes_on(line: str, end: int) -> bool:
    """Whether a sentence goes on after a boundary: it ends in an abbreviation or a lone number."""
    before = line[max(0, end - _WINDOW) : end]
    return bool(
        _ENDS_IN_ABBREVIATION.search(before) or (end <= _WINDOW and _ENDS_IN_NUMBER.search(before))
    )
