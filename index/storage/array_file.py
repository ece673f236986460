"""A file of named NumPy arrays that opens without being read: the container of the language model.

Layout, all integers little-endian::

    offset  bytes  what
    0       8      magic, b"TBARRAYS"
    8       4      format version, 1
    12      4      h, length of the header in bytes
    16      4      CRC-32 of the header
    20      4      CRC-32 of everything from the first array to the end of the file
    24      8      length of the whole file
    32      h      header: UTF-8 lines "name<TAB>dtype<TAB>offset<TAB>length", one an array;
                   first a line "kind<TAB>version" saying what the arrays mean
    …              the arrays, each at its offset, a multiple of 64, zero bytes between them

History: version 1 is the first. Opening checks magic, version, header checksum and file length,
which catches a wrong, truncated or half-written file at once; :meth:`ArrayFile.verify` reads every
byte. The same arrays give the same bytes. It knows nothing of what the arrays hold.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.storage.durable import force

MAGIC = b"TBARRAYS"
FORMAT_VERSION = 1
_ALIGNMENT = 64
_PREFIX = struct.Struct("<8sIIIIQ")
_CODES = {"uint8": "u1", "uint16": "<u2", "uint32": "<u4", "uint64": "<u8", "float32": "<f4"}

Array = NDArray[np.uint8 | np.uint16 | np.uint32 | np.uint64 | np.float32]


class ModelFileError(ValueError):
    """A file is not what it should be; the message names it and says what to do."""


class Kind(NamedTuple):
    """What the arrays of a file mean: a name, and the version of that meaning."""

    name: str
    version: int


class _Entry(NamedTuple):
    name: str
    dtype: str
    offset: int
    length: int


def write_arrays(path: Path, kind: Kind, arrays: Mapping[str, Array]) -> int:
    """Write one-dimensional arrays in the order given, and flush them to the disk.

    Args:
        path: the file; a file of that name is replaced when all bytes are on the disk.
        kind: what the arrays mean.
        arrays: by name; dtypes uint8, uint16, uint32, uint64 or float32.

    Returns:
        The length of the file in bytes.
    """
    entries: list[_Entry] = []
    # Offsets depend on the header's length and the header on the offsets: lay out relative to the
    # first array, whose place is rounded up from a header written with offsets of fixed width.
    relative = 0
    for name, array in arrays.items():
        entries.append(_Entry(name, array.dtype.name, relative, len(array)))
        relative += _padded(array.nbytes)
    start = _padded(_PREFIX.size + len(_header(kind, entries, 0)))
    header = _header(kind, entries, start)
    size = start + relative
    checksum = 0
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as out:
        out.write(bytes(start))
        for entry in entries:
            array = np.ascontiguousarray(arrays[entry.name], dtype=_CODES[entry.dtype])
            padding = bytes(_padded(array.nbytes) - array.nbytes)
            for piece in (array.data.cast("B") if len(array) else b"", padding):
                checksum = zlib.crc32(piece, checksum)
                out.write(piece)
        out.seek(0)
        out.write(
            _PREFIX.pack(MAGIC, FORMAT_VERSION, len(header), zlib.crc32(header), checksum, size)
        )
        out.write(header)
        out.flush()
        force(out.fileno())
    partial.replace(path)
    return size


class ArrayFile:
    """An open file of arrays: mapped into memory, read-only, free to share between threads.

    Attributes:
        path: where it is.
        kind: what its arrays mean.
        size: its length in bytes.
    """

    def __init__(self, path: Path, kind: Kind, *older: Kind) -> None:
        """Map ``path``.

        Args:
            path: of the file.
            kind: what its arrays should mean.
            older: other versions of that meaning, which the caller reads as well.

        Raises:
            FileNotFoundError: there is no such file.
            ModelFileError: it is another kind of file, of another version, or damaged.
        """
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            prefix = file.read(_PREFIX.size)
            if len(prefix) < _PREFIX.size or not prefix.startswith(MAGIC):
                raise ModelFileError(f"{path} is no model file: rebuild the index to get one.")
            _, version, length, header_sum, self._checksum, size = _PREFIX.unpack(prefix)
            if version != FORMAT_VERSION:
                raise ModelFileError(
                    f"{path} has format version {version}, this program reads "
                    f"{FORMAT_VERSION}: rebuild the index."
                )
            header = file.read(length)
        if zlib.crc32(header) != header_sum or size != self.size:
            raise ModelFileError(f"{path} is damaged or incomplete: rebuild the index.")
        self.kind, self._entries = _parse_header(header)
        if self.kind not in (kind, *older):
            raise ModelFileError(
                f"{path} holds {self.kind.name} version {self.kind.version}, wanted "
                f"{kind.name} version {kind.version}: rebuild the index."
            )
        self._bytes: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r")

    def array(self, name: str) -> Array:
        """The array of that name, a read-only view of the mapped file.

        Raises:
            KeyError: there is none.
        """
        entry = self._entries[name]
        code = _CODES[entry.dtype]
        stop = entry.offset + entry.length * np.dtype(code).itemsize
        # A plain ndarray: the subclass memmap costs a microsecond more at every slice.
        whole: Array = self._bytes[entry.offset : stop].view(np.ndarray).view(code)
        return whole

    def verify(self) -> None:
        """Read every byte and compare the checksum.

        Raises:
            ModelFileError: a byte differs from what was written.
        """
        start = min((e.offset for e in self._entries.values()), default=self.size)
        if zlib.crc32(self._bytes[start:].data) != self._checksum:
            raise ModelFileError(f"{self.path} is damaged: rebuild the index.")


def _padded(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT


def _header(kind: Kind, entries: list[_Entry], start: int) -> bytes:
    lines = [f"{kind.name}\t{kind.version}"]
    lines += [f"{e.name}\t{e.dtype}\t{start + e.offset:012d}\t{e.length}" for e in entries]
    return "\n".join(lines).encode()


def _parse_header(header: bytes) -> tuple[Kind, dict[str, _Entry]]:
    first, *rest = header.decode().split("\n")
    name, version = first.split("\t")
    entries: dict[str, _Entry] = {}
    for line in rest:
        array, dtype, offset, length = line.split("\t")
        entries[array] = _Entry(array, dtype, int(offset), int(length))
    return Kind(name, int(version)), entries
