"""What holds for every answer: headers, health, caching, size."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

import webui
from search import SearchEngine
from webui import Settings, create_app

STATIC = Path(webui.__file__).parent / "static"
CSS_BUDGET = 8_192


@pytest.mark.parametrize(
    "url",
    ["/", "/search?q=tin", "/khong-co", "/api/v1/search?q=tin", "/healthz", "/static/site.css"],
)
def test_every_answer_forbids_what_no_page_needs(client: FlaskClient, url: str) -> None:
    with client.get(url) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_pages_have_no_inline_styles_or_scripts(client: FlaskClient) -> None:
    for url in ("/", "/search?q=thong+tin", "/search", "/khong-co"):
        page = html.document_fromstring(client.get(url).data.decode())
        assert not page.cssselect("script, style, [style]")


def test_health_and_readiness_are_told(client: FlaskClient, engine: SearchEngine) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ready", "build": engine.build}


def test_files_with_their_digest_are_kept_for_good_and_no_others(client: FlaskClient) -> None:
    page = html.document_fromstring(client.get("/").data.decode())
    for link in page.cssselect("link[href^='/static/']"):
        assert "immutable" in caching(client, link.get("href"))
    for url in ("/static/site.css", "/static/site.css?v=0", "/static/site.css?", "/"):
        assert caching(client, url) == "no-cache"


def caching(client: FlaskClient, url: str) -> str:
    with client.get(url) as answer:
        assert answer.status_code == 200
        return answer.headers["Cache-Control"]


def test_the_style_sheet_is_within_its_budget() -> None:
    assert len(gzip.compress((STATIC / "site.css").read_bytes(), 9)) <= CSS_BUDGET


def test_pages_load_nothing_from_another_host(client: FlaskClient) -> None:
    for path in STATIC.iterdir():
        assert "url(http" not in path.read_text("utf-8")
    page = html.document_fromstring(client.get("/search?q=tin").data.decode())
    assert not [link for link in page.cssselect("head [href]") if "//" in link.get("href")]


def test_forwarded_headers_count_only_where_a_proxy_is_trusted(engine: SearchEngine) -> None:
    forwarded = {"X-Forwarded-Prefix": "/bao"}
    direct = create_app(engine).test_client().get("/", headers=forwarded)
    assert b'action="/search"' in direct.data
    behind = create_app(engine, Settings(trusted_proxies=1)).test_client()
    assert b'action="/bao/search"' in behind.get("/", headers=forwarded).data


def test_below_a_path_every_link_stays_below_it(engine: SearchEngine) -> None:
    site = create_app(engine, Settings(trusted_proxies=1)).test_client()
    for path in (
        "/",
        "/search",
        "/search?q=thong+tin&section=Đối+ngoại&per_page=2&page=2",
        "/search?q=thoong+tin&section=zzz",
        "/search?q=thoong+tin&verbatim=1&page=900",
        "/search?q=tin&page=x",
        "/khong-co",
    ):
        answer = site.get(path, headers={"X-Forwarded-Prefix": "/bao"})
        page = html.document_fromstring(answer.data.decode())
        addresses = [
            element.get(name)
            for name in ("href", "action")
            for element in page.cssselect(f"[{name}]")
        ]
        assert [to for to in addresses if not to.startswith(("/bao/", "#"))] == [], path
