"""Dates of the query language: ``2022``, ``2022-06``, ``2022-06-14`` and ranges ``a..b``.

Days are days in Vietnam; which moments they cover is the index's business.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


class Days(NamedTuple):
    """First and last day, both inclusive; None is open."""

    first: date | None
    last: date | None


def parse_days(text: str) -> Days | None:
    """The days that ``text`` names, or None where it names none."""
    start, dots, end = text.partition("..")
    if not dots:
        return _period(text)
    first = _period(start) if start else Days(None, None)
    last = _period(end) if end else Days(None, None)
    if first is None or last is None or (not start and not end):
        return None
    if first.first and last.last and first.first > last.last:
        return Days(last.first, first.last)  # typed the wrong way round
    return Days(first.first, last.last)


def _period(text: str) -> Days | None:
    found = _DAY.fullmatch(text)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        if not month:
            return Days(date(year, 1, 1), date(year, 12, 31))
        if not day:
            return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return Days(date(year, month, day), date(year, month, day))
    except ValueError:  # month 13, 30 February
        return None
