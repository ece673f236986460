"""One period as people name it: "hôm qua", "tháng 8/2021", "quý 2 năm 2022", "30/4", "7 ngày qua".

Accents and case do not matter, Vietnamese and English are read alike. A period without a year
("30/4", "tháng 8") is a :class:`Recurring` one: which year is meant depends on where it stands, so
that is left to :mod:`search.query.dates`. Weeks begin on Monday. What "today" is the caller says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from search.query.calendar import (
    Named,
    Period,
    Recurring,
    day_of,
    days_before,
    month_before,
    months_before,
    months_of,
    quarter_before,
    week_before,
    year_of,
)

MOST_DIGITS = 4
"""Digits of a number of days, weeks, months or years: nobody means ten thousand years."""

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "mot gieng i",
            "hai ii",
            "ba iii",
            "tu bon iv",
            "nam",
            "sau",
            "bay",
            "tam",
            "chin",
            "muoi",
            "muoi_mot",
            "muoi_hai chap",
        ),
        1,
    )
    for word in words.split()
}
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = {
    word: day
    for day, words in enumerate(
        (
            "thu_hai thu_2 monday",
            "thu_ba thu_3 tuesday",
            "thu_tu thu_4 wednesday",
            "thu_nam thu_5 thursday",
            "thu_sau thu_6 friday",
            "thu_bay thu_7 saturday",
            "chu_nhat sunday",
        )
    )
    for word in words.split()
}


def _spelt(words: dict[str, int]) -> str:
    """A pattern of these words, the longest first so that none hides another."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(longest).replace("_", " ")


_N = rf"(\d{{1,{MOST_DIGITS}}}|{_spelt(_NUMBERS)})"
_M = rf"(\d{{1,2}}|{_spelt(_NUMBERS)})"
_OF_YEAR = r"(?:(?:[/.-]| nam | of | )(\d{4})| nam (nay|ngoai|truoc|roi|kia))?"
_UNIT = r"(ngay|hom|tuan|thang|quy|nam|day|week|month|quarter|year)s?"

_YEARS_BACK = {"nay": 0, "ngoai": 1, "truoc": 1, "roi": 1, "kia": 2}
_DAYS_BACK = {
    "hom nay": 0, "sang nay": 0, "trua nay": 0, "chieu nay": 0, "toi nay": 0, "today": 0,
    "hom qua": 1, "toi qua": 1, "dem qua": 1, "yesterday": 1, "hom kia": 2,
}  # fmt: skip
_UNITS = {
    "ngay": "day", "hom": "day", "tuan": "week", "thang": "month", "quy": "quarter", "nam": "year"
}  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.replace(" ", "_")]


def _in_year(
    found: re.Match[str], at: int, today: date, within: Callable[[int], Period | None]
) -> Named:
    """The period in the year that groups ``at`` and ``at + 1`` name, if they name one."""
    if found[at]:
        return within(int(found[at]))
    if found[at + 1]:
        return within(today.year - _YEARS_BACK[found[at + 1]])
    return Recurring(within)


def _year_month_day(found: re.Match[str], today: date) -> Named:  # noqa: ARG001 - one signature
    year, month, day = (int(part) if part else 0 for part in found.group(1, 3, 4))
    return day_of(year, month, day) if found[4] else months_of(year, month, month)


def _numeric_day(found: re.Match[str], today: date) -> Named:  # noqa: ARG001 - one signature
    year = int(found[4])
    return day_of(2000 + year if year < 100 else year, int(found[3]), int(found[1]))


def _spelt_day(found: re.Match[str], today: date) -> Named:
    day, month = int(found[1]), _number(found[2])
    return _in_year(found, 3, today, lambda year: day_of(year, month, day))


def _spelt_month(found: re.Match[str], today: date) -> Named:
    month = _number(found[1])
    return _in_year(found, 2, today, lambda year: months_of(year, month, month))


def _spelt_quarter(found: re.Match[str], today: date) -> Named:
    last = 3 * _number(found[1])
    return _in_year(found, 2, today, lambda year: months_of(year, last - 2, last))


def _english_day(day: str | None, month: str, year: str | None) -> Named:
    number = 1 + [name[:3] for name in _MONTH_NAMES].index(month[:3])

    def within(wanted: int) -> Period | None:
        if day is None:
            return months_of(wanted, number, number)
        return day_of(wanted, number, int(day))

    return within(int(year)) if year else Recurring(within)


def _part_of_year(found: re.Match[str], today: date) -> Named:
    count = 6 if found[1].startswith("nua") else _number(found[1].split(" thang")[0])
    first, last = (1, count) if found[2] == "dau" else (13 - count, 12)
    return _in_year(found, 3, today, lambda year: months_of(year, first, last))


def _whole(unit: str, back: int, today: date) -> Period | None:
    """One whole day, week, month, quarter or year, so many of them ago."""
    if unit == "day":
        return Period(days_before(today, back), days_before(today, back))
    if unit == "week":
        return week_before(today, back)
    if unit == "month":
        return month_before(today, back)
    return quarter_before(today, back) if unit == "quarter" else year_of(today.year - back)


def _until_today(unit: str, count: int, today: date) -> Period:
    """The time from so many units ago to today: what was written this hour then is in it."""
    if unit in ("day", "week"):
        return Period(days_before(today, count * (7 if unit == "week" else 1)), today)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return Period(months_before(today, count * months), today)


def _unit(text: str) -> str:
    return _UNITS.get(text, text)


def _weekday(found: re.Match[str], today: date) -> Named:
    day = _WEEKDAYS[found[1].replace(" ", "_")]
    if found[2]:
        monday = week_before(today, 0 if found[2] == "nay" else 1).first
        return Period(monday + timedelta(days=day), monday + timedelta(days=day))
    return _whole("day", (today.weekday() - day) % 7, today)


_Reader: TypeAlias = Callable[[re.Match[str], date], Named]
_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTH_NAMES).replace("(?:)?", "")
_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, re.ASCII), read)
    for pattern, read in (
        (r"(?:nam |year )?(\d{4})", lambda m, _: year_of(int(m[1]))),
        (r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?", _year_month_day),
        (r"(?:ngay )?(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", _numeric_day),
        (r"(?:thang )?(\d{1,2})[-/.](\d{4})",
         lambda m, _: months_of(int(m[2]), int(m[1]), int(m[1]))),
        (rf"(?:ngay )?(\d{{1,2}})(?: thang |[/.-]){_M}{_OF_YEAR}", _spelt_day),
        (rf"thang {_M}{_OF_YEAR}", _spelt_month),
        (rf"(?:quy |quarter |q)([1-4]|i|ii|iii|iv|mot|hai|ba|tu|bon){_OF_YEAR}", _spelt_quarter),
        (rf"(?:(\d{{1,2}})(?:st|nd|rd|th)? (?:of )?)?({_NAMES})(?: (\d{{4}}))?",
         lambda m, _: _english_day(m[1], m[2], m[3])),
        (rf"({_NAMES}) (\d{{1,2}})(?:st|nd|rd|th)?(?: (\d{{4}}))?",
         lambda m, _: _english_day(m[2], m[1], m[3])),
        (rf"(nua|(?:{_M[1:-1]}) thang) (dau|cuoi) nam(?: (\d{{4}})| (nay|ngoai|truoc|kia))?",
         _part_of_year),
        (f"({'|'.join(_DAYS_BACK)})", lambda m, today: _whole("day", _DAYS_BACK[m[1]], today)),
        (r"(tuan|thang|quy|nam) nay", lambda m, today: _whole(_unit(m[1]), 0, today)),
        (r"(tuan|thang|quy|nam) (?:truoc|roi|vua roi|ngoai)",
         lambda m, today: _whole(_unit(m[1]), 1, today)),
        (r"(tuan|thang|quy|nam) kia", lambda m, today: _whole(_unit(m[1]), 2, today)),
        (r"(this|last) (week|month|quarter|year)",
         lambda m, today: _whole(m[2], int(m[1] == "last"), today)),
        (rf"(?:{_N} )?{_UNIT} (?:vua )?(?:qua|gan day|gan nhat)",
         lambda m, today: _until_today(_unit(m[2]), _number(m[1] or "mot"), today)),
        (rf"{_N} {_UNIT} (?:tro lai day|nay)",
         lambda m, today: _until_today(_unit(m[2]), _number(m[1]), today)),
        (rf"(?:last|past) {_N} {_UNIT}",
         lambda m, today: _until_today(_unit(m[2]), _number(m[1]), today)),
        (rf"{_N} {_UNIT} (?:truoc|ago)",
         lambda m, today: _whole(_unit(m[2]), _number(m[1]), today)),
        (rf"({_spelt(_WEEKDAYS)})(?: tuan (nay|truoc|roi|qua))?", _weekday),
    )
)  # fmt: skip


def read_period(text: str, today: date) -> Named:
    """The period that ``text`` names, or None where it names none.

    Args:
        text: folded, in lower case, with single spaces.
        today: in Vietnam.
    """
    for pattern, read in _PATTERNS:
        found = pattern.fullmatch(text)
        if found and (period := read(found, today)) is not None:
            return period
    return None
