"""Runs of words that are frequent in headlines and leads: counted from short to long.

Only what begins with a frequent run can be frequent, so each length looks at the places that the
one before has left.

Invariant: every run that occurs often enough is found, with all places where it begins. Knows
nothing of which runs are phrases.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.suggestions.word_rows import WordRow, WordRows

LONGEST = 5
"""Words of a phrase."""

MOST_WORDS = 2_500_000
"""Words read, from articles spread over all: of 100,000 articles every other one. More of them
say little new and take as much longer."""

WORDS_A_COUNT = 1_000_000
"""A phrase must be seen once for so many words, and :data:`LEAST_SEEN` times."""

LEAST_SEEN = 2


class Tokens(NamedTuple):
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


def join_rows(rows: WordRows, importance: NDArray[np.float64]) -> Tokens:
    """Read the rows, or articles spread over them; ``importance`` is what each document counts."""
    interval = -(-sum(len(row.words) for row in rows.rows) // MOST_WORDS) or 1
    parts = [_sampled(row, field, interval, importance) for field, row in enumerate(rows.rows)]
    return Tokens(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _sampled(row: WordRow, field: int, interval: int, importance: NDArray[np.float64]) -> Tokens:
    sizes = np.diff(row.starts)
    text = np.repeat(np.arange(len(row.docs)), sizes)
    position = np.arange(len(row.words)) - np.repeat(row.starts[:-1], sizes)
    doc = row.docs[text]
    read = doc % interval == 0
    return Tokens(
        row.words[read],
        row.joined[read],
        importance[doc[read]],
        np.full(int(np.count_nonzero(read)), field, np.int64),
        doc[read],
        position[read],
    )


class Runs(NamedTuple):
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


def least_seen(tokens: Tokens) -> int:
    """How often a phrase must be seen."""
    return max(LEAST_SEEN, len(tokens.words) // WORDS_A_COUNT)


def count_runs(tokens: Tokens, written: NDArray[np.bool_]) -> list[Runs]:
    """The runs of each length, from one word to one more than phrases have.

    Args:
        tokens: what is read.
        written: whether each word may be part of a run, by its number.
    """
    least = least_seen(tokens)
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
) -> Runs:
    """Number the runs, given by their beginnings and last words, that are frequent."""
    keys = first << 32 | last
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    counts = np.diff(np.append(starts, len(ordered)))
    frequent = counts >= least
    run_places = places[order[np.repeat(frequent, counts)]]
    heads = ordered[starts[frequent]] >> 32
    counts = counts[frequent]
    of_place = np.full(size, -1, np.int32)
    of_place[run_places] = np.repeat(np.arange(len(counts)), counts)
    return Runs(counts, heads, run_places, np.cumsum(counts) - counts, of_place)
