"""Periods have the names that people give them."""

from __future__ import annotations

from datetime import date

import pytest

from webui.pages.periods import Period, month_number


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), "Năm 2022"),
        (date(2020, 1, 1), date(2024, 12, 31), "Năm 2020–2024"),
        (date(2022, 1, 1), date(2022, 6, 30), "Nửa đầu năm 2022"),
        (date(2022, 7, 1), date(2022, 12, 31), "Nửa cuối năm 2022"),
        (date(2022, 4, 1), date(2022, 6, 30), "Quý 2/2022"),
        (date(2024, 2, 1), date(2024, 2, 29), "Tháng 2/2024"),
        (date(2023, 2, 1), date(2023, 2, 27), "01/02/2023 – 27/02/2023"),
        (date(2022, 2, 1), date(2022, 4, 30), "01/02/2022 – 30/04/2022"),
        (date(2022, 2, 1), date(2023, 1, 31), "01/02/2022 – 31/01/2023"),
        (date(2022, 6, 14), date(2022, 6, 14), "14/06/2022"),
        (date(9999, 12, 1), date(9999, 12, 31), "Tháng 12/9999"),
        (date(2022, 6, 14), None, "Từ 14/06/2022"),
        (None, date(2022, 6, 14), "Đến 14/06/2022"),
        (None, None, ""),
    ],
)
def test_a_period_has_the_shortest_exact_name(
    start: date | None, end: date | None, name: str
) -> None:
    assert Period(start, end).label == name


@pytest.mark.parametrize(
    ("first", "number", "start", "end"),
    [
        (month_number(date(2022, 6, 1)), 1, date(2022, 6, 1), date(2022, 6, 30)),
        (month_number(date(2022, 12, 1)), 3, date(2022, 12, 1), date(2023, 2, 28)),
        (0, 12_000, date.min, date(999, 12, 31)),
        (9000 * 12, 12_000, date(9000, 1, 1), date.max),
        (9999 * 12, 12, date(9999, 1, 1), date.max),
    ],
)
def test_months_end_with_their_last_day_and_with_the_calendar(
    first: int, number: int, start: date, end: date
) -> None:
    assert Period.months(first, number) == Period(start, end)


def test_what_is_in_two_periods_is_the_later_start_and_the_earlier_end() -> None:
    spring = Period(date(2022, 2, 1), date(2022, 4, 30))
    assert spring.within(Period(date(2022, 3, 1), None)) == Period(
        date(2022, 3, 1), date(2022, 4, 30)
    )
    assert spring.within(Period(None, date(2022, 3, 1))) == Period(
        date(2022, 2, 1), date(2022, 3, 1)
    )
    assert Period(None, None).within(Period(None, None)) == Period(None, None)
