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

FEW = 400
"""Documents whose positions are read sooner than lists of neighbours: about a third of a ms."""

SAMPLED = 400
"""Documents whose positions tell how often a syllable stands beside two others."""

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

    def docs(self, units: Sequence[Unit], within: Docs | None = None) -> Docs:
        """All documents, deleted ones left out, that are about some units.

        Args:
            units: of a query.
            within: documents among which all of these are, if they are known, ascending.
        """
        units = units[:MOST_UNITS]
        spellings = [leaf.spellings(units) for leaf in self._leaves]
        weights = np.ones(len(units))
        if len(units) <= DEMANDED and within is not None and len(within) <= FEW:
            candidates = self._by_leaf(within)
        else:
            having = [
                leaf.having(len(units), of_leaf)
                for leaf, of_leaf in zip(self._leaves, spellings, strict=True)
            ]
            if len(units) > DEMANDED:
                weights = np.array([self._idf(having, at) for at in range(len(units))])
            least = _least(weights)
            candidates = [
                leaf.candidates(weights, least, bits)
                for leaf, bits in zip(self._leaves, having, strict=True)
            ]
        return self._gathered(weights, _least(weights), spellings, candidates, WINDOW)

    def in_short_texts(self, words: Sequence[Word]) -> Docs:
        """All documents that have all of some words in headline and lead, wherever there.

        Bare words count with any accents.
        """
        units = [
            Unit(at, at + 1, ((("" if word.bare else word.key, word.folded),),))
            for at, word in enumerate(words[:MOST_UNITS])
        ]
        spellings = [leaf.spellings(units) for leaf in self._leaves]
        candidates = [
            leaf.in_short_texts(len(units), of_leaf)
            for leaf, of_leaf in zip(self._leaves, spellings, strict=True)
        ]
        weights = np.ones(len(units))
        return self._gathered(weights, _least(weights), spellings, candidates, window=0)

    def share(self, whole: Unit, part: Unit) -> float:
        """About which share of the documents with a part of a unit have all of it.

        Where lists of neighbours do not tell, by some of these documents.
        """
        spellings = [leaf.spellings([part, whole]) for leaf in self._leaves]
        leaves = [*zip(self._leaves, spellings, strict=True)]
        having = [leaf.having(2, of_leaf) for leaf, of_leaf in leaves]
        if all(leaf.are_listed(of_leaf) for leaf, of_leaf in leaves):
            counts = [
                sum(int(np.bitwise_count(bits[at]).sum()) for bits in having) for at in range(2)
            ]
        else:
            counts = [0, 0]
            for (leaf, of_leaf), bits in zip(leaves, having, strict=True):
                docs = docs_of(bits[0]).astype(np.int64)
                docs = docs[:: 1 + len(docs) // SAMPLED].copy()
                for unit in range(2):
                    own = [spelling for spelling in of_leaf if spelling.unit == unit]
                    weights = np.array([1.0 - unit, float(unit)])
                    counts[unit] += len(leaf.near(weights, 0.5, own, docs, WINDOW))
        return counts[1] / max(counts[0], 2)

    def _idf(self, having: Sequence[Sequence[Words]], at: int) -> float:
        """What a unit tells, by how many documents may have it."""
        df = sum(int(np.bitwise_count(bits[at]).sum()) for bits in having)
        return math.log(1 + self._size / (df + 0.5))

    def _by_leaf(self, docs: Docs) -> list[Docs]:
        ends = np.searchsorted(docs, [leaf.base for leaf in self._leaves[1:]])
        return [
            of_leaf - leaf.base
            for of_leaf, leaf in zip(np.split(docs, ends), self._leaves, strict=True)
        ]

    def _gathered(
        self,
        weights: NDArray[np.float64],
        least: float,
        spellings: Sequence[Sequence[_Spelling]],
        candidates: Sequence[Docs],
        window: int,
    ) -> Docs:
        docs = [
            leaf.near(weights, least, of_leaf, among, window)
            for leaf, of_leaf, among in zip(self._leaves, spellings, candidates, strict=True)
        ]
        return docs[0] if len(docs) == 1 else np.concatenate([np.zeros(0, np.int64), *docs])


def _least(weights: NDArray[np.float64]) -> float:
    """The weight of units that is enough, a little less for what rounding does."""
    share = 1.0 if len(weights) <= DEMANDED else NEARLY_ALL
    return float(weights.sum()) * share - 1e-9


class _LeafMatcher:
    """The same in one segment."""

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf
        self.base = leaf.base
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

    def are_listed(self, spellings: Sequence[_Spelling]) -> bool:
        """Whether bodies list the neighbours of all spellings."""
        body = self._channels[_BODY]
        return all(
            body.pair_list(*pair) is not None
            for spelling in spellings
            for pair in pairwise(spelling.folds)
        )

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

    def candidates(
        self, weights: NDArray[np.float64], least: float, having: Sequence[Words]
    ) -> Docs:
        """The documents that may have units of enough weight."""
        if not len(having):
            return np.zeros(0, np.int64)
        if least > float(weights.sum() - weights.min()):
            docs = docs_of(reduce(np.bitwise_and, having)).astype(np.int64)
        else:
            sums = np.zeros(64 * self._words)
            for weight, bits in zip(weights.tolist(), having, strict=True):
                sums[mask_of(bits)] += weight
            docs = np.flatnonzero(sums >= least)
        return self._alive(docs)

    def in_short_texts(self, words: int, spellings: Sequence[_Spelling]) -> Docs:
        """The documents that have all of some words in headline and lead, with any accents."""
        found = [np.zeros(self._words, np.uint64) for _ in range(words)]
        for spelling in spellings:
            for channel in self._channels[:_BODY]:
                if channel.df(spelling.folds[0]):
                    channel.add_documents(spelling.folds[0], found[spelling.unit])
        return self._alive(docs_of(reduce(np.bitwise_and, found)).astype(np.int64))

    def _alive(self, docs: Docs) -> Docs:
        return docs if self._leaf.alive is None else docs[self._leaf.alive[docs]]

    def near(
        self,
        weights: NDArray[np.float64],
        least: float,
        spellings: Sequence[_Spelling],
        docs: Docs,
        window: int,
    ) -> Docs:
        """Those of some documents with units of enough weight in one passage.

        Returns:
            Their numbers in the snapshot.
        """
        units = {spelling.unit for spelling in spellings}
        if not len(docs) or float(weights[[*units]].sum()) < least:
            return np.zeros(0, np.int64)
        return docs[self._near(weights, least, spellings, docs, window)] + self.base

    def _near(
        self,
        weights: NDArray[np.float64],
        least: float,
        spellings: Sequence[_Spelling],
        docs: Docs,
        window: int,
    ) -> NDArray[np.bool_]:
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
                *(np.array(folds, np.int64), units, weights, least, docs, window),
            )
            return found.view(np.bool_)
        occurring = [_occurring(channel, folds, spellings, docs) for channel in self._channels]
        return _near(occurring, weights, least, len(docs), window)


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
    window: int,
) -> NDArray[np.bool_]:
    """Which documents have units of enough weight in headline and summary, or near in the body.

    Args:
        fields: where each unit stands in headline, summary and body.
        weights: of the units.
        least: the weight that is enough.
        size: how many documents.
        window: as :data:`WINDOW`; 0 where nothing in a body counts.
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
            begins = np.full(len(every), -window - 1)
            for own in occurring:
                at = np.searchsorted(own.ends, every, side="right") - 1
                np.maximum(begins, np.where(at < 0, -window - 1, own.starts[at]), out=begins)
            weight += weights[unit] * (every - begins < window)
        found[every[weight >= least] >> 32] = True
    return found
