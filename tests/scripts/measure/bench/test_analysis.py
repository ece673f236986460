"""What the analysis costs is measured with any index and shown with the other figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from index.build.rebuild import rebuild
from index.storage.builds import current_build
from scripts.measure.bench.analysis import AnalysisCost, analysis_tables, measure_analysis

NEWSROOM = Path(__file__).parents[4] / "examples" / "newsroom"
QUERIES = """qid\tbare\ttelex
1\tgia vang trong nuoc hom nay tang\tgias vangf trong nuwowcs hoom nay
2\ttruong hoc\ttruwowngf hocj
"""


@pytest.fixture(scope="module")
def cost(tmp_path_factory: pytest.TempPathFactory) -> AnalysisCost:
    folder = tmp_path_factory.mktemp("analysis")
    rebuild(folder / "index", [NEWSROOM])
    queries = folder / "queries.tsv"
    queries.write_text(QUERIES, encoding="utf-8")
    return measure_analysis(current_build(folder / "index").path, queries, 10)


def test_bulk_is_measured_at_two_sizes(cost: AnalysisCost) -> None:
    small, large = cost.bulk
    assert 3 * small.articles <= large.articles
    assert 0 < small.mb < large.mb
    assert all(row.first_ms_per_mb > 0 and row.again_ms_per_mb > 0 for row in cost.bulk)


def test_queries_of_six_words_are_measured_in_every_spelling_there_is(cost: AnalysisCost) -> None:
    assert [row.step for row in cost.queries] == [
        "notice and decode typing",
        "restore accents",
        "both",
    ]
    assert {row.queries for row in cost.queries} == {2}


def test_the_tables_have_a_row_for_each_measurement(cost: AnalysisCost) -> None:
    console = Console(width=110, record=True, file=None)
    with console.capture() as capture:
        console.print(*analysis_tables(cost))
    shown = capture.get()
    assert "ms/MB at first" in shown
    assert "restore accents" in shown
