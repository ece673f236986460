"""From the text of a page to its tree, whatever the page does to a parser."""

from __future__ import annotations

from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.sources.records.taming import tame


def parse(text: str) -> HtmlElement:
    """The tree of a page. lxml takes bytes, since it refuses text that declares an encoding."""
    content = tame(text).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return document_fromstring(content, parser=parser)
