"""Checking marks and snippets on the sample newsroom."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.analysis import Analyser
from index.build.rebuild import rebuild
from scripts.measure.snippets import faults_in_marks, main
from search import Span
from search.query import parse
from search.query.slots import wanted

NEWSROOM = Path(__file__).parents[3] / "examples" / "newsroom"
ANALYSER = Analyser()
QUERIES = ("thông tin đối ngoại", "hoa binh", "tp hcm", "du lich bien", "giá cà phê", "bao so 3")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    directory = tmp_path_factory.mktemp("index")
    rebuild(directory, [NEWSROOM])
    return directory


def test_what_readers_of_the_newsroom_are_shown_is_right(index, tmp_path):
    queries = tmp_path / "queries.tsv"
    queries.write_text("qid\taccented\n" + "".join(f"q\t{query}\n" for query in QUERIES), "utf-8")
    result = CliRunner().invoke(main, ["--index", str(index), "--queries", str(queries)])
    assert result.exit_code == 0, result.output
    results, marked = re.match(
        r"(\d+) results, (\d+) with a mark, 0 faults", result.output
    ).groups()
    assert int(results) == int(marked) > 10


WRONG = [
    ("thông tin", "thông tình", [(6, 10)], "not searched for"),
    ("thông tin", "thông tin", [(0, 3)], "no whole words"),
    ("thông tin", "thông tin.", [(6, 10)], "no whole words"),
    ("thông tin", "thông tin", [(6, 9), (0, 5)], "out of order"),
    ("thông tin", "thông tin", [(0, 5), (5, 9)], "out of order"),
    ("thông tin", "thông tin", [(6, 99)], "out of order"),
    ("tin do", "tin đo\u0300", [(4, 6)], "a letter is cut"),
]


@pytest.mark.parametrize(("query", "text", "marks", "fault"), WRONG)
def test_wrong_marks_are_told(query, text, marks, fault):
    sought = wanted(ANALYSER, parse(query, date(2026, 11, 23)).tree)
    spans = [Span(*mark) for mark in marks]
    assert any(fault in found for found in faults_in_marks(text, spans, sought, ANALYSER))


def test_a_column_that_is_not_there_is_named(index, tmp_path):
    queries = tmp_path / "queries.tsv"
    queries.write_text("qid\tbare\nq\ttin\n", "utf-8")
    result = CliRunner().invoke(main, ["--index", str(index), "--queries", str(queries)])
    assert result.exit_code == 1
    assert "no column 'accented'" in result.output
