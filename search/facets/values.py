"""Which values of a facet are listed, and in which order: from counts to what a reader sees.

The most frequent values first, years and months newest first; what is chosen is always among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.facets.alike import letters_of
from search.page import FacetValue
from search.request import SearchRequest

MOST_MONTHS = 1_200
"""A century of months that have results: a chart of them leaves none out."""


class Listed(NamedTuple):
    """The values of a facet that are listed.

    Attributes:
        cut: whether there are more of them that have results.
    """

    values: tuple[FacetValue, ...]
    cut: bool


def listed_values(
    values: Sequence[str],
    counts: NDArray[np.int64] | None,
    chosen: Sequence[str],
    request: SearchRequest,
) -> Listed:
    """The most frequent values, ties by the alphabet, and all that are chosen.

    Args:
        values: of a field, in the order of the alphabet.
        counts: of each; None where none has results.
        chosen: those of them that are asked for.
        request: which of the others are listed, and how many.
    """
    count_of: dict[str, int] = {}
    cut = False
    if counts is not None:
        present = np.flatnonzero(counts)
        best = present[np.argsort(-counts[present], kind="stable")]
        wanted = best
        if request.facet_query:
            sought = letters_of(request.facet_query)
            wanted = best[[sought in letters_of(values[at]) for at in best.tolist()]]
        kept = wanted[: request.facet_values].tolist()
        if chosen:
            listed = set(kept)
            kept += [at for at in best.tolist() if values[at] in chosen and at not in listed]
        cut = len(wanted) > request.facet_values
        count_of = {
            values[at]: count for at, count in zip(kept, counts[kept].tolist(), strict=True)
        }
    shown = [FacetValue(value, count, value in chosen) for value, count in count_of.items()]
    shown += [FacetValue(value, 0, selected=True) for value in chosen if value not in count_of]
    return Listed(tuple(shown), cut)


def year_values(by_month: dict[int, int], request: SearchRequest) -> tuple[FacetValue, ...]:
    """Newest first; chosen is one that is asked for from its first to its last day.

    Args:
        by_month: counts by months since the year 0, ascending.
        request: whose days are asked for.
    """
    first, last = request.published_from, request.published_to
    counts: dict[int, int] = {}
    for year, months in groupby(by_month, key=_year_of):
        counts[year] = sum(map(by_month.__getitem__, months))
    chosen = 0
    if first and last and (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        chosen = first.year
    return tuple(
        FacetValue(f"{year:04}", counts.get(year, 0), year == chosen)
        for year in sorted(counts.keys() | {chosen}, reverse=True)
        if counts.get(year) or (year and year == chosen)
    )


def month_values(by_month: dict[int, int], request: SearchRequest) -> tuple[FacetValue, ...]:
    """Newest first, within the years that the days asked for touch; arguments as for years."""
    first, last = request.published_from, request.published_to
    earliest = first.year * 12 if first else 0
    latest = last.year * 12 + 11 if last else max(by_month, default=0)
    chosen = -1
    if first and last and first.day == 1 and (first.year, first.month) == (last.year, last.month):
        whole = last == date.max or (last + timedelta(days=1)).month != last.month
        chosen = first.year * 12 + first.month - 1 if whole else -1
    having = (
        month for month in reversed(by_month) if by_month[month] and earliest <= month <= latest
    )
    shown = list(islice(having, MOST_MONTHS))
    if chosen >= 0 and chosen not in shown:
        shown = sorted([*shown, chosen], reverse=True)
    return tuple(
        FacetValue(_month_name(month), by_month.get(month, 0), month == chosen) for month in shown
    )


def _year_of(month: int) -> int:
    return month // 12


@lru_cache(maxsize=4_096)
def _month_name(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"
