"""WARC files, as web archives keep what they crawled: every answer that is a page is read as one.

Pages that a server did not find, pictures, scripts and the crawler's own notes are passed over. A
record that is damaged costs itself: the next one is found by its first line. Nothing is read by the
line that could be of any length.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import IO, TYPE_CHECKING, NamedTuple

from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from index.sources.archives.archive import INSIDE, Allowance
from index.sources.files.stream import DOCUMENT_LIMIT, DamagedStreamError, Stream
from index.sources.kind import Item, Kind, Part, Sample
from index.sources.records.outcome import SkipReason, skip

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MAGIC = b"WARC/"
_BLOCK = 64 << 10
_HEAD_LIMIT = 64 << 10
"""Bytes of a record's head, and of one header of an answer."""

_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_CHUNK = re.compile(rb"(?:\r\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r\n")
_LENGTH = re.compile(r"\d{1,18}$")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class _Record(NamedTuple):
    """One record: its headers, names in lower case, and its bytes, to be read before the next."""

    headers: Mapping[str, str]
    content: _Content


def _recognises(sample: Sample) -> bool:
    return sample.start.startswith(_MAGIC)


def _read(stream: Stream) -> Iterator[Item]:
    allowance = Allowance()
    for record in _records(stream.file):
        allowance.member()
        if isinstance(record, _Record):
            yield from _item(stream.name, record, allowance)
        else:
            yield skip(stream.name, SkipReason.DAMAGED_FILE, record)


def _records(file: IO[bytes]) -> Iterator[_Record | str]:
    """Every record, and a message for every stretch of bytes that is none."""
    number = 0
    while line := file.readline(_HEAD_LIMIT):
        if not line.strip():
            continue
        if not line.startswith(_MAGIC):
            yield f"holds something that is no record after record {number}; was read on after that"
            line = _next_magic(file, at_start=line.endswith(b"\n"))
            if not line:
                return
        number += 1
        headers = _headers(file)
        length = "" if headers is None else headers.get("content-length", "")
        if headers is None or not _LENGTH.match(length):
            yield f"says no length in the head of record {number}; was read on after that"
            continue
        content = _Content(file, int(length))
        yield _Record(headers, content)
        content.pass_over()
        if content.left:
            raise DamagedStreamError("the last record ends early")


def _next_magic(file: IO[bytes], *, at_start: bool) -> bytes:
    """The first line of the next record, or b"" at the end."""
    while piece := file.readline(_HEAD_LIMIT):
        if at_start and piece.startswith(_MAGIC):
            return piece
        at_start = piece.endswith(b"\n")
    return b""


def _headers(file: IO[bytes]) -> dict[str, str] | None:
    """The headers of a record or an answer; None where they are longer than any are."""
    headers: dict[str, str] = {}
    left = _HEAD_LIMIT
    while (line := file.readline(left)).strip():
        left -= len(line)
        if left <= 0:
            return None
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers


class _Content(io.RawIOBase):
    """The bytes of one record, and no further."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file = file
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        target = memoryview(buffer).cast("B")
        piece = self._file.read(min(len(target), self.left))
        target[: len(piece)] = piece
        self.left -= len(piece)
        return len(piece)

    def pass_over(self) -> None:
        """Read what nobody wanted."""
        while self.left and self.read(_BLOCK):
            pass


def _item(name: str, record: _Record, allowance: Allowance) -> Iterator[Item]:
    """The page in a record, if there is one."""
    headers = record.headers
    kind = headers.get("warc-type", "")
    if kind not in ("response", "resource"):
        return
    url = headers.get("warc-target-uri", "").strip("<>")
    file = io.BufferedReader(record.content, _BLOCK)
    if kind == "response":
        status = _STATUS.match(file.readline(_HEAD_LIMIT))
        answer = _headers(file)
        if status is None or answer is None:
            message = "is no answer of a server; the other records were read"
            yield skip(f"{name}{INSIDE}{url}", SkipReason.DAMAGED_FILE, message)
            return
        if status[1] != b"200":
            return
        headers = {**answer, "warc-date": headers.get("warc-date", "")}
    described = Message()
    described["Content-Type"] = headers.get("content-type", "")
    if "content-type" not in headers or described.get_content_type() not in _PAGES:
        return
    if not url:
        message = "has a page without WARC-Target-URI, the address that it stands at; left out"
        yield skip(name, SkipReason.DAMAGED_FILE, message)
        return
    content = file.read(DOCUMENT_LIMIT + 1)
    moment = _MOMENT.match(headers.get("warc-date", ""))
    yield Part(
        f"{name}{INSIDE}{url}",
        allowance.bounded(_decoded(content, headers), len(content)),
        url,
        charset=described.get_content_charset(""),
        captured=moment[0] if moment else "",
    )


def _decoded(content: bytes, headers: Mapping[str, str]) -> Iterator[bytes]:
    """A page as it was before it was sent.

    Many crawlers undo the encodings themselves and keep the headers that tell of them, so what
    cannot be undone and reads as a page is one.

    Raises:
        DamagedStreamError: with any block, where it is not encoded as it says.
    """
    if headers.get("transfer-encoding", "").lower() == "chunked":
        content = _without_chunks(content)
    encoding = {"content-encoding": headers.get("content-encoding", "")}
    answer = HTTPResponse(io.BytesIO(content), encoding, preload_content=False)
    blocks = answer.stream(_BLOCK, decode_content=True)
    try:
        first = next(blocks, b"")
    except (HTTPError, ValueError) as error:
        if not content.lstrip().startswith(b"<"):
            raise DamagedStreamError(f"the page cannot be decoded ({error})") from error
        yield content
        return
    yield first
    try:
        yield from blocks
    except (HTTPError, ValueError) as error:
        raise DamagedStreamError(f"the page cannot be decoded to its end ({error})") from error


def _without_chunks(content: bytes) -> bytes:
    """The content that was sent in chunks, or as it is if it is in none."""
    pieces, at = [], 0
    while match := _CHUNK.match(content, at):
        size = int(match[1], 16)
        pieces.append(content[match.end() : match.end() + size])
        at = match.end() + size
        if not size:
            break
    return b"".join(pieces) if pieces else content


KIND = Kind("warc", _recognises, _read)
