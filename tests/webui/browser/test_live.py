"""Results that follow the typing: address, history, cancelled requests, input methods, the wait."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from tests.webui.browser.browsing import listen, result_paths, search_box

RESULTS = "**/search?*"


def test_results_follow_the_typing_and_so_does_the_address(page: Page, site: str) -> None:
    said = listen(page)
    page.goto(f"{site}/search?q=bão")
    search_box(page).fill("")
    search_box(page).press_sequentially("thong tin doi ngoai")
    expect(page).to_have_url(re.compile(r"/search\?q=thong\+tin\+doi\+ngoai$"))
    expect(page).to_have_title("thong tin doi ngoai – Tìm Báo")
    typed = result_paths(page)
    assert len(typed) >= 5
    expect(search_box(page)).to_be_focused()
    page.goto(page.url)
    assert result_paths(page) == typed
    assert said == []


def test_filters_stay_while_typing(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=tin&section=Đối+ngoại&sort=newest&lang=vi")
    search_box(page).fill("thong tin")
    expect(page).to_have_title("thong tin – Tìm Báo")
    assert "sort=newest" in page.url
    assert "lang=vi" in page.url
    expect(page.locator(".chip.on")).to_have_text(re.compile("Đối ngoại"))


def test_feed_and_language_switch_follow_the_typing_too(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=bão")
    search_box(page).evaluate("box => { box.removeAttribute('maxlength'); }")
    for query, title in (
        ("thong", "thong – Tìm Báo"),
        ("a" * 1001, "Địa chỉ này có chỗ chưa đúng – Tìm Báo"),
        ("thong tin", "thong tin – Tìm Báo"),
    ):
        search_box(page).fill(query)
        expect(page).to_have_title(title)
        expect(search_box(page)).to_have_count(1)
        switch = page.get_by_role("link", name="English")
        expect(switch).to_have_attribute(
            "href", re.compile(f"q={query.replace(' ', '[+]')}&lang=en")
        )
    feed = page.locator("link[type='application/atom+xml']")
    expect(feed).to_have_attribute("href", re.compile(r"/search\.atom\?q=thong\+tin$"))


def test_back_leads_to_the_search_before_and_not_through_half_typed_words(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/search?q=bão")
    before = result_paths(page)
    box = search_box(page)
    for query in ("thong", "thong tin", "thong tin doi ngoai"):
        box.fill(query)
        expect(page).to_have_title(f"{query} – Tìm Báo")
    after = result_paths(page)
    page.go_back()
    expect(page).to_have_title("bão – Tìm Báo")
    expect(box).to_have_value("bão")
    assert result_paths(page) == before
    page.go_forward()
    expect(page).to_have_title("thong tin doi ngoai – Tìm Báo")
    expect(box).to_have_value("thong tin doi ngoai")
    assert result_paths(page) == after


def test_a_query_that_was_sent_is_a_place_to_come_back_to(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=bão")
    box = search_box(page)
    for query in ("thong tin", "doi ngoai"):
        box.fill(query)
        box.press("Enter")
        expect(page).to_have_title(f"{query} – Tìm Báo")
    page.go_back()
    expect(page).to_have_title("thong tin – Tìm Báo")
    page.go_back()
    expect(page).to_have_title("bão – Tìm Báo")


def test_from_an_article_back_leads_to_the_results_that_were_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=bão")
    search_box(page).fill("thong tin doi ngoai")
    expect(page).to_have_title("thong tin doi ngoai – Tìm Báo")
    found = result_paths(page)
    page.locator(".card h3 a").first.click()
    expect(page.locator(".prose")).to_be_visible()
    page.go_back()
    expect(page).to_have_title("thong tin doi ngoai – Tìm Báo")
    assert result_paths(page) == found


def test_the_sheet_of_filters_does_not_reload_the_results(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/search?q=thong+tin")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Bộ lọc").click()
    expect(page.get_by_role("complementary")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("complementary")).to_be_hidden()
    assert [url for url in asked if "/search" in url] == []


def test_an_outdated_request_is_cancelled_and_its_response_never_shown(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/search?q=bão")
    held: list[Route] = []
    page.route("**/search?q=thong&typing=1", lambda route: held.append(route))
    with page.expect_request("**/search?q=thong&typing=1"):
        search_box(page).fill("thong")
    with page.expect_event(
        "requestfailed", lambda request: request.url.endswith("q=thong&typing=1")
    ):
        search_box(page).fill("thong tin")
    expect(page).to_have_title("thong tin – Tìm Báo")


def test_typing_back_to_what_is_shown_overrules_a_request_under_way(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=thong")
    held: list[Route] = []
    page.route("**/search?q=thong+tin&typing=1", lambda route: held.append(route))
    with page.expect_request("**/search?q=thong+tin&typing=1"):
        search_box(page).fill("thong tin")
    with page.expect_event(
        "requestfailed", lambda request: request.url.endswith("q=thong+tin&typing=1")
    ):
        search_box(page).fill("thong")
    expect(page).to_have_url(re.compile("q=thong$"))
    expect(page).to_have_title("thong – Tìm Báo")


def test_a_pause_comes_before_a_request_and_a_wait_before_it_is_told(page: Page, site: str) -> None:
    page.clock.install()
    page.goto(f"{site}/search?q=bão")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    status = page.get_by_role("status")
    before = status.inner_text()
    held: list[Route] = []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/search?q=thong&typing=1", lambda route: held.append(route))
    search_box(page).fill("thong")
    page.clock.run_for(149)
    assert [url for url in asked if "/search" in url] == []
    with page.expect_request("**/search?q=thong&typing=1"):
        page.clock.run_for(1)
    page.clock.run_for(799)
    assert status.inner_text() == before
    page.clock.run_for(1)
    expect(status).to_have_text("Đang tìm…")
    held[0].continue_()
    expect(status).to_contain_text("bài")
    assert len([url for url in asked if "/search?" in url]) == 1


def test_the_last_word_may_go_on_until_a_space_or_a_pause(page: Page, site: str) -> None:
    page.clock.install()
    page.goto(f"{site}/search?q=bão")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    with page.expect_response(re.compile(r"tin&typing=1$")):
        search_box(page).fill("thông tin")
        page.clock.run_for(150)
    expect(page).to_have_url(re.compile(r"/search\?q=th%C3%B4ng\+tin$"))
    with page.expect_response(re.compile(r"/search\?q=th%C3%B4ng\+tin$")):
        page.clock.run_for(900)
    with page.expect_response(re.compile(r"/search\?q=th%C3%B4ng\+$")):
        search_box(page).fill("thông ")
        page.clock.run_for(150)


def test_the_status_line_stays_the_same_element_so_that_it_is_read_out(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/search?q=bão")
    page.get_by_role("status").evaluate("line => { line.known = true; }")
    search_box(page).fill("zzzqqq xxkk")
    expect(page.get_by_role("status")).to_have_text(re.compile("Không tìm thấy bài nào"))
    expect(page.locator(".try")).to_be_visible()
    assert page.get_by_role("status").evaluate("line => line.known")
    search_box(page).fill("thong tin")
    expect(page.get_by_role("status")).to_contain_text("bài (")
    assert page.get_by_role("status").evaluate("line => line.known")


def test_lines_links_and_sentences_about_the_tiers_follow_the_typing(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=giá+vàng&sort=newest&match=all")
    line = page.get_by_role("heading", name="bài chỉ có các từ rời rạc hoặc khác dấu")
    page.get_by_role("link", name="Chỉ xem bài nói đúng về “giá vàng”").click()
    link = page.get_by_role("link", name="bài chỉ có các từ rời rạc hoặc khác dấu")
    expect(link).to_be_visible()
    page.get_by_role("link", name="Phù hợp nhất").click()
    expect(line).to_be_visible()
    status = page.get_by_role("status")
    search_box(page).fill("tai nạn giao thông")
    expect(status).to_contain_text("Không có bài nào nói đúng về “tai nạn giao thông”")
    expect(line).to_have_count(0)
    expect(status).to_have_class("status told")
    search_box(page).fill("giá vàng")
    expect(line).to_be_visible()
    expect(status).to_have_class("status")


def test_out_of_reach_is_said_and_the_next_try_works(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=bão")
    page.route(RESULTS, lambda route: route.abort("internetdisconnected"))
    search_box(page).fill("thong")
    expect(page.get_by_role("status")).to_contain_text("Không liên lạc được")
    assert "q=b%C3%A3o" in page.url
    page.unroute(RESULTS)
    search_box(page).fill("thong tin")
    expect(page).to_have_title("thong tin – Tìm Báo")


def test_an_error_page_takes_the_place_of_the_results_and_goes_again(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=bão")
    # The box itself takes no more than a thousand characters: ask past it.
    box = search_box(page)
    box.evaluate("box => { box.removeAttribute('maxlength'); }")
    box.fill("a" * 1001)
    expect(page.get_by_role("heading", name="Địa chỉ này có chỗ chưa đúng")).to_be_visible()
    box.fill("thong tin")
    expect(page.get_by_role("status")).to_contain_text("bài")
    expect(page.locator(".status-code")).to_have_count(0)


@pytest.fixture
def input_method(page: Page) -> CDPSession:
    """The channel by which Chromium is told what an input method composes."""
    return page.context.new_cdp_session(page)


def compose(input_method: CDPSession, text: str) -> None:
    input_method.send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )


def test_results_follow_a_composition_before_it_ends(
    page: Page, site: str, input_method: CDPSession
) -> None:
    page.goto(f"{site}/search?q=bão")
    box = search_box(page)
    box.fill("")
    for text in ("đ", "đô", "đối"):
        compose(input_method, text)
        expect(box).to_have_value(text)
    expect(page).to_have_title("đối – Tìm Báo")
    input_method.send("Input.insertText", {"text": "đối"})
    box.press_sequentially(" ngo")
    expect(page).to_have_title("đối ngo – Tìm Báo")


def test_enter_and_escape_belong_to_the_input_method_while_it_composes(
    page: Page, site: str, input_method: CDPSession
) -> None:
    page.goto(site)
    box = search_box(page)
    box.focus()
    compose(input_method, "đối")
    expect(box).to_have_value("đối")
    page.evaluate(
        """() => {
            window.seen = [];
            document.addEventListener("keydown", ({ key, isComposing, defaultPrevented }) =>
                window.seen.push([key, isComposing, defaultPrevented]));
        }"""
    )
    for key in ("ArrowDown", "Escape", "Enter", "k"):
        page.evaluate(
            """key => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
                { key, isComposing: true, bubbles: true, cancelable: true, ctrlKey: key === "k" }
            ))""",
            key,
        )
    assert page.evaluate("window.seen") == [
        [key, True, False] for key in ("ArrowDown", "Escape", "Enter", "k")
    ]
    assert page.url == f"{site}/"
    expect(box).to_have_value("đối")
