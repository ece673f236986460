"""Suggestions after a change: headlines brought up to date, phrases carried on.

Headlines are exactly those that would be derived anew. Phrases, and how much each weighs, stay as
they were until a fiftieth of the articles has changed; then all is derived anew. Until then a
phrase is dropped only if no article has it any more.

Invariant: what is written belongs to the state after the change, and every example of a phrase
stands where it is said to. Knows nothing of who types what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.postings import Postings
from index.codec.segment.file import SegmentFile
from index.delta import GONE, MOST_CHANGED, Delta
from index.snapshot import Snapshot
from index.storage.array_file import Array, write_arrays
from index.stored import load_article
from index.suggestions.suggestions import (
    KEY_BYTES,
    KIND,
    MOST_PLACE,
    NO_WORD,
    SUGGESTIONS_NAME,
    Suggestions,
    by_age,
    open_suggestions,
    write_suggestions,
)
from index.suggestions.word_rows import FIELDS, TextReader, Word, headline_key

MOST_TRIED = 20
"""Articles read in search of a new example of a phrase, of those that have its words."""

Docs = NDArray[np.int64]


def renew_suggestions(directory: Path, delta: Delta, *, most: float = MOST_CHANGED) -> None:
    """Bring the suggestions beside an index from one of its states to the next.

    Args:
        directory: of the index; if what lies there does not belong to the state before, or too much
            has changed, all is derived anew.
        delta: the change.
        most: the share of the articles that may have changed since all was derived.
    """
    former = open_suggestions(directory, delta.before)
    if former is None or not _may_carry(former, delta, most):
        write_suggestions(directory, delta.after)
        return
    texts = _Texts(delta)
    made_for = [delta.after.generation, delta.after.doc_count_all]
    write_arrays(
        directory / SUGGESTIONS_NAME,
        KIND,
        {
            "made_for": np.array(made_for, np.uint32),
            **_headline_arrays(former, delta, texts),
            **_phrase_arrays(former, delta, texts),
            "unlearned": np.array([former.changed_since_derived + delta.changes], np.uint32),
        },
    )


def _may_carry(former: Suggestions, delta: Delta, most: float) -> bool:
    return former.changed_since_derived + delta.changes <= most * delta.after.doc_count


def _headline_arrays(former: Suggestions, delta: Delta, texts: _Texts) -> dict[str, Array]:
    """The order of headlines: every headline that came or went is looked at, all others stay."""
    docs = former.headline_docs.astype(np.int64)
    place_of = _touched(former, docs, delta, texts)
    stays = np.ones(len(docs), np.bool_)
    for key, place in place_of.items():
        if place < len(docs) and texts.key_before(int(docs[place])) == key:
            stays[place] = False
    newest = {key: doc for key in sorted(place_of) if (doc := texts.newest_with(key)) is not None}
    places = [place_of[key] for key in newest]
    marks = np.zeros(len(docs), f"S{KEY_BYTES}")
    marks[former.headline_places] = former.headline_keys
    is_marked = np.zeros(len(docs), np.bool_)
    is_marked[former.headline_places] = True
    kept = np.insert(stays, places, np.ones(len(places), np.bool_))
    is_marked = np.insert(is_marked, places, np.ones(len(places), np.bool_))[kept]
    marks = np.insert(marks, places, np.array([key[:KEY_BYTES] for key in newest], marks.dtype))
    return {
        "headline_docs": np.insert(delta.to[docs], places, [*newest.values()])[kept].astype(
            np.uint32
        ),
        "headline_places": np.flatnonzero(is_marked).astype(np.uint32),
        "headline_keys": np.frombuffer(marks[kept][is_marked].tobytes(), np.uint8),
    }


def _touched(former: Suggestions, docs: Docs, delta: Delta, texts: _Texts) -> dict[bytes, int]:
    """The keys of headlines that came or went, and the place of each in the order as it was."""
    lost = np.flatnonzero(delta.to[docs] == GONE)
    place_of = {texts.key_before(int(docs[place])): place for place in lost.tolist()}
    for doc in delta.added.tolist():
        key = texts.key_after(doc)
        if key and key not in place_of:
            place_of[key] = former.place(key, texts.key_before)
    return place_of


def _phrase_arrays(former: Suggestions, delta: Delta, texts: _Texts) -> dict[str, Array]:
    """The phrases, with other examples for those whose examples are gone."""
    docs = delta.to[former.phrase_docs]
    places = former.phrase_places.astype(np.uint16)
    for phrase in np.flatnonzero(docs == GONE).tolist():
        words = [number for number in former.phrase_words[phrase].tolist() if number != NO_WORD]
        example = texts.example_of([former.keys[number] for number in words])
        if example is not None:
            docs[phrase], places[phrase] = example
    kept = docs != GONE
    return {
        "word_at": former.file.array("word_at"),
        "word_text": former.file.array("word_text"),
        "phrase_words": former.phrase_words[kept].ravel(),
        "phrase_weights": former.phrase_weights[kept],
        "phrase_docs": docs[kept].astype(np.uint32),
        "phrase_places": places[kept],
    }


class _Texts:
    """Headlines and leads before and after a change."""

    def __init__(self, delta: Delta) -> None:
        self._delta = delta
        self._reader = TextReader()
        self._age = by_age(delta.after)
        self._keys: dict[tuple[Snapshot, int], bytes] = {}

    def key_before(self, doc: int) -> bytes:
        """The key of the headline of a document before the change."""
        return self._key(self._delta.before, doc)

    def key_after(self, doc: int) -> bytes:
        """The key of the headline of a document after the change."""
        return self._key(self._delta.after, doc)

    def newest_with(self, key: bytes) -> int | None:
        """The newest article after the change that has this headline."""
        folds = key.split(b" ")
        having = [
            doc for doc in self._having(FIELDS[0], folds, _of_fold)
            if len(folds) <= self._length(doc) <= 2 * len(folds) and self.key_after(doc) == key
        ]  # fmt: skip
        return min(having, key=self._age, default=None)

    def example_of(self, keys: Sequence[str]) -> tuple[int, int] | None:
        """An article after the change that has a phrase, and the place of it in the article."""
        wanted = [key.encode() for key in keys]
        for field, name in enumerate(FIELDS):
            having = np.array(self._having(name, wanted, _of_key), np.int64)
            new_first = having[np.argsort(~np.isin(having, self._delta.added), kind="stable")]
            examples = []
            for doc in new_first[:MOST_TRIED].tolist():
                words = self._words(self._delta.after, doc, field)
                examples += [(doc, at) for at in _runs(words, keys) if at <= MOST_PLACE]
            # A headline's first word has a capital letter that may be none of its own.
            for doc, at in sorted(examples, key=lambda example: example[1] == 0)[:1]:
                return doc, 2 * at + field
        return None

    def _key(self, snapshot: Snapshot, doc: int) -> bytes:
        key = self._keys.get((snapshot, doc))
        if key is None:
            key = headline_key(word.fold for word in self._words(snapshot, doc, 0))
            self._keys[snapshot, doc] = key
        return key

    def _words(self, snapshot: Snapshot, doc: int, field: int) -> list[Word]:
        article = load_article(snapshot.stored(doc))
        return self._reader.words(article.summary if field else article.headline)

    def _length(self, doc: int) -> int:
        """The terms of a headline: stacked ones are counted twice."""
        leaf = self._delta.after.leaf_of(doc)
        return int(leaf.segment.channel(FIELDS[0]).tokens[doc - leaf.base])

    def _having(self, field: str, terms: Sequence[bytes], postings_of: _PostingsOf) -> list[int]:
        """The documents after the change that have all of some terms in a field, ascending."""
        having: list[int] = []
        for leaf in self._delta.after.leaves:
            lists = [postings_of(leaf.segment, field, term) for term in set(terms)]
            whole = sorted(
                (postings for postings in lists if postings is not None),
                key=lambda postings: postings.df,
            )
            if len(whole) < len(lists):
                continue
            docs = whole[0].docs
            for other in whole[1:]:
                docs = docs[other.frequencies(docs) > 0]
            if leaf.alive is not None:
                docs = docs[leaf.alive[docs]]
            having += (docs.astype(np.int64) + leaf.base).tolist()
        return having


_PostingsOf = Callable[[SegmentFile, str, bytes], "Postings | None"]


def _of_fold(segment: SegmentFile, field: str, term: bytes) -> Postings | None:
    number = segment.terms.folds.number(term)
    return None if number is None else segment.channel(field).postings(number)


def _of_key(segment: SegmentFile, field: str, term: bytes) -> Postings | None:
    number = segment.terms.keys.number(term)
    if number is None:
        return None
    return segment.channel(field).variant_postings(segment.terms.variant_of_key(number))


def _runs(words: Sequence[Word], keys: Sequence[str]) -> Iterator[int]:
    """Where in a text words stand side by side."""
    for at in range(len(words) - len(keys) + 1):
        here = words[at : at + len(keys)]
        if [word.key for word in here] == keys and all(word.joined for word in here[1:]):
            yield at
