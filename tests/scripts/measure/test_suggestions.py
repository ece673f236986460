"""Measuring suggestions on the sample newsroom."""

from __future__ import annotations

import re

from click.testing import CliRunner

from scripts.measure.suggestions import best_possible, main


def test_the_share_of_headlines_found_is_printed_beside_what_is_possible(newsroom_index):
    arguments = ["--index", str(newsroom_index), "--headlines", "40", "--letters", "12"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    found = re.match(r"12 letters: ([\d.]+) of 40 headlines .* \(at best ([\d.]+)", result.output)
    assert found is not None
    assert 0.9 < float(found[1]) <= 1
    assert float(found[2]) == 1


def test_of_more_headlines_that_begin_alike_only_five_are_seen():
    headlines = [f"Chợ nổi số {number}" for number in range(8)]
    assert best_possible([*headlines, "Bến đò"], 6) == 6 / 9


def test_an_index_that_is_not_there_is_said_so(tmp_path):
    result = CliRunner().invoke(main, ["--index", str(tmp_path / "none")])
    assert result.exit_code == 1
    assert "none" in result.output
