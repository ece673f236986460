"""Reading one text channel: the primitives that searches and rankings are made of.

A channel is one text field of one segment, for folded terms and accent keys alike. Terms are given
by number (:class:`index.codec.terms.Terms` finds them): folds as such, accent keys as *variants*.

- :meth:`Channel.postings` and :meth:`Channel.variant_postings`: documents and occurrences;
- :meth:`Channel.places`: positions and variants of a fold in given documents;
- :meth:`Channel.places_many`: the same for several folds at once, where documents are few;
- :meth:`Channel.pair_docs`: documents where a frequent fold stands right before another;
- :attr:`Channel.length`, :meth:`Channel.df`, :meth:`Channel.variant_df`, :meth:`Channel.cf`,
  :meth:`Channel.variant_cf`: what scoring needs.

Document numbers are the segment's, deleted documents are among them: filtering is the caller's
business.

Everything here is read-only and safe for threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.codec.channel.gathering import PostingStarts, locate
from index.codec.channel.occurrences import LAST_POSITION, LAST_RANK, Occurrences
from index.codec.channel.pairs import ABSENT, MOST_TERMS
from index.codec.channel.postings import Counts, Postings, PostingsCache
from index.codec.channel.writer import MOST_TF, FoldPostings
from index.codec.container import Container
from index.codec.lists.doclists import DocLists, DocNumbers, Words
from index.codec.terms import Terms

COMPILED = usable("index.codec.channel.compiled") and usable("index.codec.lists.compiled")
if COMPILED:
    from index.codec.channel.compiled import Scanner

_uids = count()
"""Tells the channels that share a cache apart."""


class Places(NamedTuple):
    """Occurrences of a fold in some documents, ordered by document, then position.

    Attributes:
        rows: for each occurrence the index of its document among those asked for.
        positions: its position in the text.
        ranks: which accent key stands there: the variant number less the fold's first.
    """

    rows: NDArray[np.int64]
    positions: NDArray[np.int64]
    ranks: NDArray[np.int64]


class ManyPlaces(NamedTuple):
    """Occurrences of several folds in some documents, ordered by fold, document, position.

    Attributes:
        cells: ``fold * documents + document`` where the document has the fold, both by their places
            in what was asked, ascending.
        counts: how many of the occurrences belong to each of ``cells``, all above 0.
        positions: of each occurrence.
        ranks: as in :class:`Places`.
    """

    cells: NDArray[np.int64]
    counts: NDArray[np.int64]
    positions: NDArray[np.int64]
    ranks: NDArray[np.int64]


class Channel:
    """One text field of one segment.

    Attributes:
        length: Whoosh's length byte of each document, shape (documents,), u8.
        tokens: the exact length of each document, shape (documents,), u32.
        total: the length of all texts.
    """

    def __init__(
        self, container: Container, name: str, terms: Terms, doc_count: int, cache: PostingsCache
    ) -> None:
        self.name = name
        self._terms = terms
        self._doc_count = doc_count
        self._cache = cache
        self.uid = next(_uids)
        self.docs = DocLists(container, f"{name}.docs", doc_count)
        self._post_at = container.view(f"{name}.post_at")
        self._occ_at = container.view(f"{name}.occ_at")
        self._tf: NDArray[np.uint8] = container.array(f"{name}.tf").view(np.uint8)
        self._over_at = container.array(f"{name}.over_at").view(np.uint32)
        self._over_tf = container.array(f"{name}.over_tf").view(np.uint32)
        self._occ: NDArray[np.uint16] = container.array(f"{name}.occ").view(np.uint16)
        at, pos, rank = (
            container.array(f"{name}.esc_{part}").view(np.uint32) for part in ("at", "pos", "rank")
        )
        self._esc: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]
        self._esc = at, pos, rank
        self._key_df = container.view(f"{name}.key_df")
        self.length: NDArray[np.uint8] = container.array(f"{name}.length").view(np.uint8)
        self.tokens: NDArray[np.uint32] = container.array(f"{name}.tokens").view(np.uint32)
        self._pairs: DocLists | None = None
        if f"{name}.pair_folds" in container.names():
            self._pairs = DocLists(container, f"{name}.pairs", doc_count)
            self._pair_folds = container.array(f"{name}.pair_folds").view(np.uint32)
            self._pair_terms = container.array(f"{name}.pair_terms")

    def df(self, fold: int) -> int:
        """How many documents have a fold."""
        count: int = self._post_at[fold + 1] - self._post_at[fold]
        return count

    def cf(self, fold: int) -> int:
        """How often a fold occurs."""
        count: int = self._occ_at[fold + 1] - self._occ_at[fold]
        return count

    def variant_df(self, variant: int) -> int:
        """How many documents have an accent key."""
        count: int = self._key_df[variant]
        return count

    def variant_cf(self, variant: int) -> int:
        """How often an accent key occurs."""
        fold = self._terms.fold_of_variant(variant)
        if len(self._terms.keys_of_fold(fold)) == 1:
            return self.cf(fold)
        here = self._with_rank(fold, variant - self._terms.first_variant(fold))
        return int(np.count_nonzero(here))

    def postings(self, fold: int) -> Postings:
        """The postings of a fold."""
        return self._cache.get((self.uid, fold), lambda: self._postings(fold))

    def add_documents(self, fold: int, words: Words) -> None:
        """Add the documents that have a fold to a bitset."""
        self.docs.add_to(words, fold)

    def _postings(self, fold: int) -> Postings:
        first, end = self._post_at[fold], self._post_at[fold + 1]
        tf = self._exact(first, end, self._tf[first:end])
        lists = self.docs  # not of the channel, which holds what is made here
        words = lists.words(fold)
        return Postings(tf, lambda: lists.docs(fold), words, self._doc_count, self._cache)

    def _exact(self, first: int, end: int, tf: NDArray[np.uint8]) -> Counts:
        """The occurrences of postings ``first`` to ``end``, given as far as they fit a byte."""
        low, high = np.searchsorted(self._over_at, [first, end]) if len(self._over_at) else (0, 0)
        if low == high:
            return tf
        exact = tf.astype(np.uint32)
        exact[self._over_at[low:high] - np.uint32(first)] = self._over_tf[low:high]
        return exact

    def variant_postings(self, variant: int) -> Postings:
        """The postings of an accent key."""
        return self._cache.get((self.uid, ~variant), lambda: self._variant_postings(variant))

    def _variant_postings(self, variant: int) -> Postings:
        fold = self._terms.fold_of_variant(variant)
        of_fold = self.postings(fold)
        if self.variant_df(variant) == of_fold.df and len(self._terms.keys_of_fold(fold)) == 1:
            return of_fold
        rank = variant - self._terms.first_variant(fold)
        having, tf = self._having(fold, rank, of_fold)
        if not len(tf) or tf.max() < MOST_TF:
            tf = tf.astype(np.uint8)
        docs = of_fold.docs[having]
        return Postings(tf, lambda: docs, None, self._doc_count, self._cache)

    def _having(
        self, fold: int, rank: int, of_fold: Postings
    ) -> tuple[NDArray[np.integer], NDArray[np.uint32]]:
        """Which of a fold's postings have the accent key of a rank, and how often."""
        if self.scanner is not None:
            return self.scanner.variant(fold, rank)
        here = self._with_rank(fold, rank)
        counts = np.zeros(0, np.uint32)
        if of_fold.df:
            counts = np.add.reduceat(here, of_fold.starts[:-1], dtype=np.uint32)
        having = np.flatnonzero(counts)
        return having, counts[having]

    def _with_rank(self, fold: int, rank: int) -> NDArray[np.bool_]:
        """Which of a fold's occurrences have the accent key of a rank."""
        first, end = self._occ_at[fold], self._occ_at[fold + 1]
        here: NDArray[np.bool_]
        here = (self._occ[first:end] & np.uint16(15)) == min(rank, LAST_RANK)
        if rank >= LAST_RANK:
            low, high = np.searchsorted(self._esc[0], [first, end])
            others = self._esc[0][low:high][self._esc[2][low:high] != rank]
            here[others - np.uint32(first)] = False
        return here

    def places(self, fold: int, docs: NDArray[np.integer] | None = None) -> Places:
        """Where a fold stands.

        Args:
            fold: its number.
            docs: the documents, ascending, all of which have the fold; None means all that have it.
        """
        postings = self.postings(fold)
        base = self._occ_at[fold]
        if docs is None:
            counts = np.diff(postings.starts).astype(np.int64)
            at = np.arange(base, self._occ_at[fold + 1])
        else:
            rows = postings.rows(docs)
            starts = postings.starts
            begin = starts[rows].astype(np.int64)
            counts = starts[rows + 1] - begin
            before = np.cumsum(counts) - counts
            at = np.repeat(begin - before + base, counts) + np.arange(int(counts.sum()))
        rows_of = np.repeat(np.arange(len(counts)), counts)
        return Places(rows_of, *self._unpack(at))

    def places_many(self, folds: Sequence[int], docs: NDArray[np.integer]) -> ManyPlaces:
        """Where several folds stand, at the cost of one call and a little more.

        Args:
            folds: their numbers; each is in some document of the channel.
            docs: the documents, ascending, whether they have a fold or not.
        """
        if self.scanner is not None:
            return ManyPlaces(*self.scanner.places_many(folds, docs.astype(np.int64, copy=False)))
        cells, rows = locate([self.postings(fold) for fold in folds], docs)
        firsts = np.array([self._post_at[fold] for fold in folds], np.int64)
        rows += firsts.take(cells // max(1, len(docs)))
        counts, begins = self._starts.find(rows)
        at = np.repeat(begins - np.cumsum(counts) + counts, counts)
        at += np.arange(len(at))
        return ManyPlaces(cells, counts, *self._unpack(at))

    @cached_property
    def _starts(self) -> PostingStarts:
        return PostingStarts(self._tf, self._over_at, self._over_tf)

    @cached_property
    def scanner(self) -> Scanner | None:
        """Reads the arrays in compiled code, where there is any."""
        if not COMPILED:
            return None
        return Scanner(
            self.docs.arrays,
            self.docs.words_each,
            (np.asarray(self._post_at), np.asarray(self._occ_at)),
            (self._tf, self._over_at, *self._starts.before),
            (self._occ, *self._esc),
        )

    def _unpack(self, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        packed = self._occ[at].astype(np.int64)
        positions, ranks = packed >> 4, packed & LAST_RANK
        if len(self._esc[0]):
            escaped = np.flatnonzero((ranks == LAST_RANK) | (positions == LAST_POSITION))
            if len(escaped):
                escapes = np.searchsorted(self._esc[0], at[escaped])
                positions[escaped] = self._esc[1][escapes]
                ranks[escaped] = self._esc[2][escapes]
        return positions, ranks

    @cached_property
    def _pair_number(self) -> dict[int, int]:
        return {int(fold): number for number, fold in enumerate(self._pair_folds) if fold != ABSENT}

    @property
    def pair_terms(self) -> tuple[bytes, ...]:
        """The folded terms whose neighbours are listed."""
        if self._pairs is None or not len(self._pairs):
            return ()
        return tuple(self._pair_terms.tobytes().split(b"\0"))

    def pair_list(self, first: int, second: int) -> int | None:
        """The number of a pair's list; None if it has none, and positions must be asked."""
        if self._pairs is None or not len(self._pairs):
            return None
        first_number, second_number = self._pair_number.get(first), self._pair_number.get(second)
        if first_number is None or second_number is None:
            return None
        return first_number * MOST_TERMS + second_number

    def pair_docs(self, first: int, second: int) -> DocNumbers | None:
        """The documents where fold ``second`` stands right after ``first``, ascending.

        Returns:
            None if this pair is not listed; no document at all is an empty array.
        """
        number = self.pair_list(first, second)
        return None if number is None or self._pairs is None else self._pairs.docs(number)

    @property
    def pair_lists(self) -> DocLists | None:
        """All lists of neighbours, for a merge."""
        return self._pairs

    def part(self, first: int, end: int) -> FoldPostings:
        """The postings of consecutive folds, for a merge."""
        docs, frequencies = self.docs.decode(first, end)
        post_first, post_end = self._post_at[first], self._post_at[end]
        tf = self._exact(post_first, post_end, self._tf[post_first:post_end]).astype(np.int64)
        occ_first, occ_end = self._occ_at[first], self._occ_at[end]
        low, high = np.searchsorted(self._esc[0], [occ_first, occ_end])
        return FoldPostings(
            frequencies,
            docs,
            tf,
            Occurrences(
                self._occ[occ_first:occ_end],
                self._esc[0][low:high] - np.uint32(occ_first),
                self._esc[1][low:high],
                self._esc[2][low:high],
            ),
        )

    @property
    def variant_dfs(self) -> NDArray[np.uint32]:
        """How many documents have each accent key, by variant."""
        return np.asarray(self._key_df)

    @property
    def occurrence_starts(self) -> NDArray[np.uint32]:
        """How many occurrences lie before each fold, and how many there are: a measure of work."""
        return np.asarray(self._occ_at)
