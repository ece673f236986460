"""The parts of a merge that go by document: stored articles, columns, lists of neighbours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.codec.columns import write_moments, write_values
from index.codec.container import ContainerWriter
from index.codec.doclists import DocListsWriter, DocNumbers
from index.codec.documents import Compressor, starts_of
from index.codec.joining import place, targets_of
from index.codec.layout import Layout
from index.codec.merging_sources import Mapped
from index.codec.pairs import MOST_TERMS
from index.codec.profile import Profile
from index.codec.segment_builder import pair_numbers
from index.codec.spool import Spool


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
    """Merge the lists of neighbours of one channel, one first term at a time."""
    lists = DocListsWriter(writer.path.parent, doc_count)
    numbers = []
    for source in mapped:
        own = {term: at for at, term in enumerate(source.segment.profile.pair_terms)}
        numbers.append(np.array([own[term] for term in profile.pair_terms], np.int64))
    for first in range(MOST_TERMS if profile.pair_terms else 0):
        parts = [
            _pairs_starting(source, name, own, first)
            for source, own in zip(mapped, numbers, strict=True)
        ]
        counts = np.stack([frequencies for _, frequencies in parts])
        docs = place([part for part, _ in parts], targets_of(counts))
        lists.add(docs, counts.sum(axis=0))
    _, present = pair_numbers(profile.pair_terms, folds)
    writer.add(f"{name}.pair_folds", present)
    lists.write(writer, f"{name}.pairs")
    terms = b"\0".join(profile.pair_terms)
    writer.add(f"{name}.pair_terms", np.frombuffer(terms, np.uint8))


def _pairs_starting(
    source: Mapped, name: str, numbers: np.ndarray[tuple[int], np.dtype[np.int64]], first: int
) -> tuple[DocNumbers, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The 256 lists of pairs with one first term, in the order and the documents of the result."""
    frequencies = np.zeros(MOST_TERMS, np.int64)
    lists = source.segment.channel(name).pair_lists
    if lists is None or first >= len(numbers):
        return np.zeros(0, np.uint32), frequencies
    start = int(numbers[first]) * MOST_TERMS
    docs, counts = lists.decode(start, start + MOST_TERMS)
    listed = np.repeat(np.arange(MOST_TERMS), counts)
    kept = source.kept[docs]
    docs, listed = source.new_doc[docs[kept]], listed[kept]
    if not np.array_equal(numbers, np.arange(len(numbers))):
        new = np.full(MOST_TERMS, -1, np.int64)
        new[numbers] = np.arange(len(numbers))
        listed = new[listed]
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
    data = Spool(writer.path.parent, np.uint8)
    sizes: list[int] = []
    compress = Compressor(profile.zdict)
    for source in mapped:
        documents = source.segment.documents
        same = documents.zdict == profile.zdict
        for doc in np.flatnonzero(source.kept).tolist():
            frame = documents.frame(doc) if same else compress(source.segment.stored(doc))
            data.append(np.frombuffer(frame, np.uint8))
            sizes.append(len(frame))
    data.write(writer, "stored.data")
    writer.add("stored.at", starts_of(sizes))
    writer.add("stored.zdict", np.frombuffer(profile.zdict, np.uint8))
