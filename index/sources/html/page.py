"""A saved HTML page that is one article: metadata from its head, text from its body.

It knows nothing of folders. Every page is taken for hostile: its bytes and elements are bounded,
and a page on which a parser gives up is one record skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.sources.files.decoding import Decoded, decode
from index.sources.files.stream import Stream
from index.sources.html.blocks import read_blocks
from index.sources.html.body import read_body
from index.sources.html.evidence import is_text
from index.sources.html.front_page import front_page_message
from index.sources.html.markup import parse
from index.sources.html.metadata import read_metadata
from index.sources.html.readings import read_by_others
from index.sources.kind import Kind, Sample
from index.sources.records.fields import article_from_record
from index.sources.records.outcome import Found, Outcome, SkipReason, skip

_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_CHARSET_WITHIN = 4096
_ELEMENT_LIMIT = 30_000
"""Elements of a page; a newspaper's has some 3,000."""


def _recognises(sample: Sample) -> bool:
    if sample.suffix in _SUFFIXES:
        return sample.is_text
    return sample.is_text and sample.root in ("html", "!doctype html")


def _read(stream: Stream) -> Iterator[Outcome]:
    decoded = decode_page(stream.read_all(), stream.charset)
    if decoded is None:
        yield skip(
            stream.name,
            SkipReason.UNKNOWN_ENCODING,
            "is in no encoding that can be told; save the page as UTF-8",
        )
        return
    try:
        outcome = _read_page(decoded.text, stream.name, stream.url)
    except Exception as error:  # whatever parsers do on hostile input costs one page, not all
        reason = f"is not readable HTML ({type(error).__name__}: {error})"
        yield skip(stream.name, SkipReason.UNREADABLE_MARKUP, reason)
        return
    if isinstance(outcome, Found):
        outcome = outcome._replace(remarks=(*decoded.remarks, *outcome.remarks))
    yield outcome


def decode_page(content: bytes, charset: str = "") -> Decoded | None:
    """The text of a page, or None if it is in no encoding that can be told.

    Args:
        content: of the page, which may declare a charset.
        charset: what the server said, which comes before that; "" for nothing.
    """
    declared = _CHARSET.search(content[:_CHARSET_WITHIN])
    return decode(content, charset or (declared[1].decode("ascii") if declared else ""))


def _read_page(text: str, where: str, url: str) -> Outcome:
    page = parse(text)
    if sum(1 for _ in page.iter()) > _ELEMENT_LIMIT:
        return skip(
            where,
            SkipReason.UNREADABLE_MARKUP,
            f"has more than {_ELEMENT_LIMIT} elements; no article is so long",
        )
    metadata = read_metadata(page, url)
    blocks = read_blocks(page)
    chosen = is_text(blocks, read_by_others(page))
    if message := front_page_message(page, blocks, chosen, metadata):
        return skip(where, SkipReason.FRONT_PAGE, message)
    return article_from_record(read_body(blocks, chosen, metadata), where)


KIND = Kind("html", _recognises, _read)
