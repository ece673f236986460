"""The terms of a segment: folded terms, accent keys, and which keys fold to which term.

Three dictionaries in one: ``folds`` and ``keys`` (:mod:`index.codec.dictionary`), and the
*variants* of each fold, that is its accent keys, most frequent first: ``variant_at`` (u32, folds +
1), ``variant_key`` (u32, variants: the key's number) and its inverse ``key_variant`` (u32, keys).

Invariant: every key is a variant of exactly one fold; the rank of a key is its variant number less
the first one of its fold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.container import Container, ContainerWriter
from index.codec.dictionary import Dictionary, write_dictionary


class TermTable(NamedTuple):
    """All terms of a segment to be written.

    Attributes:
        folds: sorted and distinct.
        keys: sorted and distinct.
        variant_key: the key of each variant; fold by fold, most frequent first.
        variant_at: the first variant of each fold, and the number of variants: shape (folds + 1,).
        key_fold: the fold of each key.
        key_variant: the variant number of each key.
    """

    folds: list[bytes]
    keys: list[bytes]
    variant_key: NDArray[np.int64]
    variant_at: NDArray[np.int64]
    key_fold: NDArray[np.int64]
    key_variant: NDArray[np.int64]

    def rank_of_key(self) -> NDArray[np.int64]:
        """The rank of each key among the keys of its fold."""
        return self.key_variant - self.variant_at[self.key_fold]

    def write(self, writer: ContainerWriter) -> None:
        """Write the table."""
        write_dictionary(writer, "folds", self.folds)
        write_dictionary(writer, "keys", self.keys)
        writer.add("variant_at", self.variant_at.astype(np.uint32))
        writer.add("variant_key", self.variant_key.astype(np.uint32))
        writer.add("key_variant", self.key_variant.astype(np.uint32))


def make_table(
    folds: list[bytes],
    keys: list[bytes],
    key_fold: NDArray[np.int64],
    frequencies: NDArray[np.int64],
) -> TermTable:
    """Rank the keys of each fold; ``frequencies`` are of the keys."""
    variant_key = np.lexsort((np.arange(len(keys)), -frequencies, key_fold))
    key_variant = np.empty(len(keys), np.int64)
    key_variant[variant_key] = np.arange(len(keys))
    variant_at = np.zeros(len(folds) + 1, np.int64)
    np.cumsum(np.bincount(key_fold, minlength=len(folds)), out=variant_at[1:])
    return TermTable(folds, keys, variant_key, variant_at, key_fold, key_variant)


def sorted_numbers(terms: Sequence[bytes]) -> tuple[list[bytes], NDArray[np.int64]]:
    """Sort distinct terms; returns them and the new number of each old one."""
    order = sorted(range(len(terms)), key=terms.__getitem__)
    new = np.empty(len(terms), np.int64)
    new[order] = np.arange(len(terms))
    return [terms[number] for number in order], new


class Terms:
    """Reads the terms of a segment."""

    def __init__(self, container: Container) -> None:
        self.folds = Dictionary(container, "folds")
        self.keys = Dictionary(container, "keys")
        self._variant_at = container.view("variant_at")
        self._variant_key = container.view("variant_key")
        self._key_variant = container.view("key_variant")
        self.variant_at: NDArray[np.uint32] = container.array("variant_at").view(np.uint32)
        self.variant_key: NDArray[np.uint32] = container.array("variant_key").view(np.uint32)

    def variant_of_key(self, key: int) -> int:
        """The variant number of a key."""
        variant: int = self._key_variant[key]
        return variant

    def fold_of_variant(self, variant: int) -> int:
        """The fold of a variant."""
        return bisect_right(self._variant_at, variant) - 1

    def first_variant(self, fold: int) -> int:
        """The variant number of the most frequent key of a fold."""
        variant: int = self._variant_at[fold]
        return variant

    def keys_of_fold(self, fold: int) -> list[int]:
        """The keys that fold to this term, most frequent first."""
        return self._variant_key[self._variant_at[fold] : self._variant_at[fold + 1]].tolist()

    def table(self) -> TermTable:
        """Everything in memory, for a merge."""
        variant_at = self.variant_at.astype(np.int64)
        variant_key = self.variant_key.astype(np.int64)
        key_fold = np.empty(len(variant_key), np.int64)
        key_fold[variant_key] = np.repeat(np.arange(len(self.folds)), np.diff(variant_at))
        key_variant = np.empty(len(variant_key), np.int64)
        key_variant[variant_key] = np.arange(len(variant_key))
        return TermTable(
            list(self.folds.terms()),
            list(self.keys.terms()),
            variant_key,
            variant_at,
            key_fold,
            key_variant,
        )
