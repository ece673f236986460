"""The terms of one Whoosh field, whatever the arrays behind it, in one small interface.

Numbers ascend with the terms' bytes. Not every number below :meth:`FieldTerms.count` is a term of
the field: the dictionaries are shared by all text fields, so ask :meth:`FieldTerms.postings`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.channel import Channel
from index.codec.columns import Moments, Values
from index.codec.container import AnyArray
from index.codec.lists.doclists import DocNumbers
from index.codec.segment.file import SegmentFile
from index.codec.segment.layout import accents_name
from index.codec.terms import Terms

Positions = Callable[[], list[list[int]]]

SIGN = 1 << 63
"""Whoosh makes signed numbers sortable by adding this."""

SHIFTS = range(0, 64, 8)
"""Whoosh's DATETIME indexes a moment at eight precisions."""


class FieldPostings(NamedTuple):
    """The postings of a term: parallel arrays, and the positions if the field has them."""

    docs: DocNumbers
    weights: AnyArray
    positions: Positions | None


class FieldTerms(Protocol):
    """The terms of a field."""

    def count(self) -> int:
        """All numbers are below this."""
        ...

    def find(self, text: bytes) -> int | None:
        """The number of a term, or None."""
        ...

    def seek(self, text: bytes) -> int:
        """The first number whose bytes are not less."""
        ...

    def text(self, number: int) -> bytes:
        """The bytes of a number."""
        ...

    def frequency(self, number: int) -> int:
        """How many documents have it; 0 if it is no term of this field."""
        ...

    def postings(self, number: int) -> FieldPostings:
        """Documents, weights and positions."""
        ...


class FoldTerms:
    """Folded terms of a text field."""

    def __init__(self, channel: Channel, terms: Terms) -> None:
        self._channel = channel
        self._folds = terms.folds

    def count(self) -> int:  # noqa: D102 - FieldTerms
        return len(self._folds)

    def find(self, text: bytes) -> int | None:  # noqa: D102 - FieldTerms
        number = self._folds.number(text)
        return number if number is not None and self.frequency(number) else None

    def seek(self, text: bytes) -> int:  # noqa: D102 - FieldTerms
        return self._folds.lower_bound(text)

    def text(self, number: int) -> bytes:  # noqa: D102 - FieldTerms
        return self._folds.term(number)

    def frequency(self, number: int) -> int:  # noqa: D102 - FieldTerms
        return self._channel.df(number)

    def postings(self, number: int) -> FieldPostings:  # noqa: D102 - FieldTerms
        postings = self._channel.postings(number)

        def positions() -> list[list[int]]:
            places = self._channel.places(number)
            return _split(places.positions, places.rows, postings.df)

        return FieldPostings(postings.docs, postings.tf, positions)


class KeyTerms:
    """Accent keys of a text field."""

    def __init__(self, channel: Channel, terms: Terms) -> None:
        self._channel = channel
        self._terms = terms

    def count(self) -> int:  # noqa: D102 - FieldTerms
        return len(self._terms.keys)

    def find(self, text: bytes) -> int | None:  # noqa: D102 - FieldTerms
        number = self._terms.keys.number(text)
        return number if number is not None and self.frequency(number) else None

    def seek(self, text: bytes) -> int:  # noqa: D102 - FieldTerms
        return self._terms.keys.lower_bound(text)

    def text(self, number: int) -> bytes:  # noqa: D102 - FieldTerms
        return self._terms.keys.term(number)

    def frequency(self, number: int) -> int:  # noqa: D102 - FieldTerms
        return self._channel.variant_df(self._terms.variant_of_key(number))

    def postings(self, number: int) -> FieldPostings:  # noqa: D102 - FieldTerms
        variant = self._terms.variant_of_key(number)
        postings = self._channel.variant_postings(variant)
        fold = self._terms.fold_of_variant(variant)
        rank = variant - self._terms.first_variant(fold)

        def positions() -> list[list[int]]:
            places = self._channel.places(fold, postings.docs)
            here = places.ranks == rank
            return _split(places.positions[here], places.rows[here], postings.df)

        return FieldPostings(postings.docs, postings.tf, positions)


def _split(positions: NDArray[np.int64], rows: NDArray[np.int64], count: int) -> list[list[int]]:
    ends = np.cumsum(np.bincount(rows, minlength=count)).tolist()
    flat = positions.tolist()
    return [flat[start:end] for start, end in zip([0, *ends], ends, strict=False)]


class ValueTerms:
    """Exact values."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def count(self) -> int:  # noqa: D102 - FieldTerms
        return len(self._values.dictionary)

    def find(self, text: bytes) -> int | None:  # noqa: D102 - FieldTerms
        return self._values.dictionary.number(text)

    def seek(self, text: bytes) -> int:  # noqa: D102 - FieldTerms
        return self._values.dictionary.lower_bound(text)

    def text(self, number: int) -> bytes:  # noqa: D102 - FieldTerms
        return self._values.dictionary.term(number)

    def frequency(self, number: int) -> int:  # noqa: D102 - FieldTerms
        return len(self._values.docs(number))

    def postings(self, number: int) -> FieldPostings:  # noqa: D102 - FieldTerms
        docs = self._values.docs(number)
        return FieldPostings(docs, np.ones(len(docs), np.uint8), None)


class MomentTerms:
    """Dates, at eight precisions; the terms are not on disk but worked out from the column."""

    def __init__(self, moments: Moments) -> None:
        self._moments = moments

    @cached_property
    def _levels(self) -> list[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
        """For each shift the distinct shifted values, and where each begins in ``order``."""
        sortable = self._moments.value[self._moments.order].astype(np.uint64) + np.uint64(SIGN)
        levels = []
        for shift in SHIFTS:
            values, starts = np.unique(sortable >> np.uint64(shift), return_index=True)
            levels.append((values, np.append(starts, len(sortable))))
        return levels

    @cached_property
    def _texts(self) -> list[bytes]:
        return [
            bytes([shift]) + value.to_bytes(8, "big")
            for shift, (values, _) in zip(SHIFTS, self._levels, strict=True)
            for value in values.tolist()
        ]

    def count(self) -> int:  # noqa: D102 - FieldTerms
        return len(self._texts)

    def find(self, text: bytes) -> int | None:  # noqa: D102 - FieldTerms
        number = self.seek(text)
        return number if number < self.count() and self._texts[number] == text else None

    def seek(self, text: bytes) -> int:  # noqa: D102 - FieldTerms
        return bisect_left(self._texts, text)

    def text(self, number: int) -> bytes:  # noqa: D102 - FieldTerms
        return self._texts[number]

    def frequency(self, number: int) -> int:  # noqa: D102 - FieldTerms
        return len(self._docs(number))

    def _docs(self, number: int) -> DocNumbers:
        for values, starts in self._levels:
            if number < len(values):
                return np.sort(self._moments.order[starts[number] : starts[number + 1]])
            number -= len(values)
        raise IndexError(number)

    def postings(self, number: int) -> FieldPostings:  # noqa: D102 - FieldTerms
        docs = self._docs(number)
        return FieldPostings(docs, np.ones(len(docs), np.uint8), None)


def fields_of(segment: SegmentFile) -> dict[str, FieldTerms]:
    """The terms of every Whoosh field of a segment; making them reads nothing."""
    fields: dict[str, FieldTerms] = {}
    for name in segment.layout.texts:
        fields[name] = FoldTerms(segment.channel(name), segment.terms)
        fields[accents_name(name)] = KeyTerms(segment.channel(name), segment.terms)
    for name in segment.layout.values:
        fields[name] = ValueTerms(segment.values(name))
    for name in segment.layout.moments:
        fields[name] = MomentTerms(segment.moments(name))
    return dict(sorted(fields.items()))
