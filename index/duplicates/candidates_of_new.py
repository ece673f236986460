"""Articles that may be near-duplicates of a few given ones: they have most of their rarest words.

For a few articles this is quicker than :mod:`index.duplicates.candidates`, which compares all with
all: their texts are read, and the postings of some of their words. Whether two are near-duplicates
is not decided here.

Invariant: the same index gives the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser
from index.article import Article
from index.codec.channel.channel import Channel
from index.schema import field_texts
from index.snapshot import Snapshot
from index.stored import load_article

PARTS = 4
"""Of a text, in each of which as many words are chosen: all the rarest may stand in what was added
to a copy."""

RAREST = 5
"""Words of each part that are looked up, of those that at least one other article has, too."""

COMMON = 0.3
"""Articles that have fewer of these words are not alike. Of 800 altered copies (half left out, or
twice as long, or words misspelled) comparing all finds 14 pairs that are not compared so, and
misses 26 that are."""

LEAST_COMMON = 2

CANDIDATES = 5
"""Articles that one is compared with, those that have most of its words; copies chain up."""

FIELD = "body"
"""What is compared afterwards, too."""

_POSTINGS_KEPT = 4_096

Docs = NDArray[np.int64]


def find_candidate_pairs_of(snapshot: Snapshot, docs: Docs) -> Iterator[tuple[int, int]]:
    """Pairs of each of these documents and another that may be like it, the lower number first.

    Args:
        snapshot: where to look.
        docs: numbers of documents that are not deleted, ascending.
    """
    words = _Words(snapshot)
    analyser = Analyser()
    alive = np.ones(snapshot.doc_count_all, np.bool_)
    for leaf in snapshot.leaves:
        if leaf.alive is not None:
            alive[leaf.base : leaf.base + leaf.segment.doc_count] = leaf.alive
    for doc in docs.tolist():
        folds = _words_of(load_article(snapshot.stored(doc)), analyser)
        for other in words.having_most(folds, doc, alive):
            yield min(doc, other), max(doc, other)


def _words_of(article: Article, analyser: Analyser) -> list[bytes]:
    """The distinct folded words of an article's body, as they come."""
    keys = analyser.encode(getattr(field_texts(article), FIELD)).keys
    vocabulary = analyser.vocabulary
    return [
        vocabulary.folded[fold].encode()
        for fold in dict.fromkeys(vocabulary.fold_of[keys].tolist())
    ]


class _Words:
    """The words of a snapshot, over all its segments."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._channels = [
            (leaf.segment.terms.folds, leaf.segment.channel(FIELD), leaf.base)
            for leaf in snapshot.leaves
        ]
        self._doc_count = snapshot.doc_count_all
        self._df = lru_cache(None)(self._count)
        self._docs = lru_cache(_POSTINGS_KEPT)(self._read)

    def having_most(self, folds: Sequence[bytes], doc: int, alive: NDArray[np.bool_]) -> list[int]:
        """The documents but this one that have most of its rarest words."""
        shared = [(df, fold) for fold in folds if (df := self._df(fold)) > 1]
        part = max(1, -(-len(shared) // PARTS))
        rarest = [
            fold
            for first in range(0, len(shared), part)
            for _, fold in sorted(shared[first : first + part])[:RAREST]
        ]
        least = max(LEAST_COMMON, int(np.ceil(COMMON * len(rarest))))
        if len(rarest) < least:
            return []
        having = np.concatenate([self._docs(fold) for fold in rarest])
        counts = np.bincount(having, minlength=self._doc_count)
        counts[doc] = 0
        sharing = np.flatnonzero((counts >= least) & alive)
        best = sharing[np.argsort(-counts[sharing], kind="stable")[:CANDIDATES]]
        candidates: list[int] = best.tolist()
        return candidates

    def _count(self, fold: bytes) -> int:
        return sum(channel.df(number) for channel, number, _ in self._find(fold))

    def _find(self, fold: bytes) -> list[tuple[Channel, int, int]]:
        return [
            (channel, number, base)
            for folds, channel, base in self._channels
            if (number := folds.number(fold)) is not None
        ]

    def _read(self, fold: bytes) -> Docs:
        lists = [
            channel.docs.docs(number).astype(np.int64) + base
            for channel, number, base in self._find(fold)
        ]
        return np.concatenate(lists)
