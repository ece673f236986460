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
from index.suggestions.word_rows import WordRows
from index.suggestions.word_runs import LONGEST, Runs, Tokens, count_runs, join_rows, least_seen

MOST_PHRASES = 25_000

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
    tokens = join_rows(rows, importance)
    kinds = _kinds_of(rows.keys)
    lengths = count_runs(tokens, kinds.written)
    parts = [_phrases(lengths, at, tokens, rows.keys, kinds) for at in range(len(lengths) - 1)]
    phrases = Phrases(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    return _best_spelled(phrases, rows)


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


def _phrases(
    lengths: Sequence[Runs], at: int, tokens: Tokens, keys: Sequence[str], kinds: _Kinds
) -> Phrases:
    """The phrases among the runs of one length."""
    runs = lengths[at]
    first, last = tokens.words[runs.examples], tokens.words[runs.examples + at]
    usable = kinds.begins[first] & kinds.ends[last] & ~_absorbed(runs, lengths[at + 1])
    if at:
        usable &= _cohesion(lengths, at) >= COHESION
        usable &= _torn(lengths, at) < TORN
        usable &= runs.counts >= least_seen(tokens) + (at + 1 >= LONG)
    else:
        usable &= kinds.long[first] & (runs.counts >= LEAST_NAMED * least_seen(tokens))
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


def _cohesion(lengths: Sequence[Runs], at: int) -> NDArray[np.float64]:
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


def _torn(lengths: Sequence[Runs], at: int) -> NDArray[np.float64]:
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


def _absorbed(runs: Runs, longer: Runs) -> NDArray[np.bool_]:
    """Which runs nearly always stand in the same longer one."""
    absorbed = np.zeros(len(runs.counts), np.bool_)
    examples = longer.examples
    for inner in (runs.of_place[examples], runs.of_place[examples + 1]):
        absorbed[inner[longer.counts >= ABSORBED * runs.counts[inner]]] = True
    return absorbed


def _best_examples(tokens: Tokens, runs: Runs) -> NDArray[np.int64]:
    """For each run a place that shows how it is written: a headline, not at its beginning."""
    good = 2 * (tokens.field[runs.places] == 0) + (tokens.position[runs.places] > 0)
    ranked = good << 40 | (len(runs.places) - np.arange(len(runs.places)))
    if not len(runs.starts):
        return runs.starts
    best = np.maximum.reduceat(ranked, runs.starts) & ((1 << 40) - 1)
    places: NDArray[np.int64] = runs.places[len(runs.places) - best]
    return places


def _chosen(phrases: Phrases, which: NDArray[np.int64]) -> Phrases:
    words, weights, field, doc, position = phrases
    return Phrases(words[which], weights[which], field[which], doc[which], position[which])


def _best_spelled(phrases: Phrases, rows: WordRows) -> Phrases:
    """Drop spellings that are slips; the weightiest of all, ordered by words."""
    number = {fold: at for at, fold in enumerate(dict.fromkeys(rows.folds))}
    fold_of = np.array([*(number[fold] for fold in rows.folds), -1], np.int64)
    bare = [fold == key for fold, key in zip(rows.folds, rows.keys, strict=True)]
    is_bare = np.array([*bare, True], np.bool_)[phrases.words].all(axis=1)
    trusted = np.where(is_bare, BARE, 1.0) * phrases.weights
    folded = fold_of[phrases.words]
    order = np.lexsort((phrases.words[:, 0], -trusted, *folded.T[::-1]))
    new = np.ones(len(order), np.bool_)
    new[1:] = (folded[order[1:]] != folded[order[:-1]]).any(axis=1)
    best = trusted[order[new]][np.cumsum(new) - 1]
    least = np.where(is_bare, BARE_SPELLING, OTHER_SPELLING)
    distinct = order[trusted[order] >= least[order] * best]
    weightiest = distinct[np.argsort(-phrases.weights[distinct], kind="stable")[:MOST_PHRASES]]
    chosen = weightiest[np.lexsort(tuple(phrases.words[weightiest].T[::-1]))]
    return _chosen(phrases, chosen)
