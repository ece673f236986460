"""Moments and numbers as Vietnamese readers write them.

Vietnam has kept UTC+7 without summer time since 1975, so no time-zone database is needed. A moment
at midnight is a day whose time of day the newspaper did not give, and is shown as a day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


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


def readable(moment: datetime, reference: datetime) -> str:
    """How long before ``reference``, where less than a day; else day, month, year and time.

    ``5 phút trước``, ``14/06/2022 08:30``, or ``14/06/2022`` where the time of day is not known.
    """
    local = in_vietnam(moment)
    day = f"{local.day:02}/{local.month:02}/{local.year}"
    if local.time() == time.min:
        return day
    age = reference - local
    if timedelta(0) <= age < _MINUTE:
        return "vừa xong"
    if _MINUTE <= age < _HOUR:
        return f"{age // _MINUTE} phút trước"
    if _HOUR <= age < _DAY:
        return f"{age // _HOUR} giờ trước"
    return f"{day} {local.hour:02}:{local.minute:02}"


def count(number: int) -> str:
    """A whole number with a full stop between thousands: ``12.345``."""
    return f"{number:,}".replace(",", ".")


def seconds(milliseconds: float) -> str:
    """A duration in seconds with a decimal comma, to the millisecond: ``0,002``."""
    return f"{max(milliseconds, 1.0) / 1000:.3f}".replace(".", ",")
