"""Articles that a cluster has sent with the places of a query's words, as a snapshot of an index.

Ranking and comparing read a snapshot's segment by channels; what they ask of one can be answered
from the words file of a build (:mod:`index.codec.segment.words`) and from what the nodes found in
the articles' occurrence lists. So they are the same code for every back end, compiled or not, and
score an article alike.

The documents of such a snapshot are the articles sent, by their rank in the answer; its counts are
those of the whole index.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.channel import Channel, ManyPlaces
from index.codec.channel.postings import Postings, PostingsCache
from index.codec.columns import NO_MOMENT, Moments
from index.codec.segment.file import SegmentFile
from index.codec.segment.occurrence_list import FIELDS, KEY_BITS, KEY_MASK, LAST_POSITION, hash_of
from index.codec.segment.words import WordCounts, WordsFile
from index.codec.terms import Terms
from index.snapshot import Snapshot

PLACES_SCRIPT = """
long number(byte[] bytes, int at) {
  return ((bytes[at] & 255L) << 24) | ((bytes[at + 1] & 255L) << 16)
    | ((bytes[at + 2] & 255L) << 8) | (bytes[at + 3] & 255L);
}
def list = doc['occurrences'].value;
byte[] bytes = list.bytes;
int begin = list.offset + 12;
int size = (list.length - 12) / 8;
List found = new ArrayList();
for (int field = 0; field < 3; field++) { found.add(number(bytes, list.offset + 4 * field)); }
for (int word = 0; word < params.folds.length; word++) {
  long fold = params.folds[word];
  int low = 0;
  int high = size;
  while (low < high) {
    int middle = (low + high) / 2;
    if (number(bytes, begin + 8 * middle) < fold) { low = middle + 1; } else { high = middle; }
  }
  while (low < size && number(bytes, begin + 8 * low) == fold) {
    found.add(((long) word << 32) | number(bytes, begin + 8 * low + 4));
    low++;
  }
}
return found;
"""
"""What a node runs for each article: three lengths, then ``word << 32`` and the low half of each
occurrence (:mod:`index.codec.segment.occurrence_list`), words by their place in the question."""

Numbers = NDArray[np.int64]

_NO_RANK = 1 << 20
"""Of an accent key that the index did not have when its words were counted."""


def fold_hashes(folds: Sequence[bytes]) -> list[int]:
    """What the script is asked for some folded terms."""
    return [hash_of(fold) for fold in folds]


class Candidates(Snapshot):
    """Articles as a snapshot.

    Args:
        words: of the build.
        folds: folded terms that were asked for, each once.
        answers: of the script, for each article.
        published: when each was published, in Whoosh's microseconds, :data:`NO_MOMENT` for none.
        newest: of all articles of the index.
    """

    def __init__(
        self,
        words: WordsFile,
        folds: Sequence[bytes],
        answers: Sequence[Sequence[int]],
        published: Sequence[int],
        newest: int = NO_MOMENT,
    ) -> None:
        segment = _Segment(words, folds, answers, published, newest)
        super().__init__([segment], [np.zeros(0, np.int64)])
        self.doc_count_all = words.doc_count


class _Segment(SegmentFile):
    def __init__(
        self,
        words: WordsFile,
        folds: Sequence[bytes],
        answers: Sequence[Sequence[int]],
        published: Sequence[int],
        newest: int,
    ) -> None:
        self.path, self.layout = words.path, words.layout
        self.doc_count, self.totals = len(answers), words.totals
        self.__dict__["terms"] = words.terms  # a cached property of segments: shared, not read anew
        numbers = [words.terms.folds.number(fold) for fold in folds]
        rank_of = np.array([_ranks(words, number) for number in numbers]).reshape(-1, KEY_MASK + 1)
        sizes = np.fromiter(map(len, answers), np.int64, len(answers))
        flat = np.fromiter(chain.from_iterable(answers), np.int64, int(sizes.sum()))
        starts = np.cumsum(sizes) - sizes
        header = (starts[:, None] + np.arange(len(FIELDS))).ravel()
        lengths = flat[header].reshape(-1, len(FIELDS))
        rows = np.delete(np.repeat(np.arange(len(answers)), sizes), header)
        codes = np.delete(flat, header)
        word, field = codes >> 32, codes >> 30 & 3
        position = codes >> KEY_BITS & LAST_POSITION
        rank = rank_of[word, codes & KEY_MASK] if len(folds) else codes
        place_of = {number: at for at, number in enumerate(numbers) if number is not None}
        order = np.lexsort((position, rows, word))
        self._texts: dict[str, Channel] = {}
        for at, name in enumerate(FIELDS):
            here = order[field[order] == at]
            self._texts[name] = _Channel(
                words.counts[name],
                words.terms,
                place_of,
                (word[here], rows[here], position[here], rank[here]),
                lengths[:, at].astype(np.uint32),
            )
        # The newest article stands behind those sent: how new these are is reckoned from it.
        self._published = _Published(np.array([*published, newest], np.int64))

    def channel(self, text_field: str) -> Channel:
        return self._texts[text_field]

    def moments(self, field: str) -> Moments:  # noqa: ARG002 - there is but one
        return self._published


def _ranks(words: WordsFile, fold: int | None) -> Numbers:
    """The rank of the accent key with each hash: shape (hashes,)."""
    ranks = np.full(KEY_MASK + 1, _NO_RANK, np.int64)
    keys = [] if fold is None else words.terms.keys_of_fold(fold)
    for rank, key in reversed([*enumerate(keys)]):  # of two with one hash the commoner
        ranks[hash_of(words.terms.keys.term(key)) & KEY_MASK] = rank
    return ranks


class _Published(Moments):
    def __init__(self, value: Numbers) -> None:
        self.value = value


class _Channel(Channel):
    """One text field of the articles; it is its own scanner."""

    def __init__(
        self,
        counts: WordCounts,
        terms: Terms,
        place_of: dict[int, int],
        occurrences: tuple[Numbers, Numbers, Numbers, Numbers],
        tokens: NDArray[np.uint32],
    ) -> None:
        self._counts, self._terms = counts, terms
        self._place_of = place_of
        self._word, self._row, self._position, self._rank = occurrences
        self.tokens = tokens

    def df(self, fold: int) -> int:
        return self._counts.df(fold)

    def cf(self, fold: int) -> int:
        return self._counts.cf(fold)

    def variant_df(self, variant: int) -> int:
        return self._counts.variant_df(variant)

    def variant_cf(self, variant: int) -> int:
        return self._counts.variant_cf(variant)

    def postings(self, fold: int) -> Postings:
        here = self._of_fold(fold)
        return self._listed(self._row[here])

    def variant_postings(self, variant: int) -> Postings:
        fold = self._terms.fold_of_variant(variant)
        here = self._of_fold(fold)
        rank = variant - self._terms.first_variant(fold)
        return self._listed(self._row[here][self._rank[here] == rank])

    def _of_fold(self, fold: int) -> slice:
        place = self._place_of.get(fold, -1)
        return slice(*np.searchsorted(self._word, [place, place + 1]).tolist())

    def _listed(self, rows: Numbers) -> Postings:
        docs, times = np.unique(rows, return_counts=True)
        numbers = docs.astype(np.uint32)
        cache = PostingsCache(0)
        return Postings(times.astype(np.uint32), lambda: numbers, None, len(self.tokens), cache)

    @property
    def scanner(self) -> Channel:  # type: ignore[override]  # compiled code asks it for places only
        return self

    def places_many(self, folds: Sequence[int], docs: NDArray[np.integer]) -> ManyPlaces:
        size = len(docs)
        row_of = np.full(len(self.tokens), -1, np.int64)
        row_of[docs] = np.arange(size)
        cells, positions, ranks = [_NONE], [_NONE], [_NONE]
        for at, fold in enumerate(folds):
            here = self._of_fold(fold)
            rows = row_of[self._row[here]]
            asked = rows >= 0
            cells.append(at * size + rows[asked])
            positions.append(self._position[here][asked])
            ranks.append(self._rank[here][asked])
        every, counts = np.unique(np.concatenate(cells), return_counts=True)
        return ManyPlaces(every, counts, np.concatenate(positions), np.concatenate(ranks))


_NONE = np.zeros(0, np.int64)
