"""How sources' documents and terms are numbered in the result: deleted documents are left out.

A deleted document gets no number. Those that stay are numbered through, source by source in their
old order. Terms are numbered anew in the order of their bytes, and all of them: one that only
deleted documents had stays, without postings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.codec.segment.file import SegmentFile
from index.codec.terms import TermTable, make_table


class Source(NamedTuple):
    """A segment and those of its documents that are deleted."""

    segment: SegmentFile
    deleted: NDArray[np.int64]


class Mapped(NamedTuple):
    """A source and the new numbers of what is in it.

    Attributes:
        new_doc: by old document; meaningless where not ``kept``.
        kept: which documents go on.
        fold: by old fold, ascending.
        rank: by old variant.
        first_variant: the old first variant of each old fold.
    """

    segment: SegmentFile
    new_doc: NDArray[np.uint32]
    kept: NDArray[np.bool_]
    fold: NDArray[np.int64]
    rank: NDArray[np.int64]
    first_variant: NDArray[np.int64]


def number_sources(sources: Sequence[Source]) -> tuple[TermTable, list[Mapped]]:
    """The terms of all sources as one table, and each source with its new numbers."""
    tables = [source.segment.terms.table() for source in sources]
    folds = sorted(set().union(*(table.folds for table in tables)))
    keys = sorted(set().union(*(table.keys for table in tables)))
    fold_number = {term: number for number, term in enumerate(folds)}
    key_number = {term: number for number, term in enumerate(keys)}
    key_fold = np.zeros(len(keys), np.int64)
    frequencies = np.zeros(len(keys), np.int64)
    fold_maps, key_maps = [], []
    for source, table in zip(sources, tables, strict=True):
        fold_map = np.fromiter(map(fold_number.__getitem__, table.folds), np.int64)
        key_map = np.fromiter(map(key_number.__getitem__, table.keys), np.int64)
        key_fold[key_map] = fold_map[table.key_fold]
        for name in source.segment.layout.texts:
            counts = source.segment.channel(name).variant_dfs
            frequencies[key_map] += counts[table.key_variant]
        fold_maps.append(fold_map)
        key_maps.append(key_map)
    merged = make_table(folds, keys, key_fold, frequencies)
    ranks = merged.rank_of_key()
    mapped, base = [], 0
    for source, table, fold_map, key_map in zip(sources, tables, fold_maps, key_maps, strict=True):
        kept = np.ones(source.segment.doc_count, np.bool_)
        kept[source.deleted] = False
        new_doc = (np.cumsum(kept) - 1 + base).astype(np.uint32)
        base += int(kept.sum())
        rank = ranks[key_map[table.variant_key]]
        mapped.append(Mapped(source.segment, new_doc, kept, fold_map, rank, table.variant_at[:-1]))
    return merged, mapped
