"""Pages that a browser saved whole as MHTML: the page itself, without its pictures and frames."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message

from index.sources.archives.archive import INSIDE
from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Item, Kind, Part, Sample
from index.sources.records.outcome import SkipReason, skip

_SUFFIXES = frozenset({".mht", ".mhtml"})
_HEADERS = re.compile(rb"\A\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2,40}", re.ASCII)
_RELATED = re.compile(
    rb"^content-type:\s*multipart/(?:related|mixed|alternative)", re.IGNORECASE | re.MULTILINE
)
_LIMIT = 64 << 20
"""Bytes of a page with its pictures."""

_HEAD = re.compile(rb"(?:\A\s*|^--[^\n]+\n)(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+", re.MULTILINE)
_HEAD_LIMIT = 64 << 10
"""Bytes of a header: its parameters take the square of that."""


def _recognises(sample: Sample) -> bool:
    head = _HEADERS.match(sample.start[:16_384])
    if head is None:
        return False
    return sample.suffix in _SUFFIXES or bool(_RELATED.search(head[0]))


def _read(stream: Stream) -> Iterator[Item]:
    content = stream.read_all(_LIMIT)
    if any(head.end() - head.start() > _HEAD_LIMIT for head in _HEAD.finditer(content)):
        raise DamagedStreamError(f"it has a header of more than {_HEAD_LIMIT >> 10} kB")
    message = email.message_from_bytes(content)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            url = part.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
            name = f"{stream.name}{INSIDE}page.html"
            web = url.strip() if url.strip().startswith(("http:", "https:")) else ""
            yield Part(name, iter((_content(part),)), web)
            return
    yield skip(stream.name, SkipReason.EMPTY_FILE, "holds no page")


def _content(part: Message) -> bytes:
    """The page in the encoding that its header states, marked as UTF-8, or as it is."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    if charset and charset not in ("utf-8", "us-ascii"):
        try:
            return content.decode(charset).encode("utf-8-sig")
        except (LookupError, UnicodeError):
            return content
    return content


KIND = Kind("mhtml", _recognises, _read)
