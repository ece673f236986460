"""Lists of ascending document numbers, for many terms one after the other.

A list that would take more room than a bit for every document is *dense* and kept as a bitset; any
other is kept as gaps, 16 bits each: the first from -1, the others from the document before. A gap
of 65,535 or more is split: 65,535 stands for "so far and no document", then the rest follows.

Arrays of a set of lists ``NAME``: ``NAME.gap_at`` (u32, lists + 1) and ``NAME.gaps`` (u16);
``NAME.dense`` (u32, ascending list numbers) and ``NAME.bits`` (u64, ceil(documents / 64) words for
each dense list, document *d* is bit ``d % 64`` of word ``d // 64``). A dense list has no gaps.

Invariant: decoding gives back exactly the documents encoded, ascending.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.container import Container, ContainerWriter
from index.codec.spool import Spool

ESCAPE = 65_535

DocNumbers = NDArray[np.uint32]
Words = NDArray[np.uint64]


def words_for(doc_count: int) -> int:
    """How many 64-bit words a bitset over ``doc_count`` documents has."""
    return (doc_count + 63) // 64


def is_dense(frequencies: NDArray[np.int64], doc_count: int) -> NDArray[np.bool_]:
    """Which lists are shorter as a bitset than as 16-bit gaps."""
    return frequencies * 16 > words_for(doc_count) * 64


def bits_of(docs: DocNumbers, doc_count: int) -> Words:
    """The bitset of a list."""
    mask = np.zeros(words_for(doc_count) * 64, np.bool_)
    mask[docs] = True
    return np.packbits(mask, bitorder="little").view(np.uint64)


def mask_of(words: Words) -> NDArray[np.bool_]:
    """A bitset as one bool a document: shape (64 * words,)."""
    return np.unpackbits(words.view(np.uint8), bitorder="little").view(np.bool_)


def docs_of(words: Words) -> DocNumbers:
    """The list of a bitset."""
    return np.flatnonzero(mask_of(words)).astype(np.uint32)


def ranks_in(words: Words, docs: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many documents of a bitset come before each of ``docs``."""
    before = np.zeros(len(words), np.int64)
    np.cumsum(np.bitwise_count(words[:-1]), out=before[1:])
    at = docs >> 6
    bit = np.uint64(1) << (docs & 63).astype(np.uint64)
    ranks: NDArray[np.int64] = before[at] + np.bitwise_count(words[at] & (bit - np.uint64(1)))
    return ranks


def gaps_to_docs(gaps: NDArray[np.uint16]) -> DocNumbers:
    """Decode the gaps of one list."""
    docs: DocNumbers = np.cumsum(gaps, dtype=np.uint32)
    docs -= np.uint32(1)
    if len(docs) and docs[-1] >= ESCAPE - 1:
        docs = docs[gaps != ESCAPE]
    return docs


class GapLists(NamedTuple):
    """Gaps of several lists, one after the other: ``counts[i]`` of list *i*, with escapes."""

    gaps: NDArray[np.uint16]
    counts: NDArray[np.int64]


def encode_gaps(docs: DocNumbers, frequencies: NDArray[np.int64]) -> GapLists:
    """Encode lists, one after the other in ``docs``: ``frequencies[i]`` documents of list *i*."""
    steps = np.empty(len(docs), np.int64)
    if len(docs):
        steps[0] = docs[0] + 1
        np.subtract(docs[1:], docs[:-1], out=steps[1:], dtype=np.int64)
        firsts = (np.cumsum(frequencies) - frequencies)[frequencies > 0]
        steps[firsts] = docs[firsts].astype(np.int64) + 1
    escapes = steps // ESCAPE
    if not escapes.any():
        return GapLists(steps.astype(np.uint16), frequencies)
    # Whole multiples of 65,535 need a rest of 0, which is a gap like any other.
    ends = np.cumsum(escapes + 1)
    gaps = np.full(int(ends[-1]), ESCAPE, np.uint16)
    gaps[ends - 1] = steps - escapes * ESCAPE
    listed = np.repeat(np.arange(len(frequencies)), frequencies)
    counts = np.bincount(listed, escapes + 1, len(frequencies)).astype(np.int64)
    return GapLists(gaps, counts)


def decode_gap_lists(lists: GapLists) -> DocNumbers:
    """The documents of all lists, one list after the other: the inverse of :func:`encode_gaps`."""
    gaps, counts = lists
    sums = np.cumsum(gaps, dtype=np.int64)
    ends = np.cumsum(counts)
    before = np.zeros(len(counts), np.int64)
    filled = ends > 0
    before[filled] = sums[ends[filled] - 1]
    start = np.concatenate([[0], before])[:-1]
    docs: DocNumbers = (sums - np.repeat(start, counts) - 1)[gaps != ESCAPE].astype(np.uint32)
    return docs


class DocListsWriter:
    """Collects lists in order, any number at a time, and writes them as one set.

    Args:
        directory: where arrays that outgrow memory wait.
        doc_count: how many documents the segment has.
    """

    def __init__(self, directory: Path, doc_count: int) -> None:
        self._doc_count = doc_count
        self._counts: list[NDArray[np.int64]] = []
        self._gaps = Spool(directory, np.uint16)
        self._dense: list[NDArray[np.int64]] = []
        self._bits = Spool(directory, np.uint64)
        self._lists = 0

    def add(self, docs: DocNumbers, frequencies: NDArray[np.int64]) -> None:
        """Add lists, one after the other in ``docs``: ``frequencies[i]`` of list *i*."""
        dense = is_dense(frequencies, self._doc_count)
        if dense.any():
            ends = np.cumsum(frequencies)
            for number in np.flatnonzero(dense):
                own = docs[ends[number] - frequencies[number] : ends[number]]
                self._bits.append(bits_of(own, self._doc_count))
            docs = docs[~np.repeat(dense, frequencies)]
            self._dense.append(np.flatnonzero(dense) + self._lists)
        lists = encode_gaps(docs, np.where(dense, 0, frequencies))
        self._gaps.append(lists.gaps)
        self._counts.append(lists.counts)
        self._lists += len(frequencies)

    def write(self, writer: ContainerWriter, name: str) -> None:
        """Write the set and release the temporary storage."""
        at = np.zeros(self._lists + 1, np.uint32)
        if self._counts:
            np.cumsum(np.concatenate(self._counts), out=at[1:])
        writer.add(f"{name}.gap_at", at)
        self._gaps.write(writer, f"{name}.gaps")
        dense = np.concatenate(self._dense) if self._dense else np.zeros(0, np.int64)
        writer.add(f"{name}.dense", dense.astype(np.uint32))
        self._bits.write(writer, f"{name}.bits")


class DocLists:
    """Reads a set of lists."""

    def __init__(self, container: Container, name: str, doc_count: int) -> None:
        self._gap_at = container.view(f"{name}.gap_at")
        self._gap_at_array = container.array(f"{name}.gap_at")
        self._gaps = container.array(f"{name}.gaps").view(np.uint16)
        self._dense_array = container.array(f"{name}.dense")
        self._bits = container.array(f"{name}.bits").view(np.uint64)
        self._words = words_for(doc_count)

    def __len__(self) -> int:
        return len(self._gap_at) - 1

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
        return gaps_to_docs(self._gaps[self._gap_at[number] : self._gap_at[number + 1]])

    def decode(self, first: int, end: int) -> tuple[DocNumbers, NDArray[np.int64]]:
        """The documents of lists ``first`` to ``end``, and how many each of them has."""
        at = self._gap_at_array[first : end + 1].astype(np.int64)
        gaps = self._gaps[at[0] : at[-1]]
        counts = np.diff(at)
        docs = decode_gap_lists(GapLists(gaps, counts))
        escapes = np.flatnonzero(gaps == ESCAPE)
        frequencies = counts
        if len(escapes):
            listed = np.searchsorted(at[1:] - at[0], escapes, side="right")
            frequencies = counts - np.bincount(listed, minlength=len(counts))
        return self._with_dense(docs, frequencies, first, end)

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
            own = docs_of(self._bits[row * self._words : (row + 1) * self._words])
            pieces += [docs[done : starts[number]], own]
            done = int(starts[number])
            frequencies[number] = len(own)
        return np.concatenate([*pieces, docs[done:]]), frequencies
