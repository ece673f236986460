"""Moments are stored as Whoosh wants them, whatever they are."""

from __future__ import annotations

from datetime import datetime

import pytest

from index.schema import utc_naive


@pytest.mark.parametrize(
    ("moment", "stored"),
    [
        ("2022-06-14T10:30:00+07:00", "2022-06-14T03:30:00"),
        ("2022-06-14T10:30:00-14:00", "2022-06-15T00:30:00"),
        ("0001-01-01T00:00:00+07:00", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59-07:00", "9999-12-31T23:59:59.999999"),
    ],
)
def test_a_moment_is_stored_as_that_of_utc_or_the_nearest_there_is(
    moment: str, stored: str
) -> None:
    assert utc_naive(datetime.fromisoformat(moment)).isoformat() == stored
