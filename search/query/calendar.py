"""Periods of the calendar, counted from a day: weeks, months, quarters, years, and yearly ones.

Weeks begin on Monday. What lies before the first year of the calendar begins with it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

LEAP_CYCLE = 8
"""Years within which 29 February comes again, also around 1900."""


class Days(NamedTuple):
    """First and last day, both inclusive; None is open."""

    first: date | None
    last: date | None


class Period(NamedTuple):
    """Days from the first to the last, both known."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Recurring:
    """A period of every year, or of some (29 February).

    Attributes:
        within: the period of a year, or None where that year has none.
    """

    within: Callable[[int], Period | None]

    def latest(self, limit: date) -> Period | None:
        """The last one that begins on or before ``limit``."""
        for year in range(limit.year, max(limit.year - LEAP_CYCLE, 1) - 1, -1):
            found = self.within(year)
            if found and found.first <= limit:
                return found
        return None

    def next(self, limit: date) -> Period | None:
        """The first one that ends on or after ``limit``."""
        for year in range(limit.year, min(limit.year + LEAP_CYCLE, 9999) + 1):
            found = self.within(year)
            if found and found.last >= limit:
                return found
        return None


Named: TypeAlias = Period | Recurring | None


def day_of(year: int, month: int, day: int) -> Period | None:
    """One day, or None where the calendar has none such."""
    try:
        only = date(year, month, day)
    except ValueError:
        return None
    return Period(only, only)


def months_of(year: int, first: int, last: int) -> Period | None:
    """Some months of a year, 1 to 12, both inclusive."""
    if not (1 <= year <= 9999 and 1 <= first <= last <= 12):
        return None
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def year_of(year: int) -> Period | None:
    """A whole year."""
    return months_of(year, 1, 12)


def days_before(day: date, days: int) -> date:
    """So many days before, but never before the calendar begins."""
    return day - timedelta(days=days) if days < day.toordinal() else date.min


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def week_before(today: date, back: int) -> Period:
    """The week, from Monday, so many weeks ago."""
    monday = days_before(today, today.weekday() + 7 * back)
    return Period(monday, monday + timedelta(days=6))


def month_before(today: date, back: int) -> Period | None:
    """The month so many months ago."""
    day = months_before(today.replace(day=1), back)
    return months_of(day.year, day.month, day.month)


def quarter_before(today: date, back: int) -> Period | None:
    """The quarter of a year so many quarters ago."""
    day = months_before(today.replace(day=1), (today.month - 1) % 3 + 3 * back)
    return months_of(day.year, day.month, day.month + 2)
