"""Lists of ascending document numbers, for many terms one after the other.

A list that would take more room in 16-bit gaps than as a bit for every document is *dense* and kept
as a bitset, which is what intersections are made of; any other is kept as gaps of one byte or two
(:mod:`index.codec.lists.gaps`).

Arrays of a set of lists ``NAME``: ``NAME.at`` (u32, lists + 1: the starts of the lists of gaps, and
twice their end) and ``NAME.gaps`` (u16); ``NAME.dense`` (u32, ascending list numbers) and
``NAME.bits`` (u64, ceil(documents / 64) words for each dense list, document *d* is bit ``d % 64``
of word ``d // 64``). A dense list has no gaps. Version 1 of the format had 16-bit gaps only, and
in place of ``NAME.at`` the units that lists begin at, ``NAME.gap_at``.

Invariant: decoding gives back exactly the documents encoded, ascending.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.codec.container import Container, ContainerWriter
from index.codec.lists.gaps import GapLists, decode_gap_lists, decode_gaps, encode_gaps
from index.codec.spool import Spool

COMPILED = usable("index.codec.lists.compiled")
if COMPILED:
    from index.codec.lists import compiled as compiled_lists

DocNumbers = NDArray[np.uint32]
Words = NDArray[np.uint64]


def words_for(doc_count: int) -> int:
    """How many 64-bit words a bitset over ``doc_count`` documents has."""
    return (doc_count + 63) // 64


def is_dense(frequencies: NDArray[np.int64], doc_count: int) -> NDArray[np.bool_]:
    """Which lists are shorter as a bitset than as 16-bit gaps."""
    return frequencies * 16 > words_for(doc_count) * 64


def bits_of(docs: NDArray[np.integer], doc_count: int) -> Words:
    """The bitset of a list."""
    mask = np.zeros(words_for(doc_count) * 64, np.bool_)
    mask[docs] = True
    return np.packbits(mask, bitorder="little").view(np.uint64)


def mask_of(words: Words) -> NDArray[np.bool_]:
    """A bitset as one bool a document: shape (64 * words,)."""
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


def docs_of(words: Words) -> DocNumbers:
    """The list of a bitset."""
    if not COMPILED:
        return np.flatnonzero(mask_of(words)).astype(np.uint32)
    docs = np.empty(compiled_lists.count_documents(words), np.uint32)
    compiled_lists.list_documents(words, docs)
    return docs


def rows_of(words: Words) -> NDArray[np.intp]:
    """The list of a bitset, as numbers that NumPy gathers by twice as fast."""
    if not COMPILED:
        return np.flatnonzero(mask_of(words))
    rows = np.empty(compiled_lists.count_documents(words), np.int64)
    compiled_lists.list_documents(words, rows)
    return rows


def add_bits(words: Words, docs: DocNumbers) -> None:
    """Add ascending documents to a bitset."""
    if not COMPILED:
        words |= bits_of(docs, 64 * len(words))
    else:
        compiled_lists.set_bits(words, docs)


def contains(words: Words, docs: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of ``docs`` are in a bitset: shape (len(docs),)."""
    if COMPILED:
        return compiled_lists.contains(words, docs.astype(np.int64, copy=False)).view(np.bool_)
    contained: NDArray[np.bool_] = (
        words[docs >> 6] >> (docs & 63).astype(np.uint64) & np.uint64(1) > 0
    )
    return contained


def ranks_in(words: Words, docs: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many documents of a bitset come before each of ``docs``."""
    before = np.zeros(len(words), np.int64)
    np.cumsum(np.bitwise_count(words[:-1]), out=before[1:])
    at = docs >> 6
    bit = np.uint64(1) << (docs & 63).astype(np.uint64)
    ranks: NDArray[np.int64] = before[at] + np.bitwise_count(words[at] & (bit - np.uint64(1)))
    return ranks


class DocListsWriter:
    """Collects lists in order, any number at a time, and writes them as one set.

    Args:
        writer: of the file in which the lists will be.
        doc_count: how many documents the segment has.
    """

    def __init__(self, writer: ContainerWriter, doc_count: int) -> None:
        self._writer = writer
        self._doc_count = doc_count
        self._starts: list[NDArray[np.int64]] = []
        self._gaps = Spool(writer, np.uint16)
        self._dense: list[NDArray[np.int64]] = []
        self._bits = Spool(writer, np.uint64)
        self._lists = 0

    def add(self, docs: DocNumbers, frequencies: NDArray[np.int64]) -> None:
        """Add lists, one after the other in ``docs``: ``frequencies[i]`` of list *i*."""
        dense = is_dense(frequencies, self._doc_count)
        if dense.any():
            ends = np.cumsum(frequencies)
            for number in np.flatnonzero(dense):
                list_docs = docs[ends[number] - frequencies[number] : ends[number]]
                self._bits.append(bits_of(list_docs, self._doc_count))
            docs = docs[~np.repeat(dense, frequencies)]
            self._dense.append(np.flatnonzero(dense) + self._lists)
        lists = encode_gaps(docs, np.where(dense, 0, frequencies))
        starts = np.cumsum(lists.counts) - lists.counts + self._gaps.items
        self._starts.append(2 * starts + lists.in_bytes)
        self._gaps.append(lists.units)
        self._lists += len(frequencies)

    def write(self, name: str) -> None:
        """Write the set and release the temporary storage."""
        writer = self._writer
        end = 2 * self._gaps.items
        if end > np.iinfo(np.uint32).max:
            raise ValueError(f"{name}: more than 4 GB of gaps; split the segment")
        at = np.concatenate([*self._starts, np.array([end], np.int64)])
        writer.add(f"{name}.at", at.astype(np.uint32))
        self._gaps.write(f"{name}.gaps")
        dense = np.concatenate(self._dense) if self._dense else np.zeros(0, np.int64)
        writer.add(f"{name}.dense", dense.astype(np.uint32))
        self._bits.write(f"{name}.bits")


class DocLists:
    """Reads a set of lists."""

    def __init__(self, container: Container, name: str, doc_count: int) -> None:
        if f"{name}.at" in container.names():
            at = container.array(f"{name}.at").view(np.uint32)
        else:
            at = container.array(f"{name}.gap_at").view(np.uint32) << np.uint32(1)
        self._at_array: NDArray[np.uint32] = at
        self._at = at.data
        self._gaps = container.array(f"{name}.gaps").view(np.uint16)
        self._dense_array: NDArray[np.uint32] = container.array(f"{name}.dense").view(np.uint32)
        self._bits = container.array(f"{name}.bits").view(np.uint64)
        self._words = words_for(doc_count)

    def __len__(self) -> int:
        return len(self._at) - 1

    @property
    def arrays(self) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint32], Words]:
        """The arrays ``at``, ``gaps``, ``dense`` and ``bits``, as they are in the file."""
        return self._at_array, self._gaps, self._dense_array, self._bits

    @property
    def words_each(self) -> int:
        """How many words the bitset of a dense list has."""
        return self._words

    @cached_property
    def _dense(self) -> dict[int, int]:
        return {int(number): row for row, number in enumerate(self._dense_array)}

    def words(self, number: int) -> Words | None:
        """The bitset of a dense list, a view of the file; None for any other list."""
        row = self._dense.get(number)
        if row is None:
            return None
        return self._bits[row * self._words : (row + 1) * self._words]

    def docs(self, number: int) -> DocNumbers:
        """The documents of a list."""
        words = self.words(number)
        if words is not None:
            return docs_of(words)
        start = self._at[number]
        units = self._gaps[start >> 1 : self._at[number + 1] >> 1]
        return decode_gaps(units.view(np.uint8) if start & 1 else units)

    def add_to(self, words: Words, number: int) -> None:
        """Add the documents of a list to a bitset."""
        list_words = self.words(number)
        if list_words is None:
            add_bits(words, self.docs(number))
        else:
            words |= list_words

    def union(self, first: int, end: int) -> Words:
        """The documents that are in any of lists ``first`` to ``end``, as a bitset."""
        docs, _ = self._sparse(first, end)
        words = bits_of(docs, self._words * 64)
        for row in range(*np.searchsorted(self._dense_array, [first, end]).tolist()):
            words |= self._bits[row * self._words : (row + 1) * self._words]
        return words

    def decode(self, first: int, end: int) -> tuple[DocNumbers, NDArray[np.int64]]:
        """The documents of lists ``first`` to ``end``, and how many each of them has."""
        return self._with_dense(*self._sparse(first, end), first, end)

    def _sparse(self, first: int, end: int) -> tuple[DocNumbers, NDArray[np.int64]]:
        """The same, where a dense list has none."""
        at = self._at_array[first : end + 1]
        starts = (at >> np.uint32(1)).astype(np.int64)
        units = self._gaps[starts[0] : starts[-1]]
        in_bytes = (at[:-1] & np.uint32(1)).astype(np.bool_)
        return decode_gap_lists(GapLists(units, np.diff(starts), in_bytes))

    def _with_dense(
        self, docs: DocNumbers, frequencies: NDArray[np.int64], first: int, end: int
    ) -> tuple[DocNumbers, NDArray[np.int64]]:
        rows = range(*np.searchsorted(self._dense_array, [first, end]).tolist())
        if not rows:
            return docs, frequencies
        starts = np.cumsum(frequencies) - frequencies
        frequencies = frequencies.copy()
        pieces: list[DocNumbers] = []
        done = 0
        for row in rows:
            number = int(self._dense_array[row]) - first
            list_docs = docs_of(self._bits[row * self._words : (row + 1) * self._words])
            pieces += [docs[done : starts[number]], list_docs]
            done = int(starts[number])
            frequencies[number] = len(list_docs)
        return np.concatenate([*pieces, docs[done:]]), frequencies
