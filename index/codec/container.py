"""One file of named arrays: how everything a segment holds lies on disk.

::

    0                 magic ``TimBaoAr``, format version (u32), zero (u32)
    then              the arrays, each at a multiple of 64 bytes, little-endian, nothing between
    but zeros footer            UTF-8 JSON: {"arrays": {name: [dtype, offset, items, crc32]},
    "facts": {…}} last 24 bytes     offset of the footer (u64), its length (u32), its crc32 (u32),
    magic ``TimBaoAr``

Invariant: a file is complete or it is not opened: the footer is written last, and opening checks
the magic at both ends, the version, the footer's checksum and that every array lies inside the
file. The arrays themselves are checked by :meth:`Container.verify`, which reads every byte.

Knows nothing of terms or documents.
"""

from __future__ import annotations

import json
import mmap
import struct
import sys
import zlib
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexDamaged, IndexIncompatible
from index.storage.durable import force

MAGIC = b"TimBaoAr"
VERSION = 2
"""What is written; all versions from 1 on are read (``docs/index-format.md`` has their history)."""
ALIGNMENT = 64
_HEADER = struct.Struct("<8sII")
_TRAILER = struct.Struct("<QII8s")

AnyArray: TypeAlias = NDArray[np.generic]
Facts: TypeAlias = Mapping[str, "int | str | list[str] | dict[str, int]"]


class _Place(NamedTuple):
    dtype: str
    offset: int
    items: int
    crc: int


class ContainerWriter:
    """Writes the file; arrays may be given whole or piece by piece, one at a time.

    A context manager: leaving it after an error closes and removes the file.

    Attributes:
        path: of the file.
        waiting: closes what waits to be written, when the writer is left.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.waiting = ExitStack()
        self._file = path.open("wb")
        self._places: dict[str, _Place] = {}
        self._file.write(_HEADER.pack(MAGIC, VERSION, 0))

    def __enter__(self) -> ContainerWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.waiting.close()
        if kind is not None:
            with suppress(OSError):  # what is still to be written has no room either
                self._file.close()
            self.path.unlink(missing_ok=True)

    def add(self, name: str, array: AnyArray) -> None:
        """Write a whole one-dimensional array."""
        self.begin(name, array.dtype)
        self.extend(name, array)

    def begin(self, name: str, dtype: np.dtype[np.generic]) -> None:
        """Start an array whose pieces follow; the one before it is complete."""
        if name in self._places:
            raise ValueError(f"array {name!r} was already written")
        gap = -self._file.tell() % ALIGNMENT
        self._file.write(bytes(gap))
        self._places[name] = _Place(dtype.newbyteorder("<").str, self._file.tell(), 0, 0)

    def extend(self, name: str, piece: AnyArray) -> None:
        """Write the next piece of the array begun last."""
        place = self._places[name]
        data = np.ascontiguousarray(piece, np.dtype(place.dtype)).data.cast("B")
        self._file.write(data)
        crc = zlib.crc32(data, place.crc)
        self._places[name] = place._replace(items=place.items + len(piece), crc=crc)

    def finish(self, facts: Facts) -> None:
        """Write the footer and force the file onto the disk."""
        footer = json.dumps(
            {"arrays": self._places, "facts": facts}, ensure_ascii=False, sort_keys=True
        ).encode()
        offset = self._file.tell()
        self._file.write(footer)
        self._file.write(_TRAILER.pack(offset, len(footer), zlib.crc32(footer), MAGIC))
        self._file.flush()
        force(self._file.fileno())
        self._file.close()


class Container:
    """The arrays of one file, mapped into memory: opening reads only the footer.

    Arrays are read-only views that keep the map alive; many processes share one page cache.

    Raises:
        IndexDamaged: the file is missing, cut short, or its footer is not what was written.
        IndexIncompatible: it was written by a newer version of this format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise IndexDamaged(f"{path}: cannot be read ({error}); rebuild the index") from error
        self._places, self.facts = self._read_footer()

    def _damaged(self, what: str) -> IndexDamaged:
        return IndexDamaged(f"{self.path}: {what}; rebuild the index")

    def _read_footer(self) -> tuple[dict[str, _Place], Facts]:
        size = len(self._map)
        if size < _HEADER.size + _TRAILER.size:
            raise self._damaged("is cut short")
        magic, version, _ = _HEADER.unpack_from(self._map)
        offset, length, crc, end = _TRAILER.unpack_from(self._map, size - _TRAILER.size)
        if magic != MAGIC:
            raise self._damaged("is not a segment of this index")
        if not 1 <= version <= VERSION:
            raise IndexIncompatible(
                f"{self.path}: has format version {version}, this program reads 1 to {VERSION}; "
                "rebuild the index"
            )
        if end != MAGIC or offset + length + _TRAILER.size != size:
            raise self._damaged("is cut short")
        footer = self._map[offset : offset + length]
        if zlib.crc32(footer) != crc:
            raise self._damaged("the checksum of its table is wrong")
        table = json.loads(footer)
        places = {name: _Place(*place) for name, place in table["arrays"].items()}
        for name, place in places.items():
            if place.offset + place.items * np.dtype(place.dtype).itemsize > offset:
                raise self._damaged(f"array {name} lies outside it")
        return places, table["facts"]

    def array(self, name: str) -> AnyArray:
        """The array of that name, shape (items,), read-only."""
        try:
            place = self._places[name]
        except KeyError:
            raise self._damaged(f"array {name} is missing") from None
        array = np.frombuffer(self._map, place.dtype, place.items, place.offset)
        return array if sys.byteorder == "little" else array.astype(array.dtype.newbyteorder("="))

    def view(self, name: str) -> memoryview:
        """The same as a memoryview, whose single items come out as Python ints, and quickly."""
        return self.array(name).data

    def names(self) -> frozenset[str]:
        """The names of all arrays."""
        return frozenset(self._places)

    @property
    def nbytes(self) -> int:
        """The size of the file."""
        return len(self._map)

    def verify(self) -> None:
        """Read every array and compare checksums.

        Raises:
            IndexDamaged: naming the file and the array.
        """
        for name, place in self._places.items():
            if zlib.crc32(self.array(name).data.cast("B")) != place.crc:
                raise self._damaged(f"the checksum of array {name} is wrong")
