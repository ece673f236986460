"""Filters and their counts: how many results there are of each section, source, author and month.

Counts are disjunctive: those of a field are as if nothing were chosen in it, so that a reader sees
what else could be chosen; what is chosen stays in the list, with zero results too. Months are
counted within the years that the chosen days touch.

Every document has one number a column, 0 for none. Columns are brought together in *joints*: one
number for each combination that occurs, so that one pass over the results counts them all. A
column that no document has a value in costs nothing. Masks are applied by ``compress``, which takes
less than half as long as indexing. Knows nothing of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.facets.alike import alike
from search.facets.values import listed_values, month_values, year_values
from search.page import Facets
from search.request import SearchRequest

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
        values: the distinct ones, no two alike, in the order of the Vietnamese alphabet.
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


class Share(NamedTuple):
    """A column's share of a joint: what adds up the counts of combinations by its numbers.

    Attributes:
        order: the combinations, those of one number side by side: shape (combinations,).
        starts: where the combinations of each number that occurs begin.
        present: these numbers, ascending.
        size: how many numbers there are.
    """

    order: Numbers
    starts: Numbers
    present: Numbers
    size: int

    def sums(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """From counts by combination to counts by number, that of no value left out."""
        sums = np.zeros(self.size, np.int64)
        sums[self.present] = np.add.reduceat(counts[self.order], self.starts)
        return sums[1:]


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
        alive: which documents are not deleted: shape (documents,).
        between: which of some documents were published from one day to another.
    """

    def __init__(
        self,
        columns: dict[str, Column],
        months: Numbers,
        alive: Mask,
        between: Callable[[Docs, date | None, date | None], Mask],
    ) -> None:
        self._between = between
        self._columns = columns
        self._spelled = {
            name: {alike(value): value for value in column.values}
            for name, column in columns.items()
        }
        parts = {name: column.numbers for name, column in columns.items() if column.values}
        dated = months >= 0
        distinct, places = np.unique(months[dated], return_inverse=True)
        self._months: list[int] = distinct.tolist()
        if self._months:
            parts[_DATE] = np.zeros(len(months), np.intp)
            parts[_DATE][dated] = places + 1
        self._joints = _joined(parts, max(MOST_COMBINATIONS, len(months) // 8))
        self._shares = {
            name: _share_of(numbers)
            for joint in self._joints
            for name, numbers in joint.numbers.items()
        }
        self._alive = alive
        alive_docs = np.flatnonzero(alive)
        self._size = len(alive_docs)
        self._sums = [
            np.bincount(joint.codes[alive_docs], minlength=joint.size) for joint in self._joints
        ]

    def values(self, name: str) -> tuple[str, ...]:
        """The distinct values of section, source or author, in the order of the alphabet."""
        return self._columns[name].values

    def narrow(self, docs: Docs, request: SearchRequest) -> Narrowed:
        """Those of ``docs`` that pass the filters, and the counts of every facet.

        Args:
            docs: all that match the query, ascending.
            request: whose filters count.
        """
        given = {"section": request.sections, "source": request.sources, "author": request.authors}
        chosen = {name: self._as_shown(name, values) for name, values in given.items()}
        allowed = {
            name: self._numbers_of(name, values) for name, values in chosen.items() if values
        }
        days = (request.published_from, request.published_to)
        if not allowed and days == (None, None) and 4 * len(docs) > 3 * self._size:
            return Narrowed(docs, lambda: self._named(self._most_but(docs), chosen, request))
        codes = [joint.codes.take(docs) for joint in self._joints]
        passing = [
            _passing(joint, joint_codes, allowed)
            for joint, joint_codes in zip(self._joints, codes, strict=True)
        ]
        if any(not self._columns[name].values for name in allowed):
            passing.append(np.zeros(len(docs), np.bool_))  # a field that no article has
        in_days = None if days == (None, None) else self._between(docs, *days)
        passing_all = _all_of(*passing, in_days)

        def facets() -> Facets:
            counts: dict[str, NDArray[np.int64]] = {}
            for at, (joint, joint_codes) in enumerate(zip(self._joints, codes, strict=True)):
                others = _all_of(*passing[:at], *passing[at + 1 :])
                counts |= self._counted(joint, joint_codes, allowed, others, in_days)
            return self._named(counts, chosen, request)

        return Narrowed(docs if passing_all is None else docs.compress(passing_all), facets)

    def _most_but(self, docs: Docs) -> dict[str, NDArray[np.int64]]:
        """The counts of most documents of the index: all of them less those that are not there."""
        others = docs[:0]
        if len(docs) < self._size:
            rest = self._alive.copy()
            rest[docs] = False
            others = np.flatnonzero(rest)
        counts: dict[str, NDArray[np.int64]] = {}
        for joint, sums in zip(self._joints, self._sums, strict=True):
            left = sums - np.bincount(joint.codes.take(others), minlength=joint.size)
            counts |= {name: self._shares[name].sums(left) for name in joint.numbers}
        return counts

    def _counted(
        self,
        joint: Joint,
        codes: Numbers,
        allowed: Mapping[str, Mask],
        others: Mask | None,
        in_days: Mask | None,
    ) -> dict[str, NDArray[np.int64]]:
        """How many documents have each value of each column, as if none were chosen in it.

        Args:
            joint: the columns.
            codes: of the documents.
            allowed: the chosen numbers of columns.
            others: which of the documents pass the filters of columns outside the joint.
            in_days: which were published in the days asked for.
        """
        at_any_time = codes if others is None else codes.compress(others)
        both = _all_of(others, in_days)
        then = at_any_time if in_days is None or both is None else codes.compress(both)
        counts: dict[str, NDArray[np.int64]] = {}
        sums: dict[bool, NDArray[np.int64]] = {}
        for name, numbers in joint.numbers.items():
            timeless = name == _DATE or in_days is None
            counted = at_any_time if timeless else then
            combinations = _allowed_in(joint, allowed, but=name)
            if len(counted) < joint.size:
                kept = counted
                if combinations is not None:
                    kept = kept.compress(combinations.take(kept))
                size = self._shares[name].size
                counts[name] = np.bincount(numbers.take(kept), minlength=size)[1:]
                continue
            if timeless not in sums:
                sums[timeless] = np.bincount(counted, minlength=joint.size)
            weights = sums[timeless] if combinations is None else sums[timeless] * combinations
            counts[name] = self._shares[name].sums(weights)
        return counts

    def _as_shown(self, name: str, values: Sequence[str]) -> tuple[str, ...]:
        """Chosen values as the facet shows them, whichever spelling was asked for."""
        spelled = self._spelled[name]
        return tuple(dict.fromkeys(spelled.get(alike(value), value) for value in values))

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
            name: listed_values(self._columns[name].values, counts.get(name), values, request)
            for name, values in chosen.items()
        }
        by_month = (
            dict(zip(self._months, counts[_DATE].tolist(), strict=True)) if _DATE in counts else {}
        )
        return Facets(
            section=listed["section"].values,
            source=listed["source"].values,
            author=listed["author"].values,
            year=year_values(by_month, request),
            month=month_values(by_month, request),
            cut=tuple(name for name, values in listed.items() if values.cut),
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
    by_name = {other: column[combinations // size] for other, column in joint.numbers.items()}
    return Joint(places[pairs], {**by_name, name: combinations % size}, len(combinations))


def _share_of(numbers: Numbers) -> Share:
    """The share of a column in its joint, given by the number of each combination."""
    order = np.argsort(numbers, kind="stable")
    present, starts = np.unique(numbers[order], return_index=True)
    return Share(order, starts, present, int(numbers.max()) + 1)


def _all_of(*masks: Mask | None) -> Mask | None:
    """What passes every mask; None is a mask that everything passes."""
    given = [mask for mask in masks if mask is not None]
    return np.logical_and.reduce(given) if given else None


def _allowed_in(joint: Joint, allowed: Mapping[str, Mask], but: str = "") -> Mask | None:
    """Which combinations have allowed numbers in all columns but one."""
    return _all_of(
        *(
            allowed[name][numbers]
            for name, numbers in joint.numbers.items()
            if name in allowed and name != but
        )
    )


def _passing(joint: Joint, codes: Numbers, allowed: Mapping[str, Mask]) -> Mask | None:
    combinations = _allowed_in(joint, allowed)
    return None if combinations is None else combinations.take(codes)
