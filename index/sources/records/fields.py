"""From the named values of a record to an `Article`: types, and text that can be kept.

Text stays as it came, but for what no index and no page could hold: control characters are removed
and lone surrogates replaced. A record without a headline is no article, nor is one that has nothing
beside it: neither body nor summary nor picture. A value of a wrong type costs the record if it is
headline, body or id, and only itself otherwise. It knows nothing of the format that the record was
written in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import urljoin

from index.analysis import repair_encoding
from index.article import Article, derive_id
from index.errors import RecordError
from index.sources.records.dates import from_date, from_number, parse_date
from index.sources.records.names import ALIASES, Record, Value, canonical
from index.sources.records.outcome import Found, Gap, Outcome, Remark, Repair, SkipReason, skip

__all__ = ["ID_LIMIT", "Record", "Value", "article_from_fields", "article_from_record"]

_NAME_KEYS = (
    "name", "displayName", "display_name", "fullName", "full_name", "title", "label", "ten",
    "hoTen", "ho_ten",
)  # fmt: skip

ID_LIMIT = 200
_URL_LIMIT = 2_000
_USERINFO = re.compile(r"(?<=://)[^/?#@\\\s]*@")
"""What lets somebody in is in no address that everybody is shown."""

_UNKEEPABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNUSABLE_IN_URL = re.compile(r"[\0-\x1f\x7f\ud800-\udfff]|(?:^|/)\.{0,2}(?:/|$)")
_WHOLE_AS_TEXT = re.compile(r"^(\d+)\.0$")
_WEB_URL = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_HOST_FIRST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/", re.IGNORECASE)
"""An address as people write it who leave off the scheme."""


class _WrongType(Exception):
    """A value that cannot be read as what its field is; holds the name of its type."""


def article_from_record(
    record: Record, where: str, names: Mapping[str, str] = MappingProxyType({})
) -> Outcome:
    """The article that a record describes, or why it is none.

    Args:
        record: values by the names of `names.ALIASES`; other names are ignored. Text is taken as
            it is; `export.article_from_export` reads what editorial systems write.
        where: the file and line, for the report.
        names: what the record calls some fields instead (``{"headline": "tieu_de"}``).
    """
    return article_from_fields(canonical(record, names), where)


def article_from_fields(fields: Record, where: str) -> Outcome:
    """The article that fields under their own names describe, or why it is none."""
    return _RecordReader(fields, where).read()


class _RecordReader:
    """Reads one record and gathers what is to be said about it."""

    def __init__(self, record: Record, where: str) -> None:
        self._record = record
        self._where = where
        self._remarks: list[Remark] = []

    def read(self) -> Outcome:
        try:
            headline = " ".join(self._text("headline").split())
            body = self._text("body")
            given_id = self._id()
        except _WrongType as error:
            return skip(self._where, SkipReason.WRONG_TYPE, str(error))
        if not headline:
            return self._lacks(SkipReason.NO_HEADLINE, "headline")
        url = self._url("url")
        summary, image = self._optional_text("summary"), self._url("image", url)
        if not (body or summary or image):
            return self._lacks(SkipReason.NO_BODY, "body")
        article = Article(
            id=given_id or derive_id(url, headline, body or summary or image),
            headline=headline,
            body=body,
            url=url,
            summary=summary,
            captions=self._captions(),
            author=self._name("author"),
            published=self._published(),
            section=self._name("section", first_only=True),
            source=self._name("source"),
            image=image,
        )
        return Found(article, self._where, tuple(self._remarks))

    def _lacks(self, reason: SkipReason, field: str) -> RecordError:
        names = " or ".join(ALIASES[field][:3])
        return skip(self._where, reason, f"has no {field}; give it as {names}")

    def _value(self, field: str) -> Value:
        return self._record.get(field)

    def _text(self, field: str) -> str:
        """A text, or a list of paragraphs."""
        value = self._value(field)
        if value is None:
            return ""
        if isinstance(value, str):
            return self._keepable(value)
        if isinstance(value, Sequence) and all(isinstance(item, str) for item in value):
            return self._keepable("\n".join(map(str, value)))
        raise _WrongType(f"{field} is {_type_name(value)}; it must be text")

    def _optional_text(self, field: str) -> str:
        try:
            return self._text(field)
        except _WrongType as error:
            return self._gap(Gap.UNUSABLE_FIELD, f"{error}; left out")

    def _id(self) -> str:
        value = self._value("id")
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # as pandas writes whole numbers where one is missing
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise _WrongType(f"id is {_type_name(value)}; it must be text or a whole number")
        identifier = _USERINFO.sub("", _WHOLE_AS_TEXT.sub(r"\1", value.strip()), count=1)
        if identifier and (len(identifier) > ID_LIMIT or _UNUSABLE_IN_URL.search(identifier)):
            usable = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:16]
            self._repaired(Repair.UNUSABLE_ID, f"its id cannot stand in a URL; it is now {usable}")
            return usable
        return identifier

    def _captions(self) -> tuple[str, ...]:
        value = self._value("captions")
        if value is None:
            return ()
        items = value.splitlines() if isinstance(value, str) else value
        if not isinstance(items, Sequence):
            self._gap(Gap.UNUSABLE_FIELD, f"captions is {_type_name(value)}; left out")
            return ()
        texts = (_named(item, ("caption", "text", "title")) for item in items)
        return tuple(self._keepable(text) for text in texts if text.strip())

    def _name(self, field: str, *, first_only: bool = False) -> str:
        """A name, a list of names (joined with commas), or objects that have a name."""
        value = self._value(field)
        if value is None:
            return ""
        several = isinstance(value, Sequence) and not isinstance(value, str)
        items = value if several and isinstance(value, Sequence) else [value]
        names = [name for item in items if (name := " ".join(_named(item, _NAME_KEYS).split()))]
        names = [name for name in names if not name.isdecimal()]  # numbers of another table
        if not names:
            return self._gap(
                Gap.UNUSABLE_FIELD, f"{field} is {_type_name(value)}, not a name; left out"
            )
        return self._keepable(names[0] if first_only else ", ".join(names))

    def _url(self, field: str, base: str = "") -> str:
        value = self._value(field)
        if isinstance(value, Sequence) and not isinstance(value, str):
            value = value[0] if value else None
        if value is None:
            return ""
        url = _named(value, ("url", "src", "href", "image", "path", "contentUrl", "@id")).strip()
        if url.startswith("//"):
            url = f"https:{url}"
        elif _HOST_FIRST.match(url) and not base:
            url = f"https://{url}"
        elif base and not _UNKEEPABLE.search(url) and ":" not in url:
            url = urljoin(base, url)
        url = _USERINFO.sub("", url, count=1)
        if len(url) > _URL_LIMIT or _UNKEEPABLE.search(url) or not _WEB_URL.match(url):
            return self._gap(Gap.UNUSABLE_URL, f"{field} is not an address of the web; left out")
        return url

    def _published(self) -> datetime | None:
        value = self._value("published")
        if value is None:
            return None
        moment = None
        if isinstance(value, str):
            moment = parse_date(value)
        elif isinstance(value, date):
            moment = from_date(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            moment = from_number(value)
        if moment is None:
            shown = f"“{value[:40]}”" if isinstance(value, str) else _type_name(value)
            self._gap(
                Gap.UNREADABLE_DATE,
                f"published is {shown}, which is no date with a year; write it as 2022-06-14",
            )
        return moment

    def _keepable(self, text: str) -> str:
        """The text read in its encoding, without surrounding space and what cannot be stored."""
        text, encodings = repair_encoding(text)
        if encodings:
            read_as = ", ".join(encoding.kind for encoding in encodings)
            self._repaired(Repair.LEGACY_ENCODING, f"read as {read_as}")
        if _UNKEEPABLE.search(text):
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            if _SURROGATE.search(text):
                text = _SURROGATE.sub("\ufffd", text)
                self._repaired(Repair.LONE_SURROGATES, "half characters replaced by �")
            if _UNKEEPABLE.search(text):
                text = _UNKEEPABLE.sub("", text)
                self._repaired(Repair.CONTROL_CHARACTERS, "control characters removed")
        return text.strip()

    def _repaired(self, code: Repair, message: str) -> None:
        remark = Remark(code, message)
        if remark not in self._remarks:
            self._remarks.append(remark)

    def _gap(self, code: Gap, message: str) -> str:
        self._remarks.append(Remark(code, message))
        return ""


def _named(value: Value, keys: tuple[str, ...]) -> str:
    """A text itself, or that of an object under the first of these keys; else ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        for key in keys:
            if isinstance(text := value.get(key), str):
                return text
    return ""


def _type_name(value: Value) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, date):
        return "a date"
    return "an object" if isinstance(value, Mapping) else "a list"
