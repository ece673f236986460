"""Values of documents: exact ones (section, source, author, id) and the date.

A *values* column ``NAME``: a dictionary of the distinct values (:mod:`index.codec.dictionary`),
``code`` (u32, documents: number of the value plus one, 0 for none), ``docs`` (u32: the documents
that have a value, by value and document) and ``doc_at`` (u32, values + 1: where each value's
begin).

A *moments* column ``NAME``: ``value`` (i64, documents: microseconds as Whoosh's DATETIME counts
them, -1 for none) and ``order`` (u32: the documents that have one, by value and document).

Invariant: one value a document at most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.container import Container, ContainerWriter
from index.codec.dictionary import Dictionary, write_dictionary
from index.codec.lists.doclists import DocNumbers

NO_MOMENT = -1


def write_values(writer: ContainerWriter, name: str, values: Sequence[bytes]) -> None:
    """Write a values column; an empty value is none."""
    distinct = sorted(set(values) - {b""})
    codes = {value: code for code, value in enumerate(distinct, 1)}
    codes[b""] = 0
    code = np.fromiter((codes[value] for value in values), np.uint32, len(values))
    write_dictionary(writer, name, distinct)
    writer.add(f"{name}.code", code)
    order = np.argsort(code, kind="stable").astype(np.uint32)
    missing = int(np.count_nonzero(code == 0))
    writer.add(f"{name}.docs", order[missing:])
    counts = np.bincount(code, minlength=len(distinct) + 1)[1:]
    writer.add(f"{name}.doc_at", np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32))


def write_moments(writer: ContainerWriter, name: str, values: NDArray[np.int64]) -> None:
    """Write a moments column."""
    writer.add(f"{name}.value", values)
    order = np.argsort(values, kind="stable").astype(np.uint32)
    writer.add(f"{name}.order", order[np.count_nonzero(values == NO_MOMENT) :])


class Values:
    """Reads a values column.

    Attributes:
        code: shape (documents,), u32: number of the value plus one, 0 for none.
        dictionary: the distinct values, sorted.
    """

    def __init__(self, container: Container, name: str) -> None:
        self.dictionary = Dictionary(container, name)
        self.code: NDArray[np.uint32] = container.array(f"{name}.code").view(np.uint32)
        self._docs = container.array(f"{name}.docs").view(np.uint32)
        self._doc_at = container.view(f"{name}.doc_at")

    def docs(self, number: int) -> DocNumbers:
        """The documents that have a value, ascending; deleted ones are among them."""
        return self._docs[self._doc_at[number] : self._doc_at[number + 1]]

    def docs_having(self, value: str) -> DocNumbers:
        """The documents that have this value; none if nobody has it."""
        number = self.dictionary.number(value.encode())
        return self._docs[:0] if number is None else self.docs(number)

    def docs_in(self, first: int, end: int) -> DocNumbers:
        """The documents that have any of a range of values, ascending."""
        return np.sort(self._docs[self._doc_at[first] : self._doc_at[end]])

    def docs_with_any(self) -> DocNumbers:
        """The documents that have a value, ascending."""
        return np.flatnonzero(self.code).astype(np.uint32)

    def value(self, doc: int) -> str:
        """The value of a document, or ""."""
        code = int(self.code[doc])
        return self.dictionary.term(code - 1).decode() if code else ""

    def counts(self, docs: NDArray[np.integer]) -> NDArray[np.int64]:
        """How many of ``docs`` have each value: shape (values,), the facet of a result."""
        return np.bincount(self.code[docs], minlength=len(self.dictionary) + 1)[1:]


class Moments:
    """Reads a moments column.

    Attributes:
        value: shape (documents,), i64 microseconds, -1 for none.
        order: the documents that have one, by value and document.
    """

    def __init__(self, container: Container, name: str) -> None:
        self.value: NDArray[np.int64] = container.array(f"{name}.value").view(np.int64)
        self.order: DocNumbers = container.array(f"{name}.order").view(np.uint32)

    def docs_between(self, first: int | None, last: int | None) -> DocNumbers:
        """The documents with ``first <= value <= last`` (None: no bound), ascending."""
        ordered = self.value[self.order] if len(self.order) else self.value[:0]
        start = 0 if first is None else int(np.searchsorted(ordered, first, side="left"))
        end = len(ordered) if last is None else int(np.searchsorted(ordered, last, side="right"))
        return np.sort(self.order[start:end])
