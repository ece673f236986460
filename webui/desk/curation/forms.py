"""Reads what an editor filled in for a query; says of each field what is wrong, and keeps the rest.

Articles are named by their ids, one a line, or by the address of their page here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote, urlsplit

from webui.desk.counts.folding import LONGEST, folded
from webui.desk.curation.rules import Curation
from webui.rendering.languages import gettext
from webui.rendering.markup import web_address

MOST_PINS = 10
MOST_HIDDEN = 100
LONGEST_ID = 1_000
LONGEST_TEXT = 500
LONGEST_ADDRESS = 2_000
LONGEST_QUERY = 200

_PAGE = re.compile(r"^.*?/article/(.+)$", re.DOTALL)
_LINES = ("pins", "hidden")
FIELDS = ("query", *_LINES, "text", "address", "label", "first", "last", "note")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent.

    Attributes:
        values: what stands in its fields.
        query: what it is about.
        content: what was understood; whole only where nothing is wrong.
        wrong: of each field that is wrong, why.
    """

    values: Mapping[str, str]
    query: str = ""
    content: Curation = field(default_factory=Curation)
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_form(sent: Mapping[str, str]) -> Filled:
    """What was sent, understood as far as it can be."""
    values = {name: sent.get(name, "").strip() for name in FIELDS}
    values["contains"] = "1" if sent.get("contains") else ""
    wrong: dict[str, str] = {}
    if len(values["query"]) > LONGEST_QUERY or not 0 < len(folded(values["query"])) <= LONGEST:
        wrong["query"] = gettext("Cần một câu tìm có chữ, ngắn hơn %(most)s ký tự.", most=LONGEST)
    lists = {}
    for name, most in zip(_LINES, (MOST_PINS, MOST_HIDDEN), strict=True):
        lists[name] = tuple(dict.fromkeys(filter(None, map(named, values[name].splitlines()))))
        if len(lists[name]) > most or any(len(one) > LONGEST_ID for one in lists[name]):
            wrong[name] = gettext("Nhiều nhất %(most)s bài, mỗi dòng một bài.", most=most)
    for name in ("text", "label", "note"):
        if len(values[name]) > LONGEST_TEXT:
            wrong[name] = gettext("Dài nhất %(most)s ký tự.", most=LONGEST_TEXT)
    address = values["address"]
    if address and (len(address) > LONGEST_ADDRESS or not web_address(address)):
        wrong["address"] = gettext("Địa chỉ phải đầy đủ, bắt đầu bằng https:// hay http://.")
    first, last = (_day(values, name, wrong) for name in ("first", "last"))
    if first and last and first > last:
        wrong["last"] = gettext("Ngày cuối không thể trước ngày đầu.")
    if not any((*lists.values(), values["text"], address)):
        wrong.setdefault(
            "pins", gettext("Hãy ghim hoặc ẩn một bài, viết vài chữ, hay dẫn tới đâu.")
        )
    content = Curation(
        contains=bool(values["contains"]),
        pins=lists["pins"],
        hidden=lists["hidden"],
        text=values["text"],
        address=web_address(address),
        label=values["label"],
        first=first,
        last=last,
        note=values["note"],
    )
    return Filled(values, values["query"], content, wrong)


def _day(values: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(values[name]) if values[name] else None
    except ValueError:
        wrong[name] = gettext("Không có ngày như vậy; hãy viết như 2026-06-14.")
        return None


def form_of(query: str, content: Curation) -> Filled:
    """The form in which a curation stands."""
    values = {
        "query": query,
        "contains": "1" if content.contains else "",
        "pins": "\n".join(content.pins),
        "hidden": "\n".join(content.hidden),
        "text": content.text,
        "address": content.address,
        "label": content.label,
        "first": content.first.isoformat() if content.first else "",
        "last": content.last.isoformat() if content.last else "",
        "note": content.note,
    }
    return Filled(values, query, content)


def named(line: str) -> str:
    """The id of an article that a line names: an id, or the address of its page."""
    text = line.strip()
    if text.startswith(("http://", "https://")):
        try:
            page = _PAGE.match(urlsplit(text).path)
        except ValueError:
            return text
        return unquote(page[1]) if page else text
    return text
