"""What a killed rebuild had finished, taken over by the next one so that it need not begin anew.

A rebuild writes its articles as segments, each forced to the disk before its footer is: a segment
whose footer reads is whole. The next rebuild of the same sources links the whole ones into its own
directory, reads the sources again, and indexes only what they lack; so it makes no difference if
the sources have changed in between. Segments made by another text analysis or format, or from other
sources, are left to be removed, as is one whose articles are in a segment taken over already (a
merge was under way).

It knows nothing of how sources are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import orjson

from index.analysis import FINGERPRINT
from index.codec.segment.file import SegmentFile
from index.codec.table_of_contents import INDEX_NAME, write_contents
from index.codec.whoosh_codec import EXTENSION, ArraySegment
from index.errors import IndexOpenError
from index.schema import make_schema
from index.storage.builds import UNFINISHED_NAME
from index.storage.durable import link_or_copy
from index.storage.manifest import FORMAT_VERSION


def purpose(sources: Iterable[str]) -> bytes:
    """What a rebuild notes in its directory: two with the same note may share segments."""
    note = {"format": FORMAT_VERSION, "analysis": FINGERPRINT, "sources": list(sources)}
    return orjson.dumps(note)


def take_over(leftovers: Iterable[Path], directory: Path, note: bytes) -> int:
    """Give an empty build directory the whole segments of builds that were killed.

    Args:
        leftovers: directories of unfinished builds.
        directory: where the index is to begin; without segments nothing is written.
        note: the `purpose` that a leftover must have had.

    Returns:
        How many articles were taken over.
    """
    segments: list[ArraySegment] = []
    ids: set[str] = set()
    for leftover in leftovers:
        if _note(leftover) != note:
            continue
        for file in sorted(_whole_segments(leftover), key=lambda file: -file.doc_count):
            segment_ids = _ids(file)
            if segment_ids and ids.isdisjoint(segment_ids):
                ids |= segment_ids
                segments.append(_linked(file, directory))
    if segments:
        write_contents(directory, make_schema(), segments, 1)
    return len(ids)


def _note(leftover: Path) -> bytes:
    try:
        return (leftover / UNFINISHED_NAME).read_bytes()
    except OSError:
        return b""


def _whole_segments(leftover: Path) -> Iterable[SegmentFile]:
    for path in leftover.glob(f"{INDEX_NAME}_*{EXTENSION}"):
        try:
            file = SegmentFile(path)
            file.verify()
        except IndexOpenError:
            continue  # its writer was killed before the end
        yield file


def _ids(file: SegmentFile) -> set[str]:
    values = file.values(file.layout.id)
    return {values.value(doc) for doc in range(file.doc_count)}


def _linked(file: SegmentFile, directory: Path) -> ArraySegment:
    segment = ArraySegment(INDEX_NAME)
    segment.set_doc_count(file.doc_count)
    link_or_copy(file.path, segment.path(directory))
    return segment
