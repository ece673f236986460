"""What other libraries take for the article of a page: trafilatura, readability and resiliparse.

They go by different signs (names and classes of elements; where most text stands; rules over a
parser of its own), so that they seldom make the same mistake. It knows nothing of what is made of
their answers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from copy import deepcopy
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, tostring

from index.sources.html.blocks import read_blocks
from index.sources.html.markup import parse

_MOST_LEVELS = 120_000
"""Levels of all elements together, of pages that the two slower libraries read: beyond, their time
grows with the square. A newspaper's page has some 40,000."""

_MOST_ELEMENTS = 6_000
_AGREEING = 0.8


class Readings(NamedTuple):
    """The text of the article as each library reads it, "" where it finds none."""

    trafilatura: str
    readability: str
    resiliparse: str


def read_by_others(page: HtmlElement) -> Readings:
    """Have a page read by the libraries.

    Args:
        page: the tree of the page, which is left as it is.
    """
    # Written anew, since libxml2 has bounded its depth: resiliparse takes the square of that.
    text = tostring(page, encoding="unicode")
    third = _read(lambda: _resiliparse(text))
    if not _is_light(page):
        return Readings(third, third, third)
    first = _read(lambda: _trafilatura(page))
    # Where two agree the slowest, which takes as long as both, is not asked.
    second = first if _agree(first, third) else _read(lambda: _readability(text))
    return Readings(first, second, third)


def _agree(one: str, other: str) -> bool:
    """Whether two readings have nearly the same words, however often."""
    words, others = set(one.split()), set(other.split())
    return len(words & others) > _AGREEING * len(words | others)


def _is_light(page: HtmlElement) -> bool:
    elements = level = levels = 0
    for event, _ in etree.iterwalk(page, events=("start", "end")):
        level += 1 if event == "start" else -1
        elements += event == "start"
        levels += level if event == "start" else 0
    return elements <= _MOST_ELEMENTS and levels <= _MOST_LEVELS


def _read(library: Callable[[], str]) -> str:
    """What a library finds; a page on which it gives up is one on which it finds nothing."""
    try:
        return library()
    except Exception:
        return ""


# The libraries are most of all imports, for sources that may have no page at all.


def _trafilatura(page: HtmlElement) -> str:
    from trafilatura import extract

    found = extract(deepcopy(page), favor_precision=True, include_comments=False)
    # It writes rows of tables with bars between their cells.
    return (found or "").replace("|", " ")


def _readability(text: str) -> str:
    from readability import Document

    logging.getLogger("readability").setLevel(logging.CRITICAL)
    found: str = Document(text).summary(html_partial=True)
    return "\n".join(block.text for block in read_blocks(parse(found)))


def _resiliparse(text: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    found: str = extract_plain_text(text, main_content=True, list_bullets=False, alt_texts=False)
    return found
