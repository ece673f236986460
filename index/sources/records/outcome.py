"""What reading a record leads to: an article, with remarks, or the reason why it is none.

Codes are stable: they stand in reports that other programs read. It knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple, TypeAlias

from index.article import Article
from index.errors import RecordError
from index.sources.records.names import Value


class SkipReason(str, Enum):
    """Why a record, or a whole file, gave no article (the ``reason`` of a `RecordError`)."""

    BROKEN_JSON = "broken-json"
    NOT_AN_OBJECT = "not-an-object"
    NOT_UTF8 = "not-utf-8"
    LINE_TOO_LONG = "line-too-long"
    FILE_TOO_LARGE = "file-too-large"
    NO_HEADLINE = "no-headline"
    NO_BODY = "no-body"
    FRONT_PAGE = "front-page"
    WRONG_TYPE = "wrong-type"
    DUPLICATE_ID = "duplicate-id"
    EMPTY_FILE = "empty-file"
    NO_FILES = "no-files"
    UNKNOWN_KIND = "unknown-kind"
    UNKNOWN_ENCODING = "unknown-encoding"
    UNREADABLE = "unreadable"
    UNREADABLE_MARKUP = "unreadable-markup"
    DAMAGED_FILE = "damaged-file"
    LINK_LOOP = "link-loop"
    BROKEN_ROW = "broken-row"
    UNSAFE_MEMBER = "unsafe-member"
    NESTED_TOO_DEEP = "nested-too-deep"
    REFUSED_ADDRESS = "refused-address"
    REFUSED_BY_ROBOTS = "refused-by-robots"
    NOT_FETCHED = "not-fetched"
    DRAFT = "draft"
    PRIVATE = "private"
    SCHEDULED = "scheduled"
    PASSWORD_PROTECTED = "password-protected"  # noqa: S105
    TRASHED = "trashed"
    WITHDRAWN = "withdrawn"
    PAGE = "page"
    NOT_AN_ARTICLE = "not-an-article"
    DATABASE_DUMP = "database-dump"
    FOREIGN_FORMAT = "foreign-format"
    NO_TEXT_LAYER = "no-text-layer"
    EMBARGO = "embargo"
    PUT_SINCE = "put-since"


CUT_SHORT = frozenset(
    {
        SkipReason.UNREADABLE,
        SkipReason.UNREADABLE_MARKUP,
        SkipReason.DAMAGED_FILE,
        SkipReason.EMPTY_FILE,
        SkipReason.FILE_TOO_LARGE,
        SkipReason.LINE_TOO_LONG,
        SkipReason.BROKEN_JSON,
        SkipReason.BROKEN_ROW,
        SkipReason.NOT_UTF8,
        SkipReason.UNKNOWN_ENCODING,
        SkipReason.NESTED_TOO_DEEP,
        SkipReason.NO_FILES,
        SkipReason.NOT_FETCHED,
        SkipReason.REFUSED_ADDRESS,
        SkipReason.REFUSED_BY_ROBOTS,
    }
)
"""Reasons after which an article that was not met may still be there, unread (a disk that is not
mounted, a server that is down, a file that was cut short): an update then deletes nothing."""


class Repair(str, Enum):
    """What was put right in the text of an article."""

    LEGACY_ENCODING = "legacy-encoding"
    BROKEN_BYTES = "broken-bytes"
    CONTROL_CHARACTERS = "control-characters"
    LONE_SURROGATES = "lone-surrogates"
    UNUSABLE_ID = "unusable-id"


class Gap(str, Enum):
    """What an article has to do without, though its source says something about it."""

    UNREADABLE_DATE = "unreadable-date"
    DATE_WITHOUT_YEAR = "date-without-year"
    UNUSABLE_URL = "unusable-url"
    UNUSABLE_FIELD = "unusable-field"
    ONE_ARTICLE = "one-article"


class Remark(NamedTuple):
    """One thing to tell about an article that was read all the same."""

    code: Repair | Gap
    message: str


NO_FIELDS: Mapping[str, Value] = {}
NO_NAMES: Mapping[str, str] = {}
"""Not read-only views, which do not travel between processes."""


class Found(NamedTuple):
    """An article, where it was found, and what is to be said about it.

    Attributes:
        article: what is indexed.
        where: the file and line, for reports.
        remarks: what was put right, and what it lacks.
        ignored: what its record holds under names that stand for no field.
        taken: under which name its record holds each field, where it has names of its own.
        is_page: whether its source calls it a page ("About us") and no article.
        captured: when it was taken from the web, as an archive says in ISO 8601; else "".
    """

    article: Article
    where: str
    remarks: tuple[Remark, ...] = ()
    ignored: Mapping[str, Value] = NO_FIELDS
    taken: Mapping[str, str] = NO_NAMES
    is_page: bool = False
    captured: str = ""


Outcome: TypeAlias = "Found | RecordError"


def skip(where: str, reason: SkipReason, message: str) -> RecordError:
    """The outcome for a record that is no article."""
    return RecordError(where, reason.value, message)
