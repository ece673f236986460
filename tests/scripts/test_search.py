"""Searching in the terminal: what is counted, and what a score is the sum of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.build.rebuild import rebuild
from scripts.search import main
from search import SearchEngine, SearchRequest
from search.ranking import ScoreParts
from webui.rendering.meanings import MEANINGS


def run(index: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["--index", str(index), *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_explained_parts_add_up_to_the_score_before_them(newsroom_index: Path) -> None:
    output = run(newsroom_index, "--explain", "--per-page", "3", "Hà", "Nội")
    sums = re.findall(r"^ +([\d.]+)  (.+)$", output, re.MULTILINE)
    scores = [at for at, (_, meaning) in enumerate(sums) if meaning not in MEANINGS.values()]
    assert len(scores) == 3
    for first, end in zip(scores, [*scores[1:], len(sums)], strict=True):
        parts = [float(value) for value, _ in sums[first + 1 : end]]
        assert sum(parts) == pytest.approx(float(sums[first][0]), abs=1e-3)
        assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("2022-06-14T20:00:00Z", "15/06/2022 03:00"),
        ("2022-06-14T17:00:00Z", "15/06/2022"),
        ("2022-06-14T23:30:00+09:00", "14/06/2022 21:30"),
        ("2022-06-14", "14/06/2022"),
    ],
)
def test_times_are_those_of_vietnam(tmp_path: Path, published: str, shown: str) -> None:
    source = tmp_path / "a.jsonl"
    article = {"id": "a", "headline": "Giá lúa", "body": "Nông dân vui.", "published": published}
    source.write_text(json.dumps(article), "utf-8")
    index = tmp_path / "index"
    rebuild(index, [source])
    assert f"     {shown}\n" in run(index, "lúa")


def test_nothing_is_explained_unasked(newsroom_index: Path) -> None:
    output = run(newsroom_index, "Hà", "Nội")
    assert not any(meaning in output for meaning in MEANINGS.values())


def test_every_part_of_a_score_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ScoreParts._fields)


def test_a_line_parts_articles_about_the_query_from_the_others(newsroom_index: Path) -> None:
    with SearchEngine.open(newsroom_index) as engine:
        found = engine.search(SearchRequest(query="giá vàng"))
    output = run(newsroom_index, "giá", "vàng")
    others = f"{found.partly} bài chỉ có các từ rời rạc hoặc khác dấu"
    assert output.startswith(f"{found.total} kết quả (")
    above, _, below = output.partition(f"\n… và {others}\n")
    assert len(re.findall(r"^ +\d+\. ", above, re.MULTILINE)) == found.total
    assert re.findall(r"^ +(\d+)\. ", below, re.MULTILINE)[0] == str(found.total + 1)
    whole = run(newsroom_index, "--match", "all", "giá", "vàng")
    assert whole.startswith(f"{found.total + found.partly} kết quả (")
    assert others not in whole
    by_date = run(newsroom_index, "--sort", "newest", "giá", "vàng").splitlines()[0]
    assert by_date.endswith(f"; … và {others} (--match all)")


def test_that_no_article_is_about_the_query_is_told(newsroom_index: Path) -> None:
    output = run(newsroom_index, "tai", "nạn", "giao", "thông")
    others = " bài chỉ có một phần các từ, hoặc có mà rời rạc"
    assert output.startswith("Không có bài nào nói đúng về “tai nạn giao thông”; ")
    assert output.count(others) == 1
