"""The parts of a merge that go by document: stored articles, columns, lists of neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.codec.channel.pairs import MOST_TERMS
from index.codec.columns import write_moments, write_values
from index.codec.container import ContainerWriter
from index.codec.documents import Compressor, starts_of
from index.codec.lists.doclists import DocListsWriter, DocNumbers
from index.codec.merge.joining import place, targets_of
from index.codec.merge.numbering import Mapped
from index.codec.segment.builder import pair_numbers
from index.codec.segment.layout import Layout
from index.codec.segment.profile import Profile
from index.codec.spool import Spool

FIRSTS_AT_ONCE = 16
"""First terms whose 256 lists each are merged together: some ten megabytes at 100,000 articles."""

_Lists = tuple[DocNumbers, NDArray[np.int64]]
"""Documents of several lists, one after the other, and how many each has."""


def common_profile(mapped: Sequence[Mapped]) -> Profile:
    """The compression of the largest source; the pairs that every source lists."""
    largest = max(mapped, key=lambda source: source.segment.doc_count)
    profile = largest.segment.profile
    listed = set(profile.pair_terms)
    for source in mapped:
        listed &= set(source.segment.profile.pair_terms)
    return profile._replace(pair_terms=tuple(term for term in profile.pair_terms if term in listed))


def merge_pairs(
    writer: ContainerWriter,
    mapped: Sequence[Mapped],
    name: str,
    profile: Profile,
    folds: Sequence[bytes],
    doc_count: int,
) -> None:
    """Merge the lists of neighbours of one channel, some first terms at a time."""
    lists = DocListsWriter(writer, doc_count)
    numbers = []
    for source in mapped:
        place_of = {term: at for at, term in enumerate(source.segment.profile.pair_terms)}
        numbers.append(np.array([place_of[term] for term in profile.pair_terms], np.int64))
    # Runs of one build number the terms alike, and so their lists are one piece.
    alike = all(source.segment.profile.pair_terms == profile.pair_terms for source in mapped)
    step = FIRSTS_AT_ONCE if alike else 1
    for first in range(0, MOST_TERMS if profile.pair_terms else 0, step):
        parts = [
            _pairs_in_place(source, name, first, step)
            if alike
            else _pairs_starting(source, name, terms, first)
            for source, terms in zip(mapped, numbers, strict=True)
        ]
        counts = np.stack([frequencies for _, frequencies in parts])
        docs = place([part for part, _ in parts], targets_of(counts))
        lists.add(docs, counts.sum(axis=0))
    _, present = pair_numbers(profile.pair_terms, folds)
    writer.add(f"{name}.pair_folds", present)
    lists.write(f"{name}.pairs")
    terms = b"\0".join(profile.pair_terms)
    writer.add(f"{name}.pair_terms", np.frombuffer(terms, np.uint8))


def _pairs_in_place(source: Mapped, name: str, first: int, terms: int) -> _Lists:
    """All lists of some first terms, in the documents of the result."""
    count = terms * MOST_TERMS
    lists = source.segment.channel(name).pair_lists
    if lists is None:
        return np.zeros(0, np.uint32), np.zeros(count, np.int64)
    docs, frequencies = lists.decode(first * MOST_TERMS, first * MOST_TERMS + count)
    if source.kept.all():
        return source.new_doc[docs], frequencies
    kept = source.kept[docs]
    listed = np.repeat(np.arange(count), frequencies)[kept]
    return source.new_doc[docs[kept]], np.bincount(listed, minlength=count).astype(np.int64)


def _pairs_starting(source: Mapped, name: str, numbers: NDArray[np.int64], first: int) -> _Lists:
    """The 256 lists of pairs with one first term, in the order and the documents of the result."""
    frequencies = np.zeros(MOST_TERMS, np.int64)
    lists = source.segment.channel(name).pair_lists
    if lists is None or first >= len(numbers):
        return np.zeros(0, np.uint32), frequencies
    start = int(numbers[first]) * MOST_TERMS
    docs, counts = lists.decode(start, start + MOST_TERMS)
    kept = source.kept[docs]
    new = np.full(MOST_TERMS, -1, np.int64)
    new[numbers] = np.arange(len(numbers))
    docs, listed = source.new_doc[docs[kept]], new[np.repeat(np.arange(MOST_TERMS), counts)[kept]]
    order = np.argsort(listed, kind="stable")
    order = order[listed[order] >= 0]
    docs, listed = docs[order], listed[order]
    return docs, np.bincount(listed, minlength=MOST_TERMS).astype(np.int64)


def merge_columns(writer: ContainerWriter, mapped: Sequence[Mapped], layout: Layout) -> None:
    """Merge the columns of exact values and of dates."""
    for name in layout.values:
        values: list[bytes] = []
        for source in mapped:
            column = source.segment.values(name)
            distinct = [b"", *column.dictionary.terms()]
            values += [distinct[code] for code in column.code[source.kept].tolist()]
        write_values(writer, name, values)
    for name in layout.moments:
        moments = [source.segment.moments(name).value[source.kept] for source in mapped]
        write_moments(writer, name, np.concatenate(moments))


def merge_stored(writer: ContainerWriter, mapped: Sequence[Mapped], profile: Profile) -> None:
    """Merge the stored articles, copying those that are compressed with the same dictionary."""
    data = Spool(writer, np.uint8)
    sizes: list[NDArray[np.int64]] = []
    compress = Compressor(profile.zdict)
    for source in mapped:
        documents = source.segment.documents
        if documents.zdict == profile.zdict:
            frames = documents.frames(source.kept)
            for piece in frames.pieces:
                data.append(piece)
            sizes.append(frames.sizes)
            continue
        for doc in np.flatnonzero(source.kept).tolist():
            frame = compress(source.segment.stored(doc))
            data.append(np.frombuffer(frame, np.uint8))
            sizes.append(np.array([len(frame)]))
    data.write("stored.data")
    writer.add("stored.at", starts_of(np.concatenate([np.zeros(0, np.int64), *sizes])))
    writer.add("stored.zdict", np.frombuffer(profile.zdict, np.uint8))
