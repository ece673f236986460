"""Writes one text channel: the postings and occurrences of every folded term of one text field.

A channel (headline, summary, body) serves two Whoosh fields at once, the folded one and its accent
keys. Folds are added in ascending order, any number at a time, so that whatever their source
(tokens just sorted, or segments being merged) memory stays bounded.

Arrays of channel ``NAME`` (*folds* and *variants* as in the segment's dictionary):

- ``docs.*``: the documents of each fold (:mod:`index.codec.lists.doclists`);
- ``post_at`` (u32, folds + 1): where each fold's postings begin in ``tf`` (u8: occurrences in that
  document, 255 for that or more; then ``over_at`` and ``over_tf`` (u32) have posting and count);
- ``occ_at`` (u32, folds + 1): where each fold's occurrences begin in ``occ`` (u16), with ``esc_*``
  (:mod:`index.codec.channel.occurrences`);
- ``key_df`` (u32, variants): documents with each accent key;
- ``length`` (u8, documents): the field length as Whoosh's byte; ``tokens`` (u32) exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from index.codec.channel.occurrences import Occurrences, count_variants
from index.codec.container import ContainerWriter
from index.codec.lists.doclists import DocListsWriter, DocNumbers
from index.codec.spool import Spool

MOST_TF = 255

LENGTHS: NDArray[np.float64] = np.array([byte_to_length(code) for code in range(256)], np.float64)
"""The field length that each of Whoosh's length bytes stands for."""


class FoldPostings(NamedTuple):
    """The postings of consecutive folds.

    Attributes:
        frequencies: documents of each fold, shape (folds,).
        docs: ascending within a fold, shape (postings,).
        tf: occurrences of each posting, above 0, shape (postings,).
        occurrences: of all postings, one after the other.
    """

    frequencies: NDArray[np.int64]
    docs: DocNumbers
    tf: NDArray[np.int64]
    occurrences: Occurrences


def length_bytes(tokens: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Whoosh's one-byte field lengths, rounding up."""
    return np.minimum(np.searchsorted(LENGTHS, tokens), 255).astype(np.uint8)


class ChannelWriter:
    """Collects a channel fold by fold, then writes it."""

    def __init__(
        self, writer: ContainerWriter, name: str, variant_at: NDArray[np.int64], doc_count: int
    ) -> None:
        self._writer = writer
        self._name = name
        self._variant_at = variant_at
        self._docs = DocListsWriter(writer, doc_count)
        self._tf = Spool(writer, np.uint8)
        self._occ = Spool(writer, np.uint16)
        self._escapes = [Spool(writer, np.uint32) for _ in range(3)]
        self._over = [Spool(writer, np.uint32) for _ in range(2)]
        self._key_df = np.zeros(int(variant_at[-1]), np.int64)
        self._post_counts: list[NDArray[np.int64]] = []
        self._occ_counts: list[NDArray[np.int64]] = []
        self._folds = 0

    def add(self, part: FoldPostings) -> None:
        """Add the next folds."""
        first = self._folds
        count = len(part.frequencies)
        folds = np.repeat(np.arange(first, first + count), part.frequencies)
        self._docs.add(part.docs, part.frequencies)
        over = np.flatnonzero(part.tf >= MOST_TF)
        self._over[0].append(over + self._tf.items)
        self._over[1].append(part.tf[over])
        self._tf.append(np.minimum(part.tf, MOST_TF))
        occurrences = part.occurrences
        self._escapes[0].append(occurrences.esc_at + np.int64(self._occ.items))
        self._escapes[1].append(occurrences.esc_pos)
        self._escapes[2].append(occurrences.esc_rank)
        self._occ.append(occurrences.packed)
        self._key_df += count_variants(
            occurrences, part.tf, folds, self._variant_at, len(self._key_df)
        )
        self._post_counts.append(part.frequencies)
        self._occ_counts.append(
            np.bincount(folds - first, part.tf, minlength=count).astype(np.int64)
        )
        self._folds += count

    def write(self, tokens: NDArray[np.uint32]) -> None:
        """Write everything; ``tokens`` is the exact length of every document's text."""
        name = self._name
        self._docs.write(f"{name}.docs")
        self._write_starts(f"{name}.post_at", self._post_counts)
        self._tf.write(f"{name}.tf")
        self._over[0].write(f"{name}.over_at")
        self._over[1].write(f"{name}.over_tf")
        self._write_starts(f"{name}.occ_at", self._occ_counts)
        self._occ.write(f"{name}.occ")
        for spool, suffix in zip(self._escapes, ("at", "pos", "rank"), strict=True):
            spool.write(f"{name}.esc_{suffix}")
        self._writer.add(f"{name}.key_df", self._key_df.astype(np.uint32))
        self._writer.add(f"{name}.length", length_bytes(tokens))
        self._writer.add(f"{name}.tokens", tokens.astype(np.uint32))

    def _write_starts(self, name: str, counts: list[NDArray[np.int64]]) -> None:
        starts = np.zeros(self._folds + 1, np.int64)
        if counts:
            np.cumsum(np.concatenate(counts), out=starts[1:])
        if starts[-1] > np.iinfo(np.uint32).max:
            raise ValueError(f"{name}: more than 2**32 entries; split the segment")
        self._writer.add(name, starts.astype(np.uint32))
