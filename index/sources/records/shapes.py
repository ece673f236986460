"""The shapes that dumps, interfaces and editorial systems give to records and values, undone.

An article may stand in an envelope (``_source`` of Elasticsearch, ``attributes`` of Strapi and
Drupal, ``node`` of GraphQL), a value in an object (``{"$date": …}`` of MongoDB, ``{"rendered": …}``
of WordPress), a text in the blocks of an editor. It knows nothing of what the values mean.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from math import isnan

import orjson

from index.sources.records.markup import plain
from index.sources.records.names import Record, Value, field_of, is_empty

ENVELOPES = ("_source", "attributes", "node", "fields", "article", "post", "story", "item", "doc",
             "data", "document", "baiviet", "news", "entry", "record")  # fmt: skip
"""Keys under which a record may hold the article itself."""

_NOTHING = frozenset(
    ("null", "NULL", "Null", "~", "nan", "NaN", "NAN", "None", r"\N", "undefined", "#N/A", "N/A",
     "NaT", "<NA>")
)  # fmt: skip
_ONLY_VALUE = (
    "$date", "$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$t", "#text",
    "_text", "__cdata", "#cdata-section", "rendered", "processed", "__html", "html", "vi", "vi-VN",
)  # fmt: skip
"""Keys of objects that stand for the value of that key."""

_CHILDREN = ("children", "content", "blocks", "paragraphs", "items", "data", "root")
_DEEPEST = 12
_LIST_LENGTH = 1 << 20


def opened(record: Record) -> Record:
    """The record taken out of its envelope, with plain values where objects stood for them."""
    for _ in range(3):
        inner = _inside(record)
        if inner is None:
            break
        record = inner
    if isinstance(record.get("title"), Mapping) and "date_gmt" in record:
        record = _from_wordpress(record)
    return {name: _cleaned(value) for name, value in record.items()}


def listed(value: Value) -> Value:
    """A list that a table's cell holds as text (``['Lê An', 'Vũ Hoa']``), or the value itself."""
    if not isinstance(value, str) or not (value.startswith("[") and value.endswith("]")):
        return value
    if len(value) > _LIST_LENGTH:
        return value
    with suppress(ValueError):
        read: Value = orjson.loads(value)
        return read
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
        written = ast.literal_eval(value)
        if isinstance(written, list) and all(isinstance(item, (str, dict)) for item in written):
            return written
    return value


def rich_text(value: Value) -> str | None:
    """The paragraphs of a text that an editor keeps as blocks, or None if there are none."""
    paragraphs = list(_paragraphs(value, 0))
    return "\n".join(paragraphs) if paragraphs else None


def _inside(record: Record) -> Record | None:
    if any(field_of(name) == "headline" and not is_empty(record[name]) for name in record):
        return None
    for name in ENVELOPES:
        inner = record.get(name)
        if isinstance(inner, list) and len(inner) == 1:
            inner = inner[0]
        if isinstance(inner, Mapping):
            outer = {key: value for key, value in record.items() if key != name}
            if name == "_source":
                outer = {key: value for key, value in outer.items() if key == "_id"}
            return {**outer, **inner}
    return None


def _cleaned(value: Value) -> Value:
    if isinstance(value, str):
        return None if len(value) <= 9 and value.strip() in _NOTHING else value
    if isinstance(value, float) and isnan(value):
        return None  # where pandas had nothing
    if isinstance(value, (Mapping, list)):
        return _value(value, 0)
    return value


def _value(value: Value, depth: int) -> Value:
    """What an object or a list stands for."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        # Drupal keeps every value as a list of objects.
        if len(value) == 1 and isinstance(value[0], Mapping) and "value" in value[0]:
            return _value(value[0], depth + 1)
        return [_value(item, depth + 1) if isinstance(item, Mapping) else item for item in value]
    if not isinstance(value, Mapping):
        return value
    for key in _ONLY_VALUE:
        if key in value and not isinstance(value[key], list):
            return _value(value[key], depth + 1)
    if "value" in value and isinstance(value["value"], (str, int, float, type(None))):
        return value["value"]
    for seconds in ("_seconds", "seconds"):
        if isinstance(value.get(seconds), int) and len(value) <= 2:
            return value[seconds]
    for key in ("data", "node", "nodes", "edges"):  # Strapi's and GraphQL's relations
        if isinstance(inner := value.get(key), (Mapping, list)) and len(value) <= 2:
            return _value(inner, depth + 1)
    if isinstance(inner := value.get("attributes"), Mapping):
        return inner
    return value


def _from_wordpress(record: Record) -> Record:
    """A post of WordPress's interface: its numbers of authors and terms as names, where it has."""
    read = dict(record)
    content = record.get("content")
    if isinstance(content, Mapping):
        read["protected"] = content.get("protected")
    published = record.get("date_gmt")
    if isinstance(published, str) and published:
        read["date"] = published if published.endswith("Z") else f"{published}Z"
        del read["date_gmt"]
    for name in ("_embedded", "_links"):
        read.pop(name, None)
    for name in ("author", "categories", "tags", "featured_media"):
        if not isinstance(record.get(name), str):
            read.pop(name, None)
    if record.get("link"):
        read.pop("id", None)  # of this one site, whose articles may be one source among others
    yoast = record.get("yoast_head_json")
    if isinstance(yoast, Mapping):
        read |= {"author": yoast.get("author"), "ogImage": yoast.get("og_image")}
    authors = [name for item in _embedded(record, "author") if (name := _name(item))]
    terms = _embedded(record, "wp:term")
    sections = [_name(term) for term in terms if term.get("taxonomy") == "category"]
    images = [item.get("source_url") for item in _embedded(record, "wp:featuredmedia")]
    found = {"author": authors, "category": sections[:1], "image": images[0] if images else None}
    return {**read, **{name: value for name, value in found.items() if not is_empty(value)}}


def _embedded(record: Record, name: str) -> list[Record]:
    """Objects that WordPress embeds, lists of lists flattened (terms come by taxonomy)."""
    embedded = record.get("_embedded")
    pending: list[Value] = [embedded.get(name) if isinstance(embedded, Mapping) else None]
    objects: list[Record] = []
    while pending:
        item = pending.pop(0)
        if isinstance(item, Mapping):
            objects.append(item)
        elif isinstance(item, list):
            pending = [*item, *pending]
    return objects


def _name(item: Record) -> str:
    name = item.get("name")
    return plain(name) if isinstance(name, str) else ""


def _paragraphs(value: Value, depth: int) -> Iterator[str]:
    """The paragraphs of Strapi, Editor.js, ProseMirror, Slate, Draft.js and portable text."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Sequence):
        if value and all(_is_run(item) for item in value):
            yield "".join(str(_run(item)) for item in value)
            return
        for item in value:
            yield from _paragraphs(item, depth + 1)
    elif isinstance(value, Mapping):
        if isinstance(text := value.get("text"), str):
            yield text
            return
        for key in _CHILDREN:
            if isinstance(value.get(key), (list, Mapping)):
                yield from _paragraphs(value[key], depth + 1)
                return


def _is_run(item: Value) -> bool:
    return isinstance(item, Mapping) and _run(item) is not None and "key" not in item


def _run(item: Value) -> str | None:
    """The words of a piece of a paragraph: itself, or what a link holds."""
    if not isinstance(item, Mapping):
        return None
    for key in ("text", "value"):
        if isinstance(text := item.get(key), str):
            return text
    inner = item.get("children") or item.get("content")
    if item.get("type") in ("link", "inlineLink") and isinstance(inner, list):
        return "".join(_run(child) or "" for child in inner)
    return "\n" if item.get("type") in ("hardBreak", "linebreak") else None
