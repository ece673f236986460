"""The load tool asks every query once and tells what it saw."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.benchmark_server import main

QUERIES = "qid\taccented\tbare\n1\tthông tin\tthong tin\n2\ttin\ttin\n3\tHà Nội\tha noi\n4\tx\n"


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    """A file of three queries in two spellings, one of them the same in both."""
    (tmp_path / "queries.tsv").write_text(QUERIES, "utf-8")
    return tmp_path / "queries.tsv"


def test_every_query_is_asked_once(newsroom_index: Path, queries: Path) -> None:
    arguments = ["--index", str(newsroom_index), "--queries", str(queries), "--connections", "2"]
    done = CliRunner().invoke(
        main, [*arguments, "--columns", "accented,bare", "--workers", "1", "--json"]
    )
    assert done.exit_code == 0, done.output
    load = json.loads(done.stdout)
    assert (load["workers"], load["requests"], load["refused"]) == (1, 6, 0)
    assert 0 < load["p50"] <= load["p95"] <= load["p99"]
    if sys.platform == "linux":
        assert len(load["memory"]) == 1
        assert load["memory"][0] > 10
        assert load["processor"] > 0


def test_a_column_that_is_not_there_is_named(newsroom_index: Path, queries: Path) -> None:
    done = CliRunner().invoke(
        main, ["--index", str(newsroom_index), "--queries", str(queries), "--columns", "vni"]
    )
    assert done.exit_code == 2
    assert "no column vni; there are qid, accented, bare" in done.output
