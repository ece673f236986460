"""Moments and numbers as readers write them, in the language of the page.

A moment at midnight is a day whose time of day the newspaper did not give, and is shown as a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

from search import VIETNAM
from webui.parameters import Language
from webui.rendering.languages import gettext, language

_WEEK = 7
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)

_DAY_PATTERNS = {Language.VIETNAMESE: "dd/MM/y", Language.ENGLISH: "d MMM y"}

_MONTH_PATTERNS = {Language.VIETNAMESE: "'Tháng' M/y", Language.ENGLISH: "MMM y"}


def now() -> datetime:
    """This moment in Vietnam."""
    return datetime.now(VIETNAM)


def in_vietnam(moment: datetime) -> datetime:
    """The same moment on Vietnam's clock; one without a time zone is taken to be there already."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=VIETNAM)
    try:
        return moment.astimezone(VIETNAM)
    except OverflowError:  # within hours of year 1 or 9999: no clock of ours reaches there
        return moment


def iso(moment: datetime) -> str:
    """ISO 8601 with seconds and Vietnam's offset: ``2022-06-14T00:00:00+07:00``."""
    return in_vietnam(moment).isoformat(timespec="seconds")


def day(moment: date) -> str:
    """A day: ``14/06/2022``, ``14 Jun 2022``."""
    spoken = language()
    return format_date(moment, _DAY_PATTERNS[spoken], spoken.value)


def month(moment: date) -> str:
    """The month of a day: ``Tháng 6/2022``, ``Jun 2022``."""
    spoken = language()
    return format_date(moment, _MONTH_PATTERNS[spoken], spoken.value)


def readable(moment: datetime, reference: datetime, *, timed: bool = False) -> str:
    """How long before ``reference``, where less than a day; else the day, and perhaps the time.

    ``5 phút trước``, ``12/06/2022 08:30``, ``14/05/2022``.

    Args:
        moment: to tell.
        reference: now.
        timed: whether the time is told of what is older than a week too.
    """
    local = in_vietnam(moment)
    if local.time() == time.min:
        return day(local)
    age = reference - local
    if timedelta(0) <= age < _MINUTE:
        return gettext("vừa xong")
    if _MINUTE <= age < _HOUR:
        return _ago(age // _MINUTE * _MINUTE)
    if _HOUR <= age < _DAY:
        return _ago(age // _HOUR * _HOUR)
    of_this_week = abs((in_vietnam(reference).date() - local.date()).days) < _WEEK
    return (
        f"{day(local)} {local.hour:02}:{local.minute:02}" if timed or of_this_week else day(local)
    )


def changes_soon(moments: Iterable[datetime | None], reference: datetime) -> bool:
    """Whether any of ``moments`` is so new that :func:`readable` tells it by the minute."""
    return any(moment and reference - in_vietnam(moment) < _DAY for moment in moments)


def count(number: int) -> str:
    """A whole number with a mark between thousands: ``12.345``, ``12,345``."""
    return format_decimal(number, locale=language().value)


def decimal(number: float) -> str:
    """A number with a few digits after the mark: ``1,5``, ``1.5``."""
    return format_decimal(number, locale=language().value)


def seconds(milliseconds: float) -> str:
    """A duration in seconds, to the millisecond: ``0,002``, ``0.002``."""
    return format_decimal(max(milliseconds, 1.0) / 1000, "0.000", language().value)


def _ago(age: timedelta) -> str:
    return format_timedelta(-age, threshold=1, add_direction=True, locale=language().value)
