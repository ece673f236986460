"""Several segments into one, array by array, leaving out deleted documents.

Documents keep their order: those of the first segment, then those of the second, and so on. No
text is analysed and nothing is sorted but the terms: the postings of a fold in the new segment are
those of its sources one after the other, so each source's arrays are copied in whole stretches to
where they belong. Folds are taken a few million occurrences at a time, so memory stays bounded.

Invariant: what can be found in the result is what could be found in the sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.occurrences import LAST_POSITION, LAST_RANK, Occurrences
from index.codec.channel.writer import ChannelWriter, FoldPostings
from index.codec.container import ContainerWriter
from index.codec.merge.documents import (
    common_profile,
    merge_columns,
    merge_pairs,
    merge_stored,
)
from index.codec.merge.joining import join_postings
from index.codec.merge.numbering import Mapped, Source, number_sources
from index.codec.segment.builder import segment_facts

CHUNK = 4_000_000
"""Occurrences merged at a time: about 150 MB of temporary arrays."""


def merge_segments(sources: Sequence[Source], path: Path) -> None:
    """Merge ``sources``, all of one layout, into a new segment at ``path``.

    On an error there is no file.
    """
    table, mapped = number_sources(sources)
    layout = sources[0].segment.layout
    doc_count = sum(int(source.kept.sum()) for source in mapped)
    profile = common_profile(mapped)
    lengths = []
    with ContainerWriter(path) as writer:
        table.write(writer)
        for name in layout.texts:
            channel = ChannelWriter(writer, name, table.variant_at, doc_count)
            for part in _merged_parts(mapped, name, len(table.folds)):
                channel.add(part)
            tokens = [source.segment.channel(name).tokens[source.kept] for source in mapped]
            lengths.append(np.concatenate(tokens))
            channel.write(lengths[-1])
            if name in layout.paired:
                merge_pairs(writer, mapped, name, profile, table.folds, doc_count)
        merge_columns(writer, mapped, layout)
        merge_stored(writer, mapped, profile)
        writer.finish(segment_facts(layout, doc_count, lengths))


def _merged_parts(mapped: Sequence[Mapped], name: str, folds: int) -> Iterator[FoldPostings]:
    """The postings of a channel, some folds at a time."""
    work = np.zeros(folds + 1, np.int64)
    for source in mapped:
        starts = source.segment.channel(name).occurrence_starts.astype(np.int64)
        work[source.fold + 1] += np.diff(starts)
    np.cumsum(work, out=work)
    first = 0
    while first < folds:
        end = int(np.searchsorted(work, work[first] + CHUNK, side="right")) - 1
        end = min(max(end, first + 1), folds)
        yield join_postings([_mapped_part(source, name, first, end) for source in mapped])
        first = end


def _mapped_part(source: Mapped, name: str, first: int, end: int) -> FoldPostings:
    """One source's share of the new folds ``first`` to ``end``, in the new numbers."""
    low, high = np.searchsorted(source.fold, [first, end])
    part = source.segment.channel(name).part(int(low), int(high))
    folds = source.fold[low:high] - first
    frequencies = np.zeros(end - first, np.int64)
    kept = source.kept[part.docs]
    posting_folds = np.repeat(np.arange(low, high), part.frequencies)
    frequencies[folds] = part.frequencies
    occurrences = _mapped_occurrences(source, part, posting_folds)
    if kept.all():
        return FoldPostings(frequencies, source.new_doc[part.docs], part.tf, occurrences)
    frequencies = np.bincount(
        source.fold[posting_folds[kept]] - first, minlength=end - first
    ).astype(np.int64)
    return FoldPostings(
        frequencies,
        source.new_doc[part.docs[kept]],
        part.tf[kept],
        _select(occurrences, np.repeat(kept, part.tf)),
    )


def _mapped_occurrences(
    source: Mapped, part: FoldPostings, posting_folds: NDArray[np.int64]
) -> Occurrences:
    """Give the occurrences their new ranks."""
    packed, esc_at, esc_pos, esc_rank = part.occurrences
    first_variants = np.repeat(source.first_variant[posting_folds], part.tf)
    ranks = (packed & np.uint16(LAST_RANK)).astype(np.int64)
    ranks[esc_at] = esc_rank
    ranks = source.rank[first_variants + ranks]
    positions = packed >> np.uint16(4)
    packed = positions << np.uint16(4) | np.minimum(ranks, LAST_RANK).astype(np.uint16)
    exact_positions = positions.astype(np.uint32)
    exact_positions[esc_at] = esc_pos
    escaped = np.flatnonzero(
        (positions == positions.dtype.type(LAST_POSITION)) | (ranks >= LAST_RANK)
    )
    return Occurrences(
        packed,
        escaped.astype(np.uint32),
        exact_positions[escaped],
        ranks[escaped].astype(np.uint32),
    )


def _select(occurrences: Occurrences, kept: NDArray[np.bool_]) -> Occurrences:
    packed, esc_at, esc_pos, esc_rank = occurrences
    staying = kept[esc_at]
    new_at = np.cumsum(kept) - 1
    return Occurrences(
        packed[kept],
        new_at[esc_at[staying]].astype(np.uint32),
        esc_pos[staying],
        esc_rank[staying],
    )
