"""Related articles: the same affair or the same persons and places, told in other words.

An article's most telling words, and pairs of them that stand side by side (names, compounds), are
taken from its headline, its lead and its first lines. The articles whose headlines and leads have
most of the words are compared by words and pairs with their accents, headline above lead above
body. Near-duplicates of the article are left out, and of each other.

Invariant: an article is not related to itself; the same index gives the same answer. Knows nothing
of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser
from index.article import Article
from index.codec.channel.channel import Channel
from index.codec.lists.doclists import mask_of
from index.duplicates.groups import ALONE, DuplicateGroups
from index.snapshot import Leaf, Snapshot
from index.stored import load_article
from search.backends.protocol import Ranked
from search.backends.whoosh.execution.best_of_any import threshold

FIELDS = ("headline", "summary", "body")
COUNTS = (3.0, 2.0, 1.0)
"""What an occurrence counts in each of :data:`FIELDS`, here and there."""

FIRST_LINES = 400
"""Characters of the body that are read: what an article is about is said first."""

MOST_WORDS = 12
MOST_PAIRS = 10
ASKED = ("headline", "summary")
"""The fields in which the words are looked for; what an article is about stands there."""

CANDIDATES = 70
"""Articles that have most of the words, which are then compared."""

LEAST_TELLING = 1.6
"""Inverse document frequency (natural logarithm, from 1) below which a word says nothing: in more
than half of all articles."""

PAIR = 1.6
"""What a pair counts, times what its words do: names are pairs."""

NUMBER = 0.4
"""Numbers count less: a date is in many articles of that day."""

ALIKE = 0.25
"""Articles less like the article than this, itself being 1, are not related. Read in 30 articles'
answers: below it nearly all were about something else."""

SATURATION = 1.0

MOST_REMEMBERED = 32_768
"""Words whose rarity is remembered: a few megabytes."""

Docs = NDArray[np.int64]


class Word(NamedTuple):
    """A word of the article.

    Attributes:
        folded: its folded term.
        key: its accent key.
        weight: how telling it is here.
    """

    folded: str
    key: str
    weight: float


class Pair(NamedTuple):
    """Two words of the article that stand side by side, by their accent keys."""

    first: Word
    second: Word
    weight: float


class RelatedArticles:
    """Finds related articles in one build; safe to share between threads."""

    def __init__(self, snapshot: Snapshot, duplicates: DuplicateGroups) -> None:
        self._snapshot = snapshot
        self._duplicates = duplicates
        self._analyser = Analyser()
        self._rarity = lru_cache(MOST_REMEMBERED)(partial(_rarity_of, snapshot))

    def find(self, doc: int, limit: int) -> tuple[Ranked, ...]:
        """The articles related to a document, likest first; fewer than ``limit`` if few are."""
        article = load_article(self._snapshot.stored(doc))
        words, pairs = self.telling(article)
        if not words or limit < 1:
            return ()
        docs = np.union1d(self._having_most(words), [doc])
        likeness = self._likeness(docs, words, pairs)
        likeness /= likeness[docs == doc]
        found: list[Ranked] = []
        told = {self._story(doc)}
        for place in np.argsort(-likeness, kind="stable").tolist():
            if likeness[place] < ALIKE or len(found) == limit:
                break
            other = int(docs[place])
            if self._story(other) not in told:
                told.add(self._story(other))
                stored = load_article(self._snapshot.stored(other))
                found.append(Ranked(stored, float(likeness[place]), self._others(other)))
        return tuple(found)

    def _story(self, doc: int) -> tuple[bool, int]:
        """What near-duplicates have in common, and no other article."""
        group = self._group(doc)
        return (True, doc) if group == ALONE else (False, group)

    def _group(self, doc: int) -> int:
        return int(self._duplicates.of_document[doc]) if len(self._duplicates) else ALONE

    def _others(self, doc: int) -> int:
        return len(self._duplicates.others(doc)) if self._group(doc) != ALONE else 0

    def telling(self, article: Article) -> tuple[list[Word], list[Pair]]:
        """The article's most telling words, and pairs of words."""
        words: dict[str, float] = {}
        pairs: dict[tuple[str, str], float] = {}
        folded: dict[str, str] = {}
        texts = (article.headline, article.summary, article.body[:FIRST_LINES])
        for text, count in zip(texts, COUNTS, strict=True):
            before, rarity_before, position = "", 0.0, -1
            for token in self._analyser.tokens(text):
                key = token.key
                rarity = self._rarity(key)
                if rarity >= LEAST_TELLING:
                    folded[key] = token.folded
                    words[key] = words.get(key, 0.0) + count * rarity
                    if rarity_before >= LEAST_TELLING and token.position == position + 1:
                        pair_weight = PAIR * count * (rarity + rarity_before) / 2
                        pairs[before, key] = pairs.get((before, key), 0.0) + pair_weight
                before, rarity_before, position = key, rarity, token.position
        return (
            [
                Word(folded[key], key, weight)
                for key, weight in nlargest(MOST_WORDS, words.items(), key=itemgetter(1))
            ],
            [
                Pair(Word(folded[first], first, 0.0), Word(folded[second], second, 0.0), weight)
                for (first, second), weight in nlargest(
                    MOST_PAIRS, pairs.items(), key=itemgetter(1)
                )
            ],
        )

    def _having_most(self, words: Sequence[Word]) -> Docs:
        """The articles that have most of the words, by what these weigh."""
        docs = [np.zeros(0, np.int64)]
        sums = [np.zeros(0, np.float32)]
        for leaf in self._snapshot.leaves:
            leaf_sums = _sums(leaf, words)
            best = np.flatnonzero(leaf_sums >= max(threshold(leaf_sums, CANDIDATES), 1.0))
            docs.append(best + leaf.base)
            sums.append(leaf_sums[best])
        best = np.argsort(-np.concatenate(sums), kind="stable")[:CANDIDATES]
        return np.concatenate(docs)[best]

    def _likeness(self, docs: Docs, words: list[Word], pairs: list[Pair]) -> NDArray[np.float64]:
        """How much each document has of the words and pairs: shape (documents,)."""
        likeness = np.zeros(len(docs))
        for leaf in self._snapshot.leaves:
            first, end = np.searchsorted(docs, [leaf.base, leaf.base + leaf.segment.doc_count])
            if first < end:
                comparison = Comparison(leaf, docs[first:end] - leaf.base, words, pairs)
                likeness[first:end] = comparison.likeness()
        return likeness


def _sums(leaf: Leaf, words: Sequence[Word]) -> NDArray[np.float32]:
    """The summed weights of each document's words, 0 for deleted ones: shape (documents,)."""
    sums = np.zeros(leaf.segment.doc_count, np.float32)
    for name, count in zip(FIELDS, COUNTS, strict=True):
        channel = leaf.segment.channel(name)
        for word in words if name in ASKED else ():
            fold = leaf.segment.terms.folds.number(word.folded.encode())
            if fold is None or not channel.df(fold):
                continue
            postings, weight = channel.postings(fold), np.float32(count * word.weight)
            if postings.words is None:
                sums[postings.docs] += weight
            else:  # of a frequent word, a multiplication is quicker than a list
                sums += mask_of(postings.words)[: len(sums)] * weight
    if leaf.alive is not None:
        sums[~leaf.alive] = 0
    return sums


class Comparison:
    """Some documents of one segment beside the words of an article."""

    def __init__(
        self, leaf: Leaf, docs: Docs, words: Sequence[Word], pairs: Sequence[Pair]
    ) -> None:
        self._docs = docs
        self._words = words
        self._pairs = pairs
        self._terms = leaf.segment.terms
        self._channels: list[Channel] = [leaf.segment.channel(name) for name in FIELDS]
        all_words = [*words, *(word for pair in pairs for word in (pair.first, pair.second))]
        self._numbers = {word.key: self._find(word) for word in all_words}

    def _find(self, word: Word) -> tuple[int, int] | None:
        """A word's fold and the rank of its accent key, or None where the segment lacks it."""
        fold = self._terms.folds.number(word.folded.encode())
        key = self._terms.keys.number(word.key.encode())
        if fold is None or key is None:
            return None
        return fold, self._terms.variant_of_key(key) - self._terms.first_variant(fold)

    def likeness(self) -> NDArray[np.float64]:
        """What the documents have in common with the article: shape (documents,)."""
        size = len(self._docs)
        of_words = np.zeros((len(self._words), size))
        of_pairs = np.zeros((len(self._pairs), size))
        for channel, count in zip(self._channels, COUNTS, strict=True):
            spots = self._spots(channel)
            here = [spots.get(word.key, _NOWHERE) for word in self._words]
            of_words += count * _counted(here, size)
            beside = [
                _followed(spots.get(first.key, _NOWHERE), spots.get(second.key, _NOWHERE))
                for first, second, _ in self._pairs
            ]
            of_pairs += count * _counted(beside, size)
        total = np.zeros(size)
        for matrix, weighed in ((of_words, self._words), (of_pairs, self._pairs)):
            weights = np.array([item.weight for item in weighed])
            total += weights @ (matrix / (matrix + SATURATION))
        return total

    def _spots(self, channel: Channel) -> dict[str, NDArray[np.int64]]:
        """Where each word stands in each document: ``row << 32 | position``, ascending."""
        wanted = {
            key: found
            for key, found in self._numbers.items()
            if found is not None and channel.df(found[0])
        }
        folds = list(dict.fromkeys(fold for fold, _ in wanted.values()))
        if not folds:
            return {}
        places = channel.places_many(folds, self._docs)
        cells = np.repeat(places.cells, places.counts)
        size = len(self._docs)
        bounds = np.searchsorted(cells, np.arange(len(folds) + 1) * size)
        spots = (cells % size) << 32 | places.positions
        by_fold = {fold: slice(*bounds[at : at + 2]) for at, fold in enumerate(folds)}
        return {
            key: spots[by_fold[fold]][places.ranks[by_fold[fold]] == rank]
            for key, (fold, rank) in wanted.items()
        }


_NOWHERE = np.zeros(0, np.int64)


def _counted(places: Sequence[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
    """How many of each list of places are in each document: shape (lists, documents)."""
    rows = np.concatenate([_NOWHERE, *places]) >> 32
    lists = np.repeat(np.arange(len(places)), [len(spots) for spots in places])
    counts = np.bincount(lists * size + rows, minlength=len(places) * size)
    return counts.reshape(len(places), size)


def _followed(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those places that have one of others right behind them; both ascend."""
    if not len(first) or not len(second):
        return _NOWHERE
    at = np.searchsorted(second, first + 1)
    at[at == len(second)] = 0
    followed: NDArray[np.int64] = first[second[at] == first + 1]
    return followed


def _rarity_of(snapshot: Snapshot, key: str) -> float:
    """The inverse document frequency of a word with its accents, in bodies."""
    df = 0
    for leaf in snapshot.leaves:
        number = leaf.segment.terms.keys.number(key.encode())
        if number is not None:
            variant = leaf.segment.terms.variant_of_key(number)
            df += leaf.segment.channel("body").variant_df(variant)
    rarity = snapshot.idf(df)
    return rarity if key.isalpha() else NUMBER * rarity
