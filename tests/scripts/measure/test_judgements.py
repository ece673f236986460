"""Reading queries and judgements: what is read, and what is said of files that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from scripts.measure.judgements import (
    PARTLY,
    own_article,
    read_qrels,
    read_queries,
    read_ranked_set,
    read_topical_set,
)

TOPIC = {"query": "giá vàng", "bare": "gia vang", "units": [], "must": ["a"], "may": ["a", "b"]}


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_set_is_called_what_its_file_is(tmp_path: Path) -> None:
    queries = written(tmp_path / "stories-dev.tsv", "qid\tbare\nq1\tgia vang\n")
    qrels = written(tmp_path / "qrels.tsv", "q1 0 a 1\n")
    assert read_ranked_set(queries, qrels, ()).name == "stories-dev"


@pytest.mark.parametrize(
    ("template", "qid", "article"),
    [
        ("vm{digits}", "H12240106", "vm12240106"),
        ("{digits}", "Q01_2", "012"),
        ("{qid}", "sh-012", "sh-012"),
        ("", "sh-012", ""),
    ],
)
def test_the_article_of_a_query_is_named_by_its_qid(template: str, qid: str, article: str) -> None:
    assert own_article(template, qid) == article


def test_a_topical_query_is_asked_in_two_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "topical.jsonl", f"\n{json.dumps(TOPIC)}\n")
    topical = read_topical_set(path, ())
    assert [(query.column, query.text) for query in topical.queries] == [
        ("accented", "giá vàng"),
        ("bare", "gia vang"),
    ]
    assert topical.wanted["2"] == ({"a"}, {"a", "b"})
    only_bare = read_topical_set(path, ["bare"], partly="accented")
    assert [query.column for query in only_bare.queries] == ["bare", PARTLY]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"must": []}, ":2: 'must' is empty; name an article in it"),
        ({"must": ["c"]}, ":2: 'c' is in 'must' and not in 'may'; add it there"),
        ({"may": "a"}, ":2: Expected `array`, got `str` - at `$.may`; a line is {"),
        ({"bare": None}, ":2: Expected `str`, got `null` - at `$.bare`; a line is {"),
    ],
)
def test_what_is_wrong_with_a_topic_is_said(
    tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    lines = [json.dumps(TOPIC), json.dumps(TOPIC | changed)]
    path = written(tmp_path / "topical.jsonl", "\n".join(lines))
    with pytest.raises(click.ClickException) as told:
        read_topical_set(path, ())
    assert told.value.message.startswith(f"{path}{message}")
    assert "\n" not in told.value.message


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("", (), ": is empty; the first line names the columns"),
        ("id\tbare\n", (), ": has no column 'qid'; it has id, bare"),
        ("qid\tbare\n", ("telex",), ": has no column 'telex'; it has qid, bare"),
        ("qid\tbare\nq1\n", (), ":2: has more or fewer columns than the first line, which has 2"),
        ("qid\tbare\nq1\ta\nq2\ta\tb\n", (), ":3: has more or fewer columns than the first line"),
    ],
)
def test_what_is_wrong_with_queries_is_said(
    tmp_path: Path, text: str, columns: tuple[str, ...], message: str
) -> None:
    path = written(tmp_path / "queries.tsv", text)
    with pytest.raises(click.ClickException) as told:
        read_queries(path, columns)
    assert told.value.message.startswith(f"{path}{message}")


@pytest.mark.parametrize("line", ["q1 0 a", "q1 0 a one", "q1 0 a 1 2"])
def test_what_is_wrong_with_judgements_is_said(tmp_path: Path, line: str) -> None:
    path = written(tmp_path / "qrels.tsv", f"q1 0 a 1\n{line}\n")
    with pytest.raises(click.ClickException, match=r"qrels.tsv:2: is not 'qid 0 id relevance'"):
        read_qrels(path)


def test_judgements_of_other_queries_are_refused(tmp_path: Path) -> None:
    queries = written(tmp_path / "queries.tsv", "qid\tbare\nq1\tgia vang\n")
    qrels = written(tmp_path / "qrels.tsv", "t1 0 a 1\n")
    with pytest.raises(click.ClickException, match=r"judges no query of .*queries\.tsv"):
        read_ranked_set(queries, qrels, ())


@pytest.mark.parametrize("read", [read_queries, read_topical_set])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(click.ClickException, match=r"absent: cannot be read"):
        read(tmp_path / "absent", ())
