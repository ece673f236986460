"""The words of an index that lies elsewhere: every term and its counts, without any text.

``words`` is a container (:mod:`index.codec.container`) with the terms of a segment
(:mod:`index.codec.terms`) and of each text field ``NAME``: ``NAME.df`` and ``NAME.cf`` (u32, folds:
documents that have one, and how often it occurs), ``NAME.key_df`` and ``NAME.key_cf`` (u32,
variants). A search of a cluster weighs its words by them, as one of a local index does.

Invariant: counts are those of the index from which the file was made, all its segments together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.channel import Channel
from index.codec.container import Container, ContainerWriter
from index.codec.segment.builder import segment_facts
from index.codec.segment.file import SegmentFile
from index.codec.segment.layout import Layout
from index.codec.terms import make_table

WORDS_NAME = "words"

Counts = NDArray[np.int64]


def write_words(path: Path, segments: Sequence[SegmentFile], layout: Layout) -> None:
    """Count the words of some segments together."""
    folds: dict[bytes, int] = {}
    keys: dict[bytes, int] = {}
    for segment in segments:
        for term in segment.terms.folds.terms():
            folds.setdefault(term, len(folds))
        for term in segment.terms.keys.terms():
            keys.setdefault(term, len(keys))
    fold_texts, key_texts = sorted(folds), sorted(keys)
    fold_number = {term: number for number, term in enumerate(fold_texts)}
    key_number = {term: number for number, term in enumerate(key_texts)}
    key_fold = np.zeros(len(key_texts), np.int64)
    by_fold = {
        (name, what): np.zeros(len(folds), np.int64) for name in layout.texts for what in "dc"
    }
    by_key = {(name, what): np.zeros(len(keys), np.int64) for name in layout.texts for what in "dc"}
    for segment in segments:
        table = segment.terms.table()
        fold_at = np.array([fold_number[term] for term in table.folds], np.int64)
        key_at = np.array([key_number[term] for term in table.keys], np.int64)
        key_fold[key_at] = fold_at[table.key_fold]
        of_variant = key_at[table.variant_key]
        for name in layout.texts:
            df, cf, key_df, key_cf = _counts(segment, segment.channel(name))
            by_fold[name, "d"][fold_at] += df
            by_fold[name, "c"][fold_at] += cf
            by_key[name, "d"][of_variant] += key_df
            by_key[name, "c"][of_variant] += key_cf
    frequency = sum((by_key[name, "c"] for name in layout.texts), np.zeros(len(keys), np.int64))
    terms = make_table(fold_texts, key_texts, key_fold, frequency)
    tokens = [
        np.concatenate([np.zeros(0, np.uint32), *(s.channel(name).tokens for s in segments)])
        for name in layout.texts
    ]
    with ContainerWriter(path) as writer:
        terms.write(writer)
        for name in layout.texts:
            for what in "dc":
                writer.add(f"{name}.{what}f", by_fold[name, what].astype(np.uint32))
                of_variants = by_key[name, what][terms.variant_key]
                writer.add(f"{name}.key_{what}f", of_variants.astype(np.uint32))
        writer.finish(segment_facts(layout, sum(s.doc_count for s in segments), tokens))


def _counts(segment: SegmentFile, channel: Channel) -> tuple[Counts, Counts, Counts, Counts]:
    """Of each fold and then of each variant: its documents, and its occurrences."""
    starts = channel.occurrence_starts.astype(np.int64)
    cf = starts[1:] - starts[:-1]
    df = np.array([channel.df(fold) for fold in range(len(cf))], np.int64)
    key_df = channel.variant_dfs.astype(np.int64)
    key_cf = np.zeros(len(key_df), np.int64)
    firsts = segment.terms.variant_at.astype(np.int64)
    occurrences = channel.part(0, len(cf)).occurrences
    _, ranks = occurrences.unpacked()
    variants = np.repeat(firsts[:-1], cf) + ranks
    key_cf += np.bincount(variants, minlength=len(key_df))
    return df, cf, key_df, key_cf


class WordCounts:
    """The counts of one text field; no text."""

    def __init__(self, container: Container, name: str) -> None:
        self._df, self._cf = container.view(f"{name}.df"), container.view(f"{name}.cf")
        self._key_df = container.view(f"{name}.key_df")
        self._key_cf = container.view(f"{name}.key_cf")

    def df(self, fold: int) -> int:
        """How many documents have a fold."""
        count: int = self._df[fold]
        return count

    def cf(self, fold: int) -> int:
        """How often it occurs."""
        count: int = self._cf[fold]
        return count

    def variant_df(self, variant: int) -> int:
        """How many documents have an accent key."""
        count: int = self._key_df[variant]
        return count

    def variant_cf(self, variant: int) -> int:
        """How often it occurs."""
        count: int = self._key_cf[variant]
        return count


class WordsFile(SegmentFile):
    """The file, opened as the segment that it tells of; it has no channels, columns or articles.

    Attributes:
        counts: of the words of each text field.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.counts = {name: WordCounts(self._container, name) for name in self.layout.texts}
