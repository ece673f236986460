"""The texts of a segment as streams of accent keys, read back from the index.

Whoever derives data from the texts (a language model, acronyms) need not analyse them again: every
token is in the index with its document and position. Occurrences are put back where they stood by
one scatter into a temporary file, some millions at a time, so that memory stays bounded.

Of tokens stacked on one position (the whole "covid19" and its first part "covid") the longer key
comes first, as the analyser gives them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.channel import Channel
from index.codec.segment.file import SegmentFile
from index.storage.durable import reserve

CHUNK = 4_000_000
BATCH = 1_000_000
_LONGEST = 63


class KeyNumbers:
    """The keys of a segment by number, in the shape of an analyser's vocabulary."""

    def __init__(self, segment: SegmentFile) -> None:
        self._table = segment.terms.table()

    @cached_property
    def keys(self) -> Sequence[str]:
        """Accent keys; the number of a key is its index."""
        return [key.decode() for key in self._table.keys]

    @cached_property
    def folded(self) -> Sequence[str]:
        """Folded terms."""
        return [fold.decode() for fold in self._table.folds]

    @cached_property
    def fold_of(self) -> NDArray[np.uint32]:
        """The number of each key's folded term."""
        return self._table.key_fold.astype(np.uint32)


class Text(NamedTuple):
    """One text: key numbers in text order, and their positions, which never fall."""

    keys: NDArray[np.uint32]
    positions: NDArray[np.uint32]


class _Tokens(NamedTuple):
    """Some occurrences: document, position and key of each."""

    docs: NDArray[np.uint32]
    positions: NDArray[np.int64]
    keys: NDArray[np.uint32]


def texts_of(segment: SegmentFile, text_field: str) -> Iterator[Text]:
    """The text of every document of a segment in one field, deleted ones included, in order."""
    channel = segment.channel(text_field)
    ends = np.zeros(segment.doc_count, np.int64)
    for tokens in _chunks(segment, channel):
        np.maximum.at(ends, tokens.docs, tokens.positions + 1)
    starts = np.concatenate([[0], np.cumsum(ends)])
    with tempfile.TemporaryFile(dir=segment.path.parent) as file:
        reserve(file, max(4 * int(starts[-1]), 4))
        # A key's number plus one; 0 is a position where nothing stands.
        slots = np.memmap(file, np.uint32, "r+")
        stacked = _fill(slots, starts, _chunks(segment, channel))
        lengths = np.fromiter(map(len, segment.terms.keys.terms()), np.int64)
        yield from _read(slots, starts, stacked, np.minimum(lengths, _LONGEST))


def _chunks(segment: SegmentFile, channel: Channel) -> Iterator[_Tokens]:
    starts = channel.occurrence_starts.astype(np.int64)
    first = 0
    while first < len(starts) - 1:
        end = int(np.searchsorted(starts, starts[first] + CHUNK, side="right")) - 1
        end = max(end, first + 1)
        part = channel.part(first, end)
        positions, ranks = part.occurrences.unpacked()
        folds = np.repeat(np.arange(first, end), part.frequencies)
        variants = np.repeat(segment.terms.variant_at[folds], part.tf) + ranks
        docs = np.repeat(part.docs, part.tf)
        yield _Tokens(docs, positions, segment.terms.variant_key[variants])
        first = end


def _fill(
    slots: NDArray[np.uint32], starts: NDArray[np.int64], chunks: Iterator[_Tokens]
) -> NDArray[np.int64]:
    """Put every key at its place; returns those that found it taken, as ``place << 32 | key``."""
    stacked = [np.zeros(0, np.int64)]
    for tokens in chunks:
        places = starts[tokens.docs] + tokens.positions
        keys = tokens.keys + np.uint32(1)
        free = slots[places] == 0
        slots[places[free]] = keys[free]
        lost = slots[places] != keys
        stacked.append(places[lost] << 32 | tokens.keys[lost])
    return np.sort(np.concatenate(stacked))


def _read(
    slots: NDArray[np.uint32],
    starts: NDArray[np.int64],
    stacked: NDArray[np.int64],
    key_lengths: NDArray[np.int64],
) -> Iterator[Text]:
    first = 0
    while first < len(starts) - 1:
        end = int(np.searchsorted(starts, starts[first] + BATCH, side="right")) - 1
        end = min(max(end, first + 1), len(starts) - 1)
        low, high = starts[first], starts[end]
        batch = slots[low:high]
        here = np.flatnonzero(batch)
        more = stacked[slice(*np.searchsorted(stacked, [low << 32, high << 32]))]
        places = np.concatenate([here + low, more >> 32])
        keys = np.concatenate([batch[here] - np.uint32(1), (more & 0xFFFF_FFFF).astype(np.uint32)])
        # Two ascending runs but for the ties, which a stable sort merges in one pass.
        order = np.argsort(places * 64 + (_LONGEST - key_lengths[keys]), kind="stable")
        places, keys = places[order], keys[order]
        bounds = np.searchsorted(places, starts[first : end + 1])
        positions = (places - np.repeat(starts[first:end], np.diff(bounds))).astype(np.uint32)
        for begin, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            yield Text(keys[begin:stop], positions[begin:stop])
        first = end
