"""A page that the browser has is not made again, and one that has become another is."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.build.rebuild import rebuild
from search import VIETNAM, SearchEngine, SearchPage, SearchRequest
from webui import Settings, create_app
from webui.pages import views
from webui.rendering import dates

PAGES = ("/", "/search?q=thong+tin", "/article/sh-014?q=thong+tin", "/about", "/search")


def again(client: FlaskClient, url: str, tag: str, language: str = "vi") -> int:
    headers = {"If-None-Match": tag, "Accept-Language": language, "Accept-Encoding": "br"}
    return client.get(url, headers=headers).status_code


def test_a_known_page_is_answered_without_a_search(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(engine).test_client()
    tags = {url: client.get(url).headers["ETag"] for url in PAGES}
    assert len(set(tags.values())) == len(PAGES)

    def never(self: SearchEngine, request: SearchRequest) -> SearchPage:
        raise AssertionError("searched")

    monkeypatch.setattr(SearchEngine, "search", never)
    for url, tag in tags.items():
        response = client.get(url, headers={"If-None-Match": tag})
        assert response.status_code == 304
        assert response.data == b""
        assert response.headers["ETag"] == tag
        assert {"Accept-Language", "Accept-Encoding"} >= set(response.vary) >= {"Accept-Language"}


def test_another_language_notice_address_or_day_makes_another_page(
    client: FlaskClient, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get("/search?q=thong+tin").headers["ETag"]
    assert again(client, "/search?q=thong+tin", tag) == 304
    assert again(client, "/search?q=thong+tin", tag, "en") == 200
    assert again(client, "/search?q=thong+tin&lang=en", tag) == 200
    assert again(client, "/search?q=thong+tin+", tag) == 200
    other = create_app(engine, Settings(notice="Khác.")).test_client()
    assert again(other, "/search?q=thong+tin", tag) == 200
    tomorrow = dates.now() + timedelta(days=1)
    monkeypatch.setattr("webui.http.freshness.now", lambda: tomorrow)
    assert again(client, "/search?q=thong+tin", tag) == 200


def test_a_page_with_news_of_today_is_good_for_its_minute_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=VIETNAM)
    fresh = {
        "id": "moi",
        "title": "Tin vừa có",
        "body": "Tin vừa có.",
        "published": (noon - timedelta(minutes=5)).isoformat(),
    }
    old = {**fresh, "id": "cu", "title": "Chuyện đã lâu", "published": "2020-01-02T08:00:00+07:00"}
    lines = [json.dumps(article, ensure_ascii=False) for article in (fresh, old)]
    (tmp_path / "tin.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rebuild(tmp_path / "index", [tmp_path / "tin.jsonl"])
    clock = noon

    def now() -> datetime:
        return clock

    monkeypatch.setattr(views, "now", now)
    monkeypatch.setattr("webui.http.freshness.now", now)
    with SearchEngine.open(tmp_path / "index") as engine:
        client = create_app(engine).test_client()
        urls = ("/", "/search?q=tin", "/article/moi")
        tags = {url: client.get(url).headers["ETag"] for url in urls}
        lasting = client.get("/article/cu").headers["ETag"]
        assert "5 phút trước" in client.get("/article/moi").get_data(as_text=True)
        clock = noon + timedelta(seconds=59)
        assert [again(client, url, tags[url]) for url in urls] == [304] * 3
        clock = noon + timedelta(seconds=60)
        assert [again(client, url, tags[url]) for url in urls] == [200] * 3
        assert again(client, "/article/cu", lasting) == 304


def test_what_went_wrong_is_never_taken_for_known(client: FlaskClient) -> None:
    for url, status in (("/khong-co", 404), ("/search?page=x", 400)):
        response = client.get(url)
        assert response.status_code == status
        assert "ETag" not in response.headers
