"""``<tim-bao>`` on a page of another origin, in a real browser."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.webui.browsing import NARROW, PHONE, listen
from tests.webui.conftest import AWKWARD, SCRIPT, RunningSite
from tests.webui.hosting import OtherSite, axe_violations
from webui.embed import read_widget

BUDGET = 12_288
HOSTILE = "* { all: unset; color: red } tim-bao { font-size: 3px; text-transform: uppercase }"


@pytest.fixture(scope="module")
def other() -> Iterator[OtherSite]:
    """The site whose pages embed the search."""
    with OtherSite() as site:
        yield site


@pytest.fixture(scope="module")
def open_site(newsroom_index: Path, other: OtherSite) -> Iterator[str]:
    """The address of a search site that lets the other site in."""
    arguments = ("--index", str(newsroom_index), "--port", "0", "--workers", "1")
    running = RunningSite(*arguments, "--allow-origin", other.url)
    try:
        assert running.url, running.end()
        yield running.url
    finally:
        running.end()


def widget(site: str, attributes: str = "") -> str:
    return f'<script src="{site}/embed.js" defer></script><tim-bao {attributes}></tim-bao>'


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Tìm trong báo")


def ask(page: Page, query: str = "thong tin doi ngoai") -> None:
    box(page).fill(query)
    box(page).press("Enter")


def test_the_box_loads_little_and_the_rest_at_its_first_focus(
    page: Page, other: OtherSite, open_site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    other.show(page, widget(open_site))
    expect(box(page)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if url.startswith(open_site)] == [f"{open_site}/embed.js"]
    with page.expect_response(lambda answer: "/embed/" in answer.url) as loaded:
        box(page).focus()
    assert "immutable" in loaded.value.headers["cache-control"]


def test_both_parts_are_within_the_budget() -> None:
    sizes = [len(gzip.compress(script, 9)) for script in read_widget()[:2]]
    assert sum(sizes) <= BUDGET


def test_it_finds_and_opens_an_article_from_a_foreign_page(
    page: Page, other: OtherSite, open_site: str
) -> None:
    said = listen(page)
    other.show(page, widget(open_site, 'links="site"'))
    ask(page)
    expect(page.locator("mark").first).to_have_text("thông tin đối ngoại", ignore_case=True)
    expect(page.get_by_role("status")).to_contain_text("bài")
    first = page.locator("tim-bao li a").first
    headline = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    assert page.url.startswith(f"{open_site}/article/")
    assert said == []


def test_more_results_are_added_and_the_focus_goes_to_the_first_of_them(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'per-page="2"'))
    ask(page, "tin")
    links = page.locator("tim-bao li a")
    expect(links).to_have_count(2)
    page.get_by_role("button", name="Xem thêm").click()
    expect(links).to_have_count(4)
    expect(links.nth(2)).to_be_focused()


def test_a_page_that_is_not_let_in_says_so_and_offers_the_search_page(
    page: Page, other: OtherSite, site: str
) -> None:
    other.show(page, widget(site))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("Chưa kết nối được")
    way_on = page.get_by_role("link", name="Mở trang tìm kiếm")
    expect(way_on).to_have_attribute("href", f"{site}/search?q=thong%20tin%20doi%20ngoai")
    assert page.locator("tim-bao li a").count() == 0


LOOK = """host => [...host.shadowRoot.querySelectorAll('input, button, a, mark, li, p, .box')].map(
    element => {
        const style = getComputedStyle(element);
        const seen = ['color', 'backgroundColor', 'fontSize', 'fontFamily', 'display', 'lineHeight',
                      'textTransform', 'textAlign', 'cursor', 'visibility'];
        const { width, height } = element.getBoundingClientRect();
        return [element.tagName, width, height, ...seen.map(name => style[name])];
    })"""


def test_hostile_styles_of_the_page_change_nothing(
    page: Page, other: OtherSite, open_site: str
) -> None:
    looks = []
    for style in ("body, main, h1 { all: unset; display: block }", HOSTILE):
        other.show(page, f"<div style='display: block'>{widget(open_site)}</div>", style=style)
        ask(page)
        expect(page.locator("tim-bao mark").first).to_be_visible()
        box(page).focus()
        looks.append(page.eval_on_selector("tim-bao", LOOK))
    assert len(looks[0]) > 10
    assert looks[0] == looks[1]


def test_the_page_can_style_it_where_it_is_meant_to(
    page: Page, other: OtherSite, open_site: str
) -> None:
    style = """tim-bao { --tim-bao-accent: rgb(0, 100, 0); --tim-bao-font-size: 20px }
        tim-bao::part(button) { text-transform: uppercase } tim-bao[hidden] { color: red }"""
    other.show(page, f"{widget(open_site)}<tim-bao hidden></tim-bao>", style=style)
    button = page.get_by_role("button", name="Tìm")
    expect(button).to_have_css("background-color", "rgb(0, 100, 0)")
    expect(button).to_have_css("text-transform", "uppercase")
    expect(button).to_have_css("font-size", "20px")
    expect(page.locator("tim-bao").nth(1)).to_be_hidden()


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize(
    ("attributes", "style", "dark"),
    [
        ("", "", False),
        ("", ":root { color-scheme: dark }", True),
        ("", ":root { color-scheme: light dark }", None),
        ("", "body { background: #111 }", True),
        ("", ":root { color-scheme: dark } main { background: rgb(250, 250, 250) }", False),
        ("theme='dark'", "body { background: white }", True),
        ("theme='light'", "body { background: black }", False),
    ],
)
def test_it_is_dark_where_the_page_is(
    browser: Browser,
    other: OtherSite,
    open_site: str,
    system: str,
    attributes: str,
    style: str,
    dark: bool | None,
) -> None:
    context = browser.new_context(color_scheme="dark" if system == "dark" else "light")
    page = context.new_page()
    other.show(page, widget(open_site, attributes), style=style)
    expected = (system == "dark") if dark is None else dark
    ink = "rgb(236, 231, 223)" if expected else "rgb(29, 26, 22)"
    expect(box(page)).to_have_css("color", ink)
    context.close()


def test_it_follows_a_page_that_turns_dark(page: Page, other: OtherSite, open_site: str) -> None:
    other.show(page, widget(open_site), style=".night { background: black }")
    expect(box(page)).to_have_css("color", "rgb(29, 26, 22)")
    page.evaluate("document.body.classList.add('night')")
    expect(box(page)).to_have_css("color", "rgb(236, 231, 223)")


@pytest.mark.parametrize("background", ["white", "#111"])
@pytest.mark.parametrize("results", ["inline", "overlay"])
def test_nothing_in_it_is_a_barrier(
    page: Page, other: OtherSite, open_site: str, results: str, background: str
) -> None:
    style = f":root {{ color: light-dark(black, white) }} body {{ background: {background};"
    style += f" color-scheme: {'dark' if background == '#111' else 'light'} }} h1 {{ color: gray }}"
    other.show(page, widget(open_site, f'results="{results}"'), style=style)
    assert of_widget(axe_violations(page)) == []
    ask(page)
    expect(page.locator("tim-bao mark").first).to_be_visible()
    assert of_widget(axe_violations(page)) == []


def of_widget(violations: list[str]) -> list[str]:
    """Without what is about the heading of the page around it."""
    return [found for found in violations if "<h1>" not in found]


def test_an_overlay_is_a_dialog_that_escape_closes(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'results="overlay"'))
    ask(page)
    dialog = page.get_by_role("dialog", name="Kết quả tìm")
    expect(dialog.locator("mark").first).to_be_visible()
    assert page.evaluate("document.activeElement.shadowRoot.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(box(page)).to_be_focused()
    ask(page, "tin")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="Đóng").click()
    expect(dialog).to_be_hidden()


def test_several_on_one_page_do_not_disturb_each_other(
    page: Page, other: OtherSite, open_site: str
) -> None:
    second = '<tim-bao lang="en" section="Thể thao" placeholder="Sport"></tim-bao>'
    other.show(page, widget(open_site) + second)
    ask(page)
    expect(page.locator("tim-bao").nth(0).locator("li a").first).to_be_visible()
    assert page.locator("tim-bao").nth(1).locator("li a").count() == 0
    english = page.get_by_role("combobox", name="Search the news")
    expect(english).to_have_attribute("placeholder", "Sport")
    english.fill("zzzqqqxx")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("tim-bao").nth(1).get_by_role("status")).to_contain_text("No articles")
    expect(page.locator("tim-bao").nth(0).locator("li a").first).to_be_visible()


def test_only_the_sections_it_is_for_are_searched(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'section="Đối ngoại | Thể thao" per-page="50"'))
    with page.expect_request(lambda request: "/api/v1/search" in request.url) as asked:
        ask(page, "tin")
    query = asked.value.url
    assert query.count("section=") == 2
    expect(page.locator("tim-bao li").first).to_be_visible()
    sections = page.locator("tim-bao [part=about] span:first-child").all_inner_texts()
    assert set(sections) <= {"Đối ngoại", "Thể thao"}


def test_the_page_learns_what_happens_and_may_open_articles_itself(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site))
    page.evaluate(
        """window.told = [];
        for (const name of ['search', 'open']) addEventListener(`tim-bao:${name}`, event => {
            told.push([name, event.detail]);
            event.preventDefault();
        });"""
    )
    page.evaluate("document.querySelector('tim-bao').search('thong tin doi ngoai')")
    page.locator("tim-bao li a").first.click()
    (_, searched), (_, opened) = page.evaluate("told")
    assert searched["query"] == opened["query"] == "thong tin doi ngoai"
    assert searched["total"] >= 5
    assert opened["id"]
    assert opened["headline"]
    assert page.url == f"{other.url}/"


def test_the_keyboard_goes_through_suggestions(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site))
    box(page).press_sequentially("thong tin d")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    assert of_widget(axe_violations(page)) == []
    box(page).press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", "option-0")
    box(page).press("ArrowUp")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", "option-0")
    box(page).press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box(page).press("Escape")
    expect(options).to_have_count(0)
    expect(box(page)).to_have_value("thong tin d")
    box(page).press("ArrowDown")
    expect(options.first).to_be_visible()
    chosen = options.first.inner_text()
    box(page).press("ArrowDown")
    box(page).press("Enter")
    expect(box(page)).to_have_value(chosen)
    expect(page.locator("tim-bao li mark").first).to_be_visible()
    box(page).press_sequentially(" d")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tìm")).to_be_focused()
    expect(options).to_have_count(0)


def test_a_suggestion_is_taken_by_a_click(page: Page, other: OtherSite, open_site: str) -> None:
    other.show(page, widget(open_site))
    box(page).press_sequentially("thong tin d")
    page.get_by_role("option").first.click()
    expect(page.locator("tim-bao li mark").first).to_be_visible()
    expect(box(page)).to_be_focused()


def test_enter_within_a_composition_is_not_go(page: Page, other: OtherSite, open_site: str) -> None:
    other.show(page, widget(open_site))
    box(page).focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send(
        "Input.imeSetComposition", {"selectionStart": 4, "selectionEnd": 4, "text": "tieg"}
    )
    key = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    keyboard.send("Input.dispatchKeyEvent", key)
    keyboard.send("Input.insertText", {"text": "tiếng"})
    expect(box(page)).to_have_value("tiếng")
    assert page.locator("tim-bao section").is_hidden()


def test_a_server_that_is_gone_is_told_and_tried_again(
    page: Page, other: OtherSite, open_site: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    other.show(page, widget(open_site, f'endpoint="http://127.0.0.1:{port}/"'))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("Chưa kết nối được")
    page.eval_on_selector("tim-bao", f"host => host.setAttribute('endpoint', '{open_site}')")
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator("tim-bao mark").first).to_be_visible()


def test_a_server_that_never_answers_is_given_up(
    page: Page, other: OtherSite, open_site: str
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        page.clock.install()
        other.show(page, widget(open_site, f'endpoint="{address}"'), lang="en")
        english = page.get_by_role("combobox", name="Search the news")
        english.fill("tin")
        with page.expect_request(lambda request: "/api/v1/search" in request.url):
            english.press("Enter")
        page.clock.run_for(1_000)
        expect(page.get_by_role("status")).to_have_text("Searching…")
        page.clock.run_for(10_000)
        expect(page.get_by_role("status")).to_contain_text("takes too long")


def test_a_body_that_cannot_be_loaded_is_told_and_tried_again(
    page: Page, other: OtherSite, open_site: str
) -> None:
    page.route("**/embed/*", lambda route: route.abort())
    other.show(page, widget(open_site))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("Chưa kết nối được")
    page.unroute("**/embed/*")
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator("tim-bao mark").first).to_be_visible()
    expect(box(page)).to_have_value("thong tin doi ngoai")


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (429, "Hãy thử lại sau 7 giây"),
        (401, "chưa được phép"),
        (400, "không nhận"),
        (503, "đang có lỗi"),
    ],
)
def test_every_refusal_has_words(
    page: Page, other: OtherSite, open_site: str, status: int, message: str
) -> None:
    def refuse(route: Route) -> None:
        shared = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Retry-After",
            "Retry-After": "7",
        }
        route.fulfill(status=status, body='{"error": {}}', headers=shared)

    page.route("**/api/v1/search*", refuse)
    other.show(page, widget(open_site))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text(message)


def test_without_the_script_what_stands_inside_is_shown(
    page: Page, other: OtherSite, open_site: str
) -> None:
    link = f'<a href="{open_site}/search">Tìm trong báo</a>'
    other.show(page, f"<tim-bao>{link}</tim-bao>")
    expect(page.get_by_role("link", name="Tìm trong báo")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, NARROW])
def test_it_fits_a_phone(
    browser: Browser, other: OtherSite, open_site: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    for results in ("inline", "overlay"):
        other.show(page, widget(open_site, f'results="{results}"'))
        ask(page, "tin")
        expect(page.locator("tim-bao mark").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def test_markup_in_articles_and_queries_stays_text(
    page: Page, other: OtherSite, awkward_index: Path
) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(str(error)))
    arguments = ("--index", str(awkward_index), "--port", "0", "--workers", "1")
    running = RunningSite(*arguments, "--allow-origin", "*")
    try:
        other.show(page, widget(running.url))
        ask(page, "mua lon")
        expect(page.locator("tim-bao li")).to_have_count(len(AWKWARD))
        assert SCRIPT in page.locator("tim-bao section").inner_text()
        ask(page, SCRIPT)
        expect(page.locator("tim-bao section")).to_be_visible()
        tags = page.eval_on_selector(
            "tim-bao",
            "host => [...host.shadowRoot.querySelectorAll('script, img, svg, iframe')].length",
        )
        assert tags == 0
        assert ran == []
    finally:
        running.end()
