"""Evaluating several sets at once, and against what is expected, on the sample newsroom."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from scripts import evaluate
from scripts.measure import expected
from scripts.measure.figures import TITLES, Row
from search import SearchEngine, SearchRequest

TOPIC = ("bóng đá", "bong da")
STORY = "Thông tin đối ngoại cần nói bằng ngôn ngữ của người nghe"


class Files(NamedTuple):
    """Of the options: the index, a set of known items, one of stories, and a topical one.

    Attributes:
        counted: how many articles the query of the topical set finds.
    """

    index: list[str]
    items: list[str]
    stories: list[str]
    topical: list[str]
    counted: int


@pytest.fixture
def files(newsroom_index: Path, tmp_path: Path) -> Files:
    def pair(name: str, queries: str, qrels: str) -> list[str]:
        (tmp_path / f"{name}.tsv").write_text(queries, "utf-8")
        (tmp_path / f"{name}.qrels").write_text(qrels, "utf-8")
        return [
            "--queries",
            str(tmp_path / f"{name}.tsv"),
            "--qrels",
            str(tmp_path / f"{name}.qrels"),
        ]

    with SearchEngine.open(newsroom_index) as engine:
        page, bare = (engine.search(SearchRequest(query=asked, per_page=50)) for asked in TOPIC)
        found = [hit.id for hit in page.hits]
        both = [name for name in found if name in {hit.id for hit in bare.hits if hit.about}]
        about = [hit.id for hit in engine.search(SearchRequest(query="thông tin đối ngoại")).hits]
    items = (
        f"qid\tkind\taccented\tbare\nq1\ttopic\t{TOPIC[0]}\t{TOPIC[1]}\nq2\trare\tzzyzxq\tzzyzxq\n"
    )
    topical = {"query": TOPIC[0], "bare": TOPIC[1], "must": both[:2], "may": found[:4]}
    (tmp_path / "topical.jsonl").write_text(json.dumps(topical) + "\n", "utf-8")
    others = "".join(f"sh-001 0 {name} 1\n" for name in about if name != "sh-001")
    return Files(
        ["--index", str(newsroom_index)],
        pair("items", items, f"q1 0 {found[1]} 1\nq2 0 {found[0]} 1\n"),
        pair("stories", f"qid\taccented\tbare\nsh-001\t{STORY}\tthong tin doi ngoai\n", others),
        ["--topical", str(tmp_path / "topical.jsonl")],
        page.total,
    )


def invoke(*options: str) -> Result:
    return CliRunner().invoke(evaluate.main, options, catch_exceptions=False)


def test_several_sets_are_one_table(files: Files) -> None:
    answer = invoke(*files.index, *files.items, *files.stories, *files.topical)
    assert answer.exit_code == 0
    rows = re.findall(r"│ (\w+) +│ (\w+) +│ (\d+) +│(.*)│", answer.stdout)
    assert [row[:3] for row in rows] == [
        *(("items", "accented", "2"), ("items", "bare", "2")),
        *(("stories", "accented", "1"), ("stories", "bare", "1")),
        *(("topical", "accented", "1"), ("topical", "bare", "1")),
    ]
    cells = [[cell.strip() for cell in row[3].split("│")] for row in rows]
    assert cells[0] == ["0.2500", cells[0][1], "0.5000", "0.5000", "", "", ""]
    assert cells[4][:3] == ["", "", ""]
    assert float(cells[4][4]) == round(4 / files.counted, 4)
    assert cells[4][5] == "1.0000"
    assert all(title in answer.stdout for title in TITLES.values())


def timeless(columns: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        column: {name: value for name, value in figures.items() if not name.endswith("_ms")}
        for column, figures in columns.items()
    }


def figures(*options: str) -> dict[str, dict[str, float]]:
    return timeless(json.loads(invoke(*options, "--json").stdout))


def test_a_set_among_others_has_the_figures_that_it_has_alone(files: Files) -> None:
    answer = invoke(*files.index, *files.items, *files.stories, *files.topical, "--json")
    together = json.loads(answer.stdout)["sets"]
    assert timeless(together["items"]) == figures(*files.index, *files.items)
    assert timeless(together["stories"]) == figures(*files.index, *files.stories)
    assert set(together["items"]) == {
        *("accented", "accented · rare", "accented · topic"),
        *("bare", "bare · rare", "bare · topic"),
    }
    assert together["topical"]["bare"]["recall"] == 1


def test_the_article_that_a_query_was_made_from_is_left_out(files: Files) -> None:
    options = [*files.index, *files.stories]
    everything = figures(*options)
    # The article itself comes first, and the other of its story behind it.
    assert everything["accented"]["mrr"] == 0.5
    for template in ("{qid}", "sh-{digits}"):
        assert figures(*options, "--own", f"stories={template}")["accented"]["mrr"] == 1
    assert figures(*options, "--own", "stories=other-{digits}") == everything


def test_figures_are_held_against_those_expected(files: Files, tmp_path: Path) -> None:
    kept = tmp_path / "expected.tsv"
    other = Row("other", "bare", 7, {"mrr": 0.5})
    expected.renew_expected(kept, [other])
    kept.write_text("# Of the sample newsroom.\n" + kept.read_text("utf-8"), "utf-8")
    options = [*files.index, *files.items, *files.topical, "--expect", str(kept)]
    assert "has no figures of these" in invoke(*options).stderr
    assert invoke(*options, "--write-expected").exit_code == 0
    text = kept.read_text("utf-8")
    assert text.startswith("# Of the sample newsroom.\n")
    assert expected.read_expected(kept)["other", "bare"] == other
    assert invoke(*options).exit_code == 0
    told = json.loads(invoke(*options, "--json").stdout)["against_expected"]
    assert {change for column in told["topical"].values() for change in column.values()} == {0}

    more = invoke(*files.index, *files.stories, *files.items, "--expect", str(kept))
    assert more.exit_code == 0
    assert f"{kept}: has no figures of stories accented" in more.stderr


@pytest.mark.parametrize(
    ("was", "now", "message"),
    [
        ("items\taccented\t2\t0.2500", "items\taccented\t2\t0.2520", None),
        ("items\taccented\t2\t0.2500", "items\taccented\t2\t0.1000", None),
        (
            "items\taccented\t2\t0.2500",
            "items\taccented\t2\t0.2521",
            "items accented MRR@10: 0.2500, expected 0.2521\n",
        ),
        # Fewer queries without results are better.
        ("\t0.5000\t-\t-\t-\n", "\t0.5100\t-\t-\t-\n", None),
        ("\t0.5000\t-\t-\t-\n", "\t0.4900\t-\t-\t-\n", "items bare empty: 0.5000, expected 0.4900"),
        ("items\tbare\t2", "items\tbare\t3", "items bare: has 2 queries, and the expected figures"),
    ],
)
def test_worse_by_more_than_the_tolerance_is_a_failure(
    files: Files, tmp_path: Path, was: str, now: str, message: str | None
) -> None:
    kept = tmp_path / "expected.tsv"
    options = [*files.index, *files.items, "--expect", str(kept)]
    invoke(*options, "--write-expected")
    text = kept.read_text("utf-8")
    assert was in text
    kept.write_text(text.replace(was, now), "utf-8")
    answer = invoke(*options)
    assert answer.exit_code == (message is not None)
    assert (message or "") in answer.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("set\tcolumn\n", r":2: is not the header set column queries MRR@10 .* write it anew"),
        ("{header}\nitems\tbare\t2\t0.5\n", r":3: is not 10 cells with tabs between them"),
        ("{header}\nitems\tbare\t2" + 7 * "\tnan" + "\n", r":3: .* from 0 to 1 or '-'"),
        ("{header}\n" + 2 * ("items\tbare\t2" + 7 * "\t-" + "\n"), r":4: is the second line for"),
    ],
)
def test_what_is_wrong_with_expected_figures_is_said(
    files: Files, tmp_path: Path, line: str, message: str
) -> None:
    kept = tmp_path / "expected.tsv"
    kept.write_text("# Ours.\n" + line.format(header="\t".join(expected.HEADER)), "utf-8")
    answer = invoke(*files.index, *files.items, "--expect", str(kept))
    assert answer.exit_code == 1
    assert re.search(f"^Error: .*expected.tsv{message}", answer.stderr)


def test_the_figures_kept_beside_the_command_can_be_read() -> None:
    kept = expected.read_expected(Path(expected.__file__).with_name("expected.tsv"))
    assert all(row.figures for row in kept.values())
    assert kept


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "give --queries and --qrels, or --topical"),
        (["--queries", "a.tsv"], "there are 1 --queries and 0 --qrels; give one --qrels for each"),
        (["{items}", "{items}"], "two sets are called 'items'; give their files different names"),
        (
            ["{items}", "--own", "stories={qid}"],
            "--own names the set 'stories'; the sets are items",
        ),
        (["{items}", "--own", "items=vm"], "'items=vm' is not SET=TEMPLATE with {digits} or {qid}"),
        (["{items}", "{topical}", "--save", "x"], "--save and --against are for one --queries"),
        (["{items}", "--write-expected"], "--write-expected needs --expect FILE"),
    ],
)
def test_options_that_do_not_fit_together_are_a_usage_error(
    files: Files, options: list[str], message: str
) -> None:
    given = {"{items}": files.items, "{topical}": files.topical}
    answer = invoke(*files.index, *(each for name in options for each in given.get(name, [name])))
    assert answer.exit_code == 2
    assert message in answer.stderr


def test_a_column_that_one_of_the_sets_lacks_is_named(files: Files) -> None:
    answer = invoke(*files.index, *files.topical, "--column", "telex")
    assert answer.exit_code == 1
    assert "topical.jsonl: has no column 'telex'; it has accented, bare" in answer.stderr


def test_a_file_without_queries_is_named(files: Files, tmp_path: Path) -> None:
    (tmp_path / "nothing.jsonl").write_text("", "utf-8")
    answer = invoke(*files.index, *files.items, "--topical", str(tmp_path / "nothing.jsonl"))
    assert answer.exit_code == 1
    assert answer.stderr == f"Error: {tmp_path / 'nothing.jsonl'}: holds no queries\n"
