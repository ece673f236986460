"""Days that a reader names after ``ngay:``: a period, or a range of two, in Vietnamese or English.

``2022-06-14``, ``2022-06..2022-07``, "hôm qua", "tháng 8/2021", "từ 1/5 đến 3/5", "trước 2020",
">=2021"; with or without accents, ``_`` for spaces. What has no year is the nearest past one; at
one end of a range it goes by the other end. Days are days in Vietnam; which moments they cover is
the index's business, and what today is the caller says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import takewhile

from search.query.calendar import Days, Named, Period, Recurring
from search.query.periods import read_period
from search.query.plain import plain

MOST_WORDS = 14
""""từ ngày 30 tháng 4 năm 2021 đến ngày 2 tháng 9 năm 2022" has 14."""

_DASHES = str.maketrans({"_": " ", "…": "..", **dict.fromkeys("‐‑‒–—−", "-")})
_WORD = re.compile(r"[a-z0-9./<>=-]+")
_BETWEEN = re.compile(r" ?(?:\.\.+|\b(?:den het|den|toi|to|until)\b|-) ?")
_FROM = re.compile(r"(?:(?:ke )?tu|from|since|between) (?=.)")
_OPEN = re.compile(
    r"(?P<since>>=|since |(?:ke )?tu |from )|(?P<after>>|sau |after )"
    r"|(?P<until><=|den het |den |toi |until |to )|(?P<before><|truoc |before )"
)
_NOW = frozenset(("nay", "hien nay", "bay gio", "gio", "now"))


def parse_days(text: str, today: date) -> Days | None:
    """The days that the whole of ``text`` names, or None where it names none."""
    folded = _folded(text)
    words = folded.split()
    if not words or len(words) > MOST_WORDS or not all(map(_WORD.fullmatch, words)):
        return None
    return _read(" ".join(words), today)


def leading_days(words: Sequence[str], today: date) -> tuple[Days, int] | None:
    """The days that words begin with, and how many of the words say so, as many as can."""
    likely = list(takewhile(_may_be_of_date, words[:MOST_WORDS]))
    for count in range(len(likely), 0, -1):
        days = parse_days(" ".join(likely[:count]), today)
        if days is not None:
            return days, count
    return None


def _folded(text: str) -> str:
    """Without accents and case, and with one kind of dash."""
    words = (word.rstrip(",;!?") for word in plain(text).translate(_DASHES).split())
    return " ".join(word if word.endswith("..") else word.rstrip(".") for word in words)


def _may_be_of_date(word: str) -> bool:
    folded = _folded(word)
    return bool(folded) and all(map(_WORD.fullmatch, folded.split()))


def _read(text: str, today: date) -> Days | None:
    period = read_period(text, today)
    if period is not None:
        settled = _settled(period, today)
        return Days(*settled) if settled is not None else None
    return _range(text, today) or _open_range(text, today)


def _settled(named: Named, today: date) -> Period | None:
    return named.latest(today) if isinstance(named, Recurring) else named


def _range(text: str, today: date) -> Days | None:
    """Two periods with something between them."""
    bare = _FROM.sub("", text, count=1) if _FROM.match(text) else text
    for found in _BETWEEN.finditer(bare):
        start, end = bare[: found.start()], bare[found.end() :]
        if not start or not end:
            continue
        first, last = read_period(start, today), read_period(end, today)
        if end in _NOW:
            last = Period(today, today)
        if first is not None and last is not None:
            return _joined(first, last, today)
    return None


def _joined(first: Named, last: Named, today: date) -> Days | None:
    """From the one period to the other; what has no year goes by what has one."""
    if isinstance(first, Recurring) and isinstance(last, Period):
        first = first.latest(last.last)
    else:
        first = _settled(first, today)
    if isinstance(first, Period) and isinstance(last, Recurring):
        last = last.next(first.first)
    if not isinstance(first, Period) or not isinstance(last, Period):
        return None
    if first.first > last.last:  # typed the wrong way round
        first, last = last, first
    return Days(first.first, last.last)


def _open_range(text: str, today: date) -> Days | None:
    """A period with an open end: ``2022..``, "từ 30/4", "trước 2020", ``>=2021``."""
    if text.startswith("..") or text.endswith(".."):
        period = _settled(read_period(text.strip(". "), today), today)
        if period is None or (text.startswith("..") and text.endswith("..")):
            return None
        return Days(None, period.last) if text.startswith("..") else Days(period.first, None)
    found = _OPEN.match(text)
    period = _settled(read_period(text[found.end() :].strip(), today), today) if found else None
    if found is None or period is None:
        return None
    try:
        return {
            "since": lambda: Days(period.first, None),
            "after": lambda: Days(period.last + timedelta(days=1), None),
            "until": lambda: Days(None, period.last),
            "before": lambda: Days(None, period.first - timedelta(days=1)),
        }[str(found.lastgroup)]()
    except OverflowError:  # before the first day of the calendar, or after its last
        return None
