"""Guesses what acronyms stand for that no article defines: UBND is used where "ủy ban nhân dân" is.

An acronym and its long form stand in the same company: after the same words and before the same
words. For every frequent key that could be an acronym, the runs of syllables with the same initials
are gathered from a sample of the texts, and the one whose neighbours resemble the acronym's most is
taken, if it resembles them enough and clearly more than the next.

Invariant: the same texts in the same order give the same guesses; memory is bounded by the size of
the sample. It knows nothing of printed text: keys carry no capitals, so only keys that are no
syllable are considered.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.syllables import parse_syllable
from index.language.ngrams import group_starts

_LENGTHS = (3, 4, 5)
_LETTER_BITS = 5
_MOST_SAMPLED = 1 << 23
_FEWEST_USES = 20
_FEWEST_LONG_USES = 8
_MOST_CANDIDATES = 20
#: Cosine of the neighbours, left and right averaged, that is enough; each side alone; and the lead
#: over the next candidate. Of 171 guesses of 0.33 or more that were read by hand none was wrong,
#: of 20 below twelve were (``docs/language-model.md``).
_ALIKE = 0.33
_ALIKE_ON_EACH_SIDE = 0.15
_LEAD = 0.05
_BREAK = 0
_MULTIPLIER = np.uint64(0x9E37_79B9_7F4A_7C15)


class Guess(NamedTuple):
    """A guessed meaning of an acronym.

    Attributes:
        acronym: its accent key.
        long_form: the accent keys of the words it stands for.
        uses: how often the acronym stands in the sample.
        long_uses: how often the long form does.
        likeness: how alike their neighbours are, 0 to 1.
    """

    acronym: str
    long_form: tuple[str, ...]
    uses: int
    long_uses: int
    likeness: float


class NeighbourSample:
    """Keeps an even sample of the texts: when it is full, every other text goes.

    Args:
        most: how many terms are kept at most, 4 bytes each.
    """

    def __init__(self, most: int = _MOST_SAMPLED) -> None:
        self._most = most
        self._texts: list[NDArray[np.uint32]] = []
        self._length = 0
        self._seen = 0
        self._step = 1

    def add(self, keys: NDArray[np.uint32], positions: NDArray[np.uint32]) -> None:
        """Offer a text.

        Args:
            keys: shape (n,): key numbers.
            positions: shape (n,): of keys that share a position the last one is kept.
        """
        if self._seen % self._step == 0 and len(keys):
            last = np.append(positions[1:] != positions[:-1], True)
            self._texts.append(keys[last].astype(np.uint32))
            self._length += len(self._texts[-1])
            if self._length > self._most:
                self._texts = self._texts[::2]
                self._length = sum(map(len, self._texts))
                self._step *= 2
        self._seen += 1

    def stream(self) -> NDArray[np.int64]:
        """The sample as one array of key numbers plus one; 0 stands between texts."""
        pieces: list[NDArray[np.int64]] = [np.zeros(1, np.int64)]
        for text in self._texts:
            pieces += [text.astype(np.int64) + 1, np.zeros(1, np.int64)]
        return np.concatenate(pieces)


def guess_meanings(sample: NeighbourSample, names: Sequence[str]) -> list[Guess]:
    """What the undefined acronyms of a sample stand for, the most used first.

    Args:
        sample: of the texts.
        names: accent keys by number.
    """
    stream = sample.stream()
    counts = np.bincount(stream, minlength=len(names) + 1)
    initials, is_syllable = _letters_of(names, counts)
    acronyms = _candidates(names, counts, is_syllable)
    guesses: list[Guess] = []
    for length in _LENGTHS:
        chosen = {number: code for number, code in acronyms if len(names[number - 1]) == length}
        if chosen:
            runs = _runs(stream, initials, is_syllable, length, list(chosen.values()))
            guesses += _match(stream, counts, names, chosen, runs)
    return sorted(guesses, key=lambda guess: (-guess.uses, guess.acronym))


def _letters_of(
    names: Sequence[str], counts: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Of each key (plus one) the code of its first letter, and whether it is a syllable."""
    initials = np.zeros(len(names) + 1, np.uint32)
    is_syllable = np.zeros(len(names) + 1, bool)
    for number in np.flatnonzero(counts[1:] >= _FEWEST_LONG_USES).tolist():
        if parse_syllable(names[number]) is not None:
            is_syllable[number + 1] = True
            initials[number + 1] = _letter_code(names[number][0])
    return initials, is_syllable


def _letter_code(letter: str) -> int:
    """1 to 26; đ as d: which of them an acronym means is looked at later."""
    base = "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]
    return ord(base) - 96 if "a" <= base <= "z" else 0


def _candidates(
    names: Sequence[str], counts: NDArray[np.int64], is_syllable: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Keys (plus one) that may be acronyms, and the codes of their letters."""
    candidates = []
    for number in np.flatnonzero((counts >= _FEWEST_USES) & ~is_syllable).tolist():
        name = names[number - 1] if number else ""
        codes = [_letter_code(letter) for letter in name]
        if len(name) in _LENGTHS and all(codes):
            code = 0
            for letter in codes:
                code = code << _LETTER_BITS | letter
            candidates.append((number, code))
    return candidates


class _Runs(NamedTuple):
    """Runs of syllables with wanted initials, grouped: equal runs are neighbours.

    ``places`` (shape (n,)) is where in the stream each begins, ``starts`` where each group begins
    in
    ``places``, ``codes`` the initials of each group.
    """

    places: NDArray[np.intp]
    starts: NDArray[np.intp]
    codes: NDArray[np.uint32]
    length: int


def _runs(
    stream: NDArray[np.int64],
    initials: NDArray[np.uint32],
    is_syllable: NDArray[np.bool_],
    length: int,
    wanted: list[int],
) -> _Runs:
    size = max(len(stream) - length + 1, 0)
    letters, fits = initials[stream], is_syllable[stream]
    code = np.zeros(size, np.uint32)
    good = np.ones(size, bool)
    for offset in range(length):
        code = (code << np.uint32(_LETTER_BITS)) | letters[offset : offset + size]
        good &= fits[offset : offset + size]
    is_wanted = np.zeros(1 << (_LETTER_BITS * length), bool)
    is_wanted[wanted] = True
    places = np.flatnonzero(is_wanted[code] & good)
    mixed = np.zeros(len(places), np.uint64)
    for offset in range(length):
        # A 64-bit mix of the keys: two of a few hundred thousand runs collide once in 10^8 builds.
        mixed = (mixed ^ stream[places + offset].astype(np.uint64)) * _MULTIPLIER
        mixed ^= mixed >> np.uint64(29)
    order = np.argsort(mixed, kind="stable")
    places = places[order]
    starts = group_starts(mixed[order])
    return _Runs(places, starts, code[places[starts]], length)


def _match(
    stream: NDArray[np.int64],
    counts: NDArray[np.int64],
    names: Sequence[str],
    chosen: dict[int, int],
    runs: _Runs,
) -> list[Guess]:
    ends = np.append(runs.starts[1:], len(runs.places))
    sizes = ends - runs.starts
    uses = _places_of(stream, list(chosen), len(counts))
    guesses = []
    for number, code in chosen.items():
        groups = np.flatnonzero((runs.codes == code) & (sizes >= _FEWEST_LONG_USES))
        groups = groups[np.argsort(-sizes[groups], kind="stable")][:_MOST_CANDIDATES]
        places = uses[number]
        company = _Company(stream, places, 1)
        scored = []
        for group in groups.tolist():
            long_places = runs.places[runs.starts[group] : ends[group]]
            words = tuple(
                names[key - 1] for key in stream[long_places[0] : long_places[0] + runs.length]
            )
            if not _spells(names[number - 1], words):
                continue
            likeness = company.likeness(_Company(stream, long_places, runs.length))
            scored.append((likeness, len(long_places), words))
        scored.sort(reverse=True)
        if scored and _convincing([likeness for likeness, _, _ in scored]):
            likeness, long_uses, words = scored[0]
            guesses.append(
                Guess(names[number - 1], words, len(places), long_uses, round(likeness, 3))
            )
    return guesses


def _places_of(
    stream: NDArray[np.int64], numbers: list[int], size: int
) -> dict[int, NDArray[np.intp]]:
    """Where each of some numbers below ``size`` stands in the stream, in order."""
    wanted = np.zeros(size, bool)
    wanted[numbers] = True
    places = np.flatnonzero(wanted[stream])
    places = places[np.argsort(stream[places], kind="stable")]
    edges = np.searchsorted(stream[places], [*numbers, *(number + 1 for number in numbers)])
    begins, ends = edges[: len(numbers)].tolist(), edges[len(numbers) :].tolist()
    return {
        number: places[begin:end] for number, begin, end in zip(numbers, begins, ends, strict=True)
    }


def _spells(acronym: str, words: tuple[str, ...]) -> bool:
    return all(letter != "đ" or word[0] == "đ" for letter, word in zip(acronym, words, strict=True))


def _convincing(likenesses: list[float]) -> bool:
    runner_up = likenesses[1] if len(likenesses) > 1 else 0.0
    return likenesses[0] >= _ALIKE and likenesses[0] - runner_up >= _LEAD


class _Company:
    """The words before and after some places, weighted by the roots of their counts."""

    def __init__(self, stream: NDArray[np.int64], places: NDArray[np.intp], length: int) -> None:
        self._sides = [_bag(stream[places - 1]), _bag(stream[places + length])]

    def likeness(self, other: _Company) -> float:
        """Mean cosine of both sides; 0 if one side is unlike."""
        sides = [
            _cosine(mine, theirs) for mine, theirs in zip(self._sides, other._sides, strict=True)
        ]
        return sum(sides) / 2 if min(sides) >= _ALIKE_ON_EACH_SIDE else 0.0


class _Bag(NamedTuple):
    words: NDArray[np.int64]
    weights: NDArray[np.float64]


def _bag(words: NDArray[np.int64]) -> _Bag:
    distinct, counts = np.unique(words[words != _BREAK], return_counts=True)
    weights = np.sqrt(counts.astype(np.float64))
    return _Bag(distinct, weights / max(float(np.linalg.norm(weights)), 1.0))


def _cosine(first: _Bag, second: _Bag) -> float:
    _, mine, theirs = np.intersect1d(
        first.words, second.words, assume_unique=True, return_indices=True
    )
    return float(first.weights[mine] @ second.weights[theirs])
