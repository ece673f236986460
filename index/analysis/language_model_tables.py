"""The tables of the language model's file: what they are, and how they are made from counts.

The file (container: :mod:`index.analysis.model_file`), kind ``language-model``, version 2. F
forms, K keys, of them W with a text of their own, P pairs, T triples, B pairs of neighbouring
forms; form 0 and key 0 are "" and stand for all numbers together.

========================  ========  =====================================================
``form_text``             uint8     the folded forms, UTF-8, one after another
``form_ends``             uint32 F  where each of them ends
``form_hashes``           uint32 F  CRC-32 of the texts, rising
``form_of_hash``          uint32 F  the form each of them belongs to
``form_first``            uint32    F + 1: the first key of each form, and K
``key_counts``            uint32 K  how often each accent key occurs: by form, in each form the
                                    commonest first; sums by form fall from form 1 on, with forms
                                    without a letter after all others
``key_named``             uint32 W  the keys that are not written as their form is, rising
``key_text``              uint8     their texts
``key_ends``              uint32 W
``key_hashes``            uint32 W  CRC-32 of the texts, rising
``key_of_hash``           uint32 W  the place in ``key_named`` that each of them belongs to
``key_rest``              float32 K how many occurrences of each key the pairs leave over
``key_backoff``           uint8 K   what pairs leave for other followers of each key, as a code of
                                    :mod:`index.analysis.ngram_codes`
``row_first``             uint32    first entry of ``block_second`` for each of the forms that take
                                    part in pairs, and B
``block_second``          uint16 B  second form of each pair of forms, rising in each row
``block_pairs``           uint16    B + 1: the first pair of each block, less the base of its group
``block_triples``         uint16    B + 1: its first triple, in the same way
``group_pairs``           uint32    the first pair of every 32nd block: the base of these 32
``group_triples``         uint32    its first triple
``pair_codes``            uint16 P  first variant << 11 | second variant << 6 | chance of the second
                                    word behind the first where no triple speaks; the 10 high bits
                                    rise in each block
``pair_counts``           uint8 P   how often, as a code
``pair_backoff``          uint8 P   what triples leave for other third words, as a code
``triple_codes``          uint16 T  third form << 4 | place of the first pair in its block, rising
``triple_chances``        uint8 T   third variant << 5 | chance of the third word, as a code
``discounts``             float32 3 for pairs by count
========================  ========  =====================================================

Only the first 65,536 forms and the first 32 keys of a form take part in pairs; in triples only the
first 4,096 forms and the first 8 keys as the third word, the first 16 pairs of a block, and 2,047
triples of a block. Keys seen once are left out: two in five keys, 0.1 % of all text.

History: version 1 had all pairs and triples, four times the size; version 2 the ones that matter
(:mod:`index.analysis.language_model_pruning`). This module knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.language_model_lexicon import Lexicon
from index.analysis.language_model_pruning import (
    Worth,
    first_pairs,
    keys_of_pairs,
    last_pairs,
)
from index.analysis.model_file import Array, Kind
from index.analysis.ngram_codes import (
    FORM_BITS,
    MOST_FORMS,
    MOST_VARIANTS,
    NUMBER_WORD,
    PAIR_CHANCES,
    TRIPLE_CHANCES,
    VARIANT_BITS,
    discounted,
    encode_chances,
    encode_counts,
    encode_shares,
    estimate_discounts,
    pack,
)
from index.analysis.ngrams import END, WORD_BITS, Counted, group_starts

KIND = Kind("language-model", 2)
#: Blocks whose pairs and triples are counted from the same base.
GROUP = 32
PLACE_BITS = 4
CHANCE_BITS = 6
TRIPLE_CHANCE_BITS = 5
THIRD_FORMS = 1 << 12
_THIRD_VARIANTS = 1 << 8 - TRIPLE_CHANCE_BITS
# 31 blocks of so many triples stay below 65,536, the range of ``block_triples``.
_MOST_IN_BLOCK = 2047
_PLACES = 1 << PLACE_BITS
_BLOCK_SHIFT = np.uint64(FORM_BITS + 3 * VARIANT_BITS)
_THIRD_SHIFT = np.uint64(3 * VARIANT_BITS)
_FORM_SHIFT = np.uint64(2 * VARIANT_BITS)
_PAIR_VARIANTS = np.uint64((1 << 2 * VARIANT_BITS) - 1)
_LEAST_REST = 0.3
_WORTHLESS = -np.inf
_SLICE = 1 << 20
_BEYOND = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class Evidence(NamedTuple):
    """What was counted, as packed words (:mod:`index.analysis.ngram_codes`).

    Attributes:
        pairs: in rising order, and how often each was seen.
        triples: likewise; of each both pairs are there.
        triple_histogram: shape (5,): how many triples were seen 0, 1, 2, 3 and 4 times.
    """

    pairs: Counted
    triples: Counted
    triple_histogram: NDArray[np.int64]


class Budget(NamedTuple):
    """How many pairs and triples a model may hold at most."""

    pairs: int
    triples: int


class _Chosen(NamedTuple):
    """The triples of a model.

    Attributes:
        packed: shape (T,), rising.
        left: shape (T,): the places among all pairs of the pairs that they begin with.
        place: shape (T,): the places of these in their blocks.
        seen: shape (P,): how often they make up each of all pairs, at its end, less discounts.
        kept: shape (T,): the count of each, less its discount.
    """

    packed: NDArray[np.uint64]
    left: NDArray[np.uint32]
    place: NDArray[np.uint16]
    seen: NDArray[np.float64]
    kept: NDArray[np.float64]


def run_arrays(lexicon: Lexicon, evidence: Evidence, budget: Budget) -> dict[str, Array]:
    """The tables of pairs and triples.

    Args:
        lexicon: the keys and forms.
        evidence: the counts.
        budget: how many of them may stay: those of the greatest worth.
    """
    pairs, counts = evidence.pairs.packed, evidence.pairs.counts.astype(np.float64)
    worth = Worth(lexicon, evidence.pairs)
    stay = _best(worth.of_pairs, budget.pairs)
    triples = _choose(evidence, worth, stay, budget.triples)
    discounts = estimate_discounts(np.bincount(np.minimum(counts, 5).astype(int), minlength=5))
    # What a pair is asked for is what its triples leave over (Kneser and Ney 1995 count each of
    # these as one; a triple that is not kept leaves over all of its count).
    rest = np.maximum(counts - triples.seen, _LEAST_REST)
    taken = np.where(rest < 1, rest * (1 - discounts[0]), discounted(rest, discounts))
    keys = keys_of_pairs(lexicon, pairs)
    size = len(lexicon.key_texts)
    sums = np.maximum(np.bincount(keys.first, weights=rest, minlength=size), _LEAST_REST)
    used = np.bincount(keys.first[stay], weights=taken[stay], minlength=size)
    left = np.where(stay, rest - taken, rest)
    codes = (pairs & _PAIR_VARIANTS) << np.uint64(CHANCE_BITS)
    codes |= encode_chances(taken / sums[keys.first], PAIR_CHANCES)
    spent = np.bincount(triples.left, weights=triples.kept, minlength=len(pairs))
    arrays: dict[str, Array] = {
        "key_rest": np.bincount(keys.second, weights=left, minlength=size).astype(np.float32),
        "key_backoff": encode_shares(1 - used / sums),
        "pair_codes": codes[stay].astype(np.uint16),
        "pair_counts": encode_counts(counts[stay].astype(np.int64)),
        "pair_backoff": encode_shares(1 - (spent / counts)[stay]),
        "discounts": discounts,
    }
    arrays.update(_block_arrays(lexicon, pairs[stay], triples.packed))
    arrays.update(_triple_arrays(triples, counts))
    return arrays


def _best(worth: NDArray[np.float64] | NDArray[np.float32], most: int) -> NDArray[np.bool_]:
    """Which entries have the greatest worth, at most so many; equal worth goes together."""
    if len(worth) <= most:
        return np.ones(len(worth), bool)
    bar = np.partition(worth, len(worth) - most - 1)[len(worth) - most - 1]
    best: NDArray[np.bool_] = worth > bar
    return best


def _choose(evidence: Evidence, worth: Worth, stay: NDArray[np.bool_], most: int) -> _Chosen:
    """The triples worth keeping, of those that the tables can hold."""
    pairs, triples = evidence.pairs.packed, evidence.triples
    left, right = (
        _find(pairs, triples.packed, first_pairs),
        _find(pairs, triples.packed, last_pairs),
    )
    known = (left < len(pairs)) & (right < len(pairs))
    if not known.all():
        triples = Counted(triples.packed[known], triples.counts[known])
        left, right = left[known], right[known]
    values = worth.of_triples(triples, left, right)
    # The place of each pair in its block, for those that triples can begin with.
    place = np.full(len(pairs), _PLACES, np.uint16)
    place[stay] = _places_in_groups(pairs[stay] >> _FORM_SHIFT)
    fits = place[left] < _PLACES
    fits &= (triples.packed >> _THIRD_SHIFT) & np.uint64(MOST_FORMS - 1) < THIRD_FORMS
    fits &= triples.packed & np.uint64(MOST_VARIANTS - 1) < _THIRD_VARIANTS
    values[~fits] = _WORTHLESS
    best = np.flatnonzero(_best(values, most) & fits)
    best = best[_in_full_blocks(triples.packed[best] >> _BLOCK_SHIFT, values[best])]
    kept: NDArray[np.float64] = discounted(
        triples.counts[best].astype(np.float64), estimate_discounts(evidence.triple_histogram)
    )
    return _Chosen(
        triples.packed[best],
        left[best],
        place[left[best]],
        np.bincount(right[best], weights=kept, minlength=len(pairs)).astype(np.float64),
        kept,
    )


def _find(
    pairs: NDArray[np.uint64],
    triples: NDArray[np.uint64],
    part: Callable[[NDArray[np.uint64]], NDArray[np.uint64]],
) -> NDArray[np.uint32]:
    """The places of parts of triples among the pairs; the number of pairs for what is none."""
    places = np.empty(len(triples), np.uint32)
    for start in range(0, len(triples), _SLICE):
        here = slice(start, start + _SLICE)
        wanted = part(triples[here])
        # Sorted first: to search in rising order is seven times as quick as at random.
        order = np.argsort(wanted, kind="stable")
        wanted = wanted[order]
        found = np.searchsorted(pairs, wanted)
        found[np.append(pairs, _BEYOND)[found] != wanted] = len(pairs)
        places[here][order] = found
    return places


def _places_in_groups(groups: NDArray[np.uint64]) -> NDArray[np.intp]:
    """0, 1, 2… in each run of equal values."""
    starts = group_starts(groups)
    sizes = np.diff(np.append(starts, len(groups)))
    return np.arange(len(groups)) - np.repeat(starts, sizes)


def _in_full_blocks(blocks: NDArray[np.uint64], worth: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which triples stay where a block has more than the tables can hold."""
    stay = np.ones(len(blocks), bool)
    starts = group_starts(blocks)
    sizes = np.diff(np.append(starts, len(blocks)))
    for block in np.flatnonzero(sizes > _MOST_IN_BLOCK).tolist():
        here = slice(starts[block], starts[block] + sizes[block])
        stay[here] = _best(worth[here], _MOST_IN_BLOCK)
    return stay


def _triple_arrays(chosen: _Chosen, pair_counts: NDArray[np.float64]) -> dict[str, Array]:
    """The tables with an entry per triple."""
    third = (chosen.packed >> _THIRD_SHIFT) & np.uint64(THIRD_FORMS - 1)
    chances = encode_chances(chosen.kept / pair_counts[chosen.left], TRIPLE_CHANCES)
    variants = (chosen.packed & np.uint64(_THIRD_VARIANTS - 1)).astype(np.uint8)
    return {
        "triple_codes": (third << np.uint64(PLACE_BITS)).astype(np.uint16) | chosen.place,
        "triple_chances": variants << np.uint8(TRIPLE_CHANCE_BITS) | chances,
    }


def _block_arrays(
    lexicon: Lexicon, pairs: NDArray[np.uint64], triples: NDArray[np.uint64]
) -> dict[str, Array]:
    """The tables that say where the pairs and triples of two neighbouring forms are."""
    blocks = pairs >> _FORM_SHIFT
    starts = group_starts(blocks)
    blocks = blocks[starts]
    rows = np.arange(min(len(lexicon.form_texts), MOST_FORMS) + 1, dtype=np.uint64)
    arrays: dict[str, Array] = {
        "row_first": np.searchsorted(blocks >> np.uint64(FORM_BITS), rows).astype(np.uint32),
        "block_second": (blocks & np.uint64(MOST_FORMS - 1)).astype(np.uint16),
    }
    first_triples = np.searchsorted(triples >> _BLOCK_SHIFT, blocks)
    for name, first, end in (
        ("pairs", starts, len(pairs)),
        ("triples", first_triples, len(triples)),
    ):
        edges = np.append(first, end)
        arrays[f"group_{name}"] = edges[::GROUP].astype(np.uint32)
        bases = np.repeat(edges[::GROUP], GROUP)[: len(edges)]
        arrays[f"block_{name}"] = (edges - bases).astype(np.uint16)
    return arrays


class KeyRuns:
    """Turns packed runs of key numbers into packed runs of words.

    Args:
        word_of: shape (vocabulary,): the word of each key number, -1 for keys without one; runs
            with such a key are left out.
        number: what stands for any number in packed runs.
    """

    def __init__(self, word_of: NDArray[np.int64], number: int) -> None:
        self._words = np.append(word_of, -1).astype(np.int32)
        self._number = number

    def words(self, counted: Counted, length: int) -> Counted:
        """Runs of so many keys as runs of words, in the same order, with their counts."""
        packed, counts = [np.zeros(0, np.uint64)], [counted.counts[:0]]
        for start in range(0, len(counted.packed), _SLICE):
            piece = counted.packed[start : start + _SLICE]
            words = [self._word(piece, place) for place in range(length - 1, -1, -1)]
            good = np.min(words, axis=0) >= 0
            packed.append(pack([each[good] for each in words]))
            counts.append(counted.counts[start : start + _SLICE][good])
        return Counted(np.concatenate(packed), np.concatenate(counts))

    def _word(self, packed: NDArray[np.uint64], place: int) -> NDArray[np.int32]:
        """The words that stand ``place`` keys from the end."""
        keys = ((packed >> np.uint64(WORD_BITS * place)) & np.uint64(END)).astype(np.int64)
        words: NDArray[np.int32] = self._words[np.minimum(keys, len(self._words) - 1)]
        words[keys == self._number] = NUMBER_WORD
        return words


def in_order(counted: Counted) -> Counted:
    """N-grams in rising order, with their counts."""
    order = np.argsort(counted.packed, kind="stable")
    return Counted(counted.packed[order], counted.counts[order])
