"""``<tim-bao>`` on a page of another origin, in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from index.build.rebuild import rebuild
from tests.webui.browser.browsing import listen
from tests.webui.conftest import AWKWARD, SCRIPT, serving
from tests.webui.embed.hosting import OtherSite, ask, axe_violations, box, of_widget, widget
from webui.embed.element import read_widget

BUDGET = 12_288


def test_the_box_loads_little_and_the_rest_at_its_first_focus(
    page: Page, other: OtherSite, open_site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    other.show(page, widget(open_site))
    expect(box(page)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if url.startswith(open_site)] == [f"{open_site}/embed.js"]
    with page.expect_response(lambda response: "/embed/" in response.url) as loaded:
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


def test_articles_that_only_have_the_words_come_below_a_line_and_are_not_counted(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'per-page="4"'))
    ask(page, "giá vàng")
    status = page.locator("tim-bao [part=status]")
    expect(status).to_have_text("2 bài")
    line = page.locator("tim-bao [part=partly]")
    expect(line).to_have_text("… và 9 bài chỉ có các từ rời rạc hoặc khác dấu")
    lists = page.locator("tim-bao ol")
    assert [lists.nth(at).locator("li").count() for at in range(2)] == [2, 2]
    assert of_widget(axe_violations(page)) == []
    more = page.get_by_role("button", name="Xem thêm")
    for shown in (8, 11):
        more.click()
        expect(page.locator("tim-bao li a")).to_have_count(shown)
    expect(more).to_have_count(0)
    expect(line).to_have_count(1)
    ask(page, "tai nạn giao thông")
    expect(status).to_have_text(
        re.compile(r"^Không có bài nào nói đúng về “tai nạn giao thông”; [0-9]+ bài")
    )
    expect(page.locator("tim-bao li a")).to_have_count(4)
    expect(line).to_have_count(0)


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


def test_markup_in_articles_and_queries_stays_text(
    page: Page, other: OtherSite, awkward_index: Path
) -> None:
    ran: list[str] = []
    page.on("dialog", lambda dialog: ran.append(dialog.message))
    page.on("pageerror", lambda error: ran.append(str(error)))
    with serving(awkward_index, "--allow-origin", "*") as url:
        other.show(page, widget(url))
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


def test_the_overlay_has_the_box_on_top_and_finds_while_typing(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'results="overlay" per-page="3"'))
    box(page).click()
    dialog = page.get_by_role("dialog", name="Kết quả tìm")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("thong tin")
    expect(dialog.locator("[part=hit]")).to_have_count(3)
    expect(dialog.get_by_role("option").first).to_be_visible()
    assert of_widget(axe_violations(page)) == []
    for _ in range(dialog.get_by_role("option").count() + 1):
        page.keyboard.press("ArrowDown")
    expect(dialog.locator("[part=headline]").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(box(page)).to_be_focused()


def test_the_overlay_opens_with_the_first_key_and_reminds_of_former_searches(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'results="overlay"'))
    for query in ("giá vàng", "đối ngoại"):
        ask(page, query)
        expect(page.locator("tim-bao [part=hit]").first).to_be_visible()
        page.keyboard.press("Escape")
    page.reload()
    box(page).focus()
    page.wait_for_function("document.querySelector('tim-bao').shadowRoot.querySelector('#list')")
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox")).to_have_value("t")
    page.keyboard.press("Backspace")
    former = dialog.locator("[part=recent] li")
    expect(former).to_have_text(["đối ngoại", "giá vàng"])
    former.nth(1).get_by_role("button").click()
    expect(dialog.get_by_role("combobox")).to_have_value("giá vàng")
    expect(dialog.locator("[part=hit]").first).to_be_visible()
    dialog.get_by_role("combobox").fill("")
    dialog.get_by_role("button", name="Xóa").click()
    expect(former).to_have_count(0)
    assert page.evaluate("localStorage.getItem('tim-bao:recent')") == "[]"


def test_suggestions_are_not_clipped_by_what_surrounds_the_box(
    page: Page, other: OtherSite, open_site: str
) -> None:
    style = ".narrow { overflow: hidden; height: 60px; transform: translateX(40px); width: 300px }"
    other.show(page, f'<div class="narrow">{widget(open_site)}</div>', style=style)
    box(page).press_sequentially("thong tin")
    expect(page.get_by_role("option").first).to_be_visible()
    at = page.get_by_role("listbox").bounding_box()
    form = page.locator("tim-bao form").bounding_box()
    assert at is not None
    assert form is not None
    assert (at["x"], at["width"]) == pytest.approx((form["x"], form["width"]), abs=1)
    assert at["y"] >= form["y"] + form["height"]
    option = page.get_by_role("option").last.bounding_box()
    assert option is not None
    middle = (option["x"] + 10, option["y"] + option["height"] / 2)
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", list(middle)) == (
        "TIM-BAO"
    )


def test_what_was_made_of_the_query_is_said_and_can_be_undone(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site))
    ask(page, "thoong tin ddoosi ngoaji")
    results = page.locator("tim-bao [part=results]")
    expect(results).to_contain_text("Đã hiểu là: thông tin đối ngoại")
    with page.expect_request(lambda request: "verbatim=1" in request.url):
        results.get_by_role("button", name="Tìm nguyên văn").click()
    ask(page, "thong tin -tin")
    expect(results).to_contain_text("Không bài nào hợp với")
    results.get_by_role("button", name=re.compile("^Tìm “")).first.click()
    expect(page.locator("tim-bao [part=hit]").first).to_be_visible()


def test_more_results_come_after_a_lost_connection(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, 'per-page="2"'))
    ask(page, "tin")
    links = page.locator("tim-bao li a")
    expect(links).to_have_count(2)
    page.route("**/api/v1/search*", lambda route: route.abort())
    page.get_by_role("button", name="Xem thêm").click()
    expect(page.locator("tim-bao [part=error]")).to_be_visible()
    page.unroute("**/api/v1/search*")
    page.get_by_role("button", name="Thử lại").click()
    expect(links).to_have_count(4)
    expect(page.locator("tim-bao [part=error]")).to_have_count(0)


def test_near_duplicates_leave_no_button_that_adds_nothing(
    page: Page, other: OtherSite, tmp_path: Path
) -> None:
    source = tmp_path / "a.jsonl"
    body = "Nông dân xã Đông Hòa vui mừng vì giá lúa cao hơn năm ngoái, theo lời bà con. " * 3
    articles = [{"id": f"d{n}", "title": "Giá lúa tăng", "body": body} for n in range(5)]
    articles.append({"id": "k", "title": "Lúa chín", "body": "Lúa chín sớm ở nơi khác."})
    source.write_text("\n".join(map(json.dumps, articles)), "utf-8")
    rebuild(tmp_path / "index", [source])
    with serving(tmp_path / "index", "--allow-origin", "*") as site:
        other.show(page, widget(site, 'per-page="2"'))
        ask(page, "lúa")
        expect(page.locator("tim-bao [part=status]")).to_have_text("6 bài")
        expect(page.locator("tim-bao li a")).to_have_count(2)
        expect(page.get_by_role("button", name="Xem thêm")).to_have_count(0)


def test_the_query_is_kept_in_the_address_where_the_page_wants_that(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, widget(open_site, "routing"))
    ask(page, "giá vàng")
    expect(page.locator("tim-bao [part=hit]").first).to_be_visible()
    assert page.url == f"{other.url}/?tim-bao=gi%C3%A1+v%C3%A0ng"
    page.reload()
    expect(page.locator("tim-bao [part=hit]").first).to_be_visible()
    expect(box(page)).to_have_value("giá vàng")
    ask(page, "")
    assert page.url == f"{other.url}/"
