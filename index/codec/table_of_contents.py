"""The table of contents of an index: Whoosh's file, read without running what is in it.

Whoosh's table of contents (``_MAIN_<generation>.toc``) holds a pickled schema and a pickled list of
segments. The schema is this program's, so the pickled one is skipped; the segments are read by an
unpickler that makes segments and refuses anything else. Writing goes through Whoosh, then to the
disk: the new file is complete and synced before it gets its name, and the directory is synced
after.

Invariant: after a crash at any moment the newest readable table of contents names only files that
are whole.
"""

from __future__ import annotations

import io
import pickle
import re
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from index.codec.whoosh_codec import ArraySegment
from index.errors import IndexDamaged, IndexIncompatible, IndexMissing
from index.storage.durable import sync

INDEX_NAME = "MAIN"
_TOC = re.compile(rf"_{INDEX_NAME}_([0-9]+)\.toc")
_TEMPORARY = re.compile(rf"_{INDEX_NAME}_[0-9]+\.toc\..+")
_SEGMENT = re.compile(rf"({INDEX_NAME}_[0-9a-z]+)\..+")
_WHOOSH_VERSION = -111

_ALLOWED = {
    ("index.codec.whoosh_codec", "ArraySegment"): ArraySegment,
    ("builtins", "set"): set,
    ("__builtin__", "set"): set,
}


# What reading numbers and a pickle may raise where the bytes are not what was written.
_UNREADABLE = (
    struct.error,
    pickle.UnpicklingError,
    ValueError,
    LookupError,
    EOFError,
    TypeError,
    AttributeError,
)


class Contents(NamedTuple):
    """What an index consists of.

    Attributes:
        segments: as Whoosh knows them.
        paths: of their files.
        deleted: of each segment the deleted documents, ascending.
    """

    generation: int
    segments: list[ArraySegment]
    paths: list[Path]
    deleted: list[NDArray[np.int64]]


class _Unpickler(pickle.Unpickler):
    """Makes segments and nothing else."""

    def find_class(self, module: str, name: str) -> type:
        known = _ALLOWED.get((module, name))
        if known is None:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a table of contents")
        return known


def read_contents(directory: Path) -> Contents:
    """Read the newest table of contents.

    Raises:
        IndexMissing: there is none.
        IndexDamaged: it cannot be read, or names what is not ours.
        IndexIncompatible: Whoosh wrote it in another version of its format.
    """
    generation = latest_generation(directory)
    if generation is None:
        raise IndexMissing(f"{directory}: there is no index here")
    path = directory / f"_{INDEX_NAME}_{generation}.toc"
    try:
        segments = _parse(path, path.read_bytes())
    except FileNotFoundError:
        return read_contents(directory)  # a writer has just replaced it
    except (*_UNREADABLE, OSError) as error:
        raise IndexDamaged(f"{path}: cannot be read ({error}); rebuild the index") from error
    return Contents(
        generation,
        segments,
        [segment.path(directory) for segment in segments],
        [np.array(sorted(segment.deleted_docs()), np.int64) for segment in segments],
    )


def _parse(path: Path, data: bytes) -> list[ArraySegment]:
    stream = StructFile(io.BytesIO(data))
    sizes = [stream.read_varint() for _ in range(3)]
    order, version = stream.read_int(), stream.read_int()
    if sizes != [4, 8, 4] or order != -12345:
        raise ValueError("not a table of contents of this kind of machine")
    if version != _WHOOSH_VERSION:
        raise IndexIncompatible(f"{path}: has Whoosh format {version}; rebuild the index")
    for _ in range(3):
        stream.read_varint()
    stream.skip_string()
    stream.read_int()
    stream.read_int()
    segments = _Unpickler(stream.file).load()
    if not isinstance(segments, list) or not all(
        isinstance(segment, ArraySegment) for segment in segments
    ):
        raise ValueError("it lists segments that stock Whoosh wrote")
    return segments


def latest_generation(directory: Path) -> int | None:
    """The newest generation of the index, or None."""
    try:
        matches = [_TOC.fullmatch(path.name) for path in directory.iterdir()]
    except OSError:
        return None
    return max((int(match[1]) for match in matches if match), default=None)


class _SyncedStorage(FileStorage):
    """Whoosh's storage, but what is renamed into place is on the disk before and after."""

    def __init__(self, directory: Path) -> None:
        FileStorage.__init__(self, str(directory))
        self._directory = directory

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Give a file its name, which no other has."""
        directory = self._directory
        if safe and (directory / newname).exists():
            raise FileExistsError(f"{directory / newname}: another writer made it")
        sync(directory / oldname)
        (directory / oldname).rename(directory / newname)
        sync(directory)


def write_contents(
    directory: Path, schema: Schema, segments: Iterable[ArraySegment], generation: int
) -> None:
    """Make a new generation visible; the files of its segments are complete and synced."""
    sync(directory)
    toc = TOC(schema, list(segments), generation)
    toc.write(_SyncedStorage(directory), INDEX_NAME)


def remove_litter(directory: Path, contents: Contents) -> None:
    """Remove files that belong to no generation, or only to older ones than ``contents``.

    The caller holds the write lock. Readers that have such files open keep them.
    """
    current = {segment.segment_id() for segment in contents.segments}
    for path in list(directory.iterdir()):
        toc, segment = _TOC.fullmatch(path.name), _SEGMENT.fullmatch(path.name)
        old = toc is not None and int(toc[1]) != contents.generation
        foreign = segment is not None and segment[1] not in current
        if old or foreign or _TEMPORARY.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()
