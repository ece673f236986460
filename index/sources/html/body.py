"""The article on its page: paragraphs, lead and captions, without what is around them.

Which lines of the page are text is for `index.sources.html.evidence` to say; here they are sorted
into the fields of a record. A page that shows no text has what JSON-LD gives as its text, or its
captions, or its lead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from index.sources.html.blocks import Block
from index.sources.html.evidence import holder_around, votes_for
from index.sources.html.linked_data import letters
from index.sources.html.metadata import Metadata
from index.sources.records.bylines import byline_names
from index.sources.records.dates import parse_date_line
from index.sources.records.fields import Value
from index.sources.text.page_lines import is_credited, is_furniture, is_label, is_prose
from index.sources.text.saved_page import is_teaser_only

_CAPTION_CLASS = re.compile(r"caption|chu-?thich|photo-?desc|image-?desc", re.IGNORECASE)
_LEAD_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sapo|lead|description|summary|chapeau|intro|standfirst|tom-?tat)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SIGNATURE_PARTS = re.compile(r"\s+[-–—|•]\s+|,\s+(?=\d|(?:ngày|thứ)\b)", re.IGNORECASE)
_CAPTION_LENGTH = range(3, 400)
_CAPTIONED_PARTS = 12
_LEAD_LENGTH = range(30, 800)
_LEAST_TEXT = 140
_LEAST_LIKE = 20
_LEAST_AGAIN = 60
_MUCH = 0.25
_HALF = 0.5
_MOST = 0.7
_FEWEST_BESIDE = 2
_MOST_ABOVE = 8


class _Page(NamedTuple):
    """Lines of a page and where its article stands among them.

    Attributes:
        blocks: all lines.
        chosen: those that are text, as places in `blocks`.
        start: the place after the headline, or of the first line that is text.
        end: the place after the last line of the article, captions included.
    """

    blocks: Sequence[Block]
    chosen: list[int]
    start: int
    end: int


def read_body(
    blocks: Sequence[Block], is_text: Sequence[bool], metadata: Metadata
) -> dict[str, Value]:
    """The fields of the article, as a record.

    Args:
        blocks: the lines of the page.
        is_text: whether each is part of the article's text.
        metadata: what the page states of the article.
    """
    page = _located(blocks, is_text, metadata)
    lead, summary = _lead(page, metadata.summary)
    text = set(page.chosen)
    captions = [
        place
        for place in range(page.start, page.end)
        if _is_caption(blocks[place]) or (place not in text and _is_below_picture(blocks[place]))
    ]
    apart = {lead, *captions}
    paragraphs = [blocks[place].text for place in page.chosen if place not in apart]
    end_above = min([*page.chosen, page.start + _MOST_ABOVE, page.end])
    above = [blocks[place].text for place in range(page.start, end_above)]
    signature = {**_signed(above), **_take_signature(paragraphs)}
    shown = list(dict.fromkeys(blocks[place].text for place in captions))
    body = "\n".join(paragraphs)
    if len(body) < _LEAST_TEXT:
        if len(metadata.body) > len(body):
            body = metadata.body
        elif sum(map(len, shown)) > len(body):
            body, shown = "\n".join((*paragraphs, *shown)), []
        elif not body:
            body, summary = summary, ""
    return {
        **metadata._asdict(),
        "author": metadata.author or signature.get("author"),
        "published": metadata.published or signature.get("published"),
        "summary": summary,
        "body": body,
        "captions": shown,
    }


def _located(blocks: Sequence[Block], is_text: Sequence[bool], metadata: Metadata) -> _Page:
    title, met, before, chosen = letters(metadata.headline), set[str](), "", []
    for place in _in_place(blocks, _agreed(blocks, is_text, metadata.body), title):
        text = blocks[place].text
        key = letters(text)
        # Some pages have the text twice, for instance as a whole for printers.
        is_again = text in met or (len(key) >= _LEAST_AGAIN and key in before)
        if not is_again and not _is_around(text, title):
            met.add(text)
            before += key
            chosen.append(place)
    first, last = (chosen[0], chosen[-1]) if chosen else (len(blocks), len(blocks))
    above = [place for place in range(first) if letters(blocks[place].text) == title]
    start = above[-1] + 1 if above else first if chosen else 0
    # A picture may end the article.
    return _Page(blocks, chosen, start, min(last + 3, len(blocks)))


def _agreed(blocks: Sequence[Block], is_text: Sequence[bool], stated: str) -> list[int]:
    """The places of the lines that are text, without what the page itself says is none.

    Where the text that JSON-LD states is most of them, it begins and ends with them. Lines that are
    links and nothing else lead to other articles, unless the article is one link as a whole.
    """
    chosen = [place for place in range(len(blocks)) if is_text[place]]
    chosen = sorted({*chosen, *_listed_among(blocks, chosen)})
    own = [place for place in chosen if not _is_of_another(blocks, place)]
    if _size(blocks, own) * 2 > _size(blocks, chosen):
        chosen = own
    around = _named_around([blocks[place] for place in chosen])
    chosen = [place for place, is_around in zip(chosen, around, strict=True) if not is_around]
    if stated:
        held = votes_for(stated, [blocks[place] for place in chosen])
        inside = [place for place, is_held in zip(chosen, held, strict=True) if is_held]
        if _size(blocks, inside) * 2 > _size(blocks, chosen):
            # What stands above is the lead.
            chosen = [place for place in chosen if place <= inside[-1]]
    return chosen


def _in_place(blocks: Sequence[Block], chosen: list[int], title: str) -> list[int]:
    """Lines without those above the headline, and without those in other cells of a layout.

    Old pages are one table, in which the article has a cell.
    """
    for place in range(len(blocks)):
        if title and letters(blocks[place].text) == title:
            below = [other for other in chosen if other > place]
            if _size(blocks, below) * 2 > _size(blocks, chosen):
                chosen = below
            break
    cells = {place: [*blocks[place].element.iterancestors("td")] for place in chosen}
    held = Counter[HtmlElement]()
    for place, around in cells.items():
        own = [blocks[place].element] if blocks[place].element.tag == "td" else []
        for cell in (*own, *around):
            held[cell] += len(blocks[place].text)
    most = _MOST * _size(blocks, chosen)
    main = [cell for cell, size in held.items() if size > most]
    if not main:
        return chosen
    inner = min(main, key=lambda cell: held[cell])
    return [p for p in chosen if inner in cells[p] or blocks[p].element is inner]


def _listed_among(blocks: Sequence[Block], chosen: Sequence[int]) -> set[int]:
    """The items, not links, of lists that stand side by side with paragraphs, and what heads them.

    Readers of pages take short items for menus.
    """
    beside = Counter(blocks[place].element.getparent() for place in chosen)

    def is_beside(element: HtmlElement) -> bool:
        return beside[element.getparent()] >= _FEWEST_BESIDE

    items = {
        place
        for place, block in enumerate(blocks)
        if block.element.tag == "li"
        and block.linked < _HALF
        and (listed := block.element.getparent()) is not None
        and is_beside(listed)
        and holder_around(block) is None
    }
    heads = {place - 1 for place in items if place and is_beside(blocks[place - 1].element)}
    return items | heads


def _size(blocks: Sequence[Block], places: Sequence[int]) -> int:
    return sum(len(blocks[place].text) for place in places)


def _named_around(blocks: Sequence[Block]) -> list[bool]:
    """Which lines of text stand in a part that says it is around an article, and holds little.

    What holds much of the text may be called anything.
    """
    holders = [holder_around(block) for block in blocks]
    held = Counter[HtmlElement]()
    for holder, block in zip(holders, blocks, strict=True):
        if holder is not None:
            held[holder] += len(block.text)
    much = _MUCH * sum(len(block.text) for block in blocks)
    return [holder is not None and held[holder] < much for holder in holders]


def _is_of_another(blocks: Sequence[Block], place: int) -> bool:
    """Whether a line is the link to another article, or its teaser, alone with such a link."""
    block = blocks[place]
    if block.leads_away:
        return True
    if not place or not blocks[place - 1].leads_away:
        return False
    link = blocks[place - 1]
    around = {link.element, *link.element.iterancestors()}
    card = next(e for e in (block.element, *block.element.iterancestors()) if e in around)
    return letters(card.text_content()) == letters(link.text + block.text)


def _is_around(text: str, title: str) -> bool:
    """Whether a line stands around an article and is not of it."""
    return letters(text) == title or is_furniture(text) or is_label(text) or is_teaser_only(text)


def _is_caption(block: Block) -> bool:
    """Whether a line is a caption by what it says or by the element it stands in."""
    return _may_be_caption(block) and (
        is_credited(block.text)
        or any(
            element.tag in ("figure", "figcaption") or _has_class(element, _CAPTION_CLASS)
            for element in _nearest(block.element)
        )
    )


def _may_be_caption(block: Block) -> bool:
    return len(block.text) in _CAPTION_LENGTH and any(map(str.isalpha, block.text))


def _is_below_picture(block: Block) -> bool:
    """Whether a picture and this line are all that their block holds."""
    parts = list(islice(block.element.iter(), _CAPTIONED_PARTS + 1))
    return (
        _may_be_caption(block)
        and len(parts) <= _CAPTIONED_PARTS
        and any(part.tag == "img" for part in parts)
        and letters(block.element.text_content()) == letters(block.text)
    )


def _nearest(element: HtmlElement) -> list[HtmlElement]:
    """An element and the two around it."""
    return [
        element,
        *[parent for parent, _ in zip(element.iterancestors(), range(2), strict=False)],
    ]


def _has_class(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    return pattern.search(element.get("class") or "") is not None


def _lead(page: _Page, stated: str) -> tuple[int, str]:
    """The place of the line that is the lead, -1 if there is none, and its text.

    It is the line with which the stated one begins, which may be cut short; or else what stands
    first and is the lead by its class, or all bold and a sentence.
    """
    blocks, start = page.blocks, letters(stated)
    text = [place for place in page.chosen if not _signature(blocks[place].text)]
    second = text[1] if len(text) > 1 else page.end
    for place in range(page.start, min(second + 1, len(blocks))):
        own = letters(blocks[place].text)
        if len(own) >= _LEAST_LIKE and start and (own.startswith(start) or start.startswith(own)):
            # What is stated may be the beginning of the whole text.
            goes_on = letters("".join(blocks[at].text for at in text if at >= place))
            is_cut = len(own) < len(start) and not goes_on.startswith(start)
            return place, stated if is_cut else blocks[place].text
    for place in range(page.start, min(second, len(blocks))):
        block = blocks[place]
        if len(block.text) in _LEAD_LENGTH and (
            any(_has_class(element, _LEAD_CLASS) for element in _nearest(block.element)[:2])
            or (text[:1] == [place] and block.bold and is_prose(block.text))
        ):
            return place, block.text
    return -1, stated


def _signed(lines: Sequence[str]) -> dict[str, str]:
    """What lines between headline and text say of who wrote the article and when."""
    fields: dict[str, str] = {}
    for line in lines:
        fields = {**_signature(line), **fields}
    return fields


def _signature(line: str) -> dict[str, str]:
    """Who wrote the article and when, of a line that says nothing else; of any other nothing."""
    fields: dict[str, str] = {}
    for part in filter(None, _SIGNATURE_PARTS.split(line)):
        if parse_date_line(part) or parse_date_line(line):
            fields["published"] = line
        elif names := byline_names(part):
            fields["author"] = names
        else:
            return {}
    return fields


def _take_signature(paragraphs: list[str]) -> dict[str, str]:
    """Take lines that only say who wrote the article and when from its beginning and end."""
    fields: dict[str, str] = {}
    for position in (0, 0, 0, -1, -1):
        if len(paragraphs) < 2:
            break
        if signature := _signature(paragraphs[position]):
            fields = {**signature, **fields}
            paragraphs.pop(position)
    return fields
