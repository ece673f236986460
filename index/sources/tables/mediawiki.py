"""Dumps of MediaWiki: every page of the main namespace that redirects nowhere.

Wikitext is read by mwparserfromhell; pictures give captions, templates and tables are left out. It
knows nothing of other XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from index.sources.extras import needing
from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample
from index.sources.records.fields import article_from_record
from index.sources.records.outcome import Outcome, SkipReason, skip
from index.sources.tables.xml_records import elements
from index.sources.web.xml import children_named, text_of

if TYPE_CHECKING:
    from mwparserfromhell.wikicode import Wikicode

_BRACKETS = re.compile(r"\{\{|\}\}|\{\||\|\}|\[\[|\]\]")
_CLOSES = {"}}": "{{", "|}": "{|", "]]": "[["}
_REFERENCE = re.compile(
    r"<ref\b[^<>]*/>|<ref\b[^<>]*>(?:(?!<ref\b).)*?</ref\s*>", re.DOTALL | re.IGNORECASE
)
_MARK = re.compile(r"<|\[|''|^[*#:;]", re.MULTILINE)
_MOST_MARKS = 20_000
_MOST_OPEN = 200
"""Tags and links that are opened and never closed: the parser tries each to the end of the text."""

_PICTURES = ("file:", "image:", "tập tin:", "hình:", "tập_tin:")
_CATEGORIES = ("category:", "thể loại:")


def _recognises(sample: Sample) -> bool:
    return sample.is_text and "<mediawiki" in sample.text[:4096]


def _read(stream: Stream) -> Iterator[Outcome]:
    with needing("mwparserfromhell", "mediawiki"):
        import mwparserfromhell
    with stream.on_disk() as path:
        for number, page in enumerate(elements(path, "page"), 1):
            where = f"{stream.name}#{number}"
            if (
                _text(page, "ns") not in ("", "0")
                or next(children_named(page, "redirect"), None) is not None
            ):
                yield skip(
                    where, SkipReason.NOT_AN_ARTICLE, "is a redirect or not in the main namespace"
                )
                continue
            revision = next(reversed([*children_named(page, "revision")]), page)
            text = _plainer(_text(revision, "text"))
            if _is_hostile(text):
                message = "has more marks, or more that are never closed, than any article"
                yield skip(where, SkipReason.UNREADABLE_MARKUP, message)
                continue
            code = mwparserfromhell.parse(text, skip_style_tags=text.count("''") > _MOST_OPEN * 20)
            yield article_from_record(
                {
                    "id": _text(page, "id"),
                    "headline": _text(page, "title"),
                    "published": _text(revision, "timestamp"),
                    "section": _section(code),
                    "captions": _captions(code),
                    "body": "\n".join(
                        line.strip() for line in code.strip_code().splitlines() if line.strip()
                    ),
                },
                where,
            )


def _plainer(text: str) -> str:
    """Wikitext without references, templates and tables, and without brackets that close nothing.

    The parser takes hours over templates that are opened by the thousand and never closed.
    """
    text = _REFERENCE.sub("", text)
    pairs: list[tuple[int, int]] = []
    open_marks: list[tuple[str, int]] = []
    for mark in _BRACKETS.finditer(text):
        opening = _CLOSES.get(mark[0])
        if opening is None:
            open_marks.append((mark[0], mark.start()))
        elif open_marks and open_marks[-1][0] == opening:
            start = open_marks.pop()[1]
            if opening != "[[":
                while pairs and pairs[-1][0] > start:
                    pairs.pop()
                pairs.append((start, mark.end()))
    unclosed = [(start, start + 2) for _, start in open_marks]
    kept, at = [], 0
    for start, end in sorted((*pairs, *unclosed)):
        kept.append(text[at:start])
        at = max(at, end)
    return "".join((*kept, text[at:]))


def _is_hostile(text: str) -> bool:
    if len(_MARK.findall(text)) > _MOST_MARKS:
        return True
    tags = text.count("<") - 2 * text.count("</") - text.count("/>")
    return max(tags, text.count("[") - text.count("]")) > _MOST_OPEN


def _captions(code: Wikicode) -> list[str]:
    """What pictures say; they are taken out of the text."""
    captions: list[str] = []
    for link in code.filter_wikilinks(recursive=False):
        if str(link.title).strip().lower().startswith(_PICTURES):
            last = str(link.text or "").rpartition("|")[2].strip()
            if " " in last:
                captions.append(" ".join(last.split()))
            code.remove(link)
    return captions


def _section(code: Wikicode) -> str:
    """The first category; all are taken out of the text."""
    sections: list[str] = []
    for link in code.filter_wikilinks(recursive=False):
        title = str(link.title).strip()
        if title.lower().startswith(_CATEGORIES):
            sections.append(title.partition(":")[2].strip())
            code.remove(link)
    return sections[0] if sections else ""


def _text(element: etree._Element, name: str) -> str:
    return text_of(next(children_named(element, name), None))


KIND = Kind("mediawiki", _recognises, _read)
