"""Killed at any moment, a rebuild or an update costs no search and no article."""

from __future__ import annotations

from pathlib import Path

from scripts.measure.kills import measure_kills

KILLS = 6


def test_kills_cost_no_search_and_no_article(tmp_path: Path) -> None:
    outcome = measure_kills(tmp_path, KILLS, articles=300, seed=7)
    assert (outcome.failed, outcome.lost) == (0, 0)
    assert outcome.killed == KILLS
    assert outcome.searches > KILLS
