"""The search in the terminal tells what was meant otherwise, and what else may be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.search import main

SAID = [
    ("duong", "Có phải bạn muốn tìm: đường, dương, đương"),
    ("thong tin doi ngoai", "Có phải bạn muốn tìm: thông tin đối ngoại"),
    ("ngày:mốt tin", "“ngày:mốt” được tìm như từ thường"),
    ("htong tin đối ngoại", "đã hiểu là: thong tin đối ngoại"),
]


@pytest.mark.parametrize(("query", "said"), SAID)
def test_what_was_made_of_a_query_is_said(newsroom_index: Path, query: str, said: str) -> None:
    done = CliRunner().invoke(main, ["--index", str(newsroom_index), query])
    assert done.exit_code == 0
    assert said in done.output


def test_nothing_is_said_of_a_query_that_is_fine(newsroom_index: Path) -> None:
    done = CliRunner().invoke(main, ["--index", str(newsroom_index), "thông tin đối ngoại"])
    assert "Có phải" not in done.output
    assert "đã hiểu là" not in done.output
