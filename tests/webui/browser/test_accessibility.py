"""No page in any state breaks a rule of axe-core, of WCAG 2.2 AA or its own good practices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser.browsing import DESKTOP, NARROW, PHONE, listen, search_box

RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
STATES = {
    "home": "/",
    "results": "/search?q=thông+tin+đối+ngoại",
    "with filters": "/search?q=thông+tin&section=Đối+ngoại&from=2020-01-01&to=2024-12-31"
    "&accents=exact&duplicates=show&sort=newest",
    "second page": "/search?q=tin&per_page=5&page=2",
    "page too many": "/search?q=tin&page=900",
    "telex": "/search?q=thoong+tin+ddoois+ngoaij",
    "respelled": "/search?q=htong+tin+doi+ngoai",
    "ambiguous": "/search?q=duong",
    "other accents": "/search?q=bão",
    "words apart": "/search?q=giá+vàng&per_page=5",
    "words apart, second page": "/search?q=giá+vàng&per_page=5&page=2",
    "words apart, by date": "/search?q=giá+vàng&sort=newest",
    "all with the words": "/search?q=giá+vàng&sort=newest&match=all",
    "nothing about it": "/search?q=tai+nạn+giao+thông",
    "some words": "/search?q=thông+tin+đối+ngoại+zzzqqq",
    "nothing": '/search?q="zzzqqq+xxkk"',
    "nothing filtered": "/search?q=zzzqqq&section=Kinh+tế",
    "no query": "/search",
    "article": "/article/sh-014?q=thong+tin",
    "article alone": "/article/sh-014",
    "help": "/about",
    "not found": "/khong-co",
    "bad address": "/search?q=tin&page=x",
}


def violations(page: Page) -> list[str]:
    """What axe-core finds, as one line for each kind, with the first place."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(rules)", RULES)["violations"]
    return [
        f"{kind['id']}: {kind['help']} ({node['target']} {node['failureSummary']})"
        for kind in found
        for node in kind["nodes"][:1]
    ]


@pytest.fixture(
    params=[
        pytest.param({"viewport": DESKTOP, "color_scheme": "light"}, id="desktop-light"),
        pytest.param({"viewport": DESKTOP, "color_scheme": "dark"}, id="desktop-dark"),
        pytest.param(
            {"viewport": PHONE, "color_scheme": "light", "has_touch": True}, id="phone-light"
        ),
        pytest.param(
            {"viewport": NARROW, "color_scheme": "dark", "has_touch": True}, id="narrow-dark"
        ),
    ]
)
def reader(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page as readers have it: on large and small screens, in light and dark."""
    # Colours are judged as they are in the end, not half-way there.
    context = browser.new_context(locale="vi-VN", reduced_motion="reduce", **request.param)
    yield context.new_page()
    context.close()


def test_no_state_of_a_page_breaks_a_rule_or_says_a_word(reader: Page, site: str) -> None:
    said = listen(reader)
    for name, path in STATES.items():
        reader.goto(site + path)
        assert violations(reader) == [], name
        # Chromium itself notes that a page was answered with an error.
        assert [line for line in said if "server responded with a status of 40" not in line] == []


def test_nothing_that_opens_breaks_a_rule(reader: Page, site: str) -> None:
    reader.goto(f"{site}/search?q=thông+tin#bo-loc")
    for more in reader.locator("details:visible summary").all():
        more.click()
    assert violations(reader) == []
    bar = reader.locator(".bars a:visible").first
    bar.focus()
    assert violations(reader) == []
    reader.goto(f"{site}/search?q=bão")
    search_box(reader).fill("thong tin doi ngoai")
    expect(reader).to_have_title("thong tin doi ngoai – Tìm Báo")
    assert violations(reader) == []


def test_english_pages_break_no_rule_either(page: Page, site: str) -> None:
    for path in ("/", "/about", "/search?q=thông+tin", "/article/sh-014?q=thong+tin"):
        page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang=en")
        assert violations(page) == [], path


def test_without_javascript_pages_break_no_rule_either(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="vi-VN")
    page = context.new_page()
    page.route("**/*.js", lambda route: route.abort())
    for path in ("/", "/about", "/search?q=thông+tin", "/article/sh-014?q=thong+tin"):
        page.goto(site + path)
        assert violations(page) == [], path
    context.close()
