"""From analysed articles to one segment on disk, by sorting.

All tokens of a batch are put into the order fold, document, position by one sort of numbers; the
rest is arithmetic on whole arrays. Memory: about 40 bytes a token while writing.

Knows nothing of how texts are analysed, nor of what a stored article means.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.occurrences import pack
from index.codec.channel.pairs import ABSENT, NOT_PAIRED, find_pairs
from index.codec.channel.writer import ChannelWriter, FoldPostings
from index.codec.columns import write_moments, write_values
from index.codec.container import ContainerWriter
from index.codec.documents import Compressor, starts_of
from index.codec.lists.doclists import DocListsWriter
from index.codec.segment.layout import Layout
from index.codec.segment.profile import Profile
from index.codec.terms import TermTable, make_table, sorted_numbers


class Analysed(NamedTuple):
    """The terms of one text: ``keys`` are vocabulary numbers, ``positions`` never decrease."""

    keys: NDArray[np.uint32]
    positions: NDArray[np.uint32]


class Entry(NamedTuple):
    """One article ready for indexing.

    Attributes:
        stored: what readers of the index get back.
        values: one for each values field of the layout, "" for none.
        moments: one for each moments field, -1 for none.
        texts: one for each text field.
    """

    stored: bytes
    values: tuple[str, ...]
    moments: tuple[int, ...]
    texts: tuple[Analysed, ...]


class Words(Protocol):
    """The vocabulary that analysed texts refer to; the analyser's is one."""

    @property
    def keys(self) -> Sequence[str]:
        """Accent keys by number."""
        ...

    @property
    def folded(self) -> Sequence[str]:
        """Folded terms by number."""
        ...

    @property
    def fold_of(self) -> NDArray[np.uint32]:
        """The number of each key's folded term."""
        ...


class SegmentText(NamedTuple):
    """One field of a segment that was written, text after text.

    Attributes:
        keys: every token's key, as a place in the segment's keys.
        positions: its position in its text.
        lengths: of every document.
    """

    keys: NDArray[np.int64]
    positions: NDArray[np.uint32]
    lengths: NDArray[np.uint32]


class SegmentTexts(NamedTuple):
    """The texts of a segment in its own numbers.

    Attributes:
        keys: its accent keys, sorted.
        folded: the folded term of each.
        texts: one for each text field.
    """

    keys: list[bytes]
    folded: list[bytes]
    texts: tuple[SegmentText, ...]


class _Text(NamedTuple):
    """All texts of one field: every token's key, document and position; every document's length."""

    keys: NDArray[np.uint32]
    docs: NDArray[np.uint32]
    positions: NDArray[np.uint32]
    lengths: NDArray[np.uint32]


class SegmentBuilder:
    """Collects articles, then writes them as one segment."""

    def __init__(self, layout: Layout, profile: Profile) -> None:
        self._layout = layout
        self._profile = profile
        self._compress = Compressor(profile.zdict)
        self._frames: list[bytes] = []
        self._values: list[tuple[str, ...]] = []
        self._moments: list[tuple[int, ...]] = []
        self._texts: list[tuple[Analysed, ...]] = []
        self.tokens = 0

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, entry: Entry) -> None:
        """Add an article; its document number is how many came before."""
        self._frames.append(self._compress(entry.stored))
        self._values.append(entry.values)
        self._moments.append(entry.moments)
        self._texts.append(entry.texts)
        self.tokens += sum(len(text.keys) for text in entry.texts)

    def write(self, path: Path, words: Words) -> SegmentTexts:
        """Write the segment; on an error there is no file.

        Returns:
            The texts as they were written, for who wants to count them.
        """
        texts = [self._gather(number) for number in range(len(self._layout.texts))]
        table, key_numbers = _term_table(texts, words)
        written: list[SegmentText] = []
        with ContainerWriter(path) as writer:
            table.write(writer)
            for name, text in zip(self._layout.texts, texts, strict=True):
                keys = key_numbers[text.keys]
                channel = ChannelWriter(writer, name, table.variant_at, len(self))
                channel.add(invert(text.docs, text.positions, keys, table))
                channel.write(text.lengths)
                written.append(SegmentText(keys, text.positions, text.lengths))
                if name in self._layout.paired:
                    self._write_pairs(writer, name, text, table, table.key_fold[keys])
            self._write_columns(writer)
            writer.finish(segment_facts(self._layout, len(self), [t.lengths for t in texts]))
        folded = [table.folds[fold] for fold in table.key_fold.tolist()]
        return SegmentTexts(table.keys, folded, tuple(written))

    def _gather(self, number: int) -> _Text:
        field_texts = [texts[number] for texts in self._texts]
        lengths = np.fromiter((len(text.keys) for text in field_texts), np.uint32, len(field_texts))
        empty = [np.zeros(0, np.uint32)]
        return _Text(
            np.concatenate(empty + [text.keys for text in field_texts]),
            np.repeat(np.arange(len(field_texts), dtype=np.uint32), lengths),
            np.concatenate(empty + [text.positions for text in field_texts]),
            lengths,
        )

    def _write_pairs(
        self,
        writer: ContainerWriter,
        name: str,
        text: _Text,
        table: TermTable,
        folds: NDArray[np.int64],
    ) -> None:
        numbers, present = pair_numbers(self._profile.pair_terms, table.folds)
        pairs = find_pairs(numbers[folds], text.docs, text.positions)
        lists = DocListsWriter(writer, len(self))
        if self._profile.pair_terms:
            lists.add(pairs.docs, pairs.frequencies)
        writer.add(f"{name}.pair_folds", present)
        lists.write(f"{name}.pairs")
        terms = b"\0".join(self._profile.pair_terms)
        writer.add(f"{name}.pair_terms", np.frombuffer(terms, np.uint8))

    def _write_columns(self, writer: ContainerWriter) -> None:
        for number, name in enumerate(self._layout.values):
            write_values(writer, name, [values[number].encode() for values in self._values])
        for number, name in enumerate(self._layout.moments):
            moments = (values[number] for values in self._moments)
            write_moments(writer, name, np.fromiter(moments, np.int64, len(self)))
        writer.add("stored.data", np.frombuffer(b"".join(self._frames), np.uint8))
        writer.add("stored.at", starts_of(np.fromiter(map(len, self._frames), np.int64, len(self))))
        writer.add("stored.zdict", np.frombuffer(self._profile.zdict, np.uint8))


def segment_facts(
    layout: Layout, documents: int, lengths: Sequence[NDArray[np.uint32]]
) -> dict[str, int | str | list[str] | dict[str, int]]:
    """What the footer of a segment says besides where its arrays are."""
    totals = {
        name: int(counts.sum(dtype=np.int64))
        for name, counts in zip(layout.texts, lengths, strict=True)
    }
    return {
        "documents": documents,
        "texts": list(layout.texts),
        "paired": list(layout.paired),
        "values": list(layout.values),
        "moments": list(layout.moments),
        "stored": layout.stored,
        "tokens": totals,
    }


def pair_numbers(
    pair_terms: Sequence[bytes], folds: Sequence[bytes]
) -> tuple[NDArray[np.int16], NDArray[np.uint32]]:
    """The pair number of every fold of a segment, and the fold of every pair number."""
    numbers = np.full(len(folds), NOT_PAIRED, np.int16)
    present = np.full(len(pair_terms), ABSENT, np.uint32)
    known = {term: number for number, term in enumerate(pair_terms)}
    for fold, term in enumerate(folds):
        number = known.get(term)
        if number is not None:
            numbers[fold] = number
            present[number] = fold
    return numbers, present


def _term_table(texts: Sequence[_Text], words: Words) -> tuple[TermTable, NDArray[np.int64]]:
    """The terms of a batch, sorted; and the new number of every vocabulary number."""
    frequencies = np.zeros(len(words.keys), np.int64)
    for text in texts:
        frequencies += np.bincount(text.keys, minlength=len(frequencies))
    used = np.flatnonzero(frequencies)
    keys, key_order = sorted_numbers([words.keys[number].encode() for number in used.tolist()])
    used_folds, fold_index = np.unique(words.fold_of[used], return_inverse=True)
    fold_texts = [words.folded[number].encode() for number in used_folds.tolist()]
    folds, fold_order = sorted_numbers(fold_texts)
    key_fold = np.empty(len(used), np.int64)
    key_fold[key_order] = fold_order[fold_index]
    sorted_frequencies = np.empty(len(used), np.int64)
    sorted_frequencies[key_order] = frequencies[used]
    numbers = np.zeros(len(words.keys), np.int64)
    numbers[used] = key_order
    return make_table(folds, keys, key_fold, sorted_frequencies), numbers


def invert(
    docs: NDArray[np.uint32],
    positions: NDArray[np.uint32],
    keys: NDArray[np.int64],
    table: TermTable,
) -> FoldPostings:
    """Turn tokens in text order into postings in the order of folds."""
    folds = table.key_fold[keys]
    order = _stable_order(folds, len(table.folds))
    folds, docs = folds[order], docs[order]
    starts = np.ones(len(folds), np.bool_)
    np.not_equal(folds[1:], folds[:-1], out=starts[1:])
    starts[1:] |= docs[1:] != docs[:-1]
    at = np.flatnonzero(starts)
    ranks = table.rank_of_key()[keys[order]].astype(np.uint32)
    return FoldPostings(
        np.bincount(folds[at], minlength=len(table.folds)).astype(np.int64),
        docs[at],
        np.diff(at, append=len(folds)),
        pack(positions[order], ranks),
    )


def _stable_order(folds: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    if count <= 1 << 16:  # numpy sorts 16-bit numbers by radix, several times quicker
        return np.argsort(folds.astype(np.uint16), kind="stable").astype(np.int64, copy=False)
    tokens = np.arange(len(folds), dtype=np.uint64)
    packed = np.sort(folds.astype(np.uint64) << np.uint64(32) | tokens)
    order: NDArray[np.int64] = (packed & np.uint64(0xFFFF_FFFF)).astype(np.int64)
    return order
