"""The text of a piece of HTML that is an article and nothing else, as feeds and databases hold it.

Every element that begins a block begins a paragraph. What is not text for readers (scripts, styles,
frames) is left out, captions are kept apart. It knows nothing of whole pages.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from lxml import etree

from index.sources.html.blocks import read_blocks
from index.sources.html.markup import parse

_MARKUP = re.compile(
    r"<(?:[A-Za-z][^<>]*|/[A-Za-z][^<>]*|!--.*?--)>|&(?:#\d+|#x[\da-f]+|\w+);", re.IGNORECASE
)


class Fragment(NamedTuple):
    """The text of a piece of HTML: paragraphs separated by newlines, and captions."""

    text: str
    captions: tuple[str, ...]


def read_fragment(content: str) -> Fragment:
    """The text of a piece of HTML, or of plain text, which is kept as it is."""
    if not _MARKUP.search(content):
        return Fragment(content.strip(), ())
    try:
        blocks = read_blocks(parse(f"<div>{content}</div>"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return Fragment("", ())
    body: list[str] = []
    captions: list[str] = []
    for block in blocks:
        in_caption = block.element.tag == "figcaption" or any(
            True for _ in block.element.iterancestors("figcaption")
        )
        (captions if in_caption else body).append(block.text)
    return Fragment("\n".join(body), tuple(captions))


def plain(content: str) -> str:
    """A short piece of HTML, such as a headline, as one line."""
    text = read_fragment(content).text if _MARKUP.search(content) else html.unescape(content)
    return " ".join(text.split())
