"""Filters and their counts: how many results there are of each section, source, author and month.

Counts are disjunctive: those of a field are as if nothing were chosen in it, so that a reader sees
what else could be chosen; what is chosen stays in the list, with zero results too. Months are
counted within the years that the chosen days touch.

Every document has one number a column, 0 for none. Columns are brought together in *joints*: one
number for each combination that occurs, so that one pass over the results counts them all. A
column that no document has a value in costs nothing. Knows nothing of queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.page import Facets, FacetValue
from search.request import SearchRequest

MOST_VALUES = 30
"""Values of a field, and months, that are listed; what is chosen comes on top of them."""

MOST_COMBINATIONS = 4_096
"""Of a joint, however small the index; of a large one an eighth of its documents."""

_LARGEST_TABLE = 1 << 22
_DATE = "date"

Docs = NDArray[np.int64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.intp]


class Column(NamedTuple):
    """One field of exact values.

    Attributes:
        values: the distinct ones, in the order of the Vietnamese alphabet.
        numbers: of each document's value, from 1, 0 for none: shape (documents,).
    """

    values: tuple[str, ...]
    numbers: Numbers


class Joint(NamedTuple):
    """Several columns as one.

    Attributes:
        codes: the number of each document's combination: shape (documents,).
        numbers: for each column, by name, the number in it of each combination.
        size: how many combinations there are.
    """

    codes: Numbers
    numbers: dict[str, Numbers]
    size: int


class Narrowed(NamedTuple):
    """Documents that pass the filters of a request, and the counts of all facets, when asked."""

    docs: Docs
    facets: Callable[[], Facets]


class FacetTable:
    """Filters and counts over one snapshot; never changes, so threads share it.

    Args:
        columns: section, source and author by name.
        months: of each document, counted from January of the year 0: shape (documents,), -1 for
            undated ones.
        between: which of some documents were published from one day to another.
    """

    def __init__(
        self,
        columns: dict[str, Column],
        months: Numbers,
        between: Callable[[Docs, date | None, date | None], Mask],
    ) -> None:
        self._between = between
        self._columns = columns
        parts = {name: column.numbers for name, column in columns.items() if column.values}
        dated = months >= 0
        distinct, places = np.unique(months[dated], return_inverse=True)
        self._months: list[int] = distinct.tolist()
        if self._months:
            parts[_DATE] = np.zeros(len(months), np.intp)
            parts[_DATE][dated] = places + 1
        self._joints = _joined(parts, max(MOST_COMBINATIONS, len(months) // 8))

    def values(self, name: str) -> tuple[str, ...]:
        """The distinct values of section, source or author, in the order of the alphabet."""
        return self._columns[name].values

    def narrow(self, docs: Docs, request: SearchRequest) -> Narrowed:
        """Those of ``docs`` that pass the filters, and the counts of every facet.

        Args:
            docs: all that match the query, ascending.
            request: whose filters count.
        """
        chosen = {"section": request.sections, "source": request.sources, "author": request.authors}
        allowed = {
            name: self._numbers_of(name, values) for name, values in chosen.items() if values
        }
        codes = [joint.codes.take(docs) for joint in self._joints]
        passing = [
            _passing(joint, own, allowed) for joint, own in zip(self._joints, codes, strict=True)
        ]
        if any(not self._columns[name].values for name in allowed):
            passing.append(np.zeros(len(docs), np.bool_))  # a field that no article has
        in_days = None
        if request.published_from is not None or request.published_to is not None:
            in_days = self._between(docs, request.published_from, request.published_to)
        everything = _all_of(*passing, in_days)

        def facets() -> Facets:
            counts: dict[str, NDArray[np.int64]] = {}
            for at, (joint, own) in enumerate(zip(self._joints, codes, strict=True)):
                others = _all_of(*passing[:at], *passing[at + 1 :])
                counts |= _counted(joint, own, allowed, others, in_days)
            return self._named(counts, chosen, request)

        return Narrowed(docs if everything is None else docs[everything], facets)

    def _numbers_of(self, name: str, values: Sequence[str]) -> Mask:
        """Which numbers of a column have one of these values: shape (values + 1,)."""
        return np.array([False, *(value in values for value in self._columns[name].values)])

    def _named(
        self,
        counts: dict[str, NDArray[np.int64]],
        chosen: dict[str, tuple[str, ...]],
        request: SearchRequest,
    ) -> Facets:
        listed = {
            name: _listed(self._columns[name].values, counts.get(name), values)
            for name, values in chosen.items()
        }
        by_month = dict(zip(self._months, counts.get(_DATE, ()), strict=False))
        return Facets(
            section=listed["section"],
            source=listed["source"],
            author=listed["author"],
            year=_years(by_month, request),
            month=_months(by_month, request),
        )


def _joined(parts: Mapping[str, Numbers], most: int) -> list[Joint]:
    """Columns brought together, those of few values first, as long as combinations are few."""
    joints: list[Joint] = []
    for name, numbers in sorted(parts.items(), key=lambda part: int(part[1].max())):
        for at, joint in enumerate(joints):
            wider = _with(joint, name, numbers, most)
            if wider is not None:
                joints[at] = wider
                break
        else:
            size = int(numbers.max()) + 1
            joints.append(Joint(numbers, {name: np.arange(size)}, size))
    return joints


def _with(joint: Joint, name: str, numbers: Numbers, most: int) -> Joint | None:
    """The joint with one more column; None where that has too many combinations."""
    size = int(numbers.max()) + 1
    if joint.size * size > _LARGEST_TABLE:
        return None
    pairs = joint.codes * size + numbers
    occurs = np.zeros(joint.size * size, np.bool_)
    occurs[pairs] = True
    combinations = np.flatnonzero(occurs)
    if len(combinations) > most:
        return None
    places = np.zeros(len(occurs), np.intp)
    places[combinations] = np.arange(len(combinations))
    known = {other: own[combinations // size] for other, own in joint.numbers.items()}
    return Joint(places[pairs], {**known, name: combinations % size}, len(combinations))


def _all_of(*masks: Mask | None) -> Mask | None:
    """What passes every mask; None is a mask that everything passes."""
    given = [mask for mask in masks if mask is not None]
    return np.logical_and.reduce(given) if given else None


def _allowed_in(joint: Joint, allowed: Mapping[str, Mask], but: str = "") -> Mask | None:
    """Which combinations have allowed numbers in all columns but one."""
    return _all_of(
        *(
            allowed[name][own]
            for name, own in joint.numbers.items()
            if name in allowed and name != but
        )
    )


def _passing(joint: Joint, codes: Numbers, allowed: Mapping[str, Mask]) -> Mask | None:
    combinations = _allowed_in(joint, allowed)
    return None if combinations is None else combinations[codes]


def _counted(
    joint: Joint,
    codes: Numbers,
    allowed: Mapping[str, Mask],
    others: Mask | None,
    in_days: Mask | None,
) -> dict[str, NDArray[np.int64]]:
    """How many documents have each value of each column of a joint, as if none were chosen in it.

    Args:
        joint: the columns.
        codes: of the documents.
        allowed: the chosen numbers of columns.
        others: which of the documents pass the filters of columns outside the joint.
        in_days: which were published in the days asked for.
    """
    at_any_time = codes if others is None else codes[others]
    both = _all_of(others, in_days)
    then = at_any_time if in_days is None else codes[both]
    found: dict[str, NDArray[np.int64]] = {}
    sums: dict[bool, NDArray[np.int64]] = {}
    for name, numbers in joint.numbers.items():
        timeless = name == _DATE or in_days is None
        own = at_any_time if timeless else then
        combinations = _allowed_in(joint, allowed, but=name)
        size = int(numbers.max()) + 1
        if len(own) < joint.size:
            kept = own if combinations is None else own[combinations[own]]
            counts = np.bincount(numbers[kept], minlength=size)
        else:
            if timeless not in sums:
                sums[timeless] = np.bincount(own, minlength=joint.size)
            weights = sums[timeless] if combinations is None else sums[timeless] * combinations
            counts = np.bincount(numbers, weights, minlength=size).astype(np.int64)
        found[name] = counts[1:]
    return found


def _listed(
    values: Sequence[str], counts: NDArray[np.int64] | None, chosen: Sequence[str]
) -> tuple[FacetValue, ...]:
    """The most frequent values, ties by the alphabet, and all that are chosen."""
    found: dict[str, int] = {}
    if counts is not None:
        present = np.flatnonzero(counts)
        best = present[np.argsort(-counts[present], kind="stable")]
        kept = best[:MOST_VALUES].tolist()
        kept += [at for at in best[MOST_VALUES:].tolist() if chosen and values[at] in chosen]
        found = {values[at]: int(counts[at]) for at in kept}
    listed = [FacetValue(value, count, value in chosen) for value, count in found.items()]
    listed += [FacetValue(value, 0, selected=True) for value in chosen if value not in found]
    return tuple(listed)


def _years(by_month: Mapping[int, int], request: SearchRequest) -> tuple[FacetValue, ...]:
    """Newest first; chosen is one that is asked for from its first to its last day."""
    first, last = request.published_from, request.published_to
    counts: Counter[int] = Counter()
    for month, count in by_month.items():
        counts[month // 12] += int(count)
    chosen = 0
    if first and last and (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        chosen = first.year
    return tuple(
        FacetValue(f"{year:04}", counts[year], year == chosen)
        for year in sorted(counts.keys() | {chosen}, reverse=True)
        if counts[year] or (year and year == chosen)
    )


def _months(by_month: Mapping[int, int], request: SearchRequest) -> tuple[FacetValue, ...]:
    """Newest first, within the years that the days asked for touch."""
    first, last = request.published_from, request.published_to
    earliest = first.year * 12 if first else 0
    latest = last.year * 12 + 11 if last else max(by_month, default=0)
    counts = {
        month: int(count)
        for month, count in by_month.items()
        if count and earliest <= month <= latest
    }
    chosen = -1
    if first and last and first.day == 1 and (first.year, first.month) == (last.year, last.month):
        whole = last == date.max or (last + timedelta(days=1)).month != last.month
        chosen = first.year * 12 + first.month - 1 if whole else -1
    newest = sorted(counts, reverse=True)[:MOST_VALUES]
    shown = sorted({*newest, chosen} - {-1}, reverse=True)
    return tuple(
        FacetValue(f"{month // 12:04}-{month % 12 + 1:02}", counts.get(month, 0), month == chosen)
        for month in shown
    )
