"""The bytes of a file, decompressed as they are read, in bounded memory whatever they hold.

xz, gzip and zstd are known by their first bytes; UTF-16 with a byte order mark becomes UTF-8. A
compressed stream is fed to its decoder in pieces so small that even a bomb gives at most some
32 MiB at a time; a stream that ends early is an error, not an end. Progress is counted in bytes of
the file itself, so that the time left is known for compressed files too. It knows nothing of
records.
"""

from __future__ import annotations

import codecs
import io
import itertools
import lzma
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol

import zstandard

from index.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LINE_LIMIT = 16 << 20
"""Bytes of a line; no article is near it (the longest of 100,000 has 60 kB)."""

DOCUMENT_LIMIT = 16 << 20
"""Bytes of a file that is read as a whole."""

GIVE_UP_AFTER = 8 << 30
"""Bytes of one line after which the rest of the file is not looked at: it is a bomb."""

SAMPLE_SIZE = 256 << 10
"""Bytes by which the kind of a file is recognised."""

COPY_LIMIT = 4 << 30
"""Bytes of a file that must be copied to the disk before it can be read."""

_BLOCK = 256 << 10
_IN_MEMORY = 32 << 20
_LZMA_MEMORY = 256 << 20  # xz -9 needs 65 MiB; a file may ask for 4 GiB


class DamagedStreamError(SourceError):
    """A compressed stream is broken or ends early; the message says which."""


class TooLargeError(SourceError):
    """A file that must be read as a whole is over a limit.

    Attributes:
        limit: in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"is larger than {limit >> 20} MiB; no article is")
        self.limit = limit


@dataclass(slots=True)
class Meter:
    """Counts while sources are read.

    Attributes:
        bytes_read: before decompression.
        bytes_total: the size of all files found; 0 until they are known and for pipes.
        files: files and answers of servers begun.
        shows_all: whether everything read so far showed all the articles that it has.
    """

    bytes_read: int = 0
    bytes_total: int = 0
    files: int = 0
    shows_all: bool = True


class Line(NamedTuple):
    """One line of a stream, without its end; ``content`` is None if it is over `LINE_LIMIT`."""

    number: int
    content: bytes | None


class Stream:
    """The decompressed bytes of one file.

    Attributes:
        name: of the file, for reports.
        sample: the first bytes, up to `SAMPLE_SIZE`; they stay to be read.
        names: what this source calls the fields of its records, where it has names of its own.
        url: where it was fetched, or "".
        query: what to ask it, should it be a database, or "".
        charset: the encoding that the server said it has, or "".
    """

    def __init__(
        self,
        name: str,
        blocks: Iterator[bytes],
        *,
        names: Mapping[str, str] = MappingProxyType({}),
        url: str = "",
        charset: str = "",
        path: Path | None = None,
        query: str = "",
    ) -> None:
        self.name = name
        self.names = names
        self.url = url
        self.query = query
        self.charset = charset
        self._path = path
        self.sample, everything = _sampled(blocks)
        self._file = io.BufferedReader(_BlockReader(everything), _BLOCK)

    def lines(self) -> Iterator[Line]:
        """Every line that is not blank, counted from 1.

        Raises:
            DamagedStreamError: the compressed stream is broken, or one line does not end within
                `GIVE_UP_AFTER` bytes.
        """
        number = 0
        readline = self._file.readline
        while content := readline(LINE_LIMIT + 1):
            number += 1
            if len(content) > LINE_LIMIT and not content.endswith(b"\n"):
                yield Line(number, None)
                self._skip_line(number)
                continue
            if number == 1:
                content = content.removeprefix(codecs.BOM_UTF8)
            if stripped := content.strip():
                yield Line(number, stripped)

    def pieces(self) -> Iterator[bytes]:
        """All bytes, cut after a newline where one comes within `LINE_LIMIT`.

        Raises:
            DamagedStreamError: the compressed stream is broken.
        """
        while content := self._file.readline(LINE_LIMIT):
            yield content

    def read_all(self, limit: int = DOCUMENT_LIMIT) -> bytes:
        """All bytes.

        Raises:
            TooLargeError: there are more than ``limit``.
            DamagedStreamError: the compressed stream is broken.
        """
        content = self._file.read(limit + 1)
        if len(content) > limit:
            raise TooLargeError(limit)
        return content

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The bytes as a file with a path, for readers that go back and forth in it.

        It is the file itself where that is not compressed, and else a copy for as long as the
        ``with`` lasts.

        Raises:
            DamagedStreamError: the compressed stream is broken.
        """
        if self._path is not None and _begins_with(self._path, self.sample):
            yield self._path
            return
        with tempfile.TemporaryDirectory(prefix="timbao-") as folder:
            path = Path(folder) / "file"
            with path.open("wb") as copy:
                shutil.copyfileobj(self._file, copy, _BLOCK)
            yield path

    @property
    def file(self) -> IO[bytes]:
        """The bytes as a file, for readers of other formats; it cannot go back."""
        return self._file

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """The bytes as a file that can go back: the file itself, or a copy of what is none.

        Raises:
            TooLargeError: a copy would have more than `COPY_LIMIT` bytes.
        """
        if self._path is not None:
            with self._path.open("rb") as file:
                is_itself = file.read(len(self.sample)) == self.sample  # and not compressed
                if is_itself:
                    yield file
                    return
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
            size = 0
            while block := self._file.read(_BLOCK):
                size += len(block)
                if size > COPY_LIMIT:
                    raise TooLargeError(COPY_LIMIT)
                copy.write(block)
            yield copy

    def _skip_line(self, number: int) -> None:
        skipped = 0
        while piece := self._file.readline(_BLOCK):
            skipped += len(piece)
            if piece.endswith(b"\n"):
                return
            if skipped > GIVE_UP_AFTER:
                raise DamagedStreamError(
                    f"line {number} does not end within {GIVE_UP_AFTER >> 30} GiB; "
                    "the rest of the file was not read"
                )


def _begins_with(path: Path, start: bytes) -> bool:
    """Whether a file on the disk is what was read: no pipe, not compressed, not transcoded."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def file_blocks(path: Path, meter: Meter) -> Iterator[bytes]:
    """The bytes of a file, or of a pipe.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            meter.bytes_read += len(block)
            yield block


def decompressed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes that a compressed file stands for; those of any other as they are.

    Raises:
        DamagedStreamError: with any block, where the compressed stream is broken.
    """
    return _transcoded(_decompressed(blocks))


class _BlockReader(io.RawIOBase):
    """A raw stream over blocks of bytes of any size."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        while not self._pending:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._pending = memoryview(block)
        size = min(len(target), len(self._pending))
        target[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size


class _Decoder(Protocol):
    """What the decoders of one xz stream, gzip member or zstd frame have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Compression(NamedTuple):
    """One compression: how a stream begins, its decoder, and how much to feed it at once.

    One KiB of zstd can stand for 32 MiB, of gzip for 1 MiB, of xz for 7 MiB.
    """

    name: str
    magic: bytes
    decoder: Callable[[], _Decoder]
    piece: int


_COMPRESSIONS = (
    _Compression(
        "xz",
        b"\xfd7zXZ\0",
        lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_LZMA_MEMORY),
        4 << 10,
    ),
    _Compression("gzip", b"\x1f\x8b", lambda: zlib.decompressobj(31), 16 << 10),
    _Compression(
        "zstd", b"\x28\xb5\x2f\xfd", lambda: zstandard.ZstdDecompressor().decompressobj(), 1 << 10
    ),
)


_MAGIC_SIZE = max(len(compression.magic) for compression in _COMPRESSIONS)


def _opening(blocks: Iterator[bytes]) -> bytes:
    """Enough bytes to know a compression or a mark by; a pipe may hand them over one by one."""
    first = b""
    while len(first) < _MAGIC_SIZE and (block := next(blocks, b"")):
        first += block
    return first


def _decompressed(blocks: Iterator[bytes]) -> Iterator[bytes]:
    first = _opening(blocks)
    for compression in _COMPRESSIONS:
        if first.startswith(compression.magic):
            return _decode(_pieces(first, blocks, compression.piece), compression)
    return itertools.chain((first,), blocks)


def _sampled(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first `SAMPLE_SIZE` bytes, and all blocks from the first on.

    Damage met on the way is raised where it stands: what comes before it is not lost.
    """
    start: list[bytes] = []
    size = 0
    everything: Iterator[bytes] = itertools.chain(start, blocks)
    try:
        while size < SAMPLE_SIZE and (block := next(blocks, b"")):
            start.append(block)
            size += len(block)
    except DamagedStreamError as error:
        everything = _then_raise(start, error)
    return b"".join(start)[:SAMPLE_SIZE], everything


def _then_raise(blocks: Iterable[bytes], error: DamagedStreamError) -> Iterator[bytes]:
    yield from blocks
    raise error


def _pieces(first: bytes, blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    for block in itertools.chain((first,), blocks):
        for start in range(0, len(block), size):
            yield block[start : start + size]


def _decode(pieces: Iterator[bytes], compression: _Compression) -> Iterator[bytes]:
    """Decode one stream after another (such files may be concatenated)."""
    decoder: _Decoder | None = None
    try:
        for piece in pieces:
            while piece:
                if decoder is None:
                    piece = piece.lstrip(b"\0")  # padding between streams
                    if not piece:
                        break
                    decoder = compression.decoder()
                if output := decoder.decompress(piece):
                    yield output
                piece = decoder.unused_data if decoder.eof else b""
                if decoder.eof:
                    decoder = None
    except (lzma.LZMAError, zlib.error, zstandard.ZstdError) as error:
        raise DamagedStreamError(f"the {compression.name} data are damaged ({error})") from error
    if decoder is not None:
        raise DamagedStreamError(f"the {compression.name} data end early")


_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _transcoded(blocks: Iterator[bytes]) -> Iterator[bytes]:
    first = _opening(blocks)
    everything = itertools.chain((first,), blocks)
    if first[:2] not in _UTF16_MARKS or first[:4] == codecs.BOM_UTF32_LE:
        return everything
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    return (decoder.decode(block).encode() for block in everything)
