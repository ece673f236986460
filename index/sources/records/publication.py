"""Whether a record was published: what editorial systems say of its state and of its type.

All rules stand here, for every format. A word or a number that no known system has for a state
(``"status": 200`` of a crawler) says nothing. It knows nothing of how records are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import NamedTuple

from index.sources.records.dates import parse_date
from index.sources.records.names import Record, Value, field_of, is_empty, simplified
from index.sources.records.outcome import SkipReason


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STATES: Mapping[str, SkipReason] = {
    word: reason
    for reason, words in {
        SkipReason.DRAFT: "draft autodraft pending pendingreview inreview review needsreview "
        "unpublished unpublish unapproved rejected inprogress wip editing nhap bannhap "
        "luunhap choduyet chuaduyet dangduyet chobientap chuadang chuaxuatban chuacongbo "
        "khongduyet tuchoi bituchoi tralai",
        SkipReason.PRIVATE: "private riengtu noibo internal restricted hidden an members paid "
        "tiers",
        SkipReason.SCHEDULED: "future scheduled schedule hengio henlich chodang lenlich",
        SkipReason.TRASHED: "trash trashed deleted removed delete daxoa xoa thungrac",
        SkipReason.WITHDRAWN: "archived archive withdrawn retracted expired inactive disabled "
        "blocked suspended luutru hethan dago gobo gobai dagobai bigo huy dahuy thuhoi dinhchi "
        "ngungdang",
        SkipReason.PASSWORD_PROTECTED: "password protected passwordprotected",
    }.items()
    for word in words.split()
}
_STATE_NAMES = _words(
    "status poststatus state articlestatus newsstatus contentstatus publishstatus "
    "publicationstatus workflowstate workflowstatus moderationstate visibility trangthai "
    "tinhtrang trangthaiduyet trangthaidang lifecycle lifecyclestatus"
)
_YES_MEANS_PUBLISHED = _words(
    "published ispublished publish ispublish public ispublic live active isactive enabled "
    "visible isvisible approved isapproved daduyet duyet daxuatban xuatban dadang hienthi "
    "kichhoat"
)
_YES_MEANS: Mapping[str, SkipReason] = {
    "draft": SkipReason.DRAFT,
    "isdraft": SkipReason.DRAFT,
    "bannhap": SkipReason.DRAFT,
    "private": SkipReason.PRIVATE,
    "isprivate": SkipReason.PRIVATE,
    "hidden": SkipReason.PRIVATE,
    "ishidden": SkipReason.PRIVATE,
    "deleted": SkipReason.TRASHED,
    "isdeleted": SkipReason.TRASHED,
    "trashed": SkipReason.TRASHED,
    "daxoa": SkipReason.TRASHED,
    "archived": SkipReason.WITHDRAWN,
    "isarchived": SkipReason.WITHDRAWN,
    "protected": SkipReason.PASSWORD_PROTECTED,
}
_PASSWORDS = _words("password postpassword")
_DELETION_TIMES = _words("deletedat deletedon trashedat")
_STARTS = _words("publishup publishon publicationstart goliveat expectedpublishdate")
_ENDS = _words(
    "publishdown unpublishon expiredate expirydate expireat expiresat exptime ngayhethan"
)
_TYPE_NAMES = _words(
    "type posttype contenttype nodetype itemtype kind layout pagetype loai loaibai"
)
_PAGES = _words("page static staticpage trang trangtinh nodepage singlepage")
_NO_ARTICLES = _words(
    "attachment navmenuitem navmenu menu menuitem revision comment comments bloggercomment "
    "customcss customizechangeset oembedcache userrequest template settings setting option "
    "user taxonomyterm wpblock wptemplate wptemplatepart wpglobalstyles wpnavigation "
    "wpfontfamily wpfontface acffield acffieldgroup elementorlibrary wpcf7contactform "
    "shoporder product jppayplan jetpackmigration vcgrid bloggersettings bloggertemplate "
    "archetype popup mailpoetpage amnsmtp binhluan"
)
_TELLING = (
    _STATE_NAMES
    | _YES_MEANS_PUBLISHED
    | _YES_MEANS.keys()
    | _PASSWORDS
    | _DELETION_TIMES
    | _STARTS
    | _ENDS
    | _TYPE_NAMES
)
_YES = _words("1 true yes y t on co x")
_NO = _words("0 false no n f off khong")
_GONE = -2
_WITHDRAWN_NUMBERS = {0: SkipReason.DRAFT, -1: SkipReason.WITHDRAWN, _GONE: SkipReason.TRASHED}


class Publication(NamedTuple):
    """What a record says of itself.

    Attributes:
        reason: why it is not to be shown, or None.
        names: of the record, that this was read from.
    """

    reason: SkipReason | None
    names: tuple[str, ...]


def publication_of(record: Record) -> Publication:
    """Whether a record is a published article, as far as it says."""
    reasons: list[SkipReason] = []
    names: list[str] = []
    for name, simple in _telling(tuple(record)):
        value = record[name]
        if simple in _YES_MEANS_PUBLISHED and _truth(value) is None:
            continue  # a date, for example
        if simple == "published" and _is_number_for_date(name, record):
            continue
        if simple not in _STARTS:  # which are dates too
            names.append(name)
        reasons += _reasons(simple, value)
    if _is_strapi_draft(record) or _is_held_by_nukeviet(record) or _is_sanity_draft(record):
        reasons.append(SkipReason.DRAFT)
    # A draft of a page is no page that somebody may want.
    reasons.sort(key=lambda reason: reason is SkipReason.PAGE)
    return Publication(reasons[0] if reasons else None, tuple(names))


def is_future(moment: datetime) -> bool:
    """Whether a moment is still to come."""
    return moment > datetime.now(timezone.utc)


def _is_number_for_date(name: str, record: Record) -> bool:
    """Whether a number stands where a date is wanted, and the record has no other."""
    others = (other for other in record if other != name)
    return str(record[name]).isdecimal() and not any(map(_names_date, others))


def _names_date(name: str) -> bool:
    return field_of(name) == "published"


@lru_cache(1024)
def _telling(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names that may tell of publication, and how they are compared."""
    pairs = ((name, simplified(name)) for name in names)
    return tuple((name, simple) for name, simple in pairs if simple in _TELLING)


def _reasons(simple: str, value: Value) -> Iterator[SkipReason]:
    if is_empty(value):
        return
    truth = _truth(value)
    if simple in _YES_MEANS_PUBLISHED:
        if truth is False:
            yield SkipReason.DRAFT
    elif simple in _YES_MEANS:
        if truth:
            yield _YES_MEANS[simple]
    elif simple in _PASSWORDS:
        yield SkipReason.PASSWORD_PROTECTED
    elif simple in _DELETION_TIMES:
        if isinstance(value, str) and not value.startswith("0000"):
            yield SkipReason.TRASHED
    elif simple in _STARTS or simple in _ENDS:
        moment = parse_date(value) if isinstance(value, str) else None
        if moment is not None and is_future(moment) is (simple in _STARTS):
            yield SkipReason.SCHEDULED if simple in _STARTS else SkipReason.WITHDRAWN
    elif simple in _TYPE_NAMES:
        yield from _type_reasons(value)
    else:
        yield from _state_reasons(value, truth)


def _type_reasons(value: Value) -> Iterator[SkipReason]:
    kind = simplified(value) if isinstance(value, str) else ""
    if kind in _PAGES:
        yield SkipReason.PAGE
    elif kind in _NO_ARTICLES:
        yield SkipReason.NOT_AN_ARTICLE


def _state_reasons(value: Value, truth: bool | None) -> Iterator[SkipReason]:
    if isinstance(value, Mapping):  # {"name": "Đã duyệt"}, as some interfaces answer
        value = next((v for v in value.values() if isinstance(v, str)), "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if (reason := _WITHDRAWN_NUMBERS.get(int(value))) is not None:
            yield reason
    elif isinstance(value, str) and value.strip().lstrip("-").isdecimal():
        yield from _state_reasons(int(value), None)
    elif truth is False:
        yield SkipReason.DRAFT
    elif isinstance(value, str) and (reason := _STATES.get(simplified(value))) is not None:
        yield reason


def _truth(value: Value) -> bool | None:
    """What a value says of yes or no, or None."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return bool(value) if value in (0, 1) else None
    if isinstance(value, str):
        word = simplified(value)
        return True if word in _YES else False if word in _NO else None
    return None


def _is_strapi_draft(record: Record) -> bool:
    """Strapi keeps a draft as a record without a time of publication."""
    return (
        "publishedAt" in record
        and record["publishedAt"] is None
        and "createdAt" in record
        and ("documentId" in record or "locale" in record)
    )


def _is_held_by_nukeviet(record: Record) -> bool:
    """NukeViet numbers what waits, has expired or is being checked from 2 on."""
    status = record.get("status")
    return "publtime" in record and str(status).isdecimal() and int(str(status)) > 1


def _is_sanity_draft(record: Record) -> bool:
    return "_type" in record and str(record.get("_id", "")).startswith("drafts.")
