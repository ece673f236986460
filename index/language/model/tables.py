"""The tables of the language model's file: what they are, and how they are made from counts.

The file (container: :mod:`index.storage.array_file`), kind ``language-model``, version 4. F
forms, K keys, of them W with a text of their own, P pairs, T codes of triples, B pairs of
neighbouring forms; form 0 and key 0 are "" and stand for all numbers together.

========================  ========  =====================================================
``form_text``             uint8     the folded forms, UTF-8, one after another
``form_length_…``         edges F   the bytes of each
``form_hashes``           uint16 F  the high half of the CRC-32 of the texts, rising
``form_of_hash``          uint32 F  the form each of them belongs to
``form_key_…``            edges F   the keys of each
``key_counts``            uint32 K  how often each accent key occurs: by form, in each form the
                                    commonest first; sums by form fall from form 1 on, with forms
                                    without a letter after all others
``key_named``             uint32 W  the keys that are not written as their form is, rising
``key_text``              uint8     their texts
``key_length_…``          edges W   the bytes of each
``key_hashes``            uint16 W  the high half of the CRC-32 of the texts, rising
``key_of_hash``           uint32 W  the place in ``key_named`` that each of them belongs to
``key_rest``              uint8 K   how many occurrences of each key the pairs leave over, as a
                                    code of :mod:`index.language.model.codes`
``key_backoff``           uint8 K   what pairs leave for other followers of each key, as a code
``row_first``             uint32    first entry of ``block_second`` for each of the forms that take
                                    part in pairs, and B
``block_second``          uint16 B  second form of each pair of forms, rising in each row
``block_pairs_…``         edges B   the pairs of each block
``block_triples_…``       edges B   the codes of its triples
``pair_codes``            uint16 P  first variant << 11 | second variant << 6 | chance of the second
                                    word behind the first where no triple speaks; the 10 high bits
                                    rise in each block
``pair_weights``          uint8 P   how often (high half) and what triples leave for other third
                                    words (low half), both as codes
``triple_kinds``          uint8 64  see :mod:`index.language.model.triples`
``triple_codes``          uint16 T  likewise
``discounts``             float32 3 for pairs by count
========================  ========  =====================================================

Tables of edges are described in :mod:`index.language.model.edges`. Only the first 65,536
forms and the first 32 keys of a form take part in pairs and triples. What is left out of the
lexicon says :mod:`index.language.model.lexicon`.

History: version 1 had all pairs and triples and was six times the size; version 2 had the ones that
matter (:mod:`index.language.model.pruning`), with triples in three bytes; version 3 had
them in two; version 4 has what belongs to a pair in three bytes instead of four, blocks in four
instead of six, the lexicon in two thirds of its space. This module knows nothing of files.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.language.model.codes import (
    FORM_BITS,
    MOST_FORMS,
    PAIR_CHANCES,
    VARIANT_BITS,
    discounted,
    encode_chances,
    encode_pairs,
    encode_rests,
    encode_shares,
    estimate_discounts,
)
from index.language.model.edges import EXACT_SIZES, edge_arrays, room_for
from index.language.model.lexicon import Lexicon
from index.language.model.pruning import Worth, best, keys_of_pairs
from index.language.model.triples import (
    FILLING,
    Evidence,
    choose_triples,
    encode_triples,
    fits,
)
from index.language.ngrams import group_starts
from index.storage.array_file import Array, Kind

KIND = Kind("language-model", 4)
CHANCE_BITS = 6
_BLOCK_SHIFT = np.uint64(FORM_BITS + 3 * VARIANT_BITS)
_FORM_SHIFT = np.uint64(2 * VARIANT_BITS)
_PAIR_VARIANTS = np.uint64((1 << 2 * VARIANT_BITS) - 1)
_LEAST_REST = 0.3
_MOST_PAIRS_IN_BLOCK = EXACT_SIZES - 1


class Budget(NamedTuple):
    """How many pairs and triples a model may hold at most."""

    pairs: int
    triples: int


def run_arrays(lexicon: Lexicon, evidence: Evidence, budget: Budget) -> dict[str, Array]:
    """The tables of pairs and triples.

    Args:
        lexicon: the keys and forms.
        evidence: the counts.
        budget: how many of them may stay: those of the greatest worth.
    """
    pairs, counts = evidence.pairs.packed, evidence.pairs.counts.astype(np.float64)
    worth = Worth(lexicon, evidence.pairs)
    stay = best(worth.of_pairs, budget.pairs)
    stay[stay] = fits(pairs[stay] >> _FORM_SHIFT, counts[stay], _MOST_PAIRS_IN_BLOCK)
    triples = choose_triples(evidence, worth, stay, budget.triples)
    discounts = estimate_discounts(np.bincount(np.minimum(counts, 5).astype(int), minlength=5))
    # What a pair is asked for is what its triples leave over (Kneser and Ney 1995 count each of
    # these as one; a triple that is not kept leaves over all of its count).
    rest = np.maximum(counts - triples.sums, _LEAST_REST)
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
        "key_rest": encode_rests(
            np.bincount(keys.second, weights=left, minlength=size).astype(np.float64)
        ),
        "key_backoff": encode_shares(1 - used / sums),
        "pair_codes": codes[stay].astype(np.uint16),
        "pair_weights": encode_pairs(counts[stay], 1 - (spent / counts)[stay]),
        "discounts": discounts,
        "triple_kinds": triples.kinds,
    }
    codes, places = encode_triples(triples, counts)
    arrays.update(_block_arrays(lexicon, pairs[stay], triples.packed, codes, places))
    return arrays


def _block_arrays(
    lexicon: Lexicon,
    pairs: NDArray[np.uint64],
    triples: NDArray[np.uint64],
    codes: NDArray[np.uint16],
    places: NDArray[np.int64],
) -> dict[str, Array]:
    """The tables that say where the pairs and triples of two neighbouring forms are."""
    blocks = pairs >> _FORM_SHIFT
    starts = group_starts(blocks)
    blocks = blocks[starts]
    rows = np.arange(min(len(lexicon.form_texts), MOST_FORMS) + 1, dtype=np.uint64)
    first_codes = places[np.searchsorted(triples >> _BLOCK_SHIFT, blocks)]
    arrays: dict[str, Array] = {
        "row_first": np.searchsorted(blocks >> np.uint64(FORM_BITS), rows).astype(np.uint32),
        "block_second": (blocks & np.uint64(MOST_FORMS - 1)).astype(np.uint16),
    }
    arrays.update(edge_arrays("block_pairs", np.diff(np.append(starts, len(pairs)))))
    sizes = np.diff(np.append(first_codes, len(codes)))
    arrays.update(edge_arrays("block_triples", sizes))
    # Where a size is rounded up, codes that say nothing fill the row.
    room = room_for(sizes)
    filled = np.full(int(room.sum()), FILLING, np.uint16)
    filled[np.arange(len(codes)) + np.repeat((room - sizes).cumsum() - (room - sizes), sizes)] = (
        codes
    )
    arrays["triple_codes"] = filled
    return arrays
