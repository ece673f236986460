"""Which articles are about a query: its units side by side, and near each other.

Candidates come from lists of documents, as bitsets; positions are read of these alone. Sets are
exact: the same for every page, order, facet and feed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.codec.channel.channel import Channel
from index.codec.lists.doclists import Words, docs_of, mask_of, words_for
from index.snapshot import Leaf, Snapshot
from search.matching.units import Unit, Word

COMPILED = usable("search.backends.whoosh.compiled") and usable("index.codec.channel.compiled")
if COMPILED:
    from search.backends.whoosh.compiled import about as compiled_about

Docs = NDArray[np.int64]
"""Document numbers of a snapshot, ascending."""

WINDOW = 50
"""Words of a passage: a sentence has 30 or so, and positions know no sentences. Of the articles of
59 topics with all units in one sentence .997 have them so near, .994 within 40, .983 within 25."""

DEMANDED = 4
"""Of so many units all must stand together; of more, nearly all."""

NEARLY_ALL = 0.8
"""The share of the units' summed inverse document frequency that must then stand together."""

MOST_UNITS, MOST_SPELLINGS, MOST_SYLLABLES = 64, 256, 16

_FIELDS = ("headline", "summary", "body")
_BODY = 2
_ANY = -1


class _Spelling(NamedTuple):
    """One way to write a unit, in the numbers of a segment.

    Attributes:
        unit: which unit.
        folds: its folded terms.
        ranks: which accents each has, -1 for any.
    """

    unit: int
    folds: tuple[int, ...]
    ranks: tuple[int, ...]


class AboutMatcher:
    """Finds the articles that units stand together in; safe to share between threads.

    Args:
        snapshot: of the index.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._leaves = [_LeafMatcher(leaf) for leaf in snapshot.leaves]
        self._size = max(1, snapshot.doc_count_all)

    def docs(self, units: Sequence[Unit]) -> Docs:
        """All documents, deleted ones left out, that are about some units."""
        units = units[:MOST_UNITS]
        found = [leaf.spellings(units) for leaf in self._leaves]
        bits = [
            leaf.having(len(units), spellings)
            for leaf, spellings in zip(self._leaves, found, strict=True)
        ]
        sizes = [
            sum(int(np.bitwise_count(own[at]).sum()) for own in bits) for at in range(len(units))
        ]
        weights = np.array([math.log(1 + self._size / (size + 0.5)) for size in sizes])
        least = float(weights.sum()) * (1 if len(units) <= DEMANDED else NEARLY_ALL) - 1e-9
        docs = [
            leaf.about(weights, least, spellings, own)
            for leaf, spellings, own in zip(self._leaves, found, bits, strict=True)
        ]
        return np.concatenate([np.zeros(0, np.int64), *docs])

    def in_short_texts(self, words: Sequence[Word]) -> Docs:
        """All documents that have all of some words in headline and lead, wherever there.

        Bare words count with any accents.
        """
        docs = [leaf.in_short_texts(words) for leaf in self._leaves]
        return np.concatenate([np.zeros(0, np.int64), *docs])


class _LeafMatcher:
    """The same in one segment."""

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf
        self._channels = [leaf.segment.channel(name) for name in _FIELDS]
        self._words = words_for(leaf.segment.doc_count)

    def spellings(self, units: Sequence[Unit]) -> list[_Spelling]:
        """What the segment has of the spellings of some units."""
        terms = self._leaf.segment.terms
        found: list[_Spelling] = []
        for number, unit in enumerate(units):
            for spelling in unit.spellings:
                folds: list[int] = []
                ranks: list[int] = []
                for key, folded in spelling[:MOST_SYLLABLES]:
                    fold = terms.folds.number(folded.encode("utf-8", "surrogatepass"))
                    if fold is None:
                        break
                    rank = _ANY
                    if key:
                        known = terms.keys.number(key.encode("utf-8", "surrogatepass"))
                        if known is None:
                            break
                        rank = terms.variant_of_key(known) - terms.first_variant(fold)
                    folds.append(fold)
                    ranks.append(rank)
                else:
                    found.append(_Spelling(number, tuple(folds), tuple(ranks)))
        return found[:MOST_SPELLINGS]

    def having(self, units: int, spellings: Sequence[_Spelling]) -> list[Words]:
        """For each unit the documents that may have it: a bitset.

        They have its syllables in one text, and side by side where that is listed.
        """
        found = [np.zeros(self._words, np.uint64) for _ in range(units)]
        for folds, unit in {(own.folds, own.unit): None for own in spellings}:
            for channel in self._channels:
                if all(map(channel.df, folds)):
                    found[unit] |= self._in_channel(channel, folds)
        return found

    def _in_channel(self, channel: Channel, folds: tuple[int, ...]) -> Words:
        lists = channel.pair_lists
        pairs = [channel.pair_list(*pair) for pair in pairwise(folds)]
        each: list[Words] = []
        for at, fold in enumerate(folds):
            # A listed pair says more than its syllables do.
            if lists is not None and at < len(pairs) and (pair := pairs[at]) is not None:
                bits = np.zeros(self._words, np.uint64)
                lists.add_to(bits, pair)
                each.append(bits)
            elif at == 0 or pairs[at - 1] is None:
                bits = np.zeros(self._words, np.uint64)
                channel.add_documents(fold, bits)
                each.append(bits)
        return reduce(np.bitwise_and, each)

    def in_short_texts(self, words: Sequence[Word]) -> Docs:
        """The same of the segment, in the snapshot's numbers."""
        terms = self._leaf.segment.terms
        found: list[Words] = []
        for word in words:
            fold = terms.folds.number(word.folded.encode("utf-8", "surrogatepass"))
            if fold is None:
                return np.zeros(0, np.int64)
            bits = np.zeros(self._words, np.uint64)
            for channel in self._channels[:_BODY]:
                if word.bare:
                    if channel.df(fold):
                        channel.add_documents(fold, bits)
                    continue
                key = terms.keys.number(word.key.encode("utf-8", "surrogatepass"))
                variant = None if key is None else terms.variant_of_key(key)
                if variant is not None and channel.variant_df(variant):
                    channel.variant_postings(variant).add_to(bits)
            found.append(bits)
        docs = docs_of(reduce(np.bitwise_and, found)).astype(np.int64)
        if self._leaf.alive is not None:
            docs = docs[self._leaf.alive[docs]]
        return docs + self._leaf.base

    def about(
        self,
        weights: NDArray[np.float64],
        least: float,
        spellings: Sequence[_Spelling],
        having: Sequence[Words],
    ) -> Docs:
        """The documents with units of enough weight in one passage, in the snapshot's numbers."""
        if not spellings:
            return np.zeros(0, np.int64)
        if least > float(weights.sum() - weights.min()):
            docs = docs_of(reduce(np.bitwise_and, having)).astype(np.int64)
        else:
            sums = np.zeros(64 * self._words)
            for weight, bits in zip(weights.tolist(), having, strict=True):
                sums[mask_of(bits)] += weight
            docs = np.flatnonzero(sums >= least)
        if self._leaf.alive is not None:
            docs = docs[self._leaf.alive[docs]]
        return docs[self._near(weights, least, spellings, docs)] + self._leaf.base

    def _near(
        self,
        weights: NDArray[np.float64],
        least: float,
        spellings: Sequence[_Spelling],
        docs: Docs,
    ) -> NDArray[np.bool_]:
        if not len(docs):
            return np.zeros(0, np.bool_)
        folds = [*dict.fromkeys(fold for own in spellings for fold in own.folds)]
        scanners = [channel.scanner for channel in self._channels]
        if COMPILED and all(scanners):
            place_of = {fold: at for at, fold in enumerate(folds)}
            units = (
                np.array([own.unit for own in spellings], np.int64),
                np.array([len(own.folds) for own in spellings], np.int64),
                np.array([place_of[fold] for own in spellings for fold in own.folds], np.int64),
                np.array([rank for own in spellings for rank in own.ranks], np.int64),
            )
            found = compiled_about(
                [scanner for scanner in scanners if scanner is not None],
                *(np.array(folds, np.int64), units, weights, least, docs, WINDOW),
            )
            return found.view(np.bool_)
        occurring = [_occurring(channel, folds, spellings, docs) for channel in self._channels]
        return _near(occurring, weights, least, len(docs))


class _Occurring(NamedTuple):
    """Where a unit stands in some documents.

    Attributes:
        starts: ``row << 32 | position`` of its first word, ascending.
        ends: of its last word, parallel.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def _occurring(
    channel: Channel, folds: Sequence[int], spellings: Sequence[_Spelling], docs: Docs
) -> dict[int, list[_Occurring]]:
    """Where the units stand in one field, by unit."""
    known = [fold for fold in folds if channel.df(fold)]
    found: dict[int, list[_Occurring]] = {}
    if not known:
        return found
    places = channel.places_many(known, docs)
    codes = np.repeat(places.cells % len(docs), places.counts) << 32 | places.positions
    edges = np.searchsorted(
        np.repeat(places.cells // len(docs), places.counts), np.arange(len(known) + 1)
    )
    of_fold = {fold: slice(*edges[at : at + 2].tolist()) for at, fold in enumerate(known)}
    for spelling in spellings:
        starts = None
        for step, (fold, rank) in enumerate(zip(spelling.folds, spelling.ranks, strict=True)):
            here = of_fold.get(fold, slice(0, 0))
            own = codes[here] if rank == _ANY else codes[here][places.ranks[here] == rank]
            starts = own if starts is None else np.intersect1d(starts, own - step)
        if starts is not None and len(starts):
            starts = np.unique(starts)
            ends = starts + len(spelling.folds) - 1
            found.setdefault(spelling.unit, []).append(_Occurring(starts, ends))
    return found


def _near(
    fields: Sequence[Mapping[int, Sequence[_Occurring]]],
    weights: NDArray[np.float64],
    least: float,
    size: int,
) -> NDArray[np.bool_]:
    """Which documents have units of enough weight in headline and summary, or near in the body.

    Args:
        fields: where each unit stands in headline, summary and body.
        weights: of the units.
        least: the weight that is enough.
        size: how many documents.
    """
    *short, body = fields
    present = np.zeros((len(weights), size), np.bool_)
    for field in short:
        for unit, occurring in field.items():
            for own in occurring:
                present[unit, own.starts >> 32] = True
    found: NDArray[np.bool_] = weights @ present >= least
    events = [own.ends for occurring in body.values() for own in occurring]
    if events:
        every = np.unique(np.concatenate(events))
        weight = np.zeros(len(every))
        for unit, occurring in body.items():
            begins = np.full(len(every), -WINDOW)
            for own in occurring:
                at = np.searchsorted(own.ends, every, side="right") - 1
                np.maximum(begins, np.where(at < 0, -WINDOW, own.starts[at]), out=begins)
            weight += weights[unit] * (every - begins < WINDOW)
        found[every[weight >= least] >> 32] = True
    return found
