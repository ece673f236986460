"""Articles that may be near-duplicates: pairs that share many runs of their rarer words.

A *trace* is three of an article's rarer words that follow one another, whatever common words stand
between. What makes a text recognisable are its names, numbers and unusual words, and small changes
of wording around them leave most traces as they are. Only words that at least two articles have
count, so that a slip of the finger is passed over. All is read back from the index: the postings
of rare words are few, so nothing is analysed again and most of the index is not even read.

Invariant: a trace depends on the words alone, so articles of different segments can be compared;
the same index gives the same pairs. Whether they are near-duplicates is not decided here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.channel import Channel
from index.codec.segment.file import SegmentFile
from index.snapshot import Snapshot

WORDS_AN_ARTICLE = 60
"""Rarer words an article has on average: of 100,000 news articles, those that fewer than 11,000 of
them have. With 40, a twentieth fewer of altered copies are found."""

LEAST_WORDS = 2_000_000
"""All articles together: of a few thousand, more words an article are looked at, or all."""

MOST_WORDS = 24_000_000
"""Likewise: beyond 400,000 articles fewer words are looked at, which bounds memory at about a
gigabyte."""

FIELDS = ("summary", "body")
"""Where traces come from; papers that share a text write headlines of their own."""

SAMPLED = 2
"""One trace in so many is looked at."""

COMMON = 0.4
"""Pairs that share fewer of the shorter text's traces than this are not alike. Copies with a tenth
of the sentences left out, another lead and one word in a hundred misspelled share 0.66 to 0.75."""

LEAST_COMMON = 2

_NEIGHBOURS = 8
"""Documents that share a trace are paired with so many next ones: copies chain up, while wording
that hundreds share (a paper's closing lines) does not make pairs of them all."""

_FIELD_BITS = 28
_DOC_BITS = 32
_LOW = np.uint64(0xFFFF_FFFF)
_FACTORS = (0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9)
_MIX = np.uint64(0xBF58_476D_1CE4_E5B9)

Pairs = NDArray[np.int64]
"""Two rows of document numbers, shape (2, pairs)."""


def find_candidate_pairs(snapshot: Snapshot) -> Pairs:
    """Pairs of a snapshot's documents that share many traces: the lower number first, ascending."""
    traces = _read_traces(snapshot)
    doc = (traces & _LOW).astype(np.int64)
    counts = np.bincount(doc, minlength=snapshot.doc_count_all)
    trace = traces >> np.uint64(_DOC_BITS)
    by_distance = [np.zeros(0, np.int64)]
    for ahead in range(1, _NEIGHBOURS + 1):
        same = np.flatnonzero(trace[ahead:] == trace[:-ahead])
        by_distance.append(doc[same] << _DOC_BITS | doc[same + ahead])
    packed = np.sort(np.concatenate(by_distance))
    starts = np.flatnonzero(np.diff(packed, prepend=-1))
    shared = np.diff(np.append(starts, len(packed)))
    pairs = np.stack([packed[starts] >> _DOC_BITS, packed[starts] & int(_LOW)])
    shorter = counts[pairs].min(axis=0)
    return pairs[:, (shared >= LEAST_COMMON) & (shared >= COMMON * shorter)]


def _read_traces(snapshot: Snapshot) -> NDArray[np.uint64]:
    """The distinct sampled traces of all documents but deleted ones: ``trace << 32 | document``."""
    segments = [leaf.segment for leaf in snapshot.leaves]
    anchors = _choose_anchors(segments, snapshot.doc_count)
    traces = [np.zeros(0, np.uint64)]
    for leaf, (codes, frequent) in zip(snapshot.leaves, anchors, strict=True):
        words = _read_words(leaf.segment, codes, frequent)
        if leaf.alive is not None:
            words = words.of(leaf.alive[words.docs])
        traces.append(_three_by_three(words, leaf.base))
    packed = np.concatenate(traces)
    packed.sort()
    new = np.ones(len(packed), np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=new[1:])
    return packed[new]


class _Anchors(NamedTuple):
    """The words of one segment that traces are made of.

    Attributes:
        codes: a number for the word of each fold, 0 for words that do not count.
        frequent: the folds that are too frequent.
    """

    codes: NDArray[np.uint64]
    frequent: NDArray[np.int64]


def _choose_anchors(segments: Sequence[SegmentFile], doc_count: int) -> list[_Anchors]:
    """The rarest words that two articles have, as many as there is room for."""
    codes = [
        np.fromiter(map(zlib.crc32, segment.terms.folds.terms()), np.uint32) for segment in segments
    ]
    distinct, number = np.unique(
        np.concatenate([np.zeros(0, np.uint32), *codes]), return_inverse=True
    )
    numbers = np.split(number, np.cumsum([len(part) for part in codes])[:-1])
    docs, words = np.zeros((2, len(distinct)), np.int64)
    for name in FIELDS:
        having = np.zeros(len(distinct), np.int64)
        for segment, numbers_here in zip(segments, numbers, strict=True):
            having += _added(numbers_here, _document_counts(segment, name), len(distinct))
            starts = segment.channel(name).occurrence_starts
            words += _added(numbers_here, _steps(starts.astype(np.int64)), len(distinct))
        np.maximum(docs, having, out=docs)
    shared = docs > 1
    by_rarity = np.argsort(docs, kind="stable")
    room = min(max(WORDS_AN_ARTICLE * doc_count, LEAST_WORDS), MOST_WORDS)
    fitting = np.cumsum(np.where(shared, words, 0)[by_rarity]) <= room
    rare = np.zeros(len(distinct), np.bool_)
    rare[by_rarity[fitting]] = True
    return [
        _Anchors(
            np.where((rare & shared)[numbers_here], code, 0).astype(np.uint64),
            np.flatnonzero(~rare[numbers_here]),
        )
        for code, numbers_here in zip(codes, numbers, strict=True)
    ]


def _added(numbers: NDArray[np.intp], counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Counts by number."""
    added = np.zeros(size, np.int64)
    np.add.at(added, numbers, counts)
    return added


def _document_counts(segment: SegmentFile, text_field: str) -> NDArray[np.int64]:
    """At least how many documents have each fold: those of its accent keys, added up."""
    counts = segment.channel(text_field).variant_dfs.astype(np.int64)
    before = np.concatenate([[0], np.cumsum(counts)])
    return _steps(before[segment.terms.variant_at])


def _steps(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    return starts[1:] - starts[:-1]


class _Words(NamedTuple):
    """Occurrences of words that count: document, place (by field and position) and code."""

    docs: NDArray[np.int64]
    places: NDArray[np.int64]
    codes: NDArray[np.uint64]

    def of(self, chosen: NDArray[np.bool_]) -> _Words:
        """Some of them."""
        return _Words(self.docs[chosen], self.places[chosen], self.codes[chosen])


def _read_words(
    segment: SegmentFile, codes: NDArray[np.uint64], frequent: NDArray[np.int64]
) -> _Words:
    """The occurrences of a segment's rare words in text order."""
    parts = [_Words(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64))]
    for field, name in enumerate(FIELDS):
        channel = segment.channel(name)
        for first, end in _between(frequent, len(codes)):
            parts.append(_occurrences(channel, first, end, codes, field << _FIELD_BITS))
    docs, places, word_codes = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.argsort(docs << _DOC_BITS | places, kind="stable")
    return _Words(docs[order], places[order], word_codes[order])


def _between(frequent: NDArray[np.int64], end: int) -> Iterator[tuple[int, int]]:
    """The runs of folds between frequent ones."""
    first = 0
    for fold in [*frequent.tolist(), end]:
        if fold > first:
            yield first, fold
        first = fold + 1


def _occurrences(
    channel: Channel, first: int, end: int, codes: NDArray[np.uint64], offset: int
) -> _Words:
    part = channel.part(first, end)
    positions, _ = part.occurrences.unpacked()
    posting_codes = np.repeat(codes[first:end], part.frequencies)
    words = _Words(
        np.repeat(part.docs, part.tf).astype(np.int64),
        positions + offset,
        np.repeat(posting_codes, part.tf),
    )
    return words.of(words.codes > 0)


def _three_by_three(words: _Words, base: int) -> NDArray[np.uint64]:
    """Sampled runs of three successive words of a document, as ``trace << 32 | document``."""
    docs, codes = words.docs, words.codes
    ends = max(len(docs) - 2, 0)
    mixed = np.zeros(ends, np.uint64)
    for ahead, factor in enumerate(_FACTORS):
        mixed += codes[ahead : ahead + ends] * np.uint64(factor)
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    mixed >>= np.uint64(_DOC_BITS)
    chosen = (docs[:ends] == docs[len(docs) - ends :]) & (mixed % np.uint64(SAMPLED) == 0)
    traces: NDArray[np.uint64] = mixed[chosen] << np.uint64(_DOC_BITS)
    traces |= (docs[:ends][chosen] + base).astype(np.uint64)
    return traces
