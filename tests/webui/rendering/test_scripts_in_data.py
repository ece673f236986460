"""Poisoned articles and queries in a real browser: on no page, feed or widget does a script run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from lxml import etree
from playwright.sync_api import Page

from index.build.rebuild import rebuild
from tests.webui.conftest import as_markup, serving
from tests.webui.embed.hosting import OtherSite

RUN = "window.ran=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"\"><img src=x onerror='{RUN}'>",
    f"'><svg/onload={RUN}>",
    f'" autofocus onfocus="{RUN}" x="',
    f"<mark onmouseover={RUN}>x</mark>",
    f'</mark><iframe srcdoc="<script>parent.{RUN}</script>">',
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"javascript:{RUN}//",
    f"JaVaScRiPt&colon;{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"<math><mtext></p><style><img src onerror={RUN}></style>",
    f"<template><script>{RUN}</script></template>",
    f"<a href='javascript:{RUN}'>x</a>",
    f"]]><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"`-{RUN}-`",
    f"\u2028\u2029<script>{RUN}</script>",
    f"\ufeff<scr\x00ipt>{RUN}</script>",
    f"<style>@import 'javascript:{RUN}'</style>",
)
PARAMETERS = (
    *("q", "section", "source", "author", "sort", "page", "per_page", "from", "to", "accents"),
    *("duplicates", "verbatim", "lang", "theme", "build", "fields", "limit", "callback"),
)
FIELDS = ("title", "summary", "body", "section", "source", "author", "url", "image")


@pytest.fixture(scope="module")
def poisoned_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over articles in which every field is every payload once."""
    folder = tmp_path_factory.mktemp("poisoned")
    lines = []
    for number, payload in enumerate(PAYLOADS):
        fields = {name: f"{payload} mưa lớn" for name in FIELDS if name not in {"url", "image"}}
        article = {**fields, "url": payload, "image": payload, "captions": [f"{payload} mưa lớn"]}
        lines.append(json.dumps(as_markup({**article, "id": f"{number}{payload}"})))
    (folder / "a.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(folder / "index", [folder / "a.jsonl"])
    with serving(folder / "index", "--allow-origin", "*", "--allow-frame", "*") as url:
        yield url


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page on which nothing may have run at the end."""
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    yield page
    assert ran == []
    for frame in page.frames:
        assert frame.evaluate("window.ran") is None, frame.url


def test_poisoned_articles_run_nothing_on_any_page(watched: Page, poisoned_site: str) -> None:
    everything = "q=mua+lon&per_page=50&duplicates=show"
    response = watched.request.get(f"{poisoned_site}/api/v1/search?{everything}").json()
    hits = response["hits"]
    assert len(hits) == len(PAYLOADS)
    assert not [hit["url"] for hit in hits if hit["url"]]
    pages = ["/", f"/search?{everything}", f"/embed?{everything}", "/docs/api"]
    pages += [f"/article/{quote(hit['id'])}?q=mua+lon" for hit in hits]
    for path in pages:
        watched.goto(poisoned_site + path)
        assert watched.evaluate("window.ran") is None, path
        assert (
            watched.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus]').length")
            == 0
        )


def test_poisoned_articles_run_nothing_in_the_widget(watched: Page, poisoned_site: str) -> None:
    with OtherSite() as other:
        body = f'<script src="{poisoned_site}/embed.js"></script><tim-bao per-page="50"></tim-bao>'
        other.show(watched, body)
        for query in ("mua lon", *PAYLOADS):
            watched.evaluate("query => document.querySelector('tim-bao').search(query)", query)
            assert watched.evaluate("window.ran") is None, query
        inside = watched.evaluate(
            """() => [...document.querySelector('tim-bao').shadowRoot.querySelectorAll('*')]
                .flatMap(element => element.getAttributeNames().filter(name => /^on/.test(name)))"""
        )
        assert inside == []


def test_poisoned_parameters_run_nothing(watched: Page, poisoned_site: str) -> None:
    for payload in PAYLOADS:
        # All wrong ones at once would be one error: those that take any text together, then each.
        texts = urlencode(dict.fromkeys(("q", "section", "source", "author"), payload))
        for path in ("/search", "/embed"):
            watched.goto(f"{poisoned_site}{path}?{texts}")
            assert watched.evaluate("window.ran") is None, (path, payload)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_poisoned_parameter_never_comes_back_as_markup(
    watched: Page, poisoned_site: str, name: str
) -> None:
    for payload in PAYLOADS:
        query = urlencode({"q": "mua lon", name: payload})
        for path in ("/search", "/embed", "/api/v1/search", "/api/v1/suggest", "/search.atom"):
            response = watched.request.get(f"{poisoned_site}{path}?{query}")
            assert response.status in {200, 400}
            kind = response.headers["content-type"].partition(";")[0]
            text = response.text()
            if kind == "application/json":
                assert response.headers["x-content-type-options"] == "nosniff"
                body = json.loads(text)
                shown = [hit["headline_html"] + hit["snippet_html"] for hit in body.get("hits", ())]
                shown += [found["html"] for found in body.get("suggestions", ())]
                assert not [
                    html
                    for html in shown
                    if "<" in html.replace("<mark>", "").replace("</mark>", "")
                ]
            elif kind == "application/atom+xml":
                tags = {
                    etree.QName(element).localname
                    for element in etree.fromstring(text.encode()).iter()
                }
                assert not tags & {"script", "img", "svg", "iframe"}
            elif payload.startswith("<") and "<" in payload[1:]:
                assert payload not in text
