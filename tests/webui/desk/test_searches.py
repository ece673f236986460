"""The desk's pages tell what was searched: figures right to the count, in two languages, as CSV."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import html

from tests.webui.desk.conftest import Editor, Newsroom
from webui.desk.counts import writing
from webui.desk.file import DeskFile
from webui.rendering.dates import now

MARKUP = "<script>alert(1)</script> lớn"
FORMULA = '=HYPERLINK("x","y")'


@pytest.fixture
def filled(newsroom: Newsroom) -> Editor:
    """An editor where readers have searched."""
    today = now().date()
    yesterday = (today - timedelta(1)).isoformat()
    events: list[writing.Event] = []
    for query, times, nothing in (("giá vàng", 8, False), (MARKUP, 5, True), (FORMULA, 5, True)):
        events += [writing.Search(today.isoformat(), query, nothing, False, 4.0)] * times
    events += [writing.Search(yesterday, "giá vàng", False, True, 400.0)] * 2
    events += [writing.Click(today.isoformat(), "Giá Vàng", rank) for rank in (1, 1, 4)]
    with DeskFile(newsroom.file).open() as database:
        writing.write(database, events)
    return newsroom.enter()


def read_csv(editor: Editor, path: str) -> list[dict[str, str]]:
    response = editor.client.get(path)
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


def figures(editor: Editor, path: str) -> dict[str, str]:
    page = html.document_fromstring(editor.client.get(path).text)
    return {
        figure.find("dt").text: figure.find("dd").text.strip()
        for figure in page.cssselect(".figures > div")
    }


def test_the_overview_has_the_figures_of_its_days(filled: Editor) -> None:
    assert figures(filled, "/desk?days=1") == {
        "Lần tìm": "18",
        "Không ra bài nào": "55,6 %",
        "Chỉ ra bài thiếu từ": "0 %",
        "Lần bấm": "3",
        "Hạng bấm trung bình": "2",
        "Trả lời trong (p95)": "4,1 ms",
    }
    week = figures(filled, "/desk?days=7")
    assert (week["Lần tìm"], week["Chỉ ra bài thiếu từ"]) == ("20", "10 %")
    assert 400 <= float(week["Trả lời trong (p95)"].partition(",")[0]) <= 440
    assert figures(filled, "/desk?days=30") == figures(filled, "/desk?days=90") == week


def test_lists_and_a_query_tell_the_same(filled: Editor) -> None:
    (row, *_) = read_csv(filled, "/desk/queries.csv?list=popular&days=7")
    assert row == {
        "query": "giá vàng",
        "folded": "gia vang",
        "searches": "10",
        "nothing": "0",
        "relaxed": "2",
        "clicks": "3",
        "mean_rank": "2.0",
        "searches_before": "0",
    }
    assert [row["folded"] for row in read_csv(filled, "/desk/queries.csv?list=nothing")] == [
        "hyperlink x y",
        "script alert 1 script lon",
    ]
    assert figures(filled, "/desk/query?q=gia+vang")["Lần tìm"] == "10"
    clicks = read_csv(filled, "/desk/clicks.csv?q=gia+vang")
    assert clicks == [{"rank": "1", "clicks": "2"}, {"rank": "4", "clicks": "1"}]
    days = read_csv(filled, "/desk/query.csv?q=gia+vang&days=7")
    assert [day["searches"] for day in days] == ["0"] * 5 + ["2", "8"]
    assert sum(int(day["searches"]) for day in read_csv(filled, "/desk/days.csv")) == 20


def test_a_query_shows_its_results_as_readers_see_them(filled: Editor) -> None:
    page = html.document_fromstring(filled.client.get("/desk/query?q=gia+vang").text)
    readers = html.document_fromstring(filled.client.get("/search?q=giá+vàng").text)
    heads = ".card h3 a"
    assert [link.text_content() for link in page.cssselect(heads)] == [
        link.text_content() for link in readers.cssselect(heads)
    ]


def test_no_query_is_read_as_markup_or_as_a_formula(filled: Editor) -> None:
    for path in ("/desk", "/desk/queries?list=nothing", "/desk/query?q=script+alert+1+script+lon"):
        page = filled.client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; lớn" in page
    formulas = [row["query"] for row in read_csv(filled, "/desk/queries.csv?list=nothing")]
    assert formulas[0] == "'" + FORMULA.lower()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk?days=x", 400),
        ("/desk?days=5", 200),
        ("/desk/queries?list=x", 400),
        ("/desk/queries?page=0", 200),
        ("/desk/queries?page=999999", 200),
        ("/desk/query", 400),
        ("/desk/query?q=" + "x" * 300, 400),
        ("/desk/query?q=khong+co", 200),
        ("/desk/log?page=-1", 200),
        ("/desk?lang=en", 200),
        ("/desk/query?q=gia+vang&lang=en", 200),
    ],
)
def test_any_address_is_answered(filled: Editor, path: str, status: int) -> None:
    assert filled.client.get(path).status_code == status


def test_english_stays_english(filled: Editor) -> None:
    for path in ("/desk?lang=en", "/desk/queries?lang=en", "/desk/query?q=gia+vang&lang=en"):
        page = html.document_fromstring(filled.client.get(path).text)
        assert page.get("lang") == "en"
        for link in page.cssselect("main a[href^='/desk'], header a, header form"):
            assert "lang=en" in (link.get("href") or link.get("action"))


def test_every_page_is_described(newsroom: Newsroom) -> None:
    text = (Path(__file__).parents[3] / "docs" / "desk.md").read_text("utf-8")
    table = text.partition("| page | |")[2].partition("\n\n")[0]
    described = set(re.findall(r"`(/desk[\w/.<>]*)`", table))
    rules = newsroom.reader.application.url_map.iter_rules()
    served = {
        re.sub(r"<int:number>", "<number>", rule.rule)
        for rule in rules
        if rule.endpoint.startswith("desk.") and "GET" in (rule.methods or ())
    }
    assert described == served
    assert "`/clicks`" in text
