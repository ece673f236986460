"""What reading a record leads to: an article, with remarks, or the reason why it is none.

Codes are stable: they stand in reports that other programs read. It knows nothing of formats.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, TypeAlias

from index.article import Article
from index.errors import RecordError


class SkipReason(str, Enum):
    """Why a record, or a whole file, gave no article (the ``reason`` of a `RecordError`)."""

    BROKEN_JSON = "broken-json"
    NOT_AN_OBJECT = "not-an-object"
    NOT_UTF8 = "not-utf-8"
    LINE_TOO_LONG = "line-too-long"
    FILE_TOO_LARGE = "file-too-large"
    NO_HEADLINE = "no-headline"
    NO_BODY = "no-body"
    NOT_AN_ARTICLE = "not-an-article"
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


CUT_SHORT = frozenset(
    {
        SkipReason.UNREADABLE,
        SkipReason.DAMAGED_FILE,
        SkipReason.NO_FILES,
        SkipReason.NOT_FETCHED,
        SkipReason.REFUSED_BY_ROBOTS,
    }
)
"""Reasons after which an article that was not met may still be there, unread (a disk that is not
mounted, a server that is down): an update then deletes nothing."""


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


class Remark(NamedTuple):
    """One thing to tell about an article that was read all the same."""

    code: Repair | Gap
    message: str


class Found(NamedTuple):
    """An article, where it was found, and what is to be said about it."""

    article: Article
    where: str
    remarks: tuple[Remark, ...] = ()


Outcome: TypeAlias = "Found | RecordError"


def skip(where: str, reason: SkipReason, message: str) -> RecordError:
    """The outcome for a record that is no article."""
    return RecordError(where, reason.value, message)
