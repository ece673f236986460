"""Searches are counted to the last one, by day and form, within a second or at the end."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient

from search import SearchEngine
from tests.webui.conftest import RunningSite
from tests.webui.desk.conftest import Newsroom
from webui import Settings, create_app
from webui.desk.counts import counting, writing
from webui.desk.counts.clicks import MOST_OF_A_QUERY
from webui.desk.counts.counting import SearchCounter
from webui.desk.counts.reports import Kind, Reports, last_days
from webui.desk.counts.writing import milliseconds_of, step_of
from webui.desk.file import DeskFile
from webui.rendering.dates import now


def counted(file: Path, table: str = "queries") -> dict[str, tuple[int, ...]]:
    with DeskFile(file).open() as database:
        rows = database.execute(f"SELECT * FROM {table}").fetchall()
    keyed = 1 if table == "queries" else 0
    return {row[keyed]: row[keyed + 1 :] for row in rows}


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_searches_are_counted_and_nothing_of_who_made_them(newsroom: Newsroom) -> None:
    for query in ("zzyzx đường qqxx", "ZZYZX duong qqxx", "thông tin", "", " ", "zz@qq.example"):
        for path in ("/search", "/api/v1/search", "/embed"):
            newsroom.reader.get(path, query_string={"q": query}, environ_base=READER)
    for uncounted in ("&page=2", "&typing=1"):
        newsroom.reader.get(f"/search?q=zzyzx{uncounted}")
    newsroom.reader.get("/search.atom?q=zzyzx")
    until(lambda: counted(newsroom.file).get("thong tin", (0,))[0] == 3)
    assert counted(newsroom.file) == {"zzyzx duong qqxx": (6, 6, 0), "thong tin": (3, 0, 0)}
    today = now().date().isoformat()
    assert counted(newsroom.file, "days") == {today: (12, 9, 0)}
    content = b"".join(path.read_bytes() for path in newsroom.file.parent.glob("desk.db*"))
    assert b"198.51.100.77" not in content
    assert b"zz@qq" not in content
    assert newsroom.file.stat().st_mode & 0o077 == 0


READER = {"REMOTE_ADDR": "198.51.100.77"}


@pytest.mark.parametrize("header", [{"Sec-GPC": "1"}, {"DNT": "1"}])
def test_who_does_not_want_it_is_not_counted(newsroom: Newsroom, header: dict[str, str]) -> None:
    newsroom.reader.get("/search?q=thông+tin", headers=header)
    newsroom.reader.get("/search?q=giá+vàng")
    until(lambda: "gia vang" in counted(newsroom.file))
    assert set(counted(newsroom.file)) == {"gia vang"}


def test_filters_are_no_fault_of_a_query(newsroom: Newsroom) -> None:
    newsroom.reader.get("/search?q=thông+tin&section=Không+có")
    until(lambda: bool(counted(newsroom.file)))
    assert counted(newsroom.file) == {"thong tin": (1, 0, 0)}


def test_without_a_desk_nothing_is_counted_nor_served(client: FlaskClient) -> None:
    for path in ("/desk", "/desk/login"):
        assert client.get(path).status_code == 404
    assert client.post("/clicks").status_code == 404
    assert "clicks" not in client.get("/search?q=thông+tin").text


def test_a_file_that_cannot_be_written_is_logged_and_the_search_answered(
    engine: SearchEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    place = tmp_path / "later"
    client = create_app(engine, Settings(desk=place / "desk.db")).test_client()
    with caplog.at_level(logging.WARNING):
        assert client.get("/search?q=zzyzxqq").status_code == 200
        until(lambda: "counts wait to be written" in caplog.text)
        assert "zzyzxqq" not in caplog.text
        place.mkdir()
        until(lambda: (place / "desk.db").exists() and bool(counted(place / "desk.db")))
    assert counted(place / "desk.db") == {"zzyzxqq": (1, 1, 0)}


def test_days_and_seldom_queries_are_forgotten_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = DeskFile(tmp_path / "desk.db")
    today = now().date()

    def search(query: str, days_ago: int, times: int = 1) -> None:
        day = (today - timedelta(days_ago)).isoformat()
        monkeypatch.setattr(counting, "_today", lambda: day)
        counter = SearchCounter(file)
        for _ in range(times):
            counter.count_search(query, nothing=False, relaxed=False, milliseconds=1)
        counter.flush()

    search("quá cũ", writing.KEPT_DAYS, 9)
    search("hỏi một lần", writing.HARDLY_ASKED_DAYS + 1)
    search("hỏi nhiều", writing.HARDLY_ASKED_DAYS + 1, 5)
    search("hôm nay", 0)
    assert set(counted(file.path)) == {"hoi nhieu", "hom nay"}
    assert set(counted(file.path, "forms")) == {"hoi nhieu", "hom nay"}
    assert set(counted(file.path, "spellings")) == {"hoi nhieu", "hom nay"}


def test_a_day_full_of_forms_still_counts_every_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_FORMS_A_DAY", 3)
    counter = SearchCounter(DeskFile(tmp_path / "desk.db"))
    for number in range(5):
        counter.count_search(f"x{number}", nothing=True, relaxed=False, milliseconds=1)
    counter.flush()
    counter.count_search("x0", nothing=True, relaxed=False, milliseconds=1)
    counter.flush()
    assert len(counted(tmp_path / "desk.db")) == 3
    assert counted(tmp_path / "desk.db")["x0"] == (2, 2, 0)
    assert list(counted(tmp_path / "desk.db", "days").values()) == [(6, 6, 0)]


def test_durations_are_right_to_a_tenth() -> None:
    for milliseconds in (0.1, 0.7, 3.0, 47.0, 2_000.0):
        assert milliseconds <= milliseconds_of(step_of(milliseconds)) <= milliseconds * 1.11


def reports_of(file: DeskFile, searches: dict[str, list[int]]) -> Reports:
    """Reports over queries, each with how often it was asked so many days ago."""
    counter = SearchCounter(file)
    counter.flush()
    events = [
        writing.Search((TODAY - timedelta(ago)).isoformat(), query, False, False, 1.0)
        for query, by_day in searches.items()
        for ago, times in enumerate(by_day)
        for _ in range(times)
    ]
    with file.open() as database:
        writing.write(database, sorted(events))
    return Reports(file)


TODAY = date(2026, 5, 20)


def test_a_query_is_told_of_once_it_was_asked_on_two_days_or_five_times(tmp_path: Path) -> None:
    reports = reports_of(
        DeskFile(tmp_path / "desk.db"),
        {"bốn lần": [4], "năm lần": [5], "hai ngày": [1, 1], "xưa và nay": [1] + [0] * 30 + [1]},
    )
    week = last_days(7, TODAY)
    told = {one.spelling for one in reports.queries(Kind.POPULAR, week, most=10)}
    assert told == {"năm lần", "hai ngày", "xưa và nay"}
    assert reports.query("bon lan", week) is None
    assert reports.overview(week).searches == 12


def test_lists_are_in_their_order(tmp_path: Path) -> None:
    reports = reports_of(
        DeskFile(tmp_path / "desk.db"),
        {"luôn luôn": [90, 90], "mới lên": [40, 2], "giảm rồi": [5, 60], "Mới Lên": [1]},
    )
    today = last_days(1, TODAY)
    popular = reports.queries(Kind.POPULAR, today, most=10)
    assert [(one.spelling, one.searches) for one in popular] == [
        ("luôn luôn", 90),
        ("mới lên", 41),
        ("giảm rồi", 5),
    ]
    rising = reports.queries(Kind.RISING, today, most=10)
    assert [(one.spelling, one.searches, one.before) for one in rising] == [("mới lên", 41, 2)]
    unclicked = reports.queries(Kind.UNCLICKED, today, most=10)
    assert len(unclicked) == 3
    assert reports.queries(Kind.POPULAR, today, most=1, skip=1) == (popular[1],)


def ask(url: str, query: str, **headers: str) -> None:
    with urlopen(Request(f"{url}/api/v1/search?q={query}", headers=headers)) as response:
        assert response.status == 200


def test_what_was_counted_outlives_a_kill_and_an_end_loses_nothing(
    newsroom_index: Path, tmp_path: Path
) -> None:
    file = tmp_path / "desk.db"

    def searches() -> int:
        days = counted(file, "days").values() if file.exists() else ()
        return sum(day[0] for day in days)

    arguments = ("--index", str(newsroom_index), "--port", "0", "--workers", "1", "--no-indexer")
    for number in range(3):
        site = RunningSite(*arguments, "--desk", str(file))
        try:
            for _ in range(20):
                ask(site.url, "zzyzx")
            until(lambda least=20 * (number + 1): searches() >= least)  # type: ignore[misc]
        finally:
            os.killpg(site.process.pid, signal.SIGKILL)
            site.process.communicate(timeout=60)
        assert searches() == 20 * (number + 1)
    site = RunningSite(*arguments, "--desk", str(file))
    try:
        for _ in range(7):
            ask(site.url, "zzyzx")
    finally:
        site.end()
    assert searches() == 67
    assert counted(file)["zzyzx"] == (67, 67, 0)


def test_figures_are_right_to_the_count_whoever_floods(
    newsroom_index: Path, tmp_path: Path
) -> None:
    """Readers of two workers, each from an address of its own, and one who forges clicks."""
    file = tmp_path / "desk.db"
    asked = {"thong+tin": 60, "gia+vang": 40, "zzyzx": 20}
    readers = [query for query, times in asked.items() for _ in range(times)]
    random.Random(5).shuffle(readers)
    arguments = ("--index", str(newsroom_index), "--port", "0", "--no-indexer")
    site = RunningSite(*arguments, "--trusted-proxies", "1", "--desk", str(file))
    try:
        with urlopen(f"{site.url}/api/v1/search?q=thong+tin&typing=1") as response:
            found = json.load(response)
        good = {"id": found["hits"][0]["id"], "build": found["build"]}

        def click(query: str, rank: int, address: str) -> None:
            body = urlencode({"q": query, "rank": rank, **good}).encode()
            urlopen(Request(f"{site.url}/clicks", body, {"X-Forwarded-For": address})).close()

        def read(number: int) -> None:
            query, address = readers[number], f"198.51.100.{number}"
            ask(site.url, query, **{"X-Forwarded-For": address})
            if query != "zzyzx":
                click(query.replace("+", " "), number % 3 + 1, address)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(read, range(len(readers))))
            list(pool.map(lambda n: click("thong tin", n % 10 + 1, "203.0.113.66"), range(200)))
    finally:
        site.end()
    assert {folded: row[0] for folded, row in counted(file).items()} == {
        query.replace("+", " "): times for query, times in asked.items()
    }
    with DeskFile(file).open() as database:
        clicks = dict(database.execute("SELECT folded, sum(clicks) FROM clicks GROUP BY folded"))
    workers = 2
    assert 60 < clicks.pop("thong tin") <= 60 + MOST_OF_A_QUERY * workers
    assert clicks == {"gia vang": 40}


def test_a_file_of_something_else_is_refused_before_serving(
    newsroom_index: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as database, database:
        database.execute("CREATE TABLE notes (text TEXT)")
    site = RunningSite("--index", str(newsroom_index), "--port", "0", "--desk", str(other))
    site.process.wait(timeout=60)
    assert site.process.returncode == 1
    assert "cannot be used for the desk" in site.end()
