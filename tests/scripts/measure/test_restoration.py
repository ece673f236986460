"""Measuring restoration on the sample newsroom."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from scripts.measure.restoration import main

NEWSROOM = str(Path(__file__).parents[3] / "examples" / "newsroom")


def run(*arguments):
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output.splitlines()


def test_every_article_is_trained_on_or_tested_on():
    model, headlines, bodies = run(NEWSROOM, "--held-out", "4")
    assert re.match(r"model: \d+ words, \d+ keys, \d+ pairs, \d+ triples, [\d.]+ MB", model)
    assert headlines.startswith("six syllables of headlines: 0.")
    assert int(re.search(r"(\d+) pieces right", bodies)[1]) > 10


def test_articles_that_were_trained_on_are_nearly_all_right():
    _, _, bodies = run(NEWSROOM, "--test", NEWSROOM, "--most", "20")
    assert float(re.match(r"bodies: ([\d.]+)", bodies)[1]) > 0.9


def test_a_source_that_is_not_there_is_wrong_usage():
    result = CliRunner().invoke(main, ["no-such-place"])
    assert result.exit_code == 2
    assert "no-such-place" in result.output
