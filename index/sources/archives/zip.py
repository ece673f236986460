"""ZIP archives: every member is read as a file of its own.

An archive is copied to a temporary file first, since its directory stands at its end.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError

from index.sources.archives.archive import INSIDE, Allowance, is_unwanted, refusal
from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Item, Kind, Part, Sample
from index.sources.records.outcome import SkipReason, skip

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BLOCK = 64 << 10
_IN_MEMORY = 32 << 20
_ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, struct.error, ValueError)


def _recognises(sample: Sample) -> bool:
    return sample.start.startswith(_MAGIC)


def _read(stream: Stream) -> Iterator[Item]:
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        shutil.copyfileobj(stream.file, copy, _BLOCK)
        try:
            archive = zipfile.ZipFile(copy)
        except (*_FAULTS, NotImplementedError) as error:
            raise DamagedStreamError(f"the archive cannot be opened ({error})") from error
        with archive:
            yield from _members(archive, stream.name)


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[Item]:
    allowance = Allowance()
    for member in archive.infolist():
        allowance.member()
        if refused := refusal(name, member.filename):
            yield refused
            continue
        if member.is_dir() or is_unwanted(member.filename):
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
