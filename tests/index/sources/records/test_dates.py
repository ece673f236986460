"""Dates are read as newspapers write them, and never guessed."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import VIETNAM
from index.sources.records.dates import (
    from_date,
    from_day_number,
    from_number,
    parse_date,
    parse_date_line,
    states_day_without_year,
)

MORNING = "2022-06-14T10:30:00+07:00"
MIDNIGHT = "2022-06-14T00:00:00+07:00"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-06-14", MIDNIGHT),
        ("2022-06-14T10:30:00+07:00", MORNING),
        ("2022-06-14T10:30:00+0700", MORNING),
        ("2022-06-14 10:30:00", MORNING),
        ("2022-06-14T03:30:00Z", "2022-06-14T03:30:00+00:00"),
        ("2022-06-14T03:30:00.250Z", "2022-06-14T03:30:00.250000+00:00"),
        ("20220614", MIDNIGHT),
        ("20220614103000", MORNING),
        ("20220614T103000", MORNING),
        ("14/6/2022", MIDNIGHT),
        ("14-06-2022 10:30", MORNING),
        ("14.06.2022", MIDNIGHT),
        ("06/14/2022", MIDNIGHT),
        ("10:30 14/06/2022", MORNING),
        ("10h30 ngày 14-6-2022", MORNING),
        ("Thứ Ba, 14/06/2022, 10:30 (GMT+7)", MORNING),
        ("Thứ Ba, 14/06/2022, 03:30 (GMT+0)", "2022-06-14T03:30:00+00:00"),
        ("Cập nhật: 14/06/2022 | 10:30 SA", MORNING),
        ("14/06/2022 5:30 CH", "2022-06-14T17:30:00+07:00"),
        ("14/06/2022 12:05 AM", "2022-06-14T00:05:00+07:00"),
        ("Ngày 14 tháng 6 năm 2022", MIDNIGHT),
        (unicodedata.normalize("NFD", "14 tháng 6 năm 2022"), MIDNIGHT),
        ("Tue, 14 Jun 2022 10:30:00 +0700", MORNING),
        ("Tue, 14 Jun 2022 03:30:00 GMT", "2022-06-14T03:30:00+00:00"),
        ("June 14, 2022", MIDNIGHT),
        ("14 \u017feptember 2022", "2022-09-14T00:00:00+07:00"),  # the long s of old prints
        ("\u017fep 14, 2022", "2022-09-14T00:00:00+07:00"),
        ("14 Tháng Sáu, 2022", MIDNIGHT),  # as WordPress writes in Vietnamese
        ("14 tháng sáu năm 2022", MIDNIGHT),
        ("Tháng Sáu 14, 2022", MIDNIGHT),
        ("14 tháng Mười Hai năm 2022", "2022-12-14T00:00:00+07:00"),
        ("14 Th6, 2022", MIDNIGHT),
        ("lúc 10:30 14 thg 6, 2022", MORNING),
        ("14/6/22", MIDNIGHT),
        ("14-06-22 10:30", MORNING),
        ("14/6/99", "1999-06-14T00:00:00+07:00"),
        ("Tue, 14 Jun 22 10:30:00 +0700", MORNING),
        ("Tue, 14 Jun 2022 10:30:00 EST", "2022-06-14T10:30:00-05:00"),
        ("Tue, 14 Jun 2022 10:30:00 UT", "2022-06-14T10:30:00+00:00"),
        ("2022-06-14 10:30:00 Z", "2022-06-14T10:30:00+00:00"),
        ("Tue Jun 14 10:30:00 ICT 2022", MORNING),  # Java
        ("/Date(1655177400000)/", MORNING),  # .NET
        ("202206141030", MORNING),
        ("1655177400", MORNING),
        ("1655177400000", MORNING),
    ],
)
def test_a_date_is_read_in_every_usual_form(written: str, read: str) -> None:
    moment = parse_date(written)
    assert moment is not None
    assert moment.isoformat() == read


@pytest.mark.parametrize(
    "written",
    [
        "",
        "hôm qua",
        "14/6",
        "31/2/2022",
        "32/1/2022",
        "0001-01-01",
        "2022",
        "0",
        "44726",
        "2459744.5",
        "10:30:22",
        "tháng 6/2022",
        "9" * 30,
    ],
)
def test_what_is_no_date_with_a_year_is_none(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("Thứ Ba, 14/06/2022, 10:30 (GMT+7)", True),
        ("10:30 | 14/06/2022", True),
        ("Chủ nhật, 19/6/2022 | 22:05 GMT+7", True),
        ("Giá vàng hôm nay 23/1/2026 lao dốc", False),
        ("Ngày 14/6/2022, tại Hà Nội", False),
        ("Lê An", False),
    ],
)
def test_a_line_is_a_date_only_if_it_says_nothing_else(line: str, is_date: bool) -> None:
    assert (parse_date_line(line) is not None) == is_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Ngày 14/6, tại Hà Nội", "Ngày 14/6"),
        ("Ngày 14 tháng 6, tại Hà Nội", "14 tháng 6"),
        ("Ngày 14/6/2022, tại Hà Nội", ""),
        ("Ngày 14 tháng 6 năm 2022", ""),
        ("giai đoạn 2011-2020", ""),
        ("phục vụ 24/24", ""),
    ],
)
def test_a_day_without_a_year_is_noticed(text: str, day: str) -> None:
    assert states_day_without_year(text) == day


@given(
    st.integers(-2_200_000_000, 4_100_000_000),
    st.integers(-12, 14),
)
def test_iso_dates_survive(seconds: int, hours: int) -> None:
    moment = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    assert parse_date(moment.isoformat()) == moment


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_vietnamese_dates_put_the_day_first(day: date) -> None:
    read = parse_date(f"{day.day}/{day.month}/{day.year}")
    assert read == from_date(day)
    assert read is not None
    assert read.tzinfo is VIETNAM


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    parse_date(text)
    parse_date_line(text)
    states_day_without_year(text)


@pytest.mark.parametrize(
    ("number", "read"),
    [
        (1655177400, MORNING),
        (1655177400.0, MORNING),
        (1655177400_000, MORNING),
        (1655177400_000_000_000, MORNING),
        (20220614, MIDNIGHT),
        (202206141030, MORNING),
    ],
)
def test_a_number_is_a_moment_only_beyond_doubt(number: float, read: str) -> None:
    moment = from_number(number)
    assert moment is not None
    assert moment.isoformat() == read


@pytest.mark.parametrize("number", [0, 1, 2022, 44726, 2459744.5, 99999999, -1655177400])
def test_a_number_that_may_be_something_else_is_no_moment(number: float) -> None:
    assert from_number(number) is None


def test_days_of_spreadsheets_are_counted_from_1899() -> None:
    moment = from_day_number(44726.4375)
    assert moment is not None
    assert moment.isoformat() == MORNING
    assert from_day_number(2022) is None


@given(st.floats())
def test_no_number_raises(seconds: float) -> None:
    from_number(seconds)
