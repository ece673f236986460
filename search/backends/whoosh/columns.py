"""The columns of a snapshot as filters and facets want them: one numbering over all segments.

Values are numbered in the order of the Vietnamese alphabet, days and months are Vietnam's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import icu
import numpy as np
from numpy.typing import NDArray
from whoosh.util.times import datetime_to_long

from index.article import VIETNAM
from index.codec.columns import NO_MOMENT
from index.schema import VALUE_FIELDS, utc_naive
from index.snapshot import Snapshot
from search.facets.alike import alike
from search.facets.counts import Column, Docs, FacetTable, Mask, Numbers

_MICROSECONDS = 1_000_000
_AHEAD = int(VIETNAM.utcoffset(None).total_seconds()) * _MICROSECONDS
"""How far Vietnam's clocks are ahead of the index's."""

_EPOCH = datetime_to_long(datetime(1970, 1, 1))  # noqa: DTZ001 - naive, as Whoosh's are
_MONTHS_TO_EPOCH = 1970 * 12


def alphabetical(values: Sequence[str]) -> list[str]:
    """Each value once, in the order of the Vietnamese alphabet: a ă â b … d đ e ê."""
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    return sorted(set(values), key=lambda value: (collator.getSortKey(value), value))


def facet_table(snapshot: Snapshot, published: NDArray[np.int64]) -> FacetTable:
    """The filters and counts of a snapshot.

    Args:
        snapshot: whose columns are read.
        published: as :meth:`Snapshot.published` gives them.
    """

    def between(docs: Docs, first: date | None, last: date | None) -> Mask:
        moments = published[docs]
        within: Mask = moments != NO_MOMENT
        # The calendar's own first and last day bound nothing, and have no midnight in UTC.
        if first is not None and first > date.min:
            within &= moments >= _midnight(first)
        if last is not None and last < date.max:
            within &= moments < _midnight(last + timedelta(days=1))
        return within

    columns = {name: _column(snapshot, name) for name in VALUE_FIELDS}
    return FacetTable(columns, _months(published), _alive(snapshot), between)


def _midnight(day: date) -> int:
    return int(datetime_to_long(utc_naive(datetime.combine(day, time.min, VIETNAM))))


def _months(published: NDArray[np.int64]) -> Numbers:
    since_epoch = (published + (_AHEAD - _EPOCH)).astype("datetime64[us]")
    months = since_epoch.astype("datetime64[M]").astype(np.intp) + _MONTHS_TO_EPOCH
    return np.where(published == NO_MOMENT, -1, months)


def _alive(snapshot: Snapshot) -> Mask:
    masks = [
        np.ones(leaf.segment.doc_count, np.bool_) if leaf.alive is None else leaf.alive
        for leaf in snapshot.leaves
    ]
    return np.concatenate([np.zeros(0, np.bool_), *masks])


def _column(snapshot: Snapshot, name: str) -> Column:
    columns = [leaf.segment.values(name) for leaf in snapshot.leaves]
    texts = [[term.decode() for term in column.dictionary.terms()] for column in columns]
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for of_segment, column in zip(texts, columns, strict=True):
        counts = np.bincount(column.code, minlength=len(of_segment) + 1)[1:].tolist()
        for value, count in zip(of_segment, counts, strict=True):
            spelled[alike(value)][value] += count
    # Values that look the same are one, shown as most articles write it.
    shown = {key: _commonest(spellings) for key, spellings in spelled.items()}
    values = alphabetical(list(shown.values()))
    number = {value: at for at, value in enumerate(values, 1)}
    numbers = [
        np.array([0, *(number[shown[alike(value)]] for value in of_segment)], np.intp)[column.code]
        for of_segment, column in zip(texts, columns, strict=True)
    ]
    return Column(tuple(values), np.concatenate([np.zeros(0, np.intp), *numbers]))


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda value: (-spellings[value], value))
