"""Dates as newspapers write them, as moments with a time zone.

Read are ISO 8601, RFC 822 and its successors, ``14/6/2022`` and ``14/6/22``, ``Thứ Ba, 14/06/2022,
10:30 (GMT+7)``, ``10h30 ngày 14-6-2022``, ``14 tháng 6 năm 2022``, ``14 Tháng Sáu, 2022``, ``14
Th6, 2022``, ``June 14, 2022``, what Java and .NET write, ``20220614`` and Unix times. Between two
numbers the day comes first, as everywhere in Vietnam, unless it could be no month. Without a zone a
date is Vietnam's, without a time it is midnight. A date without a year is no date, and a number is
a Unix time only if it has the digits of one: nothing is guessed. It knows nothing of where a date
stands.
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
_MONTH_WORDS = (
    "giêng một", "hai", "ba", "tư bốn", "năm", "sáu", "bảy bẩy", "tám", "chín", "mười",
    "mười-một", "mười-hai chạp",
)  # fmt: skip
_WORD_MONTHS = {
    word.replace("-", " "): number
    for number, words in enumerate(_MONTH_WORDS, 1)
    for word in words.split()
}
_WORDED_MONTH = re.compile(
    r"\btháng\s+(mười\s+(?:một|hai)|" + "|".join(w for w in _WORD_MONTHS if " " not in w) + r")\b"
    r"|\b(?:thg|th)\.?\s?(\d{1,2})\b",
    re.IGNORECASE,
)
"""``tháng Sáu`` and the short ``Th6``, ``thg 6``, as WordPress and ICU write in Vietnamese."""


class _Day(NamedTuple):
    year: int
    month: int
    day: int


def _year_first(match: re.Match[str]) -> _Day:
    return _Day(int(match[1]), int(match[2]), int(match[3]))


def _full_year(digits: str) -> int:
    """Two digits are a year from 1969 to 2068, as POSIX has it."""
    year = int(digits)
    return year if len(digits) > 2 else year + (1900 if year > 68 else 2000)


def _day_first(match: re.Match[str]) -> _Day:
    first, second, year = int(match[1]), int(match[2]), _full_year(match[3])
    if second > 12 >= first:
        first, second = second, first
    return _Day(year, second, first)


def _short(match: re.Match[str]) -> _Day:
    return _Day(_full_year(match[4]), int(match[3]), int(match[1]))


def _month(name: str) -> int:
    # Case-folded, since a pattern that ignores case takes the old long s of "ſep" for an s too.
    return _MONTHS.index(name.casefold()) + 1


def _month_named_first(match: re.Match[str]) -> _Day:
    return _Day(int(match[3]), _month(match[1]), int(match[2]))


def _month_named_second(match: re.Match[str]) -> _Day:
    return _Day(_full_year(match[3]), _month(match[2]), int(match[1]))


_DAYS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Day]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (
            r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)T?",
            lambda m: _Day(int(m[1]), int(m[3]), int(m[4])),
        ),
        (r"(?<![\d/.-])(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)", _day_first),
        (
            r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2})(?:\s*,\s*|\s+)(?:năm\s+)?(\d{4})(?!\d)",
            _day_first,
        ),
        (
            r"\btháng\s+(\d{1,2})\s+(\d{1,2})(?:\s*,)?\s+(?:năm\s+)?(\d{4})(?!\d)",
            lambda m: _Day(int(m[3]), int(m[1]), int(m[2])),
        ),
        (
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]+(\d{{4}}|\d\d)(?![\d:])",
            _month_named_second,
        ),
        (rf"\b{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)", _month_named_first),
        (r"^(\d{4})(\d{2})(\d{2})(?!\d)T?", _year_first),
        (r"(?<![\d/.:-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{2})(?![\d/.:-]\d|\d)", _short),
    )
)
_TIME = re.compile(
    r"(?<![\d:+])(\d{1,2})\s?(?::|h|giờ)\s?(\d{2})?(?:\s?phút)?(?::(\d{2})(?:[.,]\d+)?)?"
    r"(?:\s?(am|pm|sa|ch)\b)?(?![\d:])",
    re.IGNORECASE,
)
_AMERICAN = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""Hours of the zones that RFC 822 names."""

_ZONE = re.compile(
    r"(?:\b(?:GMT|UTC))?\s?([+-])(\d{1,2})(?::?(\d{2}))?\b|\b(?:GMT|UTC?)\b|(?<=\d)\s?Z\b"
    rf"|\b(ICT|{'|'.join(_AMERICAN)})\b"
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})T?(\d{2})(\d{2})(\d{2})?(?!\d)")
_DIGITS = re.compile(r"\d{9,19}(?:\.\d+)?")
_YEAR_LAST = re.compile(
    r"\b([A-Z][a-z]{2}) +(\d{1,2}) +(\d{1,2}:\d{2}(?::\d{2})?)( +[A-Z]{2,5}(?:[+-]\d\d:?\d\d)?)? +"
    r"(\d{4})\b"
)
"""``Jun 14 10:30:00 ICT 2022``, as C and Java write."""

_DOTNET = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=VIETNAM)
_EXCEL_DAYS = range(18_000, 73_051)  # 1949 to 2099
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
    if dotnet := _DOTNET.fullmatch(text):
        return from_number(int(dotnet[1]))
    if _DIGITS.fullmatch(text) and (moment := from_number(float(text))):
        return moment
    text = _YEAR_LAST.sub(r"\2 \1 \5 \3\4", text)
    dated = _find(_COMPACT.sub(_spaced, text))
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


def from_number(number: float) -> datetime | None:
    """A moment that a number states beyond doubt.

    Those are Unix times in seconds of nine or ten digits, or the same moment in milliseconds,
    microseconds or nanoseconds, and calendar days such as 20220614, with or without a time
    (202206141030). A year, a day number of Excel or of astronomers is none of these.
    """
    if not 0 < number < 1e20:
        return None
    whole = str(int(number))
    if number == int(number) and len(whole) in (8, 12, 14):
        dated = _find(_COMPACT.sub(_spaced, whole))
        if dated:
            return dated[0]
    for unit in (1, 1e3, 1e6, 1e9):
        if 1e8 <= number / unit < 1e10:
            return _in_range(datetime.fromtimestamp(number / unit, VIETNAM))
    return None


def from_day_number(days: float) -> datetime | None:
    """A day as spreadsheets count them, from the end of 1899, in Vietnam's zone."""
    if int(days) not in _EXCEL_DAYS:
        return None
    return _EXCEL_EPOCH + timedelta(seconds=round(days * 86_400))


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
    text = _WORDED_MONTH.sub(_in_digits, unicodedata.normalize("NFC", text))
    for pattern, read in _DAYS:
        if match := pattern.search(text):
            day = read(match)
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return _with_time(day, rest)
    return None


def _spaced(compact: re.Match[str]) -> str:
    year, month, day, hour, minute, second = compact.groups()
    return f"{year}-{month}-{day} {hour}:{minute}:{second or '00'}"


def _in_digits(match: re.Match[str]) -> str:
    number = match[2] or _WORD_MONTHS[" ".join(match[1].lower().split())]
    return f"tháng {number}"


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
    if offset[4]:
        return timezone(timedelta(hours=_AMERICAN[offset[4]])) if offset[4] != "ICT" else VIETNAM
    if offset[1] is None:
        return timezone.utc
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes > 14 * 60:
        return VIETNAM
    if minutes == 7 * 60 and offset[1] == "+":
        return VIETNAM
    return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
