"""tar archives, compressed or not: every file in one is read as a file of its own.

They are read from the front as they come, also from a pipe. Links are not followed.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from index.sources.archives.archive import INSIDE, Allowance, is_unwanted, refusal
from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Item, Kind, Part, Sample
from index.sources.records.outcome import SkipReason, skip

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from typing_extensions import Self

_MAGIC = b"ustar"
_MAGIC_AT = 257
_BLOCK = 64 << 10
_BLOCK_SIZE = 512  # of the format itself
_HEADER_LIMIT = 1 << 20
"""Bytes of an extended header, which holds a long name or a few attributes."""

_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)


def _recognises(sample: Sample) -> bool:
    return sample.start[_MAGIC_AT : _MAGIC_AT + len(_MAGIC)] == _MAGIC


def _read(stream: Stream) -> Iterator[Item]:
    allowance = Allowance()
    source = _Source(stream.file)
    try:
        with tarfile.open(fileobj=source, mode="r|", tarinfo=_Header) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # or it keeps every header
                allowance.member()
                yield from _member(archive, member, stream.name, allowance)
    except tarfile.TarError as error:
        raise DamagedStreamError(f"the archive cannot be read on ({error})") from error
    if source.last.strip(b"\0"):
        raise DamagedStreamError("the archive ends early")


class _Header(tarfile.TarInfo):
    """A header, refused where the standard library would read all that it announces at once."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENDED and not 0 <= header.size <= _HEADER_LIMIT:
            raise tarfile.TarError(f"a header of {header.size:,} bytes: it is a bomb")
        return header


class _Source(io.RawIOBase):
    """Hands on the bytes of an archive and keeps the last of them: a whole one ends in zeros.

    The standard library takes the end of a file for the end of an archive.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        piece = self._file.read(len(target))
        target[: len(piece)] = piece
        self.last = piece[-_BLOCK_SIZE:] or self.last
        return len(piece)


def _member(
    archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, allowance: Allowance
) -> Iterator[Item]:
    where = f"{name}{INSIDE}{member.name}"
    if refused := refusal(name, member.name):
        yield refused
    elif member.isdir() or is_unwanted(member.name):
        return
    elif not member.isfile() or member.issparse():
        message = "is no plain file but a link, a device or full of holes; it was not read"
        yield skip(where, SkipReason.UNSAFE_MEMBER, message)
    elif (file := archive.extractfile(member)) is not None:
        # Compression stands around the whole archive, where `index.sources.files.stream` bounds it.
        yield Part(where, allowance.bounded(_blocks(file), member.size))


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    try:
        while block := file.read(_BLOCK):
            yield block
    except tarfile.TarError as error:
        raise DamagedStreamError(f"the member cannot be read ({error})") from error


KIND = Kind("tar", _recognises, _read)
