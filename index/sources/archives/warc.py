"""WARC files, as web archives keep what they crawled: every answer that is a page is read as one.

Pages that a server did not find, pictures, scripts and the crawler's own notes are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.sources.archives.archive import INSIDE, Allowance
from index.sources.extras import needing
from index.sources.files.stream import DOCUMENT_LIMIT, DamagedStreamError, Stream
from index.sources.kind import Item, Kind, Part, Sample

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_MAGIC = b"WARC/"
_BLOCK = 64 << 10
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


def _recognises(sample: Sample) -> bool:
    return sample.start.startswith(_MAGIC)


def _read(stream: Stream) -> Iterator[Item]:
    with needing("warcio", "warc"):
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    allowance = Allowance()
    try:
        for record in ArchiveIterator(stream.file, arc2warc=False):
            allowance.member()
            if record.rec_type not in ("response", "resource") or not _is_page(record):
                continue
            url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
            name = f"{stream.name}{INSIDE}{url}"
            yield Part(name, allowance.bounded(_blocks(record), DOCUMENT_LIMIT), url)
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        raise DamagedStreamError(f"the records cannot be read on ({error})") from error


def _is_page(record: ArcWarcRecord) -> bool:
    headers = record.http_headers
    if headers is None:
        kind = record.rec_headers.get_header("Content-Type")
    elif headers.get_statuscode() != "200":
        return False
    else:
        kind = headers.get_header("Content-Type")
    return str(kind or "").partition(";")[0].strip().lower() in _PAGES


def _blocks(record: ArcWarcRecord) -> Iterator[bytes]:
    content = record.content_stream()
    while block := content.read(_BLOCK):
        yield block


KIND = Kind("warc", _recognises, _read)
