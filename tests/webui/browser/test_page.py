"""What a reader does, in a real browser, against a real server process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.webui.browser.browsing import (
    DESKTOP,
    NARROW,
    PHONE,
    listen,
    result_paths,
    search,
    search_box,
)
from tests.webui.conftest import serving

NEWSPAPER = Path(__file__).parents[3] / "examples" / "newspaper" / "site.toml"
TARGETS = ":is(button, summary, .chip, .pager a, .switch a, aside a, .links a):visible"
SPELLINGS = ("thông tin đối ngoại", "thong tin doi ngoai", "THÔNG TIN ĐỐI NGOẠI")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser with JavaScript switched off."""
    context = browser.new_context(locale="vi-VN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_type_a_query_see_marks_follow_a_result_and_go_back(page: Page, site: str) -> None:
    said = listen(page)
    page.goto(site)
    search(page, "thong tin doi ngoai")
    expect(page).to_have_title("thong tin doi ngoai – Tìm Báo")
    expect(page.locator(".card mark", has_text="thông tin đối ngoại").first).to_be_visible()
    results = page.url
    first = page.locator(".card h3 a").first
    headline = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(page.locator(".prose mark").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(results)
    expect(page.locator(".card h3 a").first).to_have_text(headline)
    expect(search_box(page)).to_have_value("thong tin doi ngoai")
    assert said == []


def test_three_spellings_find_the_same_articles_in_their_own_spelling(
    page: Page, site: str
) -> None:
    found = []
    for spelling in SPELLINGS:
        page.goto(f"{site}/search?per_page=50")
        search(page, spelling)
        found.append(sorted(result_paths(page)))
        marks = page.locator(".card mark").all_inner_texts()
        assert "thông tin đối ngoại" in {mark.lower() for mark in marks}
    assert len(found[0]) >= 5
    assert found[0] == found[1] == found[2]


def test_everything_works_without_javascript(plain_page: Page, site: str) -> None:
    page = plain_page
    page.goto(site)
    search(page, "tin")
    page.get_by_role("link", name="Mới nhất").click()
    expect(page.locator(".switch [aria-current]")).to_have_text("Mới nhất")
    page.locator("aside section", has_text="Chuyên mục").get_by_role("link").first.click()
    expect(page.locator(".chip.on")).to_have_count(1)
    page.locator(".chip.on").click()
    expect(page.locator(".chip.on")).to_have_count(0)
    page.get_by_role("link", name="Trang sau").click()
    expect(page.locator(".pager [aria-current=page]")).to_have_text("2")
    page.locator(".times summary").click()
    page.get_by_label("Từ ngày").fill("01/01/2022")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator(".chip.on")).to_contain_text("Từ 01/01/2022")


def test_on_a_phone_filters_are_a_sheet_that_back_closes(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="vi-VN", viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{site}/search?q=thong+tin")
    sheet = page.get_by_role("complementary", name="Bộ lọc")
    expect(sheet).to_be_hidden()
    page.get_by_role("link", name="Bộ lọc").tap()
    expect(sheet).to_be_visible()
    page.go_back()
    expect(sheet).to_be_hidden()
    page.get_by_role("link", name="Bộ lọc").tap()
    page.get_by_role("link", name="Xong").tap()
    expect(sheet).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP, NARROW])
def test_no_page_scrolls_sideways_and_targets_are_large(
    browser: Browser, site: str, scheme: str, size: ViewportSize
) -> None:
    context = browser.new_context(locale="vi-VN", viewport=size, color_scheme=scheme)
    page = context.new_page()
    for path in (
        "/",
        "/search?q=thông+tin",
        f"/search?q={'nghiêng' * 30}",
        "/search",
        "/about",
        "/khong-co",
    ):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        for target in page.locator(TARGETS).all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24, path
    context.close()


def test_the_keyboard_reaches_content_first_by_the_skip_link(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=tin")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_lines_with_stacked_accents_do_not_collide(page: Page, site: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/search?q=tin")
    ratios = page.eval_on_selector_all(
        "h1, h2, h3, p, a, input, button, li",
        """found => found.map(element => {
            const style = getComputedStyle(element);
            return [element.tagName, parseFloat(style.lineHeight) / parseFloat(style.fontSize)];
        })""",
    )
    assert ratios
    assert [tag for tag, ratio in ratios if ratio < 1.35] == []


def test_fingers_get_larger_targets_than_pointers(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="vi-VN", viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    for path in ("/", "/search?q=thông+tin", "/search?q=thông+tin#bo-loc", "/about"):
        page.goto(site + path)
        for target in page.locator(f"{TARGETS}:not(.bars a)").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, (path, target.inner_text())
    context.close()


def test_at_twice_the_size_nothing_is_cut_off(browser: Browser, site: str) -> None:
    # 200 % zoom on a desktop is half of its pixels, each twice as large.
    context = browser.new_context(
        locale="vi-VN", viewport={"width": 640, "height": 450}, device_scale_factor=2
    )
    page = context.new_page()
    for path in ("/", "/search?q=thông+tin", "/article/sh-014?q=thong+tin", "/about"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    context.close()


def test_the_open_sheet_is_all_there_is_to_reach(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/search?q=thong+tin#bo-loc")
    expect(page.get_by_role("link", name="Xong")).to_be_visible()
    expect(page.get_by_role("list").first).to_be_visible()
    expect(search_box(page)).to_be_hidden()
    expect(page.locator(".card").first).to_be_hidden()
    context.close()


def test_without_javascript_marks_lead_from_one_to_the_next(plain_page: Page, site: str) -> None:
    page = plain_page
    page.goto(f"{site}/article/sh-014?q=thong+tin")
    page.get_by_role("link", name="chỗ khớp").click()
    expect(page).to_have_url(re.compile("#khop-1$"))
    page.locator("#khop-1 a").click()
    expect(page).to_have_url(re.compile("#khop-2$"))
    expect(page.locator("#khop-2")).to_be_in_viewport()


def test_without_javascript_a_bar_of_the_chart_narrows_the_results(
    plain_page: Page, site: str
) -> None:
    page = plain_page
    page.goto(f"{site}/search?q=thong+tin")
    bar = page.locator(".bars a").first
    number = bar.locator("b").inner_text()
    bar.click()
    expect(page.get_by_role("status").locator("b")).to_have_text(number)
    expect(page.locator(".chip.on")).to_have_count(1)


def test_the_other_language_is_one_click_away_and_stays(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=thong+tin")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("status")).to_contain_text("articles")
    page.get_by_label("Search the news", exact=True).fill("đối ngoại")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_title("đối ngoại – Tìm Báo")
    expect(page.get_by_role("status")).to_contain_text("articles")
    page.locator(".card h3 a").first.click()
    expect(page.get_by_role("link", name="Results for “đối ngoại”")).to_be_visible()


@pytest.mark.parametrize("media", ["print", "screen"])
def test_on_paper_there_is_the_text_and_no_control(page: Page, site: str, media: str) -> None:
    page.emulate_media(media="print" if media == "print" else "screen")
    page.goto(f"{site}/article/sh-014?q=thong+tin")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for selector in ("form.ask", ".hop", ".foot"):
        expect(page.locator(selector)).to_be_visible(visible=media == "screen")


def test_in_forced_colours_chosen_filters_and_bars_can_still_be_seen(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(locale="vi-VN", forced_colors="active", viewport=DESKTOP)
    page = context.new_page()
    page.goto(f"{site}/search?q=thông+tin&section=Đối+ngoại")
    chosen = page.locator("aside [aria-current]").first
    assert chosen.evaluate("link => getComputedStyle(link).borderTopStyle") == "solid"
    bar = page.locator(".bars svg").first
    fills = bar.evaluate(
        "svg => [getComputedStyle(svg).fill, getComputedStyle(document.body).backgroundColor]"
    )
    assert fills[0] != fills[1]
    context.close()


def test_motion_is_left_out_where_it_is_not_wanted(browser: Browser, site: str) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        context = browser.new_context(locale="vi-VN", reduced_motion=wish)
        page = context.new_page()
        page.goto(site)
        shown = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert shown == behaviour
        context.close()


def test_theme_and_text_size_are_chosen_once_and_stand_before_anything_is_painted(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/article/sh-014?q=thong+tin")
    paragraph = page.locator(".prose > p:not([class])").first
    before = paragraph.evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    page.get_by_role("button", name="Chữ lớn hơn").click()
    page.get_by_label("Giao diện").select_option("Tối")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    # Without modules, as at the first paint.
    page.route("**/site.js", lambda route: route.abort())
    page.route("**/article.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert paragraph.evaluate("p => parseFloat(getComputedStyle(p).fontSize)") > before


def test_a_link_to_an_article_is_copied_where_nothing_can_be_shared(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(locale="vi-VN", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/article/sh-014?q=thong+tin")
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.get_by_text("Đã chép.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("link[rel=canonical]").get_attribute("href")
    context.close()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_logo_is_that_of_the_theme_that_is_shown(
    browser: Browser, newsroom_index: Path, system: Literal["light", "dark"]
) -> None:
    with (
        serving(newsroom_index, "--site", str(NEWSPAPER)) as site,
        browser.new_context(color_scheme=system, locale="vi-VN") as context,
    ):
        page = context.new_page()
        for chosen in ("", "light", "dark"):
            page.goto(site)
            page.evaluate("theme => { localStorage.theme = theme }", chosen)
            page.reload()
            by_night = (chosen or system) == "dark"
            expect(page.locator("img.logo:visible").first).to_have_attribute(
                "src", re.compile("logo-dark" if by_night else "logo[^-]")
            )
