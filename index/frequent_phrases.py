"""Phrases that headlines and leads use often enough to be worth suggesting: "thông tin đối ngoại".

A phrase is two to five words that stand together more often than chance would have it, that does
not begin or end with a word that only joins others or in the middle of a compound, and that is not
nearly always part of a longer one. Foreign names of one word count as well. Counting goes from
short to long: only what begins with something frequent can be frequent.

Invariant: the same texts give the same phrases, in the same order. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import accent_key, parse_syllable
from index.word_rows import WordRow, WordRows

LONGEST = 5
"""Words of a phrase."""

MOST_PHRASES = 25_000
MOST_WORDS = 2_500_000
"""Words read, from articles spread over all: of 100,000 articles every other one. More of them
say little new and take as much longer."""

WORDS_A_COUNT = 1_000_000
"""A phrase must be seen once for so many words, and :data:`LEAST_SEEN` times."""

LEAST_SEEN = 2
LONG = 4
"""Phrases of so many words must be seen once more: twice is a copied sentence."""

LEAST_NAMED = 4
"""Names of one word must be seen so many times as often."""

COHESION = 6.0
"""How much more often than by chance the last word follows the others, and the first precedes."""

ABSORBED = 0.7
"""The share of a phrase's occurrences in one longer phrase from which on only that is kept."""

TORN = 0.4
"""The share of a phrase's occurrences in which an outer word holds to its neighbour outside more
than to the one inside ("lý kinh tế" in "quản lý kinh tế") from which on it is none."""

BARE = 0.25
"""What a spelling without any accent counts against one with: some articles leave them out."""

OTHER_SPELLING = 0.01
"""Phrases that fold alike ("Đà Nẵng", "đa năng") are different ones if the rarer has this share of
the other's weight; below, it is a slip."""

BARE_SPELLING = 0.2
"""The same for a spelling without any accent, after :data:`BARE`."""

_SHORTEST_NAME = 4

_JOINING = (
    "và của là với những các một đã sẽ đang khi tại ở vào trên theo vì để cho được này đó thì mà",
    "cũng bị từ đến về trong do có như bằng nhưng hay hoặc nếu rằng còn lại ra ông bà vẫn nên sau",
    "trước giữa cùng qua lên nhiều thêm mới vừa gì ai nào sao thế hơn gần không chưa chị anh em",
    "nói khiến vụ việc khỏi lớp",
)
JOINING = frozenset(accent_key(word) for line in _JOINING for word in line.split())
"""Words that a phrase does not end with, nor begin with."""

OPENING = frozenset(
    map(accent_key, ("bị", "từ", "có", "trước", "cùng", "mới", "nhiều", "anh", "vụ", "lớp"))
)
"""Those of them that may begin one: "bị can", "từ chức", "mới nhất", "Anh quốc"."""


class Phrases(NamedTuple):
    """Frequent phrases, in the order of their words.

    Attributes:
        words: the words of each, by number; -1 where it has no more: shape (phrases, LONGEST).
        weights: how often each is used, where recent articles count more: shape (phrases,).
        field: in which of the fields an example stands: shape (phrases,).
        doc: the document of the example: shape (phrases,).
        position: which word of its text the example begins with: shape (phrases,).
    """

    words: NDArray[np.int64]
    weights: NDArray[np.float64]
    field: NDArray[np.int64]
    doc: NDArray[np.int64]
    position: NDArray[np.int64]


def find_phrases(rows: WordRows, importance: NDArray[np.float64]) -> Phrases:
    """The frequent phrases of an index.

    Args:
        rows: its headlines and leads.
        importance: what each document counts, shape (documents,).
    """
    tokens = _join(rows, importance)
    kinds = _kinds_of(rows.keys)
    lengths = _count(tokens, kinds.written)
    parts = [_phrases(lengths, at, tokens, rows.keys, kinds) for at in range(len(lengths) - 1)]
    found = Phrases(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    return _best_spelled(found, rows)


class _Kinds(NamedTuple):
    """What each word can do in a phrase: four arrays of shape (words,)."""

    written: NDArray[np.bool_]
    begins: NDArray[np.bool_]
    ends: NDArray[np.bool_]
    long: NDArray[np.bool_]


def _kinds_of(keys: Sequence[str]) -> _Kinds:
    kinds = [
        (
            key.isalnum() and not key.isdigit(),
            key not in JOINING or key in OPENING,
            key not in JOINING,
            len(key) >= _SHORTEST_NAME and key.isalpha(),
        )
        for key in keys
    ]
    return _Kinds(*np.array(kinds, np.bool_).reshape(len(kinds), 4).T)


class _Tokens(NamedTuple):
    """The texts that are read as one row of words.

    Attributes:
        words: by number.
        joined: whether each word is followed by the next.
        weights: what each counts.
        field: which field each stands in.
        doc: which document.
        position: which word of its text it is.
    """

    words: NDArray[np.int64]
    joined: NDArray[np.bool_]
    weights: NDArray[np.float64]
    field: NDArray[np.int64]
    doc: NDArray[np.int64]
    position: NDArray[np.int64]


def _join(rows: WordRows, importance: NDArray[np.float64]) -> _Tokens:
    every = -(-sum(len(row.words) for row in rows.rows) // MOST_WORDS) or 1
    parts = [_sampled(row, field, every, importance) for field, row in enumerate(rows.rows)]
    return _Tokens(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _sampled(row: WordRow, field: int, every: int, importance: NDArray[np.float64]) -> _Tokens:
    sizes = np.diff(row.starts)
    text = np.repeat(np.arange(len(row.docs)), sizes)
    position = np.arange(len(row.words)) - np.repeat(row.starts[:-1], sizes)
    doc = row.docs[text]
    read = doc % every == 0
    return _Tokens(
        row.words[read],
        row.joined[read],
        importance[doc[read]],
        np.full(int(np.count_nonzero(read)), field, np.int64),
        doc[read],
        position[read],
    )


class _Runs(NamedTuple):
    """The frequent runs of one length.

    Attributes:
        counts: occurrences of each, shape (runs,).
        first: the number of the run without its last word, shape (runs,).
        places: where they begin, run by run, shape (occurrences,).
        starts: where each run's occurrences begin in ``places``, shape (runs,).
        of_place: the number of the run that begins at each token, -1 for none, shape (tokens,).
    """

    counts: NDArray[np.int64]
    first: NDArray[np.int64]
    places: NDArray[np.int64]
    starts: NDArray[np.int64]
    of_place: NDArray[np.int32]

    @property
    def examples(self) -> NDArray[np.int64]:
        """Where each run begins for the first time."""
        return self.places[self.starts]


def _least(tokens: _Tokens) -> int:
    """How often a phrase must be seen."""
    return max(LEAST_SEEN, len(tokens.words) // WORDS_A_COUNT)


def _count(tokens: _Tokens, written: NDArray[np.bool_]) -> list[_Runs]:
    """The runs of each length, from one word to one more than phrases have."""
    least = _least(tokens)
    places = np.flatnonzero(written[tokens.words])
    nothing = np.zeros(len(places), np.int64)
    lengths = [_frequent(len(tokens.words), nothing, tokens.words[places], places, least)]
    joined = tokens.joined
    for length in range(1, LONGEST + 1):
        before = lengths[-1]
        on = before.places[before.places + length < len(tokens.words)]
        on = on[joined[on + length - 1] & (lengths[0].of_place[on + length] >= 0)]
        on.sort()
        heads = before.of_place[on].astype(np.int64)
        lengths.append(_frequent(len(tokens.words), heads, tokens.words[on + length], on, least))
    return lengths


def _frequent(
    size: int,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    places: NDArray[np.int64],
    least: int,
) -> _Runs:
    """Number the runs, given by their beginnings and last words, that are frequent."""
    keys = first << 32 | last
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    counts = np.diff(np.append(starts, len(ordered)))
    frequent = counts >= least
    own = places[order[np.repeat(frequent, counts)]]
    heads = ordered[starts[frequent]] >> 32
    counts = counts[frequent]
    of_place = np.full(size, -1, np.int32)
    of_place[own] = np.repeat(np.arange(len(counts)), counts)
    return _Runs(counts, heads, own, np.cumsum(counts) - counts, of_place)


def _phrases(
    lengths: Sequence[_Runs], at: int, tokens: _Tokens, keys: Sequence[str], kinds: _Kinds
) -> Phrases:
    """The phrases among the runs of one length."""
    runs = lengths[at]
    first, last = tokens.words[runs.examples], tokens.words[runs.examples + at]
    usable = kinds.begins[first] & kinds.ends[last] & ~_absorbed(runs, lengths[at + 1])
    if at:
        usable &= _cohesion(lengths, at) >= COHESION
        usable &= _torn(lengths, at) < TORN
        usable &= runs.counts >= _least(tokens) + (at + 1 >= LONG)
    else:
        usable &= kinds.long[first] & (runs.counts >= LEAST_NAMED * _least(tokens))
        names = [parse_syllable(keys[word]) is None for word in first[usable].tolist()]
        usable[usable] = names
    words = np.full((int(np.count_nonzero(usable)), LONGEST), -1, np.int64)
    words[:, : at + 1] = tokens.words[runs.examples[usable, None] + np.arange(at + 1)]
    weights = _per_run(tokens.weights[runs.places], runs.starts)[usable]
    best = _best_examples(tokens, runs)[usable]
    return Phrases(words, weights, tokens.field[best], tokens.doc[best], tokens.position[best])


def _per_run(values: NDArray[np.float64], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sums of values of occurrences, shape (runs,)."""
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)


def _cohesion(lengths: Sequence[_Runs], at: int) -> NDArray[np.float64]:
    """How much more often than by chance a run goes on as it does, and begins as it does."""
    runs, shorter, single = lengths[at], lengths[at - 1], lengths[0]
    total = float(len(single.of_place))
    examples = runs.examples
    ending = single.counts[single.of_place[examples + at]]
    beginning = single.counts[single.of_place[examples]]
    rest = shorter.counts[shorter.of_place[examples + 1]]
    forward = runs.counts * total / (shorter.counts[runs.first] * ending)
    backward = runs.counts * total / (rest * beginning)
    least: NDArray[np.float64] = np.minimum(forward, backward)
    return least


def _torn(lengths: Sequence[_Runs], at: int) -> NDArray[np.float64]:
    """In which share of its occurrences a run begins or ends in the middle of something."""
    runs, pairs = lengths[at], lengths[1]
    hold = np.zeros(len(runs.of_place) + 1)
    here = pairs.of_place >= 0
    hold[:-1][here] = _cohesion(lengths, 1)[pairs.of_place[here]]
    left = hold[runs.places - 1] > hold[runs.places]
    right = hold[runs.places + at] > hold[runs.places + at - 1]
    torn = [_per_run(side.astype(np.float64), runs.starts) for side in (left, right)]
    share: NDArray[np.float64] = np.maximum(*torn) / runs.counts
    return share


def _absorbed(runs: _Runs, longer: _Runs) -> NDArray[np.bool_]:
    """Which runs nearly always stand in the same longer one."""
    absorbed = np.zeros(len(runs.counts), np.bool_)
    examples = longer.examples
    for inner in (runs.of_place[examples], runs.of_place[examples + 1]):
        absorbed[inner[longer.counts >= ABSORBED * runs.counts[inner]]] = True
    return absorbed


def _best_examples(tokens: _Tokens, runs: _Runs) -> NDArray[np.int64]:
    """For each run a place that shows how it is written: a headline, not at its beginning."""
    good = 2 * (tokens.field[runs.places] == 0) + (tokens.position[runs.places] > 0)
    ranked = good << 40 | (len(runs.places) - np.arange(len(runs.places)))
    if not len(runs.starts):
        return runs.starts
    best = np.maximum.reduceat(ranked, runs.starts) & ((1 << 40) - 1)
    found: NDArray[np.int64] = runs.places[len(runs.places) - best]
    return found


def _chosen(found: Phrases, which: NDArray[np.int64]) -> Phrases:
    words, weights, field, doc, position = found
    return Phrases(words[which], weights[which], field[which], doc[which], position[which])


def _best_spelled(found: Phrases, rows: WordRows) -> Phrases:
    """Drop spellings that are slips; the weightiest of all, ordered by words."""
    number = {fold: at for at, fold in enumerate(dict.fromkeys(rows.folds))}
    fold_of = np.array([*(number[fold] for fold in rows.folds), -1], np.int64)
    bare = [fold == key for fold, key in zip(rows.folds, rows.keys, strict=True)]
    is_bare = np.array([*bare, True], np.bool_)[found.words].all(axis=1)
    trusted = np.where(is_bare, BARE, 1.0) * found.weights
    folded = fold_of[found.words]
    order = np.lexsort((found.words[:, 0], -trusted, *folded.T[::-1]))
    new = np.ones(len(order), np.bool_)
    new[1:] = (folded[order[1:]] != folded[order[:-1]]).any(axis=1)
    best = trusted[order[new]][np.cumsum(new) - 1]
    least = np.where(is_bare, BARE_SPELLING, OTHER_SPELLING)
    distinct = order[trusted[order] >= least[order] * best]
    weightiest = distinct[np.argsort(-found.weights[distinct], kind="stable")[:MOST_PHRASES]]
    chosen = weightiest[np.lexsort(tuple(found.words[weightiest].T[::-1]))]
    return _chosen(found, chosen)
