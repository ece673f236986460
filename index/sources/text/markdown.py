"""From Markdown to the parts of an article: headline, paragraphs, captions, picture.

Text is what a reader of the rendered page would see; marks, link targets and raw HTML are not. It
knows nothing of front matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.sources.records.fields import Value

_TAG = re.compile(r"<[^<>]*>")
_LINE_BREAKS = ("softbreak", "hardbreak")


def read_markdown(text: str, has_headline: bool) -> dict[str, Value]:
    """The fields that a Markdown text gives.

    Args:
        text: without front matter.
        has_headline: whether the headline is known, so that a heading equal to it, or any other, is
            no more than that.
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    reader = _Reader()
    for position, token in enumerate(tokens):
        if token.type == "inline":
            before = tokens[position - 1]
            reader.take_inline(token, is_title=before.type == "heading_open" and before.tag == "h1")
        elif token.type in ("fence", "code_block"):
            reader.paragraphs.append(token.content.strip())
        elif token.type == "html_block":
            reader.paragraphs.append(" ".join(_TAG.sub(" ", token.content).split()))
    paragraphs = [paragraph for paragraph in reader.paragraphs if paragraph]
    headline = reader.title
    if not headline and not has_headline and paragraphs:
        headline = paragraphs.pop(0)
    return {
        "headline": headline,
        "body": "\n".join(paragraphs),
        "captions": reader.captions,
        "image": reader.image,
    }


class _Reader:
    """Gathers the parts in the order of the text."""

    def __init__(self) -> None:
        self.title = ""
        self.paragraphs: list[str] = []
        self.captions: list[str] = []
        self.image = ""

    def take_inline(self, token: Token, is_title: bool) -> None:
        children = token.children or []
        text = _visible(children).strip()
        for child in children:
            if child.type == "image":
                self._take_picture(child)
        if is_title and not self.title:
            self.title = text
        else:
            self.paragraphs.append(text)

    def _take_picture(self, image: Token) -> None:
        caption = str(image.attrs.get("title") or _visible(image.children or [])).strip()
        if caption and caption not in self.captions:
            self.captions.append(caption)
        self.image = self.image or str(image.attrs.get("src", ""))


def _visible(children: Sequence[Token]) -> str:
    pieces = []
    for child in children:
        if child.type in ("text", "code_inline"):
            pieces.append(child.content)
        elif child.type in _LINE_BREAKS:
            pieces.append(" ")
    return "".join(pieces)
