"""How the results spread over time: a row of bars, each a link to its period.

Bars stand for equal spans, from months to centuries: the shortest with which they are few enough to
be pressed with a finger on a phone. Where the search is limited to a period, the bars divide that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from search import Facets, SearchRequest
from webui.pages.periods import Period, month_number
from webui.parameters import search_url

MOST_BARS = 12
"""At 24 CSS pixels each, the least that WCAG 2.2 allows, they fit beside the results."""

MOST_TICKS = 4

_SPANS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 3000, 12000)
"""Months that a bar may stand for. The last divides all years of the calendar into ten."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of time.

    Attributes:
        url: the search limited to it, or "" where it has no results.
        height: 0 to 100, in proportion to the results; at least 3 where there are any.
        tick: the year that begins with it, where the axis names that; else "".
    """

    label: str
    count: int
    height: int
    url: str
    tick: str = ""


def histogram(request: SearchRequest, facets: Facets) -> tuple[Bar, ...]:
    """The bars from the oldest to the newest; none where there is nothing to compare.

    Args:
        request: what was searched for.
        facets: of all its results. Years are used where there are no months.
    """
    counts = _by_month(facets) or {int(year.value) * 12: year.count for year in facets.year}
    shortest = 1 if facets.month else 12
    start, end = request.published_from, request.published_to
    low = month_number(start) if start else 0
    high = month_number(end) if end else month_number(date.max)
    inside = {month: count for month, count in counts.items() if low <= month <= high}
    if not inside:
        return ()
    if not (start and end):
        low, high = min(inside), max(inside)
    bars = _bars(request, inside, _span(low, high, shortest), low, high)
    return bars if len(bars) > 1 else ()


def _by_month(facets: Facets) -> dict[int, int]:
    counts = {}
    for value in facets.month:
        year, month = value.value.split("-")
        counts[int(year) * 12 + int(month) - 1] = value.count
    return counts


def _span(low: int, high: int, shortest: int) -> int:
    for span in _SPANS:
        if span >= shortest and high // span - low // span < MOST_BARS:
            return span
    return _SPANS[-1]


def _bars(
    request: SearchRequest, counts: dict[int, int], span: int, low: int, high: int
) -> tuple[Bar, ...]:
    totals = dict.fromkeys(range(low // span, high // span + 1), 0)
    for month, count in counts.items():
        totals[month // span] += count
    highest = max(totals.values())
    ticks = _ticks(list(totals), span)
    bars = []
    for number, total in totals.items():
        period = Period.months(number * span, span).within(Period.of(request))
        narrowed = replace(request, published_from=period.start, published_to=period.end, page=1)
        height = max(round(100 * total / highest), 3) if total else 0
        url = search_url(narrowed) if total else ""
        bars.append(Bar(period.label, total, height, url, ticks.get(number, "")))
    return tuple(bars)


def _ticks(numbers: list[int], span: int) -> dict[int, str]:
    """The years that the axis names, by the number of the bar in which each begins."""
    years = {number: number * span // 12 for number in numbers if number * span % 12 < span}
    step = -(-len(years) // MOST_TICKS)
    return {number: str(year) for number, year in list(years.items())[:: step or 1] if year}
