"""From Markdown to the parts of an article: headline, paragraphs, captions, picture.

Text is what a reader of the rendered page would see; marks, link targets, comments, scripts and the
codes of site generators (Hugo, Jekyll, Eleventy) are not. It knows nothing of front matter.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import SourceError
from index.sources.records.markup import read_fragment
from index.sources.records.names import Value

_LINE_BREAKS = ("softbreak", "hardbreak")
_HIDDEN_PARTS = re.compile(
    r"\{%-?\s*comment\b(?:(?!\{%-?\s*comment\b).)*?\{%-?\s*endcomment\s*-?%\}"
    r"|\{\{/\*(?:(?!\{\{/\*).)*?\*/\}\}|\{#(?:(?!\{#).)*?#\}",
    re.DOTALL,
)
_INSIDE = r"(?:(?!\{[{%]).)*?"
_CODE = re.compile(
    rf"\{{\{{[<%]?(?P<go>{_INSIDE})[%>]?\}}\}}|\{{%-?(?P<liquid>{_INSIDE})-?%\}}", re.DOTALL
)
_ATTRIBUTE = re.compile(r"""\b(\w{1,40})\s*[=:]\s*(?:"([^"]*)"|'([^']*)')""")
_ATTRIBUTE_LIST = re.compile(r"\{:[^{}\n]*\}|\{[.#][\w-][^{}\n]*\}")
_SOURCES = ("src", "url", "image", "image_path")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARK = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{}~|]")
"""Where the parser stops at in a line, to try a dozen rules."""

_MOST_MARKS = 40_000
"""In a text: an article has some hundreds, and a parser may take 20 µs for each."""


def read_markdown(text: str, has_headline: bool) -> dict[str, Value]:
    """The fields that a Markdown text gives.

    Args:
        text: without front matter.
        has_headline: whether the headline is known, so that a heading equal to it, or any other, is
            no more than that.

    Raises:
        SourceError: it has more marks than any article.
    """
    if len(_MARK.findall(text)) > _MOST_MARKS:
        raise SourceError(f"has more than {_MOST_MARKS:,} marks of Markdown; no article has")
    text = _ATTRIBUTE_LIST.sub("", without_codes(text))
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(text)
    headline = _take_headline(tokens)
    captions, image = _take_pictures(tokens)
    rendered = parser.renderer.render(tokens, parser.options, {})
    fragment = read_fragment(_BREAK.sub(" ", rendered))
    paragraphs = fragment.text.split("\n") if fragment.text else []
    if not headline and not has_headline and paragraphs:
        headline = paragraphs.pop(0)
    return {
        "headline": headline,
        "body": "\n".join(paragraphs),
        "captions": list(dict.fromkeys((*captions, *fragment.captions))),
        "image": image or fragment.image,
    }


def without_codes(text: str) -> str:
    """A text without the codes of site generators; a figure's caption becomes one of HTML."""
    return _CODE.sub(_shown, _HIDDEN_PARTS.sub("", text))


def _shown(code: re.Match[str]) -> str:
    """What the code of a site generator shows: the caption and picture of a figure, or nothing."""
    inside = code["go"] or code["liquid"] or ""
    values = {name: double or single for name, double, single in _ATTRIBUTE.findall(inside)}
    caption = values.get("caption") or ""
    source = next(
        (v for name in ("src", "url", "image", "image_path") if (v := values.get(name))), ""
    )
    if not caption and not (source and "fig" in inside.split("src")[0]):
        return ""
    picture = f'<img src="{html.escape(source)}">' if source else ""
    return f"\n\n<figure>{picture}<figcaption>{html.escape(caption)}</figcaption></figure>\n\n"


def _take_headline(tokens: list[Token]) -> str:
    """The first heading of the first level, taken out."""
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            headline = _visible(tokens[position + 1].children or []).strip()
            del tokens[position : position + 3]
            return headline
    return ""


def _take_pictures(tokens: Sequence[Token]) -> tuple[list[str], str]:
    """The captions of all pictures and the address of the first; the pictures are taken out."""
    captions: list[str] = []
    image = ""
    for token in tokens:
        for child in token.children or []:
            if child.type == "image":
                caption = str(child.attrs.get("title") or _visible(child.children or [])).strip()
                captions += [caption] if caption else []
                image = image or str(child.attrs.get("src", ""))
        if token.children:
            token.children = [child for child in token.children if child.type != "image"]
    return captions, image


def _visible(children: Sequence[Token]) -> str:
    pieces = []
    for child in children:
        if child.type in ("text", "code_inline"):
            pieces.append(child.content)
        elif child.type in _LINE_BREAKS:
            pieces.append(" ")
    return "".join(pieces)
