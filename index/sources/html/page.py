"""A saved HTML page that is one article: metadata from its head, text from its body.

It knows nothing of folders. Every page is taken for hostile: the size is bounded before parsing,
and a page on which a parser gives up is one record skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.sources.files.decoding import decode
from index.sources.files.stream import Stream
from index.sources.html.body import read_body
from index.sources.html.metadata import read_metadata
from index.sources.kind import Kind, Sample
from index.sources.origin import joined
from index.sources.records.fields import article_from_record
from index.sources.records.outcome import Found, Outcome, SkipReason, skip

_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_CHARSET = re.compile(
    rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_CHARSET_WITHIN = 4096
_ELEMENT_LIMIT = 30_000
"""Elements of a page; a newspaper's has some 3,000, and cleaning costs up to their square."""


def _recognises(sample: Sample) -> bool:
    if sample.suffix in _SUFFIXES:
        return sample.is_text
    return sample.is_text and sample.root in ("html", "!doctype html")


def _read(stream: Stream) -> Iterator[Outcome]:
    content = stream.read_all()
    declared = _CHARSET.search(content[:_CHARSET_WITHIN])
    decoded = decode(content, stream.charset or (declared[1].decode("ascii") if declared else ""))
    if decoded is None:
        yield skip(
            stream.name,
            SkipReason.UNKNOWN_ENCODING,
            "is in no encoding that can be told; save the page as UTF-8",
        )
        return
    try:
        outcome = _read_page(decoded.text, stream.name, stream.url)
    except Exception as error:  # whatever two parsers do on hostile input costs one page, not all
        reason = f"is not readable HTML ({type(error).__name__}: {error})"
        yield skip(stream.name, SkipReason.UNREADABLE_MARKUP, reason)
        return
    if isinstance(outcome, Found):
        outcome = outcome._replace(remarks=(*decoded.remarks, *outcome.remarks))
    yield outcome


def _read_page(text: str, where: str, url: str) -> Outcome:
    page = parse(text)
    if sum(1 for _ in page.iter()) > _ELEMENT_LIMIT:
        return skip(
            where,
            SkipReason.UNREADABLE_MARKUP,
            f"has more than {_ELEMENT_LIMIT} elements; no article is so long",
        )
    metadata = read_metadata(page)
    if url:
        stated, image = metadata.url, metadata.image
        metadata = metadata._replace(
            url=joined(url, stated) if stated else url, image=joined(url, image) if image else ""
        )
    return article_from_record(read_body(page, metadata), where)


def parse(text: str) -> HtmlElement:
    """The tree of a page. lxml takes bytes, since it refuses text that declares an encoding."""
    content = text.replace("\0", "").encode("utf-8", "replace")
    return document_fromstring(content, parser=HTMLParser(encoding="utf-8", remove_comments=True))


KIND = Kind("html", _recognises, _read)
