"""docs/query-language.md: what it says is what the code does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from search.query import RemarkReason, parse, render
from search.query.dates import parse_days
from search.query.fields import FIELD_WORDS
from search.query.plain import plain

TEXT = (Path(__file__).parents[3] / "docs" / "query-language.md").read_text("utf-8")
MONDAY = date(2026, 11, 23)


def rows(heading: str) -> list[list[str]]:
    """The rows of the table with a heading, as cells."""
    table = TEXT.partition(f"\n| {heading} ")[2].partition("\n\n")[0]
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines()[2:]]


def code(cell: str) -> list[str]:
    return [piece.replace("\\|", "|") for piece in re.findall(r"`([^`]+)`", cell)]


DAYS = [piece for row in rows("typed after `ngay:`") for piece in code(row[0])]
READ = [(code(row[0])[0], code(row[1])[0]) for row in rows("typed on 23 November 2026")]


@pytest.mark.parametrize("text", DAYS)
def test_every_period_named_is_read(text: str) -> None:
    assert parse_days(text, MONDAY) is not None


@pytest.mark.parametrize(("typed", "read"), READ)
def test_every_example_is_read_as_told(typed: str, read: str) -> None:
    tree = parse(typed, MONDAY).tree
    assert tree is not None
    assert render(tree) == read


def test_every_field_word_and_every_reason_is_told() -> None:
    told = plain(TEXT)
    assert [word for word in FIELD_WORDS if word not in told] == []
    assert [reason for reason in RemarkReason if f"`{reason.value}`" not in TEXT] == []
    assert len(DAYS) > 50
    assert len(READ) == 3
