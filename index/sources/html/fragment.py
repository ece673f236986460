"""The text of a piece of HTML that is an article and nothing else, as feeds and databases hold it.

Every element that begins a block begins a paragraph. What is not text for readers (scripts, styles,
frames) is left out, captions are kept apart. It knows nothing of whole pages.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.sources.html.cleaning import BLOCKS

_MARKUP = re.compile(
    r"<(?:[A-Za-z][^<>]*|/[A-Za-z][^<>]*|!--.*?--)>|&(?:#\d+|#x[\da-f]+|\w+);", re.IGNORECASE
)
_UNREAD = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "object", "embed", "form")
)
_CAPTIONS = frozenset(("figcaption",))


class Fragment(NamedTuple):
    """The text of a piece of HTML: paragraphs separated by newlines, and captions."""

    text: str
    captions: tuple[str, ...]


def read_fragment(content: str) -> Fragment:
    """The text of a piece of HTML, or of plain text, which is kept as it is."""
    if not _MARKUP.search(content):
        return Fragment(content.strip(), ())
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    source = f"<div>{content}</div>".replace("\0", "").encode("utf-8", "replace")
    try:
        tree: HtmlElement = document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Fragment("", ())
    body: list[str] = []
    captions: list[str] = []
    for text, is_caption in _pieces(tree):
        (captions if is_caption else body).append(text)
    return Fragment("\n".join(_lines(body)), tuple(_lines(captions)))


def plain(content: str) -> str:
    """A short piece of HTML, such as a headline, as one line."""
    text = read_fragment(content).text if _MARKUP.search(content) else html.unescape(content)
    return " ".join(text.split())


def _pieces(tree: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Text, newlines where blocks begin and end, and whether each stands in a caption."""
    unread = captions = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        change = 1 if event == "start" else -1
        if tag in BLOCKS or (tag == "br" and event == "start"):
            yield "\n", captions > 0
        unread += change if tag in _UNREAD else 0
        captions += change if tag in _CAPTIONS else 0
        text = element.text if event == "start" else element.tail
        if text and not unread:
            yield text.replace("\n", " "), captions > 0


def _lines(pieces: list[str]) -> Iterator[str]:
    for line in "".join(pieces).split("\n"):
        if text := " ".join(line.split()):
            yield text
