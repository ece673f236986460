"""The benchmark asks every installed engine the same, and says what it measured."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from index.build.rebuild import rebuild
from scripts.benchmark import main, sizes_up_to
from scripts.measure.bench.measure import PEERS

NEWSROOM = Path(__file__).parent.parent.parent / "examples" / "newsroom"
INSTALLED = [name for name in PEERS if name != "tantivy" or importlib.util.find_spec("tantivy")]
QUERIES = "qid\tbare\n1\tgia vang hom nay\n2\ttruong hoc\n3\tbao so 3\n"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("newsroom")
    rebuild(directory, [NEWSROOM])
    return directory


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    path = tmp_path / "queries.tsv"
    path.write_text(QUERIES, encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_every_engine_is_built_and_asked(newsroom, queries, tmp_path):
    figures = tmp_path / "figures.json"
    result = run(
        "--index", newsroom, "--queries", queries, "--against", ",".join(INSTALLED),
        "--json", figures,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = orjson.loads(figures.read_bytes())
    assert [row["engine"] for row in found["built"]] == ["timbao", *INSTALLED]
    assert all(row["seconds"] > 0 and row["mb"] > 0 for row in found["built"])
    engines = ("timbao", *INSTALLED)
    for order, asked in (("batched", engines), ("in turns", set(engines) - {"whoosh"})):
        rows = [row for row in found["timed"] if row["order"] == order]
        assert {(row["engine"], row["kind"]) for row in rows} == {
            (engine, kind) for engine in asked for kind in ("and", "or", "phrase")
        }
    assert all(0 < row["ms"][0] <= row["ms"][-1] for row in found["timed"])
    (searched,) = found["searched"]
    assert searched["column"] == "bare"
    assert searched["queries"] == 3
    assert found["updated"]["changed"] > 0
    for title in ("Building", "Ten best", "Whole searches", "An update"):
        assert title in result.output


def test_stock_whoosh_is_asked_no_more_than_it_may(newsroom, queries, tmp_path):
    figures = tmp_path / "figures.json"
    result = run(
        "--index", newsroom, "--queries", queries, "--against", "whoosh", "--sizes", "10,20",
        "--whoosh-limit", "10", "--whoosh-queries", "2", "--json", figures,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = orjson.loads(figures.read_bytes())
    built = [(row["engine"], row["articles"]) for row in found["built"]]
    assert built == [("timbao", 10), ("whoosh", 10), ("timbao", 20)]
    assert {row["queries"] for row in found["timed"] if row["engine"] == "whoosh"} == {2}


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["--against", "lucene"], 2, "lucene"),
        (["--sizes", "many"], 2, "many"),
        (["--column", "telex"], 1, "telex"),
        (["--queries", "nowhere.tsv"], 1, "nowhere.tsv"),
        (["--index", "nowhere"], 1, "nowhere"),
    ],
)
def test_what_cannot_be_measured_is_said_without_a_traceback(
    newsroom, queries, arguments, status, says
):
    result = run("--index", newsroom, "--queries", queries, *arguments)
    assert result.exit_code == status
    assert says in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("articles", "sizes"),
    [(60, [60]), (1_000, [1_000]), (20_000, [1_000, 10_000, 20_000])],
)
def test_growth_is_shown_in_steps_of_ten(articles, sizes):
    assert sizes_up_to(articles) == sizes
