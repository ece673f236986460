"""A file that is one article: its text, and the named values that may stand above it.

Front matter is YAML between lines of ``---``, TOML between lines of ``+++``, or one object of JSON,
as Hugo, Jekyll and Eleventy read it. What should be YAML and is not (``title: Giá vàng: tăng``, as
people write it) is read line by line too. What it says of publication decides, and so do the places
where site generators keep drafts and lists. It knows nothing of what the text below looks like.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import NamedTuple

import yaml

from index.errors import RecordError
from index.sources.files.decoding import decode
from index.sources.files.stream import Stream
from index.sources.records.dates import from_date, parse_date
from index.sources.records.export import not_published
from index.sources.records.fields import article_from_record
from index.sources.records.names import Record, Value, canonical, simplified
from index.sources.records.outcome import Found, Outcome, Remark, SkipReason, skip
from index.sources.records.publication import is_future, publication_of
from index.sources.records.shapes import opened

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)(?P<kind>json|toml|yaml)?[ \t]*\n"
    r"(?P<fields>.*?)^(?P=fence)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FRONT_MATTER_LIMIT = 64 << 10
# What PyYAML 6 lets out besides its own errors.
_LEAKED_BY_YAML = (ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
_FIELD_LINE = re.compile(r"^([A-Za-z_]\w*)[ \t]*[:=][ \t]*(.*)$")
_DATED_NAME = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-.")
_LIST_NAMES = ("_index",)
_DRAFT_FOLDER = "_drafts"
_DAYS = frozenset(("date", "pubdate", "publishdate"))


class Document(NamedTuple):
    """The text of a file and what was said above it.

    Attributes:
        name: of the file, for reports.
        front: front matter, under the canonical names of fields.
        text: what follows it, lines ending in a newline.
        remarks: on how it was decoded.
        is_page: whether it says that it is a page or a list, and no article.
    """

    name: str
    front: Mapping[str, Value]
    text: str
    remarks: tuple[Remark, ...]
    is_page: bool = False


def read_document(stream: Stream) -> Document | RecordError:
    """Read a whole file as text, if it says that it is published."""
    decoded = decode(stream.read_all(), stream.charset)
    if decoded is None:
        return skip(
            stream.name,
            SkipReason.UNKNOWN_ENCODING,
            "is neither UTF-8 nor in a Vietnamese encoding that can be told; save it as UTF-8",
        )
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    fields, rest = _split(text)
    path = PurePath(stream.name)
    publication = publication_of(fields)
    reason = publication.reason
    if _DRAFT_FOLDER in path.parts:
        reason = SkipReason.DRAFT
    elif reason is None and any(is_future(day) for day in _days(fields)):
        reason = SkipReason.SCHEDULED
    if reason not in (None, SkipReason.PAGE):
        return not_published(stream.name, reason)
    told = {name: value for name, value in fields.items() if name not in publication.names}
    front = canonical(told)
    if str(front.get("url", "")).startswith(("/", "false")):
        del front["url"]  # of a place on the site, wherever that is
    if fields and "published" not in front and (dated := _DATED_NAME.match(path.name)):
        front["published"] = dated[1]
    is_page = reason is SkipReason.PAGE or path.stem in _LIST_NAMES
    return Document(stream.name, front, rest, decoded.remarks, is_page)


def article_of(document: Document, record: Record, remarks: tuple[Remark, ...] = ()) -> Outcome:
    """The article of a document: what its front matter says, else what was found in its text."""
    fields = {**record, **document.front}
    if isinstance(image := fields.get("image"), str) and "//" not in image:
        del fields["image"]  # a file of the site, wherever that is
    outcome = article_from_record(fields, document.name)
    if isinstance(outcome, Found):
        told = (*document.remarks, *outcome.remarks, *remarks)
        return outcome._replace(remarks=told, is_page=document.is_page)
    if document.is_page:
        return skip(document.name, SkipReason.PAGE, "is a page and no article; left out")
    return outcome


def split_front_matter(text: str) -> tuple[Mapping[str, Value], str]:
    """The fields above a text, under their canonical names, and the text."""
    fields, rest = _split(text)
    return canonical(fields), rest


def _split(text: str) -> tuple[Record, str]:
    """The values above a text under the names that they have there, and the text."""
    if text.startswith("{"):
        return _split_json(text)
    match = _FRONT_MATTER.match(text)
    if match is None or len(match["fields"]) > _FRONT_MATTER_LIMIT:
        return {}, text
    kind = match["kind"] or ("yaml" if match["fence"] == "---" else "toml")
    read = {"yaml": _read_yaml, "toml": _read_toml, "json": _read_json}[kind]
    fields = read(match["fields"])
    if not canonical(fields) and not publication_of(fields).names:
        return {}, text  # a text that begins with a rule
    return _opened(fields), text[match.end() :]


def _opened(fields: Record) -> Record:
    """The fields, with those that Hugo keeps under ``params`` among them."""
    params = fields.get("params")
    return opened({**params, **fields} if isinstance(params, Mapping) else fields)


def _split_json(text: str) -> tuple[Record, str]:
    try:
        fields, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}, text
    if not isinstance(fields, dict) or not canonical(fields):
        return {}, text
    return _opened(fields), text[end:].lstrip("\n")


def _read_yaml(text: str) -> Record:
    try:
        # As text, whatever it looks like: a headline may be a number, or "No".
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (makes nothing but text)
    except (yaml.YAMLError, *_LEAKED_BY_YAML):
        return _read_lines(text)
    return fields if isinstance(fields, dict) else {}


def _read_toml(text: str) -> Record:
    try:
        fields: Record = tomllib.loads(text)
    except (ValueError, RecursionError):
        return _read_lines(text)
    return fields


def _read_json(text: str) -> Record:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return _read_lines(text)
    return fields if isinstance(fields, dict) else {}


def _read_lines(text: str) -> Record:
    lines = (_FIELD_LINE.match(line) for line in text.splitlines())
    return {line[1]: line[2].strip().strip("\"'") for line in lines if line}


def _days(fields: Record) -> Iterator[datetime]:
    """The days of publication that front matter names."""
    for name, value in fields.items():
        if simplified(name) in _DAYS:
            moment = parse_date(value) if isinstance(value, str) else None
            if isinstance(value, date):
                moment = from_date(value)
            if moment is not None:
                yield moment
