"""The blocks of a page in the order of its text: paragraphs, headings, list items, rows of tables.

A block is what a reader sees as a line of its own. Nothing is judged here, and the work is linear
in the size of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

_BLOCKS = frozenset(
    ("p", "div", "section", "article", "ul", "ol", "li", "table", "thead", "tbody", "tr", "dl",
     "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "blockquote", "main",
     "header", "footer", "nav", "aside", "form", "fieldset", "address", "details", "summary",
     "body", "center", "pre", "hr", "option", "select", "button")
)  # fmt: skip
_CELLS = frozenset(("td", "th"))
_UNREAD = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "object", "embed", "head", "title",
     "textarea", "select")
)  # fmt: skip

WHOLLY = 0.9
"""The share of letters from which on a line is one link; a sign before or behind it may be none."""

_HEADLINE_WORDS = 4


class Block(NamedTuple):
    """One line of a page.

    Attributes:
        text: with its space evened out; never "".
        element: the innermost block that the text stands in.
        linked: the share of its letters that are part of links, from 0 to 1.
        bold: whether all of it is bold.
    """

    text: str
    element: HtmlElement
    linked: float
    bold: bool

    @property
    def leads_away(self) -> bool:
        """Whether it is a link and nothing else, and long enough for the headline of another."""
        return self.linked >= WHOLLY and len(self.text.split()) >= _HEADLINE_WORDS


def read_blocks(page: HtmlElement) -> list[Block]:
    """The blocks of a page or a part of one."""
    return list(_Reader(page).blocks())


class _Reader:
    """Walks once through a tree and gathers the text between the borders of blocks."""

    def __init__(self, page: HtmlElement) -> None:
        self._page = page
        self._layout = _layout_tables(page)
        self._holders = [page]
        self._inside = {"unread": 0, "link": 0, "bold": 0}
        self._pieces: list[str] = []
        self._linked = self._bold = 0

    def blocks(self) -> Iterator[Block]:
        for event, element in etree.iterwalk(self._page, events=("start", "end")):
            if not isinstance(element.tag, str):
                if event == "end" and element is not self._page:
                    self._take(element.tail)
                continue
            is_block = self._is_block(element)
            if (is_block or element.tag == "br") and (block := self._finished()):
                yield block
            if event == "start":
                if is_block:
                    self._holders.append(element)
                self._count(element, 1)
                self._take(element.text)
            else:
                if is_block:
                    self._holders.pop()
                self._count(element, -1)
                if element.tag in _CELLS:
                    self._pieces.append(" ")
                if element is not self._page:
                    self._take(element.tail)
        if block := self._finished():
            yield block

    def _is_block(self, element: HtmlElement) -> bool:
        if element.tag in _CELLS:
            return next(element.iterancestors("table"), None) in self._layout
        return element.tag in _BLOCKS

    def _count(self, element: HtmlElement, change: int) -> None:
        if element.tag in _UNREAD:
            self._inside["unread"] += change
        elif element.tag == "a":
            self._inside["link"] += change
        elif element.tag in ("b", "strong"):
            self._inside["bold"] += change

    def _take(self, text: str | None) -> None:
        if text and not self._inside["unread"]:
            self._pieces.append(text)
            letters = len("".join(text.split()))
            self._linked += letters if self._inside["link"] else 0
            self._bold += letters if self._inside["bold"] else 0

    def _finished(self) -> Block | None:
        text = " ".join("".join(self._pieces).split())
        letters = len(text) - text.count(" ")
        block = None
        if text:
            linked = self._linked / letters
            block = Block(text, self._holders[-1], linked, bold=self._bold >= letters)
        self._pieces, self._linked, self._bold = [], 0, 0
        return block


def _layout_tables(page: HtmlElement) -> set[HtmlElement]:
    """The tables that only place things on the page, as old pages do: their cells hold blocks."""
    layout: set[HtmlElement] = set()
    for element in page.iter("p", "div", "h1", "h2", "br", "img"):
        for table in element.iterancestors("table"):
            if table in layout:
                break
            layout.add(table)
    return layout
