"""From the text of a page to its tree, whatever the page does to a parser.

Parsers take the square of the number of attributes of one element; so an element that has more of
them than any page needs loses them all.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement, HTMLParser, document_fromstring

_MOST_ATTRIBUTES = 200
_VALUE = r"""\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>][^\s<>]*)"""
_OVERLOADED = re.compile(
    rf"(<[A-Za-z][\w:-]*)(?:[\s/]+[^\s=/<>]+(?:{_VALUE})?){{{_MOST_ATTRIBUTES},}}"
)


def parse(text: str) -> HtmlElement:
    """The tree of a page. lxml takes bytes, since it refuses text that declares an encoding."""
    content = tame(text).encode("utf-8", "replace")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    return document_fromstring(content, parser=parser)


def tame(text: str) -> str:
    """The text of a page without null characters and without what costs parsers their time."""
    return _OVERLOADED.sub(r"\1", text.replace("\0", ""))
