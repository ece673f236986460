"""Dumps of MediaWiki: every page of the main namespace that redirects nowhere.

Wikitext is read by mwparserfromhell; pictures give captions, templates and tables are left out. It
knows nothing of other XML.
"""

from __future__ import annotations

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
            code = mwparserfromhell.parse(_text(revision, "text"))
            for tag in code.filter_tags(matches=lambda node: str(node.tag).lower() == "ref"):
                code.remove(tag)
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
