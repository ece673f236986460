"""Moments and numbers as Vietnamese readers write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from search import VIETNAM
from webui.rendering.dates import changes_soon, count, iso, now, readable, seconds

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (NOON - timedelta(seconds=20), "vừa xong"),
        (NOON - timedelta(minutes=5), "5 phút trước"),
        (NOON - timedelta(minutes=59, seconds=59), "59 phút trước"),
        (NOON - timedelta(hours=1), "1 giờ trước"),
        (NOON - timedelta(hours=23, minutes=59), "23 giờ trước"),
        (NOON - timedelta(hours=24), "22/11/2026 12:00"),
        (NOON - timedelta(days=6), "17/11/2026 12:00"),
        (NOON - timedelta(days=7), "16/11/2026"),
        (NOON + timedelta(minutes=5), "23/11/2026 12:05"),
        (datetime(2022, 6, 14, tzinfo=VIETNAM), "14/06/2022"),
        (datetime(2026, 11, 23, tzinfo=VIETNAM), "23/11/2026"),
        (datetime(2022, 6, 13, 23, 30, tzinfo=timezone.utc), "14/06/2022"),
        (datetime(2022, 6, 14, 6, 30), "14/06/2022"),  # noqa: DTZ001 - no zone on purpose
        (datetime(1, 1, 1, 8, 5, tzinfo=timezone.utc), "01/01/1"),
        (datetime.max.replace(tzinfo=timezone.utc), "31/12/9999"),
    ],
)
def test_a_moment_is_told_the_shorter_the_newer(moment: datetime, shown: str) -> None:
    assert readable(moment, NOON) == shown


def test_an_old_moment_is_told_with_its_time_where_that_is_asked_for() -> None:
    old = datetime(2022, 6, 13, 23, 30, tzinfo=timezone.utc)
    assert readable(old, NOON, timed=True) == "14/06/2022 06:30"


def test_machines_get_the_offset_of_vietnam() -> None:
    midnight = datetime(2022, 6, 13, 17, tzinfo=timezone.utc)
    assert iso(midnight) == "2022-06-14T00:00:00+07:00"
    assert now().utcoffset() == timedelta(hours=7)


def test_numbers_have_full_stops_and_decimal_commas() -> None:
    assert [count(number) for number in (0, 999, 1000, 1234567)] == [
        "0",
        "999",
        "1.000",
        "1.234.567",
    ]
    assert [seconds(ms) for ms in (0.2, 1.9, 84.4, 2500)] == ["0,001", "0,002", "0,084", "2,500"]


@pytest.mark.parametrize(
    ("moments", "soon"),
    [
        ([], False),
        ([None, NOON - timedelta(days=1)], False),
        ([NOON - timedelta(days=2), NOON - timedelta(hours=23)], True),
        ([NOON + timedelta(days=1)], True),
    ],
)
def test_a_page_with_news_of_today_changes_soon(moments: list[datetime | None], soon: bool) -> None:
    assert changes_soon(moments, NOON) == soon
