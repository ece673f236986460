"""The keyboard alone, and what the browser remembers."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.webui.browser.browsing import search_box


def test_slash_and_control_k_lead_to_the_box_and_select_what_is_in_it(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/search?q=thong+tin")
    for key in ("/", "Control+k", "Meta+k"):
        page.locator("main").focus()
        page.keyboard.press(key)
        expect(search_box(page)).to_be_focused()
        expect(search_box(page)).to_have_value("thong tin")
        assert page.evaluate("getSelection().toString()") == "thong tin"


def test_keys_are_letters_where_something_is_typed(page: Page, site: str) -> None:
    page.goto(site)
    search_box(page).press_sequentially("j/k/o")
    expect(search_box(page)).to_have_value("j/k/o")
    page.goto(f"{site}/search?q=thong+tin")
    page.locator(".times summary").click()
    day = page.get_by_label("Từ ngày")
    for key in ("/", "Control+k", "j"):
        day.focus()
        page.keyboard.press(key)
        expect(search_box(page)).not_to_be_focused()
        expect(day).to_be_focused()


def test_j_and_k_walk_the_results_and_o_opens(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=thong+tin")
    links = page.locator(".card h3 a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    headline = links.nth(0).inner_text()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    page.keyboard.press("j")
    expect(page.locator("#khop-1")).to_have_attribute("aria-current", "true")


def test_the_bar_leads_through_the_marks_in_a_ring_and_is_one_tab_stop(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/article/sh-014?q=thong+tin")
    count = page.locator(".prose mark").count()
    assert count > 1
    assert page.locator(".prose mark a").count() == 0  # text that can be selected
    bar = page.get_by_role("toolbar", name="Các chỗ khớp")
    following = bar.get_by_role("button", name="Chỗ khớp sau")
    for number in (*range(1, count + 1), 1):
        following.click()
        expect(bar.get_by_role("status")).to_have_text(f"{number}/{count}")
        expect(page).to_have_url(re.compile(f"#khop-{number}$"))
        expect(page.locator(f"#khop-{number}")).to_be_in_viewport()
    page.keyboard.press("ArrowUp")
    expect(bar.get_by_role("status")).to_have_text(f"{count}/{count}")
    page.keyboard.press("Home")
    expect(bar.get_by_role("status")).to_have_text(f"1/{count}")
    page.keyboard.press("ArrowLeft")
    expect(bar.get_by_role("button", name="Chỗ khớp trước")).to_be_focused()
    assert bar.locator("[tabindex='0']").count() == 1


def test_single_keys_can_be_switched_off_and_stay_off(page: Page, site: str) -> None:
    page.goto(f"{site}/about")
    switch = page.get_by_label("Dùng các phím một chữ")
    expect(switch).to_be_checked()
    switch.uncheck()
    page.keyboard.press("/")
    expect(search_box(page)).not_to_be_focused()
    page.goto(f"{site}/search?q=thong+tin")
    page.keyboard.press("j")
    expect(page.locator(".card h3 a").first).not_to_be_focused()
    page.keyboard.press("Control+k")
    expect(search_box(page)).to_be_focused()
    page.goto(f"{site}/about")
    expect(switch).not_to_be_checked()
    switch.check()
    page.keyboard.press("/")
    expect(search_box(page)).to_be_focused()


def test_the_choice_of_exact_accents_is_remembered_where_accents_are_typed(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/search?q=đối+ngoại")
    page.locator("aside").get_by_role("link", name="Đúng dấu đã gõ").click()
    expect(page.locator("aside [data-accents=exact]")).to_have_attribute("aria-current", "true")
    page.goto(site)
    search_box(page).fill("thông tin")
    search_box(page).press("Enter")
    expect(page).to_have_url(re.compile("accents=exact"))
    search_box(page).fill("thong tin")
    expect(page).to_have_url(re.compile(r"q=thong\+tin$"))
    search_box(page).fill("thông tin")
    expect(page).to_have_url(re.compile("accents=exact"))
    page.locator(".chip.on", has_text="Đúng dấu").click()
    expect(page.locator(".chip.on")).to_have_count(0)
    page.goto(site)
    search_box(page).fill("thông tin")
    search_box(page).press("Enter")
    expect(page).to_have_title("thông tin – Tìm Báo")
    assert "accents" not in page.url


def test_nothing_breaks_where_the_browser_remembers_nothing(page: Page, site: str) -> None:
    page.add_init_script(
        """Object.defineProperty(window, "localStorage", {
            get() { throw new DOMException("denied", "SecurityError"); },
        });"""
    )
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/search?q=đối+ngoại")
    page.locator("aside").get_by_role("link", name="Đúng dấu đã gõ").click()
    expect(page).to_have_url(re.compile("accents=exact"))
    page.keyboard.press("j")
    expect(page.locator(".card h3 a").first).to_be_focused()
    search_box(page).fill("thông tin")
    expect(page).to_have_title("thông tin – Tìm Báo")
    assert errors == []


def test_from_home_to_an_article_and_back_without_a_pointer(page: Page, site: str) -> None:
    page.goto(site)
    expect(search_box(page)).to_be_focused()
    page.keyboard.type("thong tin doi")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    wanted = page.get_by_role("option").first.inner_text()
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"{wanted} – Tìm Báo")
    first = page.locator(".card h3 a").first
    headline = first.inner_text()
    for _ in range(40):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    page.go_back()
    expect(page).to_have_title(f"{wanted} – Tìm Báo")
