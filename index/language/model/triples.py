"""The triples of a language model: which are kept, and how they are written in two bytes each.

The triples whose first two forms are the same make a *row*, ordered by their third form. Each is a
16-bit code::

    bits    what
    10..15  how many forms the third form is beyond that of the triple before it in the row; in the
            first triple of a row, beyond 0. 63 means that this code is no triple but a step of
            63 times what stands in the other ten bits; 1,023 of them fill a row up
     6..9   the probability of the third word, less a discount: a number in TRIPLE_CHANCES
     0..5   the kind: a number in the table of kinds, each of which is the place of the first two
            words among the pairs of the same forms << 3 | the variant of the third

There is room for the 64 commonest kinds, 32 places, the first 8 variants, the first 32,768 forms
and 600 triples of a row; of others nothing is written.

Invariant: what is written is read back, the probability within a third. This module knows nothing
of files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.language.model.codes import (
    FORM_BITS,
    MOST_FORMS,
    MOST_VARIANTS,
    TRIPLE_CHANCES,
    VARIANT_BITS,
    discounted,
    encode_chances,
    estimate_discounts,
)
from index.language.model.edges import MOST_ENTRIES
from index.language.model.pruning import Worth, best, first_pairs, last_pairs
from index.language.ngrams import Counted, group_starts
from index.storage.array_file import Array

_KIND_BITS = 6
_CHANCE_BITS = 4
_GAP_SHIFT = _KIND_BITS + _CHANCE_BITS
_STEP = 63
_FIRST_STEP = _STEP << _GAP_SHIFT
_THIRD_BITS = 3
_PLACES = 1 << 5
_THIRDS = 1 << _THIRD_BITS
_THIRD_FORMS = np.uint64(1 << 15)
#: A code that stands for no triple: a step beyond all forms.
FILLING = _FIRST_STEP | ((1 << _GAP_SHIFT) - 1)
# With a step before each, a row has no more codes than can be counted.
_MOST_IN_ROW = MOST_ENTRIES // 2
_WORTHLESS = -np.inf
_SLICE = 1 << 20
_BEYOND = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_PAIR_FORMS = np.uint64(2 * VARIANT_BITS)
_VARIANT = np.uint64(MOST_VARIANTS - 1)
_THIRD_FORM = np.uint64(3 * VARIANT_BITS)
_LAST_FORM = np.uint64(MOST_FORMS - 1) << _THIRD_FORM
# If so many times the triples that may be kept have forms seen again, others have no chance.
_CANDIDATES = 2
_ROW = np.uint64(FORM_BITS + 3 * VARIANT_BITS)


class Evidence(NamedTuple):
    """What was counted, as packed words (:mod:`index.language.model.codes`).

    Attributes:
        pairs: in rising order, and how often each was seen.
        triples: likewise.
        triple_histogram: shape (5,): how many triples were seen 0, 1, 2, 3 and 4 times.
    """

    pairs: Counted
    triples: Counted
    triple_histogram: NDArray[np.int64]


class Chosen(NamedTuple):
    """The triples of a model.

    Attributes:
        packed: shape (T,), rising.
        left: shape (T,): the places among all pairs of the pairs that they begin with.
        kind: shape (T,): numbers in ``kinds``.
        kept: shape (T,): the count of each, less its discount.
        sums: shape (P,): the sums of ``kept`` over the triples that end with each of all pairs.
        kinds: shape (64,): place of the pair << 3 | variant of the third word.
    """

    packed: NDArray[np.uint64]
    left: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    kept: NDArray[np.float64]
    sums: NDArray[np.float64]
    kinds: NDArray[np.uint8]


def choose_triples(evidence: Evidence, worth: Worth, stay: NDArray[np.bool_], most: int) -> Chosen:
    """The triples worth keeping, of those that can be written.

    Args:
        evidence: all pairs and triples.
        worth: says which triples matter.
        stay: shape (P,): which pairs are kept; triples that begin with others cannot be written.
        most: how many triples may be kept.
    """
    pairs = evidence.pairs.packed
    triples = _seen_again(evidence.triples, _CANDIDATES * most)
    left = _find(pairs, triples.packed, first_pairs)
    right = _find(pairs, triples.packed, last_pairs)
    known = (left < len(pairs)) & (right < len(pairs))
    if not known.all():
        triples = Counted(triples.packed[known], triples.counts[known])
        left, right = left[known], right[known]
    values = worth.of_triples(triples, left, right)
    # The place of each pair in its row, for those that triples can begin with.
    places = np.full(len(pairs), _PLACES, np.uint16)
    places[stay] = np.minimum(_places_in_groups(pairs[stay] >> _PAIR_FORMS), _PLACES)
    place, variant = places[left], (triples.packed & _VARIANT).astype(np.uint8)
    values[(place >= _PLACES) | (variant >= _THIRDS)] = _WORTHLESS
    values[triples.packed & _LAST_FORM >= _THIRD_FORMS << _THIRD_FORM] = _WORTHLESS
    chosen = np.flatnonzero(best(values, most) & (values > _WORTHLESS))
    chosen = chosen[fits(triples.packed[chosen] >> _ROW, values[chosen], _MOST_IN_ROW)]
    kind = place[chosen] << _THIRD_BITS | variant[chosen]
    kinds = np.argsort(-np.bincount(kind, minlength=1 << 8), kind="stable")[: 1 << _KIND_BITS]
    number = np.full(1 << 8, 1 << _KIND_BITS, np.uint8)
    number[kinds] = np.arange(1 << _KIND_BITS)
    written = number[kind] < 1 << _KIND_BITS
    chosen, kind = chosen[written], number[kind[written]]
    kept: NDArray[np.float64] = discounted(
        triples.counts[chosen].astype(np.float64), estimate_discounts(evidence.triple_histogram)
    )
    sums = np.bincount(right[chosen], weights=kept, minlength=len(pairs)).astype(np.float64)
    packed = triples.packed[chosen]
    return Chosen(packed, left[chosen], kind, kept, sums, kinds.astype(np.uint8))


def encode_triples(
    chosen: Chosen, pair_counts: NDArray[np.float64]
) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The triples as codes.

    Args:
        chosen: the triples.
        pair_counts: shape (P,): how often each of all pairs was seen.

    Returns:
        The codes, and for each triple the place of its first code among them, then how many codes
        there are: shape (T + 1,).
    """
    third = _third_forms(chosen.packed)
    gap = np.diff(third, prepend=0)
    first = group_starts(chosen.packed >> _ROW)
    gap[first] = third[first]
    steps, gap = np.divmod(gap, _STEP)
    places = np.append(0, np.cumsum(1 + (steps > 0)))
    codes = np.empty(places[-1], np.uint16)
    stepped = np.flatnonzero(steps)
    codes[places[:-1][stepped]] = _FIRST_STEP | steps[stepped]
    chances = encode_chances(chosen.kept / pair_counts[chosen.left], TRIPLE_CHANCES)
    codes[places[1:] - 1] = gap << _GAP_SHIFT | chances.astype(np.int64) << _KIND_BITS | chosen.kind
    return codes, places


class Found(NamedTuple):
    """The triples of a row with one third form; arrays of one length n.

    Attributes:
        place: shape (n,): the places of the first two words among the pairs of their forms.
        third: shape (n,): variants of the third form.
        chances: shape (n,): its probability behind the first two, less a discount.
    """

    place: NDArray[np.intp]
    third: NDArray[np.intp]
    chances: NDArray[np.float64]


def find_triples(row: Array, third: int, kinds: Array) -> Found | None:
    """The triples of a row with one third form, or None.

    Args:
        row: the codes of the row.
        third: the form.
        kinds: the table of kinds.
    """
    codes = row.astype(np.intp)
    gaps = codes >> _GAP_SHIFT
    steps = gaps == _STEP
    np.multiply(codes & ((1 << _GAP_SHIFT) - 1), _STEP, out=gaps, where=steps)
    forms = gaps.cumsum()
    start, stop = forms.searchsorted(third), forms.searchsorted(third, "right")
    # A step of its own may end where the wanted form begins.
    start += int(start < stop and steps[start])
    if start == stop:
        return None
    codes = codes[start:stop]
    kind = kinds[codes & ((1 << _KIND_BITS) - 1)].astype(np.intp)
    return Found(
        kind >> _THIRD_BITS,
        kind & (_THIRDS - 1),
        TRIPLE_CHANCES[(codes >> _KIND_BITS) & ((1 << _CHANCE_BITS) - 1)],
    )


def count_triples(codes: Array) -> int:
    """How many triples there are in codes."""
    return int(np.count_nonzero(codes < _FIRST_STEP))


def _third_forms(triples: NDArray[np.uint64]) -> NDArray[np.int64]:
    forms: NDArray[np.int64] = (triples >> _THIRD_FORM).astype(np.int64) & (MOST_FORMS - 1)
    return forms


def _seen_again(triples: Counted, enough: int) -> Counted:
    """The triples whose forms were seen more than once, or all if these are not enough.

    They are half of all triples. Of 80,000 articles none of the others is ever worth keeping.
    """
    starts = group_starts(triples.packed >> _THIRD_FORM)
    sizes = np.diff(np.append(starts, len(triples.packed)))
    once = starts[sizes == 1]
    once = once[triples.counts[once] == 1]
    if len(triples.packed) - len(once) < enough:
        return triples
    again = np.ones(len(triples.packed), bool)
    again[once] = False
    return Counted(triples.packed[again], triples.counts[again])


def _find(
    pairs: NDArray[np.uint64],
    triples: NDArray[np.uint64],
    part: Callable[[NDArray[np.uint64]], NDArray[np.uint64]],
) -> NDArray[np.uint32]:
    """The places of parts of triples among the pairs; the number of pairs for what is none."""
    places = np.empty(len(triples), np.uint32)
    beyond = np.append(pairs, _BEYOND)
    for start in range(0, len(triples), _SLICE):
        here = slice(start, start + _SLICE)
        wanted = part(triples[here])
        # To search in rising order is seven times as quick as at random, twice with the sort.
        order = np.argsort(wanted, kind="stable")
        wanted = wanted[order]
        pair_places = np.searchsorted(pairs, wanted)
        pair_places[beyond[pair_places] != wanted] = len(pairs)
        places[here][order] = pair_places
    return places


def _places_in_groups(groups: NDArray[np.uint64]) -> NDArray[np.intp]:
    """0, 1, 2… in each run of equal values."""
    starts = group_starts(groups)
    sizes = np.diff(np.append(starts, len(groups)))
    return np.arange(len(groups)) - np.repeat(starts, sizes)


def fits(
    groups: NDArray[np.uint64], worth: NDArray[np.float64] | NDArray[np.float32], most: int
) -> NDArray[np.bool_]:
    """Which entries stay where a group has more than can be written: those of the greatest worth.

    Args:
        groups: shape (n,), rising.
        worth: shape (n,).
        most: how many a group may have.
    """
    stay = np.ones(len(groups), bool)
    starts = group_starts(groups)
    sizes = np.diff(np.append(starts, len(groups)))
    for group in np.flatnonzero(sizes > most).tolist():
        here = slice(starts[group], starts[group] + sizes[group])
        stay[here] = best(worth[here], most)
    return stay
