"""The text of an article on its page: paragraphs, lead and captions, without what is around them.

What is another article's is taken out before trafilatura looks for the text, so that it can never
be part of it. What the page gives machines as the article's text (JSON-LD ``articleBody``), where
that is whole, decides which paragraphs belong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from index.sources.html.cleaning import (
    BLOCKS,
    BlockTexts,
    clean,
    drop,
    enclosing_block,
    text_length,
    text_of,
)
from index.sources.html.metadata import Metadata
from index.sources.records.bylines import byline_names
from index.sources.records.dates import parse_date_line
from index.sources.records.fields import Value
from index.sources.text.page_lines import is_credited, is_furniture, is_label

_CAPTION_CLASS = re.compile(r"caption|chu-?thich|photo-?desc|image-?desc", re.IGNORECASE)
_LEAD_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|description|summary|chapeau|intro|standfirst|tom-?tat)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SIGNATURE_PARTS = re.compile(r"\s+[-–—|•]\s+|,\s+(?=\d|(?:ngày|thứ)\b)", re.IGNORECASE)
_CAPTION_LENGTH = 400
_LEAD_LENGTH = range(30, 800)
_PROSE_LENGTH = 40
_MAIN_SHARE = 0.8
_WHOLE_SHARE = 0.6
_MIN_BODY = 200


def read_body(page: HtmlElement, metadata: Metadata) -> dict[str, Value]:
    """The fields of the article, as a record.

    Args:
        page: the tree of the page, which is changed.
        metadata: what the page states of the article.
    """
    clean(page)
    captions = _take_captions(page)
    lead = _stated_lead(page, metadata)
    paragraphs = []
    for text in _extract(_main_part(page)):
        if is_credited(text):
            captions.append(text)
        elif text != metadata.headline and not is_furniture(text) and not is_label(text):
            paragraphs.append(text)
    signature = _take_signature(paragraphs)
    paragraphs = _agreed(paragraphs, metadata.body.split("\n") if metadata.body else [])
    summary = _take_summary(paragraphs, lead)
    return {
        **metadata._asdict(),
        "author": metadata.author or signature.get("author"),
        "published": metadata.published or signature.get("published"),
        "summary": summary,
        "body": "\n".join(paragraphs),
        "captions": list(dict.fromkeys(captions)),
    }


def _take_captions(page: HtmlElement) -> list[Value]:
    """Take the captions out of a page, in its order."""
    captions: list[Value] = []
    texts = BlockTexts()
    for element in list(page.iter("figcaption", "p", "div", "span", "em", "img")):
        if element.tag == "img":
            holder = _captioned(element, texts)
        elif element.tag == "figcaption" or _CAPTION_CLASS.search(element.get("class") or ""):
            holder = element
        else:
            continue
        if holder is not None and 0 < text_length(holder) <= _CAPTION_LENGTH * 2:
            captions.append(text_of(holder))
            drop(holder)
    return captions


def _captioned(image: HtmlElement, texts: BlockTexts) -> HtmlElement | None:
    """The block of a picture that holds its caption and nothing else, or None."""
    holder = enclosing_block(image)
    while not texts[holder]:
        parent = holder.getparent()
        if parent is None:
            return None
        holder = parent
    if holder.tag in ("body", "html") or len(texts[holder]) > _CAPTION_LENGTH:
        return None
    written = [part for part in holder.iter() if isinstance(part.tag, str) and _own_text(part)]
    blocks = {enclosing_block(part) for part in written}
    return holder if len(blocks) == 1 and not any(True for _ in holder.iter("h1")) else None


def _own_text(element: HtmlElement) -> str:
    """Text that stands in an element itself and not in its children."""
    return "".join((element.text or "", *(child.tail or "" for child in element))).strip()


def _stated_lead(page: HtmlElement, metadata: Metadata) -> str:
    """The lead as the page shows it, whole and in the place of the lead, or as it is stated."""
    for heading in page.xpath("(//h1)[position() < 4]"):
        for element in heading.xpath("following::*[position() < 25]"):
            text = text_of(element)
            if len(text) in _LEAD_LENGTH and (
                _LEAD_CLASS.search(element.get("class") or "")
                or (element.tag in ("b", "strong") and text == text_of(enclosing_block(element)))
                or (element.tag in ("b", "strong") and _opens(element))
            ):
                return text
    return metadata.summary


def _opens(element: HtmlElement) -> bool:
    """Whether bold text is a line of its own at the start of loose text."""
    following = element.getnext()
    return following is not None and following.tag == "br" and not (element.tail or "").strip()


def _main_part(page: HtmlElement) -> HtmlElement:
    """The smallest part of a page that holds most of its prose."""
    for element in page.iter():
        if element.get("itemprop") == "articleBody" and text_length(element) >= _MIN_BODY:
            return element
    part = page.find("body") if page.tag == "html" else page
    part = page if part is None else part
    whole = _prose(part)
    while whole:
        larger = max(part, key=_prose, default=None)
        if (
            larger is None
            or not isinstance(larger.tag, str)
            or _prose(larger) < whole * _MAIN_SHARE
        ):
            break
        if larger.tag in ("p", "span", "b", "font"):
            break
        part = larger
    return part


def _prose(element: HtmlElement) -> int:
    """How much text an element holds that is neither linked nor in scraps."""
    if not isinstance(element.tag, str):
        return 0
    total = 0
    for part in element.iter():
        if isinstance(part.tag, str) and part.tag != "a":
            pieces = (part.text or "", *(child.tail or "" for child in part))
            total += sum(len(piece) for piece in pieces if len(piece) >= _PROSE_LENGTH)
    return total


def _extract(part: HtmlElement) -> list[str]:
    """The paragraphs that trafilatura finds, or all lines where it misses most of the prose."""
    # A quarter of all imports, for sources that may have no page at all.
    from trafilatura import bare_extraction

    # Its slower fallbacks take the square of a page's size, and the part is clean already.
    document = bare_extraction(part, fast=True, with_metadata=False, include_comments=False)
    text = document.text if document is not None and not isinstance(document, dict) else ""
    if len(text or "") < _prose(part) * _MAIN_SHARE:
        text = "".join(_pieces(part))
    return [line for raw in (text or "").split("\n") if (line := " ".join(raw.split()))]


def _pieces(part: HtmlElement) -> Iterator[str]:
    """The text of a part with a newline wherever a line breaks or a block begins or ends."""
    for event, element in etree.iterwalk(part, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if element.tag in BLOCKS or (element.tag == "br" and event == "start"):
            yield "\n"
        if event == "start":
            yield _even(element.text)
        elif element is not part:
            yield _even(element.tail)


def _even(text: str | None) -> str:
    """Text whose newlines are only space, as browsers take them."""
    return (text or "").replace("\n", " ")


def _take_signature(paragraphs: list[str]) -> dict[str, str]:
    """Take lines that only say who wrote the article and when from its beginning and end."""
    fields: dict[str, str] = {}
    for position in (0, 0, 0, -1, -1):
        if len(paragraphs) < 2:
            break
        parts = [part for part in _SIGNATURE_PARTS.split(paragraphs[position]) if part]
        signature = {}
        for part in parts:
            if parse_date_line(part) or parse_date_line(paragraphs[position]):
                signature["published"] = paragraphs[position]
            elif names := byline_names(part):
                signature["author"] = names
            else:
                break
        else:
            fields = {**signature, **fields}
            paragraphs.pop(position)
    return fields


def _agreed(paragraphs: list[str], stated: Sequence[str]) -> list[str]:
    """The paragraphs that the stated text has too, or that text itself if they do not cover it."""
    whole = _letters(" ".join(stated))
    length = sum(len(_letters(text)) for text in paragraphs)
    if len(whole) < _MIN_BODY or len(whole) < length * _WHOLE_SHARE:
        return paragraphs
    agreed = [text for text in paragraphs if _letters(text) in whole]
    covered = sum(len(_letters(text)) for text in agreed)
    return agreed if covered >= len(whole) * 0.9 else list(stated)


def _take_summary(paragraphs: list[str], stated: str) -> str:
    """The lead, whole where it is stated cut short; taken out of the body if it opens it."""
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
