"""Dates as newspapers write them, as moments with a time zone.

Read are ISO 8601, RFC 2822, ``14/6/2022``, ``Thứ Ba, 14/06/2022, 10:30 (GMT+7)``, ``10h30 ngày
14-6-2022``, ``14 tháng 6 năm 2022``, ``June 14, 2022``, ``20220614`` and Unix times. Between two
numbers the day comes first, as everywhere in Vietnam, unless it could be no month. Without a zone a
date is Vietnam's, without a time it is midnight. A date without a year is no date: nothing is
guessed. It knows nothing of where a date stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from index.article import VIETNAM

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_MONTHS)})[a-z]*\.?"


class _Day(NamedTuple):
    year: int
    month: int
    day: int


def _year_first(match: re.Match[str]) -> _Day:
    return _Day(int(match[1]), int(match[2]), int(match[3]))


def _day_first(match: re.Match[str]) -> _Day:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if second > 12 >= first:
        first, second = second, first
    return _Day(year, second, first)


def _month(name: str) -> int:
    # Case-folded, since a pattern that ignores case takes the old long s of "ſep" for an s too.
    return _MONTHS.index(name.casefold()) + 1


def _month_named_first(match: re.Match[str]) -> _Day:
    return _Day(int(match[3]), _month(match[1]), int(match[2]))


def _month_named_second(match: re.Match[str]) -> _Day:
    return _Day(int(match[3]), _month(match[2]), int(match[1]))


_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Day]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (
            r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)T?",
            lambda m: _Day(int(m[1]), int(m[3]), int(m[4])),
        ),
        (r"(?<![\d/.-])(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)", _day_first),
        (r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s*,|\s+năm)?\s+(\d{4})(?!\d)", _day_first),
        (
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(\d{{4}})(?!\d)",
            _month_named_second,
        ),
        (rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", _month_named_first),
        (r"^(\d{4})(\d{2})(\d{2})(?!\d)T?", _year_first),
    )
)
_TIME = re.compile(
    r"(?<![\d:+])(\d{1,2})\s?(?::|h|giờ)\s?(\d{2})?(?:\s?phút)?(?::(\d{2})(?:[.,]\d+)?)?"
    r"(?:\s?(am|pm|sa|ch)\b)?(?![\d:])",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"(?:\b(?:GMT|UTC))?\s?([+-])(\d{1,2})(?::?(\d{2}))?\b|\b(?:GMT|UTC)\b|(?<=\d)Z\b"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})(?!\d)")
_UNIX = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_FILLERS = re.compile(
    r"\b(?:thứ|hai|ba|tư|năm|sáu|bảy|chủ|nhật|ngày|lúc|vào|cập|đăng|xuất|bản|giờ|t[2-7]|cn|"
    r"mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satu?r?|sun|day|monday|saturday|ict|gmt|utc|"
    r"published|updated|posted|on|at)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[\s,;:|•·()\[\]–—.-]+")
_WITHOUT_YEAR = re.compile(
    r"(?<![\d/.-])(?:ngày\s+)?(\d{1,2})\s?[-/]\s?(\d{1,2})(?![\d/]|[-.]\d)|"
    r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2})(?!\s*,?\s*(?:năm\s+)?\d{4})",
    re.IGNORECASE,
)


def parse_date(text: str) -> datetime | None:
    """The first date that a field holds, whatever stands around it, or None."""
    text = text.strip()
    if len(text) >= 19 and text[4:5] == "-":
        try:
            # Python 3.10 does not know the Z of ISO 8601.
            return _in_range(datetime.fromisoformat(re.sub("[Zz]$", "+00:00", text)))
        except ValueError:
            pass  # another way of writing it
    if _UNIX.fullmatch(text):
        return from_unix_time(float(text))
    dated = _find(_COMPACT.sub(r"\1-\2-\3 \4:\5:\6", text))
    return dated[0] if dated else None


def parse_date_line(line: str) -> datetime | None:
    """The date that a whole line states, or None if the line says anything else."""
    dated = _find(line) if len(line) <= 90 else None
    if dated is None or _MARKS.sub("", _FILLERS.sub(" ", dated[1])):
        return None
    return dated[0]


def states_day_without_year(text: str) -> str:
    """The first day and month in a text that is written without a year, as written, or ""."""
    for match in _WITHOUT_YEAR.finditer(unicodedata.normalize("NFC", text)):
        day, month = int(match[1] or match[3]), int(match[2] or match[4])
        if 1 <= day <= 31 and 1 <= month <= 12:
            return match[0].strip()
    return ""


def from_unix_time(seconds: float) -> datetime | None:
    """A Unix time in seconds, or milliseconds where seconds would be beyond the year 5138."""
    try:
        if abs(seconds) >= 1e11:
            seconds /= 1000  # fails for a whole number beyond what a float can hold
        return _in_range(datetime.fromtimestamp(seconds, VIETNAM))
    except (OverflowError, ValueError, OSError):
        return None


def from_date(value: date) -> datetime | None:
    """A date or datetime of Python's, in Vietnam's zone if it has none."""
    if isinstance(value, datetime):
        return _in_range(value)
    return _in_range(datetime(value.year, value.month, value.day, tzinfo=VIETNAM))


def _in_range(moment: datetime) -> datetime | None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _find(text: str) -> tuple[datetime, str] | None:
    """The first date of a text and what is left of the text without it."""
    text = unicodedata.normalize("NFC", text)
    for pattern, read in _DAYS:
        if match := pattern.search(text):
            day = read(match)
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return _with_time(day, rest)
    return None


def _with_time(day: _Day, rest: str) -> tuple[datetime, str] | None:
    hour = minute = second = 0
    zone = VIETNAM
    if time := _TIME.search(rest):
        hour, minute, second = int(time[1]), int(time[2] or 0), int(time[3] or 0)
        half = (time[4] or "").lower()
        if half in {"pm", "ch"} and hour < 12:
            hour += 12
        elif half in {"am", "sa"} and hour == 12:
            hour = 0
        after = rest[time.end() :]
        if offset := _ZONE.search(rest, time.end()):
            zone = _zone(offset)
            after = after[: offset.start() - time.end()] + after[offset.end() - time.end() :]
        rest = f"{rest[: time.start()]} {after}"
    try:
        moment = _in_range(datetime(*day, hour, minute, second, tzinfo=zone))
    except ValueError:
        return None
    return (moment, rest) if moment else None


def _zone(offset: re.Match[str]) -> timezone:
    if offset[1] is None:
        return timezone.utc
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes > 14 * 60:
        return VIETNAM
    if minutes == 7 * 60 and offset[1] == "+":
        return VIETNAM
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
