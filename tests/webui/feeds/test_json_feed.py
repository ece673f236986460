"""Any search as a JSON Feed: what the format asks for, and the same entries as Atom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree

from search import SearchEngine
from webui import Settings, create_app

ATOM = "{http://www.w3.org/2005/Atom}"
KEYS = {
    *("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url"),
    *("icon", "favicon", "authors", "language", "expired", "hubs", "items"),
}
ITEM_KEYS = {
    *("id", "url", "external_url", "title", "content_html", "content_text", "summary", "image"),
    *("banner_image", "date_published", "date_modified", "authors", "tags", "language"),
}


def feed_of(client: FlaskClient, url: str) -> Mapping[str, Any]:
    response = client.get(url)
    assert response.status_code == 200
    assert response.content_type == "application/feed+json"
    feed: Mapping[str, Any] = json.loads(response.data)
    return feed


def check(feed: Mapping[str, Any]) -> None:
    """What version 1.1 of the format asks of a feed and its items."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert set(feed) <= KEYS
    assert feed["title"]
    for name in ("home_page_url", "feed_url"):
        assert urlsplit(feed[name]).scheme in {"http", "https"}
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert set(item) <= ITEM_KEYS
        assert isinstance(item["id"], str)
        assert item.get("content_text") or item.get("content_html")
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None
        assert urlsplit(item["url"]).scheme in {"http", "https"}
        assert all(author["name"] for author in item.get("authors", []))


@pytest.mark.parametrize("query", ["", "?q=thông+tin+đối+ngoại", "?q=tin&section=Kinh+tế&page=2"])
def test_any_search_is_a_feed_with_the_entries_of_atom(client: FlaskClient, query: str) -> None:
    feed = feed_of(client, f"/search.json{query}")
    check(feed)
    atom = etree.fromstring(client.get(f"/search.atom{query}").data)
    assert feed["title"] == atom.findtext(f"{ATOM}title")
    assert [item["id"] for item in feed["items"]] == [
        entry.findtext(f"{ATOM}id") for entry in atom.findall(f"{ATOM}entry")
    ]


def test_whatever_articles_hold_is_a_feed(awkward_client: FlaskClient) -> None:
    check(feed_of(awkward_client, "/search.json?sort=newest&q=*"))


def test_what_only_has_the_words_is_left_out_unless_asked_for(client: FlaskClient) -> None:
    assert not feed_of(client, "/search.json?q=giá+lúa")["items"]
    assert feed_of(client, "/search.json?q=giá+lúa&match=all")["items"]


def test_a_hub_that_the_owner_names_is_in_both_feeds(engine: SearchEngine) -> None:
    settings = Settings()
    hub = "https://hub.bao.example/"
    site = create_app(engine, replace(settings, site=replace(settings.site, hub=hub))).test_client()
    assert feed_of(site, "/search.json")["hubs"] == [{"type": "WebSub", "url": hub}]
    atom = etree.fromstring(site.get("/search.atom").data)
    assert [link.get("href") for link in atom.findall(f"{ATOM}link[@rel='hub']")] == [hub]
    assert "hubs" not in feed_of(create_app(engine).test_client(), "/search.json")


def test_a_known_feed_is_answered_with_304(client: FlaskClient) -> None:
    tag = client.get("/search.json?q=tin").headers["ETag"]
    known = client.get("/search.json?q=tin", headers={"If-None-Match": tag})
    assert known.status_code == 304


def test_assistants_are_told_where_to_ask(client: FlaskClient, engine: SearchEngine) -> None:
    told = client.get("/llms.txt")
    assert told.content_type == "text/plain; charset=utf-8"
    assert told.text.startswith("# Tìm Báo\n")
    for address in told.text.split("](")[1:]:
        path = address.partition(")")[0].removeprefix("http://localhost")
        assert client.get(path).status_code == 200, path
    assert "/mcp" not in told.text
    with_mcp = create_app(engine, Settings(mcp=True)).test_client().get("/llms.txt").text
    assert "](http://localhost/mcp)" in with_mcp
