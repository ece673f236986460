"""The text of a piece of HTML that is an article and nothing else, as feeds and databases hold it.

Every element that begins a block begins a paragraph, and so does every line of a text that has no
such element, as editorial systems show it. What is not text for readers (scripts, styles, frames,
boxes of related articles, shortcodes) is left out, captions are kept apart. It knows nothing of
whole pages.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from index.sources.records.taming import tame

_BLOCKS = frozenset(
    ("p", "div", "section", "article", "ul", "ol", "li", "table", "tbody", "thead", "tr", "dl",
     "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "blockquote", "main",
     "header", "body", "center", "pre", "hr", "address", "details", "summary")
)  # fmt: skip
_INLINE = (
    "a", "abbr", "acronym", "aside", "audio", "b", "big", "br", "button", "caption", "cite", "code",
    "del", "em", "embed", "font", "footer", "form", "head", "html", "i", "iframe", "img", "input",
    "ins", "label", "link", "mark", "meta", "nav", "noscript", "object", "option", "picture", "q",
    "s", "script", "select", "small", "source", "span", "strike", "strong", "style", "sub", "sup",
    "svg", "td", "template", "textarea", "th", "time", "title", "tt", "u", "var", "video",
)  # fmt: skip
_NAMES = "|".join(sorted((*_BLOCKS, *_INLINE), key=len, reverse=True))
_TAG = re.compile(rf"</?(?:{_NAMES}|[a-z]\w*:\w+)(?=[\s/>])[^<>]*>|<!--", re.IGNORECASE)
_NO_TAG = re.compile(rf"<(?!/?(?:{_NAMES}|[a-z]\w*:\w+)(?=[\s/>])|!--)", re.IGNORECASE)
"""A sign for "less than", which a parser would take for a tag and lose with all that follows."""

_ENTITY = re.compile(r"&(?:#\d+|#x[\da-f]+|\w+);", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"<(?:{'|'.join(_BLOCKS)}|br)(?=[\s/>])", re.IGNORECASE)
_ESCAPED_TAG = re.compile(rf"\s*&lt;(?:{_NAMES})(?:\s|&gt;|/)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
# What ends nowhere is looked for only up to the next of its kind: to the end of the text from each
# of a hundred thousand would take hours. The same is done for all that stands between two marks.
_PREFORMATTED = re.compile(r"<pre\b(?:(?!<pre\b).)*?</pre\s*>", re.IGNORECASE | re.DOTALL)
_UNREAD = frozenset(
    ("script", "style", "noscript", "template", "iframe", "svg", "object", "embed", "form", "head",
     "audio", "video", "textarea", "select", "button", "del")
)  # fmt: skip
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|caption|photocmscaption|img-?caption|pic-?desc|chu-?thich(?:-?anh)?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_RELATED_CLASS = re.compile(
    r"(?:tin|bai)[-_]?(?:viet[-_]?)?(?:lien[-_]?quan|lq)|lien-quan|related|read[-_]?more|doc[-_]?them"
    r"|xem[-_]?them|advert|quang[-_]?cao",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOSTLY_LINKS = 0.5
_CLOSING_CODE = re.compile(r"\[/([a-zA-Z][\w-]*)\]")
_OPENING_CODE = re.compile(r"\[([a-zA-Z][\w-]*)\]")
_CAPTION_CODE = re.compile(
    r"\[(?:wp_)?caption\b([^\[\]]*)\]((?:(?!\[(?:wp_)?caption\b).)*?)\[/(?:wp_)?caption\]",
    re.IGNORECASE | re.DOTALL,
)
_CAPTION_ATTRIBUTE = re.compile(r"""\bcaption=("[^"]*"|'[^']*')""")
_EMBEDDING_CODE = re.compile(
    r"\[(embed|audio|video|playlist|gallery|script|contact-form-7|code)\b[^\[\]]*\]"
    r"(?:(?!\[\1\b).)*?\[/\1\]",
    re.IGNORECASE | re.DOTALL,
)
_CODE = re.compile(
    r"""\[/?(?:[a-z][\w-]*(?:\s+[\w-]+=(?:"[^"\[\]]*"|'[^'\[\]]*'|[^\s"'\[\]]+))+\s*/?"""
    r"""|/[a-z][\w-]*|(?:gallery|more|playlist|toc|ads?|quangcao))\]""",
    re.IGNORECASE,
)


class Fragment(NamedTuple):
    """The text of a piece of HTML, a line a paragraph, its captions and its first picture."""

    text: str
    captions: tuple[str, ...] = ()
    image: str = ""


def has_markup(content: str) -> bool:
    """Whether a text holds tags or entities of HTML, or shortcodes."""
    return bool(
        ("<" in content and _TAG.search(content))
        or ("&" in content and _ENTITY.search(content))
        or ("[" in content and _CODE.search(content))
    )


def read_fragment(content: str) -> Fragment:
    """The text of a piece of HTML, or of plain text, which is kept as it is."""
    if not has_markup(content):
        return Fragment(content.strip())
    if _ESCAPED_TAG.match(content) and not _TAG.search(content):
        content = html.unescape(content)
    if "[" in content:
        content = _without_codes(content)
    content = content.replace("\r\n", "\n").replace("\r", "\n")
    if not _TAG.search(content):
        return Fragment("\n".join(_lines(html.unescape(content))))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    source = tame(f"<div>{_with_breaks(_NO_TAG.sub('&lt;', content))}</div>")
    try:
        tree: HtmlElement = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Fragment("")
    _drop_unread(tree)
    body: list[str] = []
    captions: list[str] = []
    for text, is_caption in _pieces(tree):
        (captions if is_caption else body).append(text)
    pictures = (str(src) for image in tree.iter("img") if (src := image.get("src")))
    image = next((src for src in pictures if not src.startswith("data:")), "")
    return Fragment("\n".join(_lines("".join(body))), tuple(_lines("".join(captions))), image)


def plain(content: str) -> str:
    """A short piece of HTML, such as a headline, as one line."""
    return " ".join(read_fragment(content).text.split())


def _without_codes(content: str) -> str:
    """The content without shortcodes; what a caption's says becomes a caption of HTML."""
    content = _CAPTION_CODE.sub(_caption, content)
    content = _EMBEDDING_CODE.sub("", content)
    closed = set(_CLOSING_CODE.findall(content))
    content = _OPENING_CODE.sub(lambda code: "" if code[1] in closed else code[0], content)
    return _CODE.sub("", content)


def _caption(match: re.Match[str]) -> str:
    stated = _CAPTION_ATTRIBUTE.search(match[1])
    text = stated[1][1:-1] if stated else match[2]
    picture = match[2] if stated else ""
    return f"<figure>{picture}<figcaption>{text}</figcaption></figure>"


def _with_breaks(content: str) -> str:
    """Line ends as their editor shows them: blank lines part paragraphs, others only lines."""
    if "\n" not in content or _PREFORMATTED.search(content):
        return content
    if not _BLOCK_TAG.search(content):
        return content.replace("\n", "<br>")
    return _BLANK_LINES.sub("<br>", content)


def _drop_unread(tree: HtmlElement) -> None:
    for element in list(tree.iter()):
        parent = element.getparent()
        if parent is None or not isinstance(element.tag, str):
            continue
        if element.tag == "p" and parent.tag in ("td", "th") and len(parent) == 1:
            element.drop_tag()  # a cell of a row, and no paragraph of its own
        elif (
            element.tag in _UNREAD
            or "hidden" in element.attrib
            or _HIDDEN.search(element.get("style", ""))
        ):
            _drop(element)
        elif (names := element.get("class")) and _RELATED_CLASS.search(names):
            linked = sum(len(link.text_content()) for link in element.iter("a"))
            if linked > len(" ".join(element.text_content().split())) * _MOSTLY_LINKS:
                _drop(element)


def _drop(element: HtmlElement) -> None:
    """Take an element out and leave the text that follows it."""
    element.tail = f" {element.tail or ''}"
    element.drop_tree()


def _pieces(tree: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Text, newlines where blocks begin and end, and whether each stands in a caption."""
    captions = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        change = 1 if event == "start" else -1
        if tag in _BLOCKS or (tag == "br" and event == "start"):
            yield "\n", captions > 0
        elif tag in ("td", "th"):
            yield " ", captions > 0
        if tag == "figcaption" or _CAPTION_CLASS.search(element.get("class", "")):
            captions += change
            yield "\n", True
        text = element.text if event == "start" else element.tail
        if text:
            yield text.replace("\n", " "), captions > 0


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if kept := " ".join(line.split()):
            yield kept
