"""The tables of the language model's file: what they are, and how they are made from counts.

The file (container: :mod:`index.analysis.model_file`), kind ``language-model``, version 1. F forms,
K keys, P pairs, T triples, B pairs of neighbouring forms; form 0 and key 0 are "" and stand for all
numbers together.

========================  ========  =====================================================
``form_text``             uint8     the folded forms, UTF-8, one after another
``form_ends``             uint32 F  where each of them ends
``form_counts``           uint32 F  how often each occurs, under any accents; falling from form 1
                                    on, forms without a letter after all others
``form_first``            uint32    F + 1: the first key of each form, and K
``key_text``              uint8     the accent keys, by form, in each form the commonest first
``key_ends``              uint32 K
``key_counts``            uint32 K
``form_hashes``           uint32 F  CRC-32 of the texts, rising
``form_of_hash``          uint32 F  the form each of them belongs to
``key_hashes``            uint32 K  the same for keys
``key_of_hash``           uint32 K
``key_form``              uint32 K  the form of each key
``left_words``            uint32 K  after how many different words each key was seen
``left_sums``             uint32 K  the sum of pair_left over the pairs that begin with the key
``key_backoff``           float32 K what is left for unseen followers, by counts
``key_left_backoff``      float32 K the same, by left words
``row_first``             uint32    first entry of ``block_second`` of each of the first 65,536
                                    forms, and B
``block_second``          uint16 B  second form of each pair of forms seen, rising in each row
``block_pairs``           uint32    B + 1: the first pair of each block, and P
``block_triples``         uint32    B + 1: the first triple whose first two forms are the block's
``pair_variants``         uint16 P  first variant << 5 | second variant, rising in each block
``pair_counts``           uint8 P   how often, as a code of :mod:`index.analysis.ngram_codes`
``pair_left``             uint8 P   after how many different words, as such a code
``pair_backoff``          uint8 P   what is left for unseen third words, as a code
``triple_codes``          uint32 T  third form << 15 | the three variants, rising in each block
``triple_counts``         uint8 T   how often, as a code
``discounts``             float32 9 for pairs by count, pairs by left words, triples: three each
========================  ========  =====================================================

Only the first 65,536 forms and the first 32 keys of a form take part in pairs and triples. Keys
seen once are left out: two in five keys, 0.1 % of all text.

History: version 1 is the first. This module knows nothing of files.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis.language_model_lexicon import Lexicon, clipped
from index.analysis.model_file import Array, Kind
from index.analysis.ngram_codes import (
    COUNT_VALUES,
    FORM_BITS,
    MOST_FORMS,
    MOST_VARIANTS,
    NUMBER_WORD,
    VARIANT_BITS,
    discounted,
    encode_counts,
    encode_shares,
    estimate_discounts,
    pack,
)
from index.analysis.ngrams import END, WORD_BITS, Counted, group_starts

KIND = Kind("language-model", 1)
_SMALLEST_SHARE = 1e-4
_THIRD_BITS = FORM_BITS + 3 * VARIANT_BITS
_PAIR_VARIANTS = (1 << 2 * VARIANT_BITS) - 1
_SLICE = 1 << 19
_BEYOND = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class Evidence(NamedTuple):
    """What was counted, as packed words (:mod:`index.analysis.ngram_codes`).

    Attributes:
        pairs: in rising order, and how often each was seen.
        left: the same pairs, and after how many different keys each was seen.
        triples: in any order, with counts as one-byte codes.
        triple_histogram: shape (5,): how many triples were seen 0, 1, 2, 3 and 4 times.
    """

    pairs: Counted
    left: Counted
    triples: Counted
    triple_histogram: NDArray[np.int64]


def run_arrays(lexicon: Lexicon, evidence: Evidence) -> dict[str, Array]:
    """The tables of pairs and triples.

    Args:
        lexicon: the keys and forms.
        evidence: the counts.
    """
    pairs = evidence.pairs.packed
    arrays = _pair_arrays(lexicon, evidence)
    triples, codes = _sorted(evidence.triples)
    discounts = estimate_discounts(evidence.triple_histogram)
    # Shares are reckoned from the values as they will be read back, so that they sum to one.
    kept = discounted(COUNT_VALUES, discounts)
    spent = np.zeros(len(pairs))
    known = np.ones(len(triples), bool)
    for start in range(0, len(triples), _SLICE):
        here = slice(start, start + _SLICE)
        contexts = np.searchsorted(pairs, _begins(triples[here]))
        known[here] = np.append(pairs, _BEYOND)[contexts] == _begins(triples[here])
        contexts, used = contexts[known[here]], kept[codes[here]][known[here]]
        spent += np.bincount(contexts, weights=used, minlength=len(pairs))
    if not known.all():
        triples, codes = triples[known], codes[known]
    arrays["pair_backoff"] = encode_shares(
        1 - spent / np.maximum(COUNT_VALUES[arrays["pair_counts"]], 1)
    )
    arrays.update(_block_arrays(pairs, triples))
    arrays["triple_codes"] = (triples & np.uint64((1 << _THIRD_BITS) - 1)).astype(np.uint32)
    arrays["triple_counts"] = codes
    arrays["discounts"] = np.concatenate([arrays["discounts"], discounts])
    return arrays


def _begins(triples: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The pair that each triple begins with: its first two forms and variants."""
    forms = (triples >> np.uint64(_THIRD_BITS)) << np.uint64(2 * VARIANT_BITS)
    begins: NDArray[np.uint64] = forms | (
        (triples >> np.uint64(VARIANT_BITS)) & np.uint64(_PAIR_VARIANTS)
    )
    return begins


def _pair_arrays(lexicon: Lexicon, evidence: Evidence) -> dict[str, Array]:
    """The tables with an entry per pair, and those that sum pairs by key."""
    pairs = evidence.pairs.packed
    counts, left = (each.counts.astype(np.int64) for each in (evidence.pairs, evidence.left))
    variants = (pairs & np.uint64(_PAIR_VARIANTS)).astype(np.int64)
    forms = (pairs >> np.uint64(2 * VARIANT_BITS)).astype(np.int64)
    keys = lexicon.form_first[forms >> FORM_BITS] + (variants >> VARIANT_BITS)
    seconds = lexicon.form_first[forms & (MOST_FORMS - 1)] + (variants & (MOST_VARIANTS - 1))
    size = len(lexicon.key_texts)
    discounts = [
        estimate_discounts(np.bincount(np.minimum(each, 5), minlength=5)) for each in (counts, left)
    ]
    codes = [encode_counts(each) for each in (counts, left)]
    kept = [
        discounted(COUNT_VALUES, taken)[code] for code, taken in zip(codes, discounts, strict=True)
    ]
    left_sums = np.bincount(keys, weights=left, minlength=size)
    return {
        "left_words": np.bincount(seconds, minlength=size).astype(np.uint32),
        "left_sums": clipped(left_sums),
        "key_backoff": _rest(keys, kept[0], lexicon.key_counts),
        "key_left_backoff": _rest(keys, kept[1], left_sums),
        "pair_variants": variants.astype(np.uint16),
        "pair_counts": codes[0],
        "pair_left": codes[1],
        "discounts": np.concatenate(discounts),
    }


def _block_arrays(pairs: NDArray[np.uint64], triples: NDArray[np.uint64]) -> dict[str, Array]:
    """The tables that say where the pairs and triples of two neighbouring forms are."""
    blocks = pairs >> np.uint64(2 * VARIANT_BITS)
    starts = group_starts(blocks)
    blocks = blocks[starts]
    first_triples = np.searchsorted(triples, blocks << np.uint64(_THIRD_BITS))
    rows = np.arange(MOST_FORMS + 1, dtype=np.uint64)
    return {
        "row_first": np.searchsorted(blocks >> np.uint64(FORM_BITS), rows).astype(np.uint32),
        "block_second": (blocks & np.uint64(MOST_FORMS - 1)).astype(np.uint16),
        "block_pairs": np.append(starts, len(pairs)).astype(np.uint32),
        "block_triples": np.append(first_triples, len(triples)).astype(np.uint32),
    }


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

    def pairs(self, counted: Counted) -> Counted:
        """Pairs as words, in rising order, with their counts."""
        return Counted(*_sorted(self._converted(counted, 2)))

    def coded(self, counted: Counted) -> Counted:
        """Triples as words, with one-byte codes of their counts."""
        words = self._converted(counted, 3)
        return Counted(words.packed, encode_counts(words.counts.astype(np.int64)))

    def _converted(self, counted: Counted, length: int) -> Counted:
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


def _sorted(counted: Counted) -> Counted:
    order = np.argsort(counted.packed, kind="stable")
    return Counted(counted.packed[order], counted.counts[order])


def look_up(counted: Counted, packed: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The count of each packed n-gram among sorted ones, 0 where it has none."""
    places = np.searchsorted(counted.packed, packed)
    found = np.append(counted.packed, _BEYOND)[places] == packed
    counts: NDArray[np.uint32] = np.append(counted.counts, np.uint32(0))[places]
    return np.where(found, counts, np.uint32(0))


def _rest(
    keys: NDArray[np.int64],
    used: NDArray[np.float64],
    sums: NDArray[np.int64] | NDArray[np.float64],
) -> NDArray[np.float32]:
    """What the discounts leave for unseen followers of each key, as a share of 1."""
    spent = np.bincount(keys, weights=used, minlength=len(sums))
    return np.clip(1 - spent / np.maximum(sums, 1), _SMALLEST_SHARE, 1).astype(np.float32)
