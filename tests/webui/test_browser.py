"""What a reader does, in a real browser, against a real server process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
SPELLINGS = ("thông tin đối ngoại", "thong tin doi ngoai", "THÔNG TIN ĐỐI NGOẠI")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page of a browser with JavaScript switched off."""
    context = browser.new_context(locale="vi-VN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def type_and_send(page: Page, query: str) -> None:
    box = page.get_by_role("searchbox", name="Tìm trong báo")
    box.fill(query)
    box.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()


def links(page: Page) -> list[str]:
    return [
        link.split("?")[0]
        for link in page.eval_on_selector_all(
            ".card h3 a", "found => found.map(link => link.getAttribute('href'))"
        )
    ]


def test_type_a_query_see_marks_follow_a_result_and_go_back(page: Page, site: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(site)
    type_and_send(page, "thong tin doi ngoai")
    expect(page).to_have_title("thong tin doi ngoai – Tìm Báo")
    expect(page.locator(".card mark", has_text="thông tin đối ngoại").first).to_be_visible()
    results = page.url
    first = page.locator(".card h3 a").first
    headline = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)
    expect(page.locator(".story mark").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(results)
    expect(page.locator(".card h3 a").first).to_have_text(headline)
    expect(page.get_by_role("searchbox")).to_have_value("thong tin doi ngoai")
    assert said == []


def test_three_spellings_find_the_same_articles_in_their_own_spelling(
    page: Page, site: str
) -> None:
    found = []
    for spelling in SPELLINGS:
        page.goto(f"{site}/search?per_page=50")
        type_and_send(page, spelling)
        found.append(sorted(links(page)))
        marks = page.locator(".card mark").all_inner_texts()
        assert "thông tin đối ngoại" in {mark.lower() for mark in marks}
    assert len(found[0]) >= 5
    assert found[0] == found[1] == found[2]


def test_everything_works_without_javascript(plain_page: Page, site: str) -> None:
    page = plain_page
    page.goto(site)
    type_and_send(page, "tin")
    page.get_by_role("link", name="Mới nhất").click()
    expect(page.locator(".switch [aria-current]")).to_have_text("Mới nhất")
    page.locator("aside section", has_text="Chuyên mục").get_by_role("link").first.click()
    expect(page.locator(".chip.on")).to_have_count(1)
    page.locator(".chip.on").click()
    expect(page.locator(".chip.on")).to_have_count(0)
    page.get_by_role("link", name="Trang sau").click()
    expect(page.locator(".pager [aria-current=page]")).to_have_text("2")
    page.get_by_label("Từ ngày").fill("2022-01-01")
    page.get_by_role("button", name="Lọc").click()
    expect(page.locator(".chip.on")).to_contain_text("Từ 01/01/2022")


def test_on_a_phone_filters_are_a_sheet_that_back_closes(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
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
@pytest.mark.parametrize("size", [PHONE, DESKTOP, {"width": 320, "height": 640}])
def test_no_page_scrolls_sideways_and_targets_are_large(
    browser: Browser, site: str, scheme: str, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    for path in ("/", "/search?q=thông+tin", f"/search?q={'nghiêng' * 30}", "/search", "/khong-co"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        for target in page.locator("button:visible, .chip:visible, .pager a:visible").all():
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
