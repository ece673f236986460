"""The text of an article on its page: paragraphs and captions, without what stands around them.

Blocks that are another article's, by their names or because they are mostly links, are taken out
before trafilatura looks for the text, so they can never be part of it. What the page gives machines
as the article's text (JSON-LD ``articleBody``), where it is whole, decides which paragraphs belong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from index.sources.fields import Value
from index.sources.html_metadata import Metadata
from index.sources.names import byline_names
from index.sources.page_lines import is_furniture, is_label

_DROPPED_TAGS = (
    "script", "style", "noscript", "template", "iframe", "nav", "aside", "footer", "form", "button",
    "select", "svg", "object", "embed",
)  # fmt: skip
_FOREIGN = re.compile(
    r"(?:^|[\s_-])(?:relat(?:ed|e)|lien-?quan|tin-?lq|cung-?(?:chuyen-?)?muc|doc-?(?:nhieu|them)|xem-?"
    r"(?:nhieu|them)|most-?(?:read|view(?:ed)?)|popular|trending|recommend(?:ed|ation)?s?|suggest(?:ed)?|"
    r"side-?bar|comments?(?:-?(?:list|box|area|section))?|binh-?luan|share|sharing|social|tags?|"
    r"tag-?list|keywords?|bread-?crumbs?|ads?|advert(?:s|isement|ising)?|quang-?cao|banner|promo|"
    r"sponsor(?:ed)?|newsletter|subscribe|copyright|navbar|menu|footer|more-?news|other-?news|"
    r"tin-?(?:khac|moi|nong)|read-?more|box-?tin)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAPTION_CLASS = re.compile(r"caption|chu-?thich|photo-?desc|image-?desc|pcaption", re.IGNORECASE)
_BLOCKS = ("div", "section", "ul", "ol", "table", "p", "dl")
_OWN_SHARE = 0.4
_LINKED_SHARE = 0.6
_WHOLE_SHARE = 0.6
_MIN_BODY = 200


def read_body(page: HtmlElement, metadata: Metadata) -> dict[str, Value]:
    """The fields of the article, as a record.

    Args:
        page: the tree of the page, which is changed.
        metadata: what the page states of the article.
    """
    _drop_foreign(page)
    captions = _take_captions(page)
    paragraphs = _clean(_extract(page), metadata.headline, captions)
    paragraphs = _agreed(paragraphs, metadata.body.split("\n") if metadata.body else [])
    author = metadata.author
    if paragraphs and (names := byline_names(paragraphs[-1])) and len(paragraphs) > 1:
        author = author or names
        paragraphs.pop()
    summary = _take_summary(paragraphs, metadata.summary)
    return {
        **metadata._asdict(),
        "author": author,
        "summary": summary,
        "body": "\n".join(paragraphs),
        "captions": captions,
    }


def _drop_foreign(page: HtmlElement) -> None:
    """Take out what belongs to the page and not to its article."""
    for element in list(page.iter(*_DROPPED_TAGS)):
        _drop(element)
    whole = len(page.text_content())
    for element in list(page.iter("div", "section", "ul", "ol", "p", "table", "span", "header")):
        if element.getparent() is None:
            continue
        names = (
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"
        )
        if _FOREIGN.search(names) and len(element.text_content()) < whole * _OWN_SHARE:
            _drop(element)
    for element in list(page.iter(*_BLOCKS)):
        if _is_links(element, whole):
            _drop(element)


def _is_links(element: HtmlElement, whole: int) -> bool:
    """Whether a block consists of links, as lists of other articles do."""
    text = len("".join(element.text_content().split()))
    if not text or text > whole * _OWN_SHARE:
        return False
    linked = sum(len("".join(link.text_content().split())) for link in element.iter("a"))
    return linked >= text * _LINKED_SHARE and (linked > 25 or element.tag in ("ul", "ol"))


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _take_captions(page: HtmlElement) -> list[str]:
    """Take the captions out of a page, in its order."""
    captions: list[str] = []
    for element in list(page.iter("figcaption", "p", "div", "td", "span", "em")):
        if element.tag == "figcaption" or _CAPTION_CLASS.search(element.get("class") or ""):
            text = " ".join(element.text_content().split())
            if text and text not in captions and len(text) <= 1000:
                captions.append(text)
                _drop(element)
    return captions


def _extract(page: HtmlElement) -> list[str]:
    """The paragraphs that trafilatura finds."""
    document = bare_extraction(
        page, with_metadata=False, include_comments=False, include_tables=True, favor_recall=False
    )
    text = document.text if document is not None and not isinstance(document, dict) else ""
    return [line for raw in (text or "").split("\n") if (line := " ".join(raw.split()))]


def _clean(paragraphs: Sequence[str], headline: str, captions: Sequence[str]) -> list[str]:
    taken = {headline, *captions}
    return [
        text
        for text in paragraphs
        if text not in taken and not is_furniture(text) and not is_label(text)
    ]


def _agreed(paragraphs: list[str], stated: list[str]) -> list[str]:
    """The paragraphs that the stated text has too, or that text itself if they do not cover it."""
    whole = _letters(" ".join(stated))
    found = sum(len(_letters(text)) for text in paragraphs)
    if len(whole) < _MIN_BODY or len(whole) < found * _WHOLE_SHARE:
        return paragraphs
    agreed = [text for text in paragraphs if _letters(text) in whole]
    covered = sum(len(_letters(text)) for text in agreed)
    return agreed if covered >= len(whole) * 0.9 else stated


def _take_summary(paragraphs: list[str], stated: str) -> str:
    """The lead: the first paragraph if it is what the page states, whole where that is cut short."""
    start = _letters(stated.rstrip(". …"))
    if not start or len(paragraphs) < 2:
        return stated
    for position, text in enumerate(paragraphs[:2]):
        letters = _letters(text)
        if len(letters) >= 20 and (letters.startswith(start) or start.startswith(letters)):
            paragraphs.pop(position)
            return text if len(letters) >= len(start) else stated
    return stated


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
