"""``/embed`` in a frame on a page of another origin, and without one."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Page, expect

from search import SearchEngine
from tests.webui.browser.browsing import listen
from tests.webui.conftest import ATTRIBUTE, SCRIPT
from tests.webui.embed.hosting import OtherSite, axe_violations
from webui import Settings, create_app

FRAME = """<iframe title="Tìm" height="100" src="{site}/embed?per_page=3{more}"></iframe>
<script>
addEventListener("message", (event) => {{
  const frame = document.querySelector("iframe");
  if (event.source === frame.contentWindow && event.data.type === "tim-bao:height") {{
    frame.height = event.data.height;
  }}
}});
</script>"""


def test_a_frame_searches_and_is_as_high_as_what_it_holds(
    page: Page, other: OtherSite, open_site: str
) -> None:
    said = listen(page)
    other.show(page, FRAME.format(site=open_site, more="&theme=dark"))
    frame = page.frame_locator("iframe")
    before = int(page.locator("iframe").get_attribute("height") or 0)
    frame.get_by_role("searchbox").fill("thong tin doi ngoai")
    frame.get_by_role("searchbox").press("Enter")
    expect(frame.locator("mark").first).to_be_visible()
    expect(page.locator("iframe")).not_to_have_attribute("height", str(before))
    inside = page.frames[1]
    page.wait_for_function(
        "height => Number(document.querySelector('iframe').height) >= height",
        arg=inside.evaluate("document.body.scrollHeight"),
    )
    assert inside.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert "theme=dark" in inside.url
    frame.get_by_role("link", name="Trang sau").click()
    expect(frame.get_by_role("link", name="Trang trước")).to_be_visible()
    assert "theme=dark" in inside.url
    assert said == []


def test_a_result_opens_in_place_of_the_page_around(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, FRAME.format(site=open_site, more="&q=thong+tin"))
    link = page.frame_locator("iframe").locator("li a").first
    expect(link).to_have_attribute("target", "_top")
    page.route("**/*", lambda route: route.fulfill(body="ok"))
    link.click()
    page.wait_for_url(lambda url: not url.startswith(other.url))


def test_a_page_that_may_not_frame_it_shows_nothing_of_it(
    page: Page, other: OtherSite, site: str
) -> None:
    said = listen(page)
    other.show(page, FRAME.format(site=site, more=""))
    page.wait_for_load_state("networkidle")
    assert page.frame_locator("iframe").get_by_role("searchbox").count() == 0
    assert "frame-ancestors" in " ".join(said)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_in_it_is_a_barrier(page: Page, site: str, theme: str) -> None:
    page.goto(f"{site}/embed?q=thong+tin&theme={theme}")
    expect(page.locator("mark").first).to_be_visible()
    # A page for a frame has no heading of its own: the page around it has one.
    assert [found for found in axe_violations(page) if "page-has-heading-one" not in found] == []


@pytest.mark.parametrize(
    ("ancestors", "expected"),
    [
        ((), "'self'"),
        (
            ("https://bao.example", "http://localhost:8080"),
            "'self' https://bao.example http://localhost:8080",
        ),
        (("*",), "'self' *"),
    ],
)
def test_only_the_frame_page_may_be_framed_and_only_by_the_list(
    engine: SearchEngine, ancestors: tuple[str, ...], expected: str
) -> None:
    client = create_app(engine, Settings(frame_ancestors=ancestors)).test_client()
    framed = client.get("/embed").headers["Content-Security-Policy"]
    assert framed.endswith(f"frame-ancestors {expected}")
    for url in ("/", "/search?q=tin", "/embed?page=0", "/api/v1/search?q=tin"):
        policy = client.get(url).headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'none'"), url


def test_it_takes_the_parameters_of_a_search(client: FlaskClient) -> None:
    url = "/embed?q=tin&section=Thể+thao&per_page=2&theme=light&lang=en"
    page = html.document_fromstring(client.get(url).data.decode())
    assert page.get("lang") == "en"
    assert page.get("class") == "light"
    kept = {field.get("name"): field.get("value") for field in page.cssselect("input[type=hidden]")}
    assert kept == {"section": "Thể thao", "per_page": "2", "theme": "light", "lang": "en"}
    assert client.get("/embed?theme=x").status_code == 400
    assert "Không tìm thấy" in client.get("/embed?q=zzzqqq", headers={"Accept-Language": "vi"}).text


def test_a_line_stands_above_articles_that_only_have_the_words(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=giá+vàng").get_json()
    page = html.document_fromstring(client.get("/embed?q=giá+vàng&per_page=5").data.decode())
    (line,) = page.cssselect("h2")
    others = f"{answer['partly']} bài chỉ có các từ rời rạc hoặc khác dấu"
    assert line.text == f"… và {others}"
    upper, lower = page.cssselect("ol")
    assert (upper.get("start"), lower.get("start")) == ("1", str(answer["total"] + 1))
    assert len(upper) == answer["total"]
    assert page.cssselect("[role=status] b")[0].text == str(answer["total"])
    second = html.document_fromstring(client.get("/embed?q=giá+vàng&per_page=5&page=2").data)
    assert [(found.tag, found.get("start")) for found in second.cssselect("h2, ol")] == [
        ("h2", None),
        ("ol", "6"),
    ]
    whole = client.get("/embed?q=giá+vàng&per_page=5&match=all").data.decode()
    assert not html.document_fromstring(whole).cssselect("h2")
    assert 'name="match" value="all"' in whole


def test_what_is_not_about_the_query_is_said_not_to_be(client: FlaskClient) -> None:
    page = html.document_fromstring(client.get("/embed?q=tai+nạn+giao+thông").data.decode())
    (status,) = page.cssselect("[role=status]")
    number = client.get("/api/v1/search?q=tai+nạn+giao+thông").get_json()["total"]
    assert status.text == (
        "Không có bài nào nói đúng về “tai nạn giao thông”; "
        f"{number} bài chỉ có một phần các từ, hoặc có mà rời rạc."
    )
    assert not page.cssselect("h2")
    assert page.cssselect("li")


def test_markup_stays_text(awkward_client: FlaskClient) -> None:
    for query in ("mua lon", SCRIPT, ATTRIBUTE):
        response = awkward_client.get("/embed", query_string={"q": query, "section": ""})
        page = html.document_fromstring(response.data.decode())
        assert len(page.cssselect("script")) == 1
        assert not page.cssselect("img, svg, iframe, [onerror]")
        assert not page.cssselect("[href^=javascript]")


def test_what_was_made_of_the_query_is_said(client: FlaskClient) -> None:
    def shown(query: str) -> html.HtmlElement:
        address = f"/embed?q={quote(query)}&theme=dark"
        return html.document_fromstring(client.get(address).data.decode())

    decoded = shown("thoong tin ddoosi ngoaji")
    assert "Đã tìm: thông tin đối ngoại" in decoded.text_content()
    (as_typed,) = decoded.xpath("//a[text()='Tìm nguyên văn']/@href")
    assert "verbatim=1" in as_typed
    assert "theme=dark" in as_typed
    proposing = shown("thong tin doi ngoai")
    (proposed,) = proposing.xpath("//p[contains(., 'Có phải bạn muốn tìm')]/a")
    assert proposed.text == "thông tin đối ngoại"
    assert proposed.get("href").startswith("/embed?")
    empty = shown("thong tin -tin")
    assert empty.xpath("//p[contains(., 'Không bài nào hợp với')]/a[starts-with(text(), 'Tìm “')]")
