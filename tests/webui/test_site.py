"""What holds for every response: headers, health, caching, size."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

import webui
from search import SearchEngine
from webui import Settings, create_app

STATIC = Path(webui.__file__).parent / "static"
CSS_BUDGET = 8_192
SCRIPTS_BUDGET = 8_192
PAGE_BUDGET = 35_840
LOADED = "//head/link[not(contains('alternate canonical expect', @rel))]/@href | //script/@src"
"""What a page has the browser fetch at once, but for pictures of articles, which are where their
papers have them, and what style sheets and scripts name."""
ARTICLE_SCRIPT_BUDGET = 2_048
SCRIPTS = (
    *("accents", "combobox", "keys", "look"),
    *("memory", "pictures", "refresh", "site", "start"),
)


@pytest.mark.parametrize(
    "url",
    ["/", "/search?q=tin", "/khong-co", "/api/v1/search?q=tin", "/healthz", "/static/x/site.css"],
)
def test_every_response_forbids_what_no_page_needs(client: FlaskClient, url: str) -> None:
    with client.get(url) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_pages_have_no_inline_styles_or_scripts(client: FlaskClient) -> None:
    for url in ("/", "/search?q=thong+tin", "/search", "/khong-co"):
        page = html.document_fromstring(client.get(url).data.decode())
        assert not page.cssselect("style, [style]")
        handlers = page.xpath("//@*[starts-with(name(), 'on')]")
        assert handlers == []
        for script in page.cssselect("script:not([type='application/ld+json'])"):
            assert script.get("src").startswith("/static/")
            assert not script.text


def test_health_and_readiness_are_told(client: FlaskClient, engine: SearchEngine) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ready", "build": engine.build}


def test_files_with_their_digest_are_kept_for_good_and_others_are_not_there(
    client: FlaskClient,
) -> None:
    page = html.document_fromstring(client.get("/").data.decode())
    addresses = [link.get("href") for link in page.cssselect("link[href^='/static/']")]
    addresses += [script.get("src") for script in page.cssselect("script[src]")]
    assert len(addresses) > 5
    for address in addresses:
        with client.get(address) as response:
            assert response.status_code == 200
            assert "immutable" in response.headers["Cache-Control"]
    digest = addresses[0].split("/")[2]
    for url in ("/static/site.css", "/static/0/site.css", f"/static/{digest}/../app.py"):
        with client.get(url) as response:
            assert response.status_code == 404
            assert response.headers["Cache-Control"] == "no-cache"


def test_scripts_ask_for_their_neighbours_by_the_digest_they_were_written_with() -> None:
    for path in STATIC.glob("*.js"):
        for module in re.findall(r'from "(.*?)"', path.read_text("utf-8")):
            assert (STATIC / module).is_file()
            assert module.startswith("./")


def test_style_sheet_and_scripts_are_within_their_budgets() -> None:
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9)) for path in sorted(STATIC.glob("*.*s"))
    }
    assert sizes["site.css"] <= CSS_BUDGET
    assert sum(sizes[f"{name}.js"] for name in SCRIPTS) <= SCRIPTS_BUDGET
    assert sizes["article.js"] <= ARTICLE_SCRIPT_BUDGET


def test_pages_load_nothing_from_another_host(client: FlaskClient) -> None:
    for path in STATIC.glob("*.*s"):
        assert b"url(http" not in path.read_bytes()
    page = html.document_fromstring(client.get("/search?q=tin").data.decode())
    loaded = page.xpath(LOADED)
    assert len(loaded) > 5
    assert not [address for address in loaded if "//" in address]


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
        response = site.get(path, headers={"X-Forwarded-Prefix": "/bao"})
        page = html.document_fromstring(response.data.decode())
        addresses = [
            element.get(name)
            for name in ("href", "action")
            for element in page.cssselect(f"[{name}]")
        ]
        inside = ("/bao/", "http://localhost/bao/", "#")
        assert [to for to in addresses if not to.startswith(inside)] == [], path


def test_a_whole_page_with_all_that_it_loads_is_within_its_budget(client: FlaskClient) -> None:
    def size(url: str) -> int:
        with client.get(url, headers={"Accept-Encoding": "br"}) as response:
            assert response.status_code == 200
            return len(response.data)

    for path in ("/", "/search?q=thong+tin+doi+ngoai", "/article/sh-014?q=thong+tin", "/about"):
        page = html.document_fromstring(client.get(path).data.decode())
        loaded = set(map(str, page.xpath(LOADED)))
        assert len(loaded) > 5
        assert size(path) + sum(map(size, loaded)) <= PAGE_BUDGET
