"""Which articles are about a query: its units side by side, and near each other.

Candidates come from lists of documents, as bitsets; positions are read of these alone. Sets are
exact: the same for every page, order, facet and feed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.codec.channel.channel import Channel
from index.codec.lists.doclists import Words, docs_of, words_for
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

    def docs(self, units: Sequence[Unit], within: Docs | None = None) -> Docs:
        """All documents, deleted ones left out, that all of some units stand together in.

        Args:
            units: of a query.
            within: documents among which all of these are, if they are known, ascending.
        """
        units = units[:MOST_UNITS]
        few = None if within is None or len(within) > FEW else self._by_leaf(within)
        docs = [leaf.about(units, few[at] if few else None) for at, leaf in enumerate(self._leaves)]
        return docs[0] if len(docs) == 1 else np.concatenate([np.zeros(0, np.int64), *docs])

    def in_short_texts(self, words: Sequence[Word]) -> Docs:
        """All documents that have all of some words in headline and lead, wherever there.

        Bare words count with any accents.
        """
        units = [
            Unit(at, at + 1, ((("" if word.bare else word.key, word.folded),),))
            for at, word in enumerate(words[:MOST_UNITS])
        ]
        docs = [leaf.in_short_texts(units) for leaf in self._leaves]
        return np.concatenate([np.zeros(0, np.int64), *docs])

    def any_has(self, unit: Unit) -> bool:
        """Whether any document has a unit."""
        return len(self.docs([unit])) > 0

    def share(self, whole: Unit, part: Unit) -> float:
        """About which share of the documents with a part of a unit have all of it.

        Where lists of neighbours do not tell, by some of these documents.
        """
        counts = [leaf.counts(part, whole) for leaf in self._leaves]
        return sum(count for _, count in counts) / max(sum(count for count, _ in counts), 2)

    def _by_leaf(self, docs: Docs) -> list[Docs]:
        ends = np.searchsorted(docs, [leaf.base for leaf in self._leaves[1:]])
        return [
            of_leaf - leaf.base
            for of_leaf, leaf in zip(np.split(docs, ends), self._leaves, strict=True)
        ]


class _LeafMatcher:
    """The same in one segment."""

    def __init__(self, leaf: Leaf) -> None:
        self._leaf = leaf
        self.base = leaf.base
        self._channels = [leaf.segment.channel(name) for name in _FIELDS]
        self._words = words_for(leaf.segment.doc_count)

    def about(self, units: Sequence[Unit], within: Docs | None) -> Docs:
        """The documents that all units stand together in, in the snapshot's numbers.

        Args:
            units: of a query.
            within: documents of the segment among which all of these are, if they are known.
        """
        spellings = self._spellings(units)
        if not self._has_all(units, spellings):
            return np.zeros(0, np.int64)
        docs = self._candidates(len(units), spellings) if within is None else within
        return docs[self._near(len(units), spellings, docs, WINDOW)] + self.base

    def in_short_texts(self, units: Sequence[Unit]) -> Docs:
        """The documents that have all units, of a word each, in headline and lead."""
        spellings = self._spellings(units)
        if not self._has_all(units, spellings):
            return np.zeros(0, np.int64)
        found = [np.zeros(self._words, np.uint64) for _ in units]
        for spelling in spellings:
            for channel in self._channels[:_BODY]:
                if channel.df(spelling.folds[0]):
                    channel.add_documents(spelling.folds[0], found[spelling.unit])
        docs = self._listed(found)
        return docs[self._near(len(units), spellings, docs, 0)] + self.base

    def counts(self, part: Unit, whole: Unit) -> tuple[int, int]:
        """How many documents have a unit, and a longer one: all, or in proportion."""
        short, long = self._spellings([part]), self._spellings([whole])
        if not short:
            return 0, 0
        body = self._channels[_BODY]
        pairs = [pair for spelling in long for pair in pairwise(spelling.folds)]
        if all(body.pair_list(*pair) is not None for pair in pairs):
            having = (self._having(1, spellings)[0] for spellings in (short, long))
            first, second = (int(np.bitwise_count(bits).sum()) for bits in having)
            return first, second
        docs = self._candidates(1, short)
        docs = docs[:: 1 + len(docs) // SAMPLED].copy()
        near = (self._near(1, spellings, docs, WINDOW) for spellings in (short, long))
        first, second = (int(np.count_nonzero(mask)) for mask in near)
        return first, second

    def _spellings(self, units: Sequence[Unit]) -> list[_Spelling]:
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

    def _has_all(self, units: Sequence[Unit], spellings: Sequence[_Spelling]) -> bool:
        return bool(units) and len({spelling.unit for spelling in spellings}) == len(units)

    def _candidates(self, units: int, spellings: Sequence[_Spelling]) -> Docs:
        """The documents that may have all units."""
        return self._listed(self._having(units, spellings))

    def _listed(self, having: Sequence[Words]) -> Docs:
        """The documents in all of some bitsets, deleted ones left out."""
        docs = docs_of(reduce(np.bitwise_and, having)).astype(np.int64)
        return docs if self._leaf.alive is None else docs[self._leaf.alive[docs]]

    def _having(self, units: int, spellings: Sequence[_Spelling]) -> list[Words]:
        """For each unit the documents that may have it: a bitset.

        They have its syllables in one text, and side by side where that is listed.
        """
        found = [np.zeros(self._words, np.uint64) for _ in range(units)]
        for folds, unit in {(spelling.folds, spelling.unit): None for spelling in spellings}:
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

    def _near(
        self, units: int, spellings: Sequence[_Spelling], docs: Docs, window: int
    ) -> NDArray[np.bool_]:
        """In which of some documents all units stand together."""
        if not len(docs) or not spellings:
            return np.zeros(len(docs), np.bool_)
        folds = [*dict.fromkeys(fold for own in spellings for fold in own.folds)]
        scanners = [channel.scanner for channel in self._channels]
        if COMPILED and all(scanners):
            place_of = {fold: at for at, fold in enumerate(folds)}
            written = (
                np.array([own.unit for own in spellings], np.int64),
                np.array([len(own.folds) for own in spellings], np.int64),
                np.array([place_of[fold] for own in spellings for fold in own.folds], np.int64),
                np.array([rank for own in spellings for rank in own.ranks], np.int64),
            )
            found = compiled_about(
                [scanner for scanner in scanners if scanner is not None],
                *(np.array(folds, np.int64), written, units, docs, window),
            )
            return found.view(np.bool_)
        occurring = [_occurring(channel, folds, spellings, docs) for channel in self._channels]
        return _near(occurring, units, len(docs), window)


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
    fields: Sequence[Mapping[int, Sequence[_Occurring]]], units: int, size: int, window: int
) -> NDArray[np.bool_]:
    """In which documents all units stand in headline and summary, or near in the body.

    Args:
        fields: where each unit stands in headline, summary and body.
        units: how many there are.
        size: how many documents.
        window: as :data:`WINDOW`; 0 where nothing in a body counts.
    """
    *short, body = fields
    present = np.zeros((units, size), np.bool_)
    for field in short:
        for unit, occurring in field.items():
            for places in occurring:
                present[unit, places.starts >> 32] = True
    found: NDArray[np.bool_] = np.logical_and.reduce(present)
    if len(body) == units:
        every = np.unique(np.concatenate([own.ends for of in body.values() for own in of]))
        near = np.ones(len(every), np.bool_)
        for occurring in body.values():
            begins = np.full(len(every), -window - 1)
            for own in occurring:
                at = np.searchsorted(own.ends, every, side="right") - 1
                np.maximum(begins, np.where(at < 0, -window - 1, own.starts[at]), out=begins)
            near &= every - begins < window
        found[every[near] >> 32] = True
    return found
