"""Records as crawlers, dumps and editorial systems write them: from their words to an `Article`.

One mapping for every format that holds records: out of its envelope, past the rules of publication,
under the names of fields, markup read as HTML, and text in the encodings of old databases read as
what it says. It knows nothing of the format that the record was written in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from index.errors import RecordError
from index.sources.records.excerpt import lead_of
from index.sources.records.fields import article_from_fields
from index.sources.records.markup import Fragment, has_markup, plain, read_fragment
from index.sources.records.names import Record, Value, is_empty, sources_of
from index.sources.records.outcome import Outcome, SkipReason, skip
from index.sources.records.publication import publication_of
from index.sources.records.shapes import listed, opened, rich_text

_WHY: Mapping[SkipReason, str] = {
    SkipReason.DRAFT: "is a draft or waits for approval",
    SkipReason.PRIVATE: "is private",
    SkipReason.SCHEDULED: "is to be published later",
    SkipReason.PASSWORD_PROTECTED: "is protected by a password",
    SkipReason.TRASHED: "is in the trash",
    SkipReason.WITHDRAWN: "was withdrawn, archived or has expired",
    SkipReason.NOT_AN_ARTICLE: "is a menu, an attachment, a comment or a setting",
}
_LISTS = ("author", "section", "captions", "image", "body")
_NO_DATE = re.compile(r"0000-00-00|0001-01-01|1970-01-01 00:00:00$|.*-0001\b")
_ADDRESS = re.compile(r"https?://[^\s]+$", re.IGNORECASE)


def article_from_export(
    record: Record, where: str, names: Mapping[str, str] = MappingProxyType({})
) -> Outcome:
    """The article that a record describes, or why it is none or not to be shown.

    Args:
        record: under names of `names.ALIASES` in any spelling.
        where: the file and line, for the report.
        names: what the record calls some fields instead (``{"headline": "tua_bai"}``).
    """
    record = opened(record)
    publication = publication_of(record)
    if publication.reason not in (None, SkipReason.PAGE):
        return not_published(where, publication.reason)
    told = set(publication.names) - set(names.values())
    rest = {n: value for n, value in record.items() if n not in told} if told else record
    chosen = sources_of(rest, names)
    if "url" not in chosen and (address := _address_named(rest, (chosen.get("id", ""), "guid"))):
        chosen["url"] = address
    fields = _readable({field: rest[name] for field, name in chosen.items()}, rest)
    used = set(chosen.values())
    ignored = {n: value for n, value in rest.items() if n not in used and not is_empty(value)}
    outcome = article_from_fields(fields, where)
    if isinstance(outcome, RecordError):
        outcome.ignored = ignored
        return outcome
    is_page = publication.reason is SkipReason.PAGE
    return outcome._replace(ignored=ignored, taken=chosen, is_page=is_page)


def not_published(where: str, reason: SkipReason) -> RecordError:
    """The outcome for a record that readers of its newspaper do not see."""
    return skip(where, reason, f"{_WHY[reason]}; it was left out")


def _address_named(record: Record, names: tuple[str, ...]) -> str:
    """The first of these names under which an address stands, or ""."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and _ADDRESS.match(value):
            return name
    return ""


def _readable(fields: dict[str, Value], record: Record) -> dict[str, Value]:
    """The fields with lists, blocks and markup read as what they say."""
    for field in _LISTS:
        if field in fields and is_empty(value := listed(fields[field])):
            del fields[field]
        elif field in fields:
            fields[field] = value
    _join_joomla(fields, record)
    _tell_source_from_address(fields)
    body = _fragment(fields.get("body"))
    if body is not None:
        fields["body"] = body.text
        if body.captions and "captions" not in fields:
            fields["captions"] = list(body.captions)
        if "image" not in fields and ("//" in body.image or (body.image and "url" in fields)):
            fields["image"] = body.image
    summary = _fragment(fields.get("summary"))
    if summary is not None:
        fields["summary"] = lead_of(summary.text)
    for field in ("headline", "author", "section", "source", "captions"):
        if field in fields:
            fields[field] = _plain(fields[field])
    published = fields.get("published")
    if isinstance(published, str) and _NO_DATE.match(published):
        del fields["published"]
    return fields


def _fragment(value: Value) -> Fragment | None:
    """The text of a value, or None for what is none and is to be told so."""
    if isinstance(value, (list, Mapping)):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = "\n".join(map(str, value))
        else:
            value = rich_text(value)
    return read_fragment(value) if isinstance(value, str) else None


def _plain(value: Value) -> Value:
    if isinstance(value, str):
        if "\n" in value:
            return "\n".join(map(plain, value.splitlines()))
        return plain(value) if has_markup(value) else value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _join_joomla(fields: dict[str, Value], record: Record) -> None:
    """Joomla cuts a text in two where readers may click on; what has no second part is whole."""
    intro, rest = record.get("introtext"), record.get("fulltext")
    if isinstance(intro, str) and intro and "introtext" in record and "fulltext" in record:
        if isinstance(rest, str) and rest.strip():
            fields["body"] = f"{intro}\n\n{rest}"
        else:
            fields["body"] = intro
            fields.pop("summary", None)


def _tell_source_from_address(fields: dict[str, Value]) -> None:
    """A "source" may be the article's address, as trafilatura writes: its host is the source."""
    source = fields.get("source")
    if isinstance(source, str) and _ADDRESS.match(source):
        parts = urlsplit(source)
        if parts.path.strip("/"):
            fields.setdefault("url", source)
        fields["source"] = (parts.hostname or "").removeprefix("www.")
