"""Dates after ``ngay:``: what people write, and the days they mean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.calendar import Days
from search.query.dates import leading_days, parse_days

MONDAY = date(2026, 11, 23)


def days(first: str, last: str = "") -> Days:
    """From "2022-06-14" or "2022-06-14/2022-06-20"; "" is open."""
    return Days(*(date.fromisoformat(end) if end else None for end in (first, last)))


def one(day: str) -> Days:
    return days(day, day)


NAMED: list[tuple[str, Days]] = [
    ("hôm nay", one("2026-11-23")),
    ("HÔM QUA", one("2026-11-22")),
    ("hom_kia", one("2026-11-21")),
    ("sáng nay", one("2026-11-23")),
    ("tuần này", days("2026-11-23", "2026-11-29")),
    ("tuần trước", days("2026-11-16", "2026-11-22")),
    ("tuan qua", days("2026-11-16", "2026-11-23")),
    ("tháng này", days("2026-11-01", "2026-11-30")),
    ("tháng trước", days("2026-10-01", "2026-10-31")),
    ("quý này", days("2026-10-01", "2026-12-31")),
    ("năm nay", days("2026-01-01", "2026-12-31")),
    ("năm ngoái", days("2025-01-01", "2025-12-31")),
    ("năm kia", days("2024-01-01", "2024-12-31")),
    ("7 ngày qua", days("2026-11-16", "2026-11-23")),
    ("ba tháng qua", days("2026-08-23", "2026-11-23")),
    ("9999 năm qua", days("0001-01-01", "2026-11-23")),
    ("3 ngày trước", one("2026-11-20")),
    ("hai tuần trước", days("2026-11-09", "2026-11-15")),
    ("thứ hai", one("2026-11-23")),
    ("thứ 3", one("2026-11-17")),
    ("chủ nhật tuần trước", one("2026-11-22")),
    ("tháng 8/2021", days("2021-08-01", "2021-08-31")),
    ("tháng 8 năm 2021", days("2021-08-01", "2021-08-31")),
    ("8/2021", days("2021-08-01", "2021-08-31")),
    ("tháng tám 2021", days("2021-08-01", "2021-08-31")),
    ("tháng năm năm 2021", days("2021-05-01", "2021-05-31")),
    ("tháng 8", days("2026-08-01", "2026-08-31")),
    ("tháng 12", days("2025-12-01", "2025-12-31")),
    ("tháng 8 năm ngoái", days("2025-08-01", "2025-08-31")),
    ("quý 2 năm 2022", days("2022-04-01", "2022-06-30")),
    ("quý II/2022", days("2022-04-01", "2022-06-30")),
    ("Q2 2022", days("2022-04-01", "2022-06-30")),
    ("nửa đầu năm 2022", days("2022-01-01", "2022-06-30")),
    ("9 tháng đầu năm", days("2026-01-01", "2026-09-30")),
    ("năm 2022", days("2022-01-01", "2022-12-31")),
    ("30/4", one("2026-04-30")),
    ("24/11", one("2025-11-24")),
    ("23/11", one("2026-11-23")),
    ("29/2", one("2024-02-29")),
    ("30/4/2021", one("2021-04-30")),
    ("30/4/21", one("2021-04-30")),
    ("14-6-2022", one("2022-06-14")),
    ("14.06.2022", one("2022-06-14")),
    ("ngày 14 tháng 6 năm 2022", one("2022-06-14")),
    ("14 tháng sáu", one("2026-06-14")),
    ("2022/6/14", one("2022-06-14")),
    ("today", one("2026-11-23")),
    ("last week", days("2026-11-16", "2026-11-22")),
    ("past 7 days", days("2026-11-16", "2026-11-23")),
    ("June 14, 2022", one("2022-06-14")),
    ("14 june 2022", one("2022-06-14")),
    ("may 2022", days("2022-05-01", "2022-05-31")),
    ("2019..2021", days("2019-01-01", "2021-12-31")),
    ("2019…2021", days("2019-01-01", "2021-12-31")),
    ("2019-2021", days("2019-01-01", "2021-12-31")),
    ("2019 – 2021", days("2019-01-01", "2021-12-31")),
    ("2021 đến 2019", days("2019-01-01", "2021-12-31")),
    ("tháng 6/2022..tháng 8/2022", days("2022-06-01", "2022-08-31")),
    ("từ tháng 6 đến tháng 8/2022", days("2022-06-01", "2022-08-31")),
    ("từ 1/5 đến 3/5", days("2026-05-01", "2026-05-03")),
    ("1/5-3/5", days("2026-05-01", "2026-05-03")),
    ("từ 1/5 đến 3/5/2021", days("2021-05-01", "2021-05-03")),
    ("từ 1/5/2021 đến 3/5", days("2021-05-01", "2021-05-03")),
    ("từ 20/12 đến 5/1", days("2025-12-20", "2026-01-05")),
    ("từ 20/11 đến 30/11", days("2026-11-20", "2026-11-30")),
    ("từ 2020 đến nay", days("2020-01-01", "2026-11-23")),
    ("2022..", days("2022-01-01", "")),
    ("..2022", days("", "2022-12-31")),
    ("từ 30/4/2021", days("2021-04-30", "")),
    ("đến hết 30/4/2021", days("", "2021-04-30")),
    ("trước 2020", days("", "2019-12-31")),
    ("sau 30/4/2021", days("2021-05-01", "")),
    (">=2021", days("2021-01-01", "")),
    ("> 2021", days("2022-01-01", "")),
    ("<2021-06", days("", "2021-05-31")),
]


@pytest.mark.parametrize(("text", "expected"), NAMED, ids=[text for text, _ in NAMED])
def test_a_name_means_its_days(text: str, expected: Days) -> None:
    assert parse_days(text, MONDAY) == expected


NO_DAYS = [
    *(
        "",
        " ",
        "hôm",
        "nay",
        "ngày nay",
        "31/2",
        "0/1",
        "12/24",
        "2022-13",
        "0000",
        "..",
        "....",
        "-",
    ),
    *("giá vàng", "tháng", "tháng 13", "quý 5", "1-3/5", "hôm qua giá", "từ", "2022 2023", "mark"),
    *("<0001", ">9999", "tháng 8 tháng 9", "12345", "hôm qua hôm nay " * 9),
]


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_names_no_days_is_none(text: str) -> None:
    assert parse_days(text, MONDAY) is None


LEADING: list[tuple[str, int]] = [
    ("hôm qua giá vàng", 2),
    ("hôm qua, giá vàng", 2),
    ("tháng 8 2021 giá", 3),
    ("30/4 đến 3/5 du lịch", 3),
    ("7 ngày qua", 3),
    ("2022 giá vàng", 1),
    ("từ ngày 30 tháng 4 năm 2021 đến ngày 2 tháng 9 năm 2022 du lịch", 14),
    ("giá vàng hôm qua", 0),
]


@pytest.mark.parametrize(("text", "taken"), LEADING)
def test_days_take_as_many_words_as_name_them(text: str, taken: int) -> None:
    found = leading_days(text.split(), MONDAY)
    assert (found[1] if found else 0) == taken


any_day = st.dates(date(1, 1, 1), date(9999, 12, 1))


@given(st.text(max_size=40) | st.sampled_from([text for text, _ in NAMED]), any_day)
def test_no_text_raises_on_any_day_and_no_range_runs_backwards(text: str, today: date) -> None:
    found = parse_days(text, today)
    assert found is None or not (found.first and found.last and found.first > found.last)


@given(any_day)
def test_a_day_without_a_year_is_the_nearest_past_one(today: date) -> None:
    for text in ("30/4", "1/1", "31/12"):
        found = parse_days(text, today)
        if found is not None:
            assert found.first is not None
            assert timedelta(0) <= today - found.first <= timedelta(days=366)
