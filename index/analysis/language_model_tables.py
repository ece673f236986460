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
seen once are left out: half of all keys, 0.1 % of all text.

History: version 1 is the first. This module knows nothing of files.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

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
_RAREST_KEY = 2
_SMALLEST_SHARE = 1e-4


class Names(Protocol):
    """Texts of keys and forms by number."""

    @property
    def keys(self) -> Sequence[str]:
        """Accent keys."""

    @property
    def folded(self) -> Sequence[str]:
        """Folded forms."""


class Evidence(NamedTuple):
    """Counts of key numbers in runs.

    ``pairs`` and ``triples`` are packed by :mod:`index.analysis.ngrams`; ``endings`` says of a pair
    after how many different keys it was seen; ``triple_histogram`` how many triples were seen
    0, 1, 2, 3 and 4 times.
    """

    pairs: Counted
    triples: Counted
    endings: Counted
    triple_histogram: NDArray[np.int64]


@dataclass(frozen=True)
class Lexicon:
    """The keys and forms of a model, numbered as in its file.

    Attributes:
        key_texts: the keys of the model in order, "" first.
        form_texts: its forms in order, "" first.
        key_counts: shape (K,).
        key_form: shape (K,): the form of each.
        form_first: shape (F + 1,).
        word_of: shape (vocabulary,): the word (form and variant) of each key number that takes part
            in runs, else -1.
    """

    key_texts: list[str]
    form_texts: list[str]
    key_counts: NDArray[np.int64]
    key_form: NDArray[np.int64]
    form_first: NDArray[np.int64]
    word_of: NDArray[np.int64]

    def key_of(self, words: NDArray[np.int64]) -> NDArray[np.int64]:
        """The model's key of each word."""
        keys: NDArray[np.int64] = self.form_first[words >> VARIANT_BITS]
        return keys + (words & (MOST_VARIANTS - 1))


def lexicon_of(
    counts: NDArray[np.int64],
    is_number: NDArray[np.bool_],
    fold_of: NDArray[np.int64],
    names: Names,
) -> Lexicon:
    """Choose and number the keys and forms of a model.

    Args:
        counts: shape (n,): how often each key number occurs.
        is_number: shape (n,): True for keys without a letter.
        fold_of: shape (n,): the folded number of each key.
        names: their texts.
    """
    kept = np.flatnonzero(counts >= _RAREST_KEY)
    form_counts = np.bincount(fold_of[kept], weights=counts[kept], minlength=len(names.folded))
    form_numbers = np.zeros(len(names.folded), bool)
    form_numbers[fold_of[is_number]] = True
    forms = np.flatnonzero(form_counts)
    # Equal counts keep the order in which the texts were first met: that is the same every time.
    forms = forms[np.lexsort((-form_counts[forms], form_numbers[forms]))]
    rank = np.zeros(len(names.folded), np.int64)
    rank[forms] = np.arange(1, len(forms) + 1)
    kept = kept[np.lexsort((-counts[kept], rank[fold_of[kept]]))]
    key_form = np.append(0, rank[fold_of[kept]])
    form_first = np.searchsorted(key_form, np.arange(len(forms) + 2))
    variant = np.arange(len(key_form)) - form_first[key_form]
    words = (key_form << VARIANT_BITS) | variant
    words[(key_form >= MOST_FORMS) | (variant >= MOST_VARIANTS)] = -1
    word_of = np.full(len(counts), -1, np.int64)
    word_of[kept] = words[1:]
    word_of[is_number] = -1
    return Lexicon(
        ["", *(names.keys[number] for number in kept.tolist())],
        ["", *(names.folded[number] for number in forms.tolist())],
        np.append(counts[is_number].sum(), counts[kept]),
        key_form,
        form_first,
        word_of,
    )


def make_arrays(lexicon: Lexicon, evidence: Evidence, number: int) -> dict[str, Array]:
    """All tables of the file.

    Args:
        lexicon: the keys and forms.
        evidence: the counts.
        number: what stands for any number in the packed counts.
    """
    arrays = _lexicon_arrays(lexicon)
    arrays.update(_run_arrays(lexicon, evidence, number))
    return arrays


def _lexicon_arrays(lexicon: Lexicon) -> dict[str, Array]:
    form_counts = np.add.reduceat(lexicon.key_counts, lexicon.form_first[:-1])
    arrays: dict[str, Array] = {}
    for name, texts in (("form", lexicon.form_texts), ("key", lexicon.key_texts)):
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        hashes = np.array([zlib.crc32(text) for text in encoded], np.uint32)
        order = np.argsort(hashes, kind="stable")
        arrays[f"{name}_text"] = np.frombuffer(b"".join(encoded), np.uint8)
        arrays[f"{name}_ends"] = np.cumsum([len(text) for text in encoded]).astype(np.uint32)
        arrays[f"{name}_hashes"] = hashes[order]
        arrays[f"{name}_of_hash"] = order.astype(np.uint32)
    arrays["form_counts"] = _clipped(form_counts)
    arrays["form_first"] = lexicon.form_first.astype(np.uint32)
    arrays["key_counts"] = _clipped(lexicon.key_counts)
    arrays["key_form"] = lexicon.key_form.astype(np.uint32)
    return arrays


def _run_arrays(lexicon: Lexicon, evidence: Evidence, number: int) -> dict[str, Array]:
    to_words = _WordOf(lexicon.word_of, number)
    pair_words = [to_words(evidence.pairs.packed, place) for place in (1, 0)]
    good = (pair_words[0] >= 0) & (pair_words[1] >= 0)
    first, second = pair_words[0][good], pair_words[1][good]
    packed = pack((first, second))
    order = np.argsort(packed, kind="stable")
    packed, first, second = packed[order], first[order], second[order]
    counts = evidence.pairs.counts[good][order].astype(np.int64)
    left = _look_up(evidence.endings, evidence.pairs.packed[good][order])
    triples, triple_counts, contexts = _triples(evidence, to_words, packed)

    pair_discounts = estimate_discounts(np.bincount(np.minimum(counts, 5), minlength=5))
    left_discounts = estimate_discounts(np.bincount(np.minimum(left, 5), minlength=5))
    triple_discounts = estimate_discounts(evidence.triple_histogram)
    count_codes, left_codes = encode_counts(counts), encode_counts(left)
    triple_codes = encode_counts(triple_counts)
    # Shares are reckoned from the values as they will be read back, so that they sum to one.
    read_counts, read_left = COUNT_VALUES[count_codes], COUNT_VALUES[left_codes]
    keys, seconds = lexicon.key_of(first), lexicon.key_of(second)
    size = len(lexicon.key_texts)
    left_sums = np.bincount(keys, weights=left, minlength=size)
    used = discounted(COUNT_VALUES[triple_codes], triple_discounts)
    spent = np.bincount(contexts, weights=used, minlength=len(packed))
    blocks = packed >> np.uint64(2 * VARIANT_BITS)
    starts = group_starts(blocks)
    return {
        "left_words": np.bincount(seconds, minlength=size).astype(np.uint32),
        "left_sums": _clipped(left_sums),
        "key_backoff": _rest(keys, discounted(read_counts, pair_discounts), lexicon.key_counts),
        "key_left_backoff": _rest(keys, discounted(read_left, left_discounts), left_sums),
        "row_first": np.searchsorted(
            blocks[starts] >> np.uint64(FORM_BITS), np.arange(MOST_FORMS + 1, dtype=np.uint64)
        ).astype(np.uint32),
        "block_second": (blocks[starts] & np.uint64(MOST_FORMS - 1)).astype(np.uint16),
        "block_pairs": np.append(starts, len(packed)).astype(np.uint32),
        "block_triples": np.append(
            np.searchsorted(triples >> np.uint64(FORM_BITS + 3 * VARIANT_BITS), blocks[starts]),
            len(triples),
        ).astype(np.uint32),
        "pair_variants": (packed & np.uint64((1 << 2 * VARIANT_BITS) - 1)).astype(np.uint16),
        "pair_counts": count_codes,
        "pair_left": left_codes,
        "pair_backoff": encode_shares(1 - spent / np.maximum(read_counts, 1)),
        "triple_codes": (triples & np.uint64((1 << (FORM_BITS + 3 * VARIANT_BITS)) - 1)).astype(
            np.uint32
        ),
        "triple_counts": triple_codes,
        "discounts": np.concatenate([pair_discounts, left_discounts, triple_discounts]),
    }


class _WordOf:
    """Finds the words of packed key numbers; -1 for keys that take no part in runs."""

    def __init__(self, word_of: NDArray[np.int64], number: int) -> None:
        self._words = np.append(word_of, -1)
        self._number = number

    def __call__(self, packed: NDArray[np.uint64], place: int) -> NDArray[np.int64]:
        """The words that stand ``place`` keys from the end."""
        keys = ((packed >> np.uint64(WORD_BITS * place)) & np.uint64(END)).astype(np.int64)
        words: NDArray[np.int64] = self._words[np.minimum(keys, len(self._words) - 1)]
        words[keys == self._number] = NUMBER_WORD
        return words


def _triples(
    evidence: Evidence, to_words: _WordOf, pairs: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.intp]]:
    """Triples packed and sorted, their counts, and which pair each of them begins with."""
    words = [to_words(evidence.triples.packed, place) for place in (2, 1, 0)]
    good = (words[0] >= 0) & (words[1] >= 0) & (words[2] >= 0)
    kept = [each[good] for each in words]
    begins = pack(kept[:2])
    places = np.searchsorted(pairs, begins)
    found = pairs[np.minimum(places, max(len(pairs) - 1, 0))] == begins if len(pairs) else good[:0]
    packed = pack([each[found] for each in kept])
    order = np.argsort(packed, kind="stable")
    counts = evidence.triples.counts[good][found].astype(np.int64)
    return packed[order], counts[order], places[found][order]


def _look_up(counted: Counted, packed: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The count of each packed n-gram, 0 where it has none."""
    if len(counted.packed) == 0:
        return np.zeros(len(packed), np.int64)
    places = np.minimum(np.searchsorted(counted.packed, packed), len(counted.packed) - 1)
    return np.where(counted.packed[places] == packed, counted.counts[places].astype(np.int64), 0)


def _rest(
    keys: NDArray[np.int64],
    used: NDArray[np.float64],
    sums: NDArray[np.int64] | NDArray[np.float64],
) -> NDArray[np.float32]:
    """What the discounts leave for unseen followers of each key, as a share of 1."""
    spent = np.bincount(keys, weights=used, minlength=len(sums))
    return np.clip(1 - spent / np.maximum(sums, 1), _SMALLEST_SHARE, 1).astype(np.float32)


def _clipped(counts: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.uint32]:
    return np.minimum(counts, 0xFFFF_FFFF).astype(np.uint32)
