"""Clicks count by rank, as far as each client may move a figure, and forged ones move none."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from search import SearchEngine
from tests.webui.conftest import serving
from tests.webui.desk.conftest import Newsroom
from tests.webui.desk.counts.test_counting import until
from webui.desk.counts import clicks
from webui.desk.file import DeskFile


def counted(file: Path) -> dict[tuple[str, int], int]:
    with DeskFile(file).open() as database:
        rows = database.execute(
            "SELECT folded, rank, sum(clicks) FROM clicks GROUP BY folded, rank"
        ).fetchall()
    return {(folded, rank): number for folded, rank, number in rows}


def click(client: FlaskClient, address: str = "127.0.0.1", **fields: str) -> int:
    response = client.post("/clicks", data=fields, environ_base={"REMOTE_ADDR": address})
    assert response.data == b""
    return response.status_code


@pytest.fixture
def good(engine: SearchEngine) -> dict[str, str]:
    return {"q": "Thông tin", "id": "sh-014", "rank": "2", "build": engine.build}


def test_a_click_counts_and_the_same_one_no_more(newsroom: Newsroom, good: dict[str, str]) -> None:
    for _ in range(3):
        assert click(newsroom.reader, **good) == 204
    click(newsroom.reader, "198.51.100.9", **good)
    click(newsroom.reader, **{**good, "rank": "1"})
    until(lambda: len(counted(newsroom.file)) == 2)
    assert counted(newsroom.file) == {("thong tin", 2): 2, ("thong tin", 1): 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"rank": "0"},
        {"rank": "101"},
        {"rank": "-1"},
        {"rank": "²"},
        {"rank": ""},
        {"id": "no-such"},
        {"id": ""},
        {"id": "x" * 5_000},
        {"build": "20990101T000000Z-00000000"},
        {"q": ""},
        {"q": "0912 345 678"},
        {"q": "x" * 2_000},
    ],
)
def test_a_forged_click_counts_nothing(
    newsroom: Newsroom, good: dict[str, str], wrong: dict[str, str]
) -> None:
    assert click(newsroom.reader, **{**good, **wrong}) == 204
    click(newsroom.reader, **{**good, "q": "giá vàng"})
    until(lambda: bool(counted(newsroom.file)))
    assert counted(newsroom.file) == {("gia vang", 2): 1}


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=\x00", b"q=a&q=b&rank=1", b"&" * 9_000, b"{}"])
def test_any_bytes_are_answered_alike(newsroom: Newsroom, body: bytes) -> None:
    assert newsroom.reader.post("/clicks", data=body).status_code == 204


def test_a_flood_moves_a_figure_by_the_share_of_its_senders(
    newsroom: Newsroom, good: dict[str, str]
) -> None:
    for number in range(1, 60):
        for rank in range(1, 12):
            click(newsroom.reader, **{**good, "q": f"x{number}", "rank": str(rank)})
        click(newsroom.reader, f"2001:db8::{number:x}", **good)  # one network
    click(newsroom.reader, "203.0.113.5", **{**good, "q": "cuối"})
    until(lambda: ("cuoi", 2) in counted(newsroom.file))
    clicks_of = counted(newsroom.file)
    assert clicks_of.pop(("thong tin", 2)) == 1
    del clicks_of["cuoi", 2]
    assert sum(clicks_of.values()) == clicks.MOST_A_DAY
    by_query = {folded: 0 for folded, _ in clicks_of}
    for (folded, _), number in clicks_of.items():
        by_query[folded] += number
    assert max(by_query.values()) == clicks.MOST_OF_A_QUERY


@pytest.mark.parametrize("header", [{"Sec-GPC": "1"}, {"DNT": "1"}])
def test_who_does_not_want_it_is_not_counted(
    newsroom: Newsroom, good: dict[str, str], header: dict[str, str]
) -> None:
    newsroom.reader.post("/clicks", data={**good, "q": "riêng"}, headers=header)
    click(newsroom.reader, **good)
    until(lambda: bool(counted(newsroom.file)))
    assert counted(newsroom.file) == {("thong tin", 2): 1}


def test_pages_of_other_sites_cannot_count(newsroom: Newsroom, good: dict[str, str]) -> None:
    sent = newsroom.reader.post("/clicks", data=good, headers={"Origin": "https://x.example"})
    assert sent.status_code == 403


def test_a_reader_who_opens_a_result_is_counted_at_its_rank(
    page: Page, newsroom_index: Path, tmp_path: Path
) -> None:
    file = tmp_path / "desk.db"
    with serving(newsroom_index, "--no-indexer", "--desk", str(file)) as url:
        page.goto(f"{url}/search?q=thông+tin")
        page.locator(".card h3 a").nth(2).click()
        page.wait_for_url("**/article/**")
        page.goto(f"{url}/search?q=thông+tin&page=2&per_page=5")
        page.locator(".card h3 a").first.click(button="middle")
        page.goto(f"{url}/search?q=thông+tin&sort=newest")
        page.locator(".card h3 a").nth(1).click()
        page.wait_for_url("**/article/**")
        page.goto(f"{url}/embed?q=giá+vàng")
        page.locator(".headline a").first.click()
        page.wait_for_url(lambda there: "/embed" not in there)
        until(lambda: len(counted(file)) == 3)
    assert counted(file) == {("thong tin", 3): 1, ("thong tin", 6): 1, ("gia vang", 1): 1}
