"""What is suggested while a reader types, derived from an index: one small file beside it.

Nothing is stored twice: headlines are named by their articles' numbers, in the order of their
words, and phrases by the words of a small vocabulary and a place where they stand. ``suggestions``
is a file of arrays (:mod:`index.storage.array_file`), kind "suggestions" version 2:

- ``made_for`` (u32): generation of the index, documents;
- ``headline_docs`` (u32): one article for each headline, in the order of the headlines' keys: the
  folded words with a space between them, as UTF-8;
- ``headline_places`` (u32): some places in it, ascending; every 16th when derived anew;
- ``headline_keys`` (u8): the first 24 bytes of the key at each of these places, zeros behind;
- ``word_at`` (u32), ``word_text`` (u8): the words of phrases, ``fold TAB accent key``, ascending;
- ``phrase_words`` (u16): five numbers of words for each phrase, 65,535 where it has fewer;
- ``phrase_weights`` (u8): 8 · log2(1 + weight), at most 255;
- ``phrase_docs`` (u32) and ``phrase_places`` (u16): an example: its article, and twice the number
  of the word that it begins with, plus one in the lead;
- ``unlearned`` (u32, one number): changes since the phrases were derived.

Version 1, which is still read, has no ``headline_places`` (they are every 16th) and no
``unlearned``.

Like groups of near-duplicates they belong to one state of an index and are renewed after every
change (:mod:`index.suggestions.renewal`); where they were not, there are none. Derived anew, the
same index gives the same bytes.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.columns import NO_MOMENT
from index.errors import IndexDamaged
from index.snapshot import Snapshot
from index.storage.array_file import Array, ArrayFile, Kind, write_arrays
from index.suggestions.frequent_phrases import Phrases, find_phrases
from index.suggestions.word_rows import WordRow, headline_key, read_rows
from index.suggestions.word_runs import LONGEST

SUGGESTIONS_NAME = "suggestions"
KIND = Kind("suggestions", 2)
FIRST_KIND = Kind("suggestions", 1)

KEY_EVERY = 16
KEY_BYTES = 24
NO_WORD = 65_535
WEIGHT_STEPS = 8
MOST_PLACE = 32_767

HALF_LIFE = 365 * 24 * 3600 * 1_000_000
"""Microseconds after which an article counts half as much for phrases."""

LEAST_IMPORTANCE = 0.1


def write_suggestions(directory: Path, snapshot: Snapshot) -> None:
    """Derive what to suggest from an index and write it beside it."""
    published = snapshot.published()
    rows = read_rows(snapshot)
    phrases = find_phrases(rows, _importance(published))
    write_arrays(
        directory / SUGGESTIONS_NAME,
        KIND,
        {
            "made_for": np.array([snapshot.generation, snapshot.doc_count_all], np.uint32),
            **_headline_arrays(rows.rows[0], rows.folds, by_age(snapshot)),
            **_phrase_arrays(phrases, rows.folds, rows.keys),
            "unlearned": np.zeros(1, np.uint32),
        },
    )


def by_age(snapshot: Snapshot) -> Callable[[int], tuple[int, str]]:
    """What sorts documents, the newest first; equally old ones by id, which no merge changes."""
    published = snapshot.published()
    return lambda doc: (-int(published[doc]), snapshot.id_of(doc))


def _importance(published: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each article counts: half as much for each year that it is older than the newest."""
    newest = int(published.max(initial=NO_MOMENT))
    importance = 0.5 ** ((newest - published) / HALF_LIFE)
    importance[published == NO_MOMENT] = 1.0 if newest == NO_MOMENT else LEAST_IMPORTANCE
    decayed: NDArray[np.float64] = np.maximum(importance, LEAST_IMPORTANCE)
    return decayed


def _headline_arrays(
    row: WordRow, folds: Sequence[str], age: Callable[[int], tuple[int, str]]
) -> dict[str, Array]:
    """Headlines in the order of their keys; of those with one key the newest article's."""
    newest: dict[bytes, int] = {}
    for doc, first, end in zip(
        row.docs.tolist(), row.starts[:-1].tolist(), row.starts[1:].tolist(), strict=True
    ):
        key = headline_key(folds[word] for word in row.words[first:end].tolist())
        if key:
            newest[key] = min(newest[key], doc, key=age) if key in newest else doc
    keys = sorted(newest)
    marked = np.array(keys[::KEY_EVERY], f"S{KEY_BYTES}")
    return {
        "headline_docs": np.array([newest[key] for key in keys], np.uint32),
        "headline_places": np.arange(0, len(keys), KEY_EVERY).astype(np.uint32),
        "headline_keys": np.frombuffer(marked.tobytes(), np.uint8),
    }


def _phrase_arrays(phrases: Phrases, folds: Sequence[str], keys: Sequence[str]) -> dict[str, Array]:
    used = np.unique(phrases.words)
    used = used[used >= 0][:NO_WORD]
    whole = np.isin(phrases.words, [-1, *used.tolist()]).all(axis=1)
    whole &= phrases.position <= MOST_PLACE
    numbers = np.searchsorted(used, phrases.words[whole])
    numbers[phrases.words[whole] < 0] = NO_WORD
    texts = [f"{folds[word]}\t{keys[word]}".encode() for word in used.tolist()]
    at = np.zeros(len(texts) + 1, np.uint32)
    np.cumsum(list(map(len, texts)), out=at[1:])
    weights = np.round(WEIGHT_STEPS * np.log2(1 + phrases.weights[whole]))
    return {
        "word_at": at,
        "word_text": np.frombuffer(b"".join(texts), np.uint8),
        "phrase_words": numbers.astype(np.uint16).ravel(),
        "phrase_weights": np.minimum(weights, 255).astype(np.uint8),
        "phrase_docs": phrases.doc[whole].astype(np.uint32),
        "phrase_places": (2 * phrases.position[whole] + phrases.field[whole]).astype(np.uint16),
    }


class Suggestions:
    """The file of one build, mapped into memory; free to share between threads.

    Attributes:
        headline_docs: an article for each headline, in the order of keys.
        headline_places: some places in this order, ascending.
        headline_keys: the beginning of the key at each of these places.
        folds: of the words of phrases, ascending.
        keys: their accent keys.
        phrase_words: numbers of words, :data:`NO_WORD` for none: shape (phrases, LONGEST).
        phrase_weights: the greater, the more often used.
        phrase_docs: the article of each one's example.
        phrase_places: where in it.
        changed_since_derived: articles changed since the phrases were derived.
        file: where all that is.
    """

    def __init__(self, file: ArrayFile) -> None:
        self.file = file
        self.headline_docs = file.array("headline_docs")
        self.headline_keys = file.array("headline_keys").view(f"S{KEY_BYTES}")
        if file.kind == FIRST_KIND:
            sampled = np.arange(0, len(self.headline_docs), KEY_EVERY)
            self.headline_places: Array = sampled.astype(np.uint32)
            self.changed_since_derived = 0
        else:
            self.headline_places = file.array("headline_places")
            self.changed_since_derived = int(file.array("unlearned")[0])
        at = file.array("word_at").tolist()
        text = file.array("word_text").tobytes()
        pairs = [text[first:end].decode().split("\t") for first, end in pairwise(at)]
        self.folds = [fold for fold, _ in pairs]
        self.keys = [key for _, key in pairs]
        self.phrase_words: NDArray[np.uint16] = (
            file.array("phrase_words").view(np.uint16).reshape(-1, LONGEST)
        )
        self.phrase_weights = file.array("phrase_weights")
        self.phrase_docs = file.array("phrase_docs")
        self.phrase_places = file.array("phrase_places")

    def place(self, key: bytes, key_of: Callable[[int], bytes]) -> int:
        """How many headlines come before a key.

        Args:
            key: or the beginning of one.
            key_of: reads the key of an article's headline.
        """
        cut = np.bytes_(key[:KEY_BYTES])
        low = int(np.searchsorted(self.headline_keys, cut, side="left"))
        high = int(np.searchsorted(self.headline_keys, cut, side="right"))
        marks = self.headline_places
        first = int(marks[low - 1]) if low else 0
        end = int(marks[high]) if high < len(marks) else len(self.headline_docs)
        return first + bisect.bisect_left(
            range(first, end), key, key=lambda place: key_of(int(self.headline_docs[place]))
        )

    def example(self, phrase: int) -> tuple[int, int, int]:
        """Where a phrase stands: document, field (0 headline, 1 lead) and number of its word."""
        place = int(self.phrase_places[phrase])
        return int(self.phrase_docs[phrase]), place & 1, place >> 1


def open_suggestions(directory: Path, snapshot: Snapshot) -> Suggestions | None:
    """What to suggest for the index in ``directory``; None if that was not derived from its state.

    Raises:
        IndexDamaged: the file is none.
    """
    try:
        file = ArrayFile(directory / SUGGESTIONS_NAME, KIND, FIRST_KIND)
    except FileNotFoundError:
        return None
    except ValueError as error:  # its message says what to do
        raise IndexDamaged(str(error)) from error
    if file.array("made_for").tolist() != [snapshot.generation, snapshot.doc_count_all]:
        return None
    return Suggestions(file)
