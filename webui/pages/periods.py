"""Spans of whole months, as the chart over time and the filter by date name them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from search import SearchRequest
from webui.rendering.dates import day, month
from webui.rendering.languages import gettext


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both inclusive; None where it is open."""

    start: date | None
    end: date | None

    @classmethod
    def of(cls, request: SearchRequest) -> Period:
        """What a search is limited to."""
        return cls(request.published_from, request.published_to)

    @classmethod
    def months(cls, first: int, number: int) -> Period:
        """Whole months, cut to the years that the calendar has.

        Args:
            first: the first month, as :func:`month_number` counts.
            number: how many.
        """
        start = date.min if first < month_number(date.min) else date(*year_and_month(first), 1)
        after = first + number
        last = month_number(date.max)
        end = date.max if after > last else date(*year_and_month(after), 1) - timedelta(days=1)
        return cls(start, end)

    def within(self, other: Period) -> Period:
        """The days that are in both."""
        starts = [start for start in (self.start, other.start) if start]
        ends = [end for end in (self.end, other.end) if end]
        return Period(max(starts, default=None), min(ends, default=None))

    @property
    def label(self) -> str:
        """Its shortest exact name; "" where it is open on both sides."""
        start, end = self.start, self.end
        if start is None:
            return gettext("Đến %(day)s", day=day(end)) if end else ""
        if end is None:
            return gettext("Từ %(day)s", day=day(start))
        if start == end:
            return day(start)
        return _whole(start, end) or f"{day(start)} – {day(end)}"


def month_number(moment: date) -> int:
    """Months since a January of a year 0."""
    return moment.year * 12 + moment.month - 1


def year_and_month(number: int) -> tuple[int, int]:
    """Year and month of a month's number."""
    return number // 12, number % 12 + 1


def _whole(start: date, end: date) -> str:
    """The name of whole years, a half, a quarter or a month; "" for any other period."""
    if start.day != 1 or (end < date.max and (end + timedelta(days=1)).day != 1):
        return ""
    length = month_number(end) - month_number(start) + 1
    if length % 12 == 0 and start.month == 1:
        if length == 12:
            return gettext("Năm %(year)s", year=str(start.year))
        return gettext("Năm %(first)s–%(last)s", first=str(start.year), last=str(end.year))
    if length == 6 and start.month in {1, 7}:
        if start.month == 1:
            return gettext("Nửa đầu năm %(year)s", year=str(start.year))
        return gettext("Nửa cuối năm %(year)s", year=str(start.year))
    if length == 3 and start.month % 3 == 1:
        quarter = str(start.month // 3 + 1)
        return gettext("Quý %(quarter)s/%(year)s", quarter=quarter, year=str(start.year))
    return month(start) if length == 1 else ""
