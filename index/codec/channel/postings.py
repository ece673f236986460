"""The postings of one term, in whichever form a search needs them, each made at most once.

Forms of one thing, documents *d* and occurrences in each:

- ``docs`` and ``tf``: parallel arrays, ascending documents;
- ``dense``: occurrences by document number, 0 where there are none. Membership of a thousand
  documents is one gather, so this is what intersections and scoring use;
- ``words``: a bitset, for terms so frequent that it is on disk;
- ``starts``: where the occurrences of each posting begin;
- ``before``: for a bitset, how many documents come before each of its words.

Made forms are remembered in a :class:`PostingsCache` that forgets the least recently used terms
when they take more room than it may hold; postings in use stay alive, so forgetting is always safe.

Invariant: arrays never change once made, so threads may share them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Container
from typing import TypeVar
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from index.analysis.acceleration import usable
from index.codec.lists.doclists import DocNumbers, Words, add_bits, ranks_in

COMPILED = usable("index.codec.channel.compiled") and usable("index.codec.lists.compiled")
if COMPILED:
    from index.codec.lists import compiled as compiled_lists

FEW = 256
"""Up to so many postings are searched; of more, occurrences by document are kept (a byte each)."""

Counts = NDArray[np.unsignedinteger]
"""Occurrences: u8, or u32 where some are above 254."""

_Array = TypeVar("_Array", bound=NDArray[np.generic])


class Postings:
    """The postings of one term in one text field.

    Attributes:
        df: how many documents have it, deleted ones included.
        tf: occurrences in each of them, shape (df,).
        words: the documents as a bitset, or None.
    """

    __slots__ = (
        "_before", "_cache", "_dense", "_doc_count", "_docs", "_load_docs", "_starts", "df", "size",
        "tf", "words",
    )  # fmt: skip

    def __init__(
        self,
        tf: Counts,
        load_docs: Callable[[], DocNumbers],
        words: Words | None,
        doc_count: int,
        cache: PostingsCache,
    ) -> None:
        self.df = len(tf)
        self.tf = tf
        self.words = words
        self.size = 0
        self._load_docs = load_docs
        self._doc_count = doc_count
        # The cache holds its postings: were these to hold it too, a file that is no longer wanted
        # would stay open until Python looks for such circles.
        self._cache = ref(cache)
        self._docs: DocNumbers | None = None
        self._dense: Counts | None = None
        self._starts: NDArray[np.uint32] | None = None
        self._before: NDArray[np.uint32] | None = None

    @property
    def docs(self) -> DocNumbers:
        """The documents, ascending: shape (df,), u32.

        Those of a frequent term are worked out from its bitset every time: that takes 50
        microseconds, and keeping them would take more room than everything else.
        """
        docs = self._docs
        if docs is None:
            docs = self._load_docs()
            if self.words is None:
                self._docs = self._kept(docs)
        return docs

    @property
    def dense(self) -> Counts:
        """Occurrences by document number: shape (documents of the segment,)."""
        dense = self._dense
        if dense is None:
            dense = np.zeros(self._doc_count, self.tf.dtype)
            if self.words is None or not COMPILED:
                dense[self.docs] = self.tf
            else:
                compiled_lists.spread_bits(self.words, self.tf, dense)
            self._dense = self._kept(dense)
        return dense

    @property
    def starts(self) -> NDArray[np.uint32]:
        """Where each posting's occurrences begin, from 0, and the last end: shape (df + 1,)."""
        starts = self._starts
        if starts is None:
            starts = np.zeros(self.df + 1, np.uint32)
            np.cumsum(self.tf, dtype=np.uint32, out=starts[1:])
            self._starts = self._kept(starts)
        return starts

    @property
    def before(self) -> NDArray[np.uint32]:
        """How many documents come before each word of the bitset: shape (words,), or (0,)."""
        before = self._before
        if before is None:
            words = np.zeros(0, np.uint64) if self.words is None else self.words
            before = np.zeros(len(words), np.uint32)
            np.cumsum(np.bitwise_count(words[:-1]), out=before[1:])
            self._before = self._kept(before)
        return before

    def add_to(self, words: Words) -> None:
        """Add the documents to a bitset."""
        if self.words is None:
            add_bits(words, self.docs)
        else:
            words |= self.words

    def frequencies(self, docs: NDArray[np.integer]) -> Counts:
        """Occurrences in each of ``docs``, which ascend; 0 without the term: shape (len(docs),).

        Rare terms are searched for; only for the others it is worth making ``dense``.
        """
        if self.df > FEW or self._dense is not None:
            dense: Counts = self.dense.take(docs)
            return dense
        counts: Counts = np.zeros(len(docs), self.tf.dtype)
        if len(docs):
            all_docs = self.docs
            places = np.searchsorted(docs, all_docs)
            places[places == len(docs)] = 0
            here = docs[places] == all_docs
            counts[places[here]] = self.tf[here]
        return counts

    def rows(self, docs: NDArray[np.integer]) -> NDArray[np.int64]:
        """The place in ``docs`` of each of some documents, all of which have the term."""
        if self.words is not None:
            return ranks_in(self.words, docs)
        return np.searchsorted(self.docs, docs.astype(np.uint32, copy=False))

    def _kept(self, array: _Array) -> _Array:
        array.flags.writeable = False
        cache = self._cache()
        if cache is not None:
            cache.charge(self, array.nbytes)
        return array


class PostingsCache:
    """Remembers postings by channel and number, up to a number of bytes; for threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[tuple[int, int], Postings] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def get(self, key: tuple[int, int], make: Callable[[], Postings]) -> Postings:
        """The postings remembered under ``key``, or else those that ``make`` gives."""
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held
        made = make()
        with self._lock:
            held = self._held.setdefault(key, made)
            if held is made:
                self.size += made.size
            return held

    def keep_only(self, channels: Container[int]) -> None:
        """Forget the postings of all other channels, and so let go of their files."""
        with self._lock:
            for key in [key for key in self._held if key[0] not in channels]:
                forgotten = self._held.pop(key)
                self.size -= forgotten.size
                forgotten.size = 0

    def charge(self, postings: Postings, size: int) -> None:
        """Account for a form just made, and forget what has not been used for longest."""
        with self._lock:
            postings.size += size
            self.size += size
            while self.size > self._limit and len(self._held) > 1:
                _, oldest = self._held.popitem(last=False)
                self.size -= oldest.size
                oldest.size = 0
