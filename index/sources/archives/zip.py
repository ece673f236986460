"""ZIP archives: every member is read as a file of its own.

The directory of an archive stands at its end, so one that is no file of its own is copied first.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from typing import IO

from index.sources.archives.archive import INSIDE, Allowance, is_unwanted, refusal
from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Item, Kind, Part, Sample
from index.sources.records.outcome import SkipReason, skip

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BLOCK = 64 << 10
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, struct.error, ValueError)

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END_WITHIN = _END.size + 0xFFFF  # a comment may follow
_DIRECTORY_LIMIT = 64 << 20
"""Bytes of a directory, all of which the library reads at once: half a million members."""


def _recognises(sample: Sample) -> bool:
    return sample.start.startswith(_MAGIC)


def _read(stream: Stream) -> Iterator[Item]:
    with stream.seekable() as file:
        try:
            _require_small_directory(file)
            archive = zipfile.ZipFile(file)
        except (*_FAULTS, NotImplementedError) as error:
            raise DamagedStreamError(f"the archive cannot be opened ({error})") from error
        with archive:
            yield from _members(archive, stream.name, file.seek(0, 2))


def _require_small_directory(file: IO[bytes]) -> None:
    """Look at what an archive says of its directory before the library believes it.

    Raises:
        BadZipFile: there is no directory, or it is larger than any that is meant well.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_WITHIN))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("its directory is missing; was it cut short?")
    announced = _END.unpack_from(tail, at)[5]
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and len(tail) - wide >= _END64.size:
        announced = max(announced & 0x7FFFFFFF, _END64.unpack_from(tail, wide)[8])
    if min(announced, size) > _DIRECTORY_LIMIT:
        raise zipfile.BadZipFile(f"a directory of {announced:,} bytes: it is a bomb")


def _members(archive: zipfile.ZipFile, name: str, size: int) -> Iterator[Item]:
    allowance = Allowance(size)
    for member in archive.infolist():
        allowance.member()
        if refused := refusal(name, member.filename):
            yield refused
            continue
        if member.filename.endswith("/") or is_unwanted(member.filename):
            continue
        where = f"{name}{INSIDE}{member.filename}"
        if member.flag_bits & _ENCRYPTED:
            yield skip(where, SkipReason.UNREADABLE, "is encrypted; store it without a password")
            continue
        blocks = allowance.bounded(_blocks(archive, member), member.compress_size)
        yield Part(where, blocks)


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(member) as file:
            while block := file.read(_BLOCK):
                yield block
    except (*_FAULTS, NotImplementedError, RuntimeError) as error:
        raise DamagedStreamError(f"the member cannot be unpacked ({error})") from error


KIND = Kind("zip", _recognises, _read)
