"""Suggestions while typing: an ARIA combobox, by keyboard, pointer and input method."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.webui.browser.browsing import listen, search_box
from tests.webui.browser.test_accessibility import violations

SUGGEST = "**/api/v1/suggest?*"


def suggestions(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Gợi ý")


def options(page: Page) -> Locator:
    return suggestions(page).get_by_role("option")


@pytest.fixture
def typing(page: Page, site: str) -> Page:
    """The home page with suggestions for what was typed."""
    page.goto(site)
    # All at once: key by key, suggestions for half of it could still come in between.
    search_box(page).fill("thong tin")
    expect(options(page).nth(1)).to_be_visible()
    return page


def test_what_is_typed_is_completed_and_marked(typing: Page) -> None:
    box = typing.get_by_role("combobox", name="Tìm trong báo")
    for name, value in (
        ("aria-autocomplete", "list"),
        ("aria-expanded", "true"),
        ("aria-controls", suggestions(typing).get_attribute("id")),
    ):
        expect(box).to_have_attribute(name, value or "")
    for option in options(typing).all():
        # Articles are shown as they came in, and one of the newsroom's is decomposed.
        marked = unicodedata.normalize("NFC", " ".join(option.locator("mark").all_inner_texts()))
        assert "thông tin" in marked.lower()
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))


def test_arrows_go_round_and_the_box_keeps_what_was_typed(typing: Page) -> None:
    box = search_box(typing)
    count = options(typing).count()
    for number in (*range(count), None, 0):
        box.press("ArrowDown")
        check_active(typing, number)
    for number in (None, count - 1, count - 2):
        box.press("ArrowUp")
        check_active(typing, number)
    expect(box).to_have_value("thong tin")
    expect(box).to_be_focused()


def check_active(page: Page, number: int | None) -> None:
    chosen = suggestions(page).locator("[aria-selected=true]")
    if number is None:
        expect(chosen).to_have_count(0)
        expect(search_box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
        return
    option = options(page).nth(number)
    expect(chosen).to_have_count(1)
    expect(option).to_have_attribute("aria-selected", "true")
    expect(search_box(page)).to_have_attribute(
        "aria-activedescendant", option.get_attribute("id") or ""
    )


def query_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["q"][0]


def test_enter_takes_the_chosen_suggestion(typing: Page) -> None:
    box = search_box(typing)
    box.press("ArrowDown")
    wanted = options(typing).nth(0).inner_text()
    box.press("Enter")
    expect(typing.get_by_role("status")).to_contain_text("bài")
    assert query_of(typing) == wanted
    expect(search_box(typing)).to_have_value(wanted)


def test_enter_without_a_choice_sends_what_was_typed(typing: Page) -> None:
    search_box(typing).press("Enter")
    expect(typing.get_by_role("status")).to_contain_text("bài")
    assert query_of(typing) == "thong tin"


def test_a_press_takes_a_suggestion(typing: Page) -> None:
    wanted = options(typing).nth(0).inner_text()
    options(typing).nth(0).click()
    expect(typing.get_by_role("status")).to_contain_text("bài")
    assert query_of(typing) == wanted


def test_control_enter_opens_a_new_tab_and_leaves_this_one(typing: Page) -> None:
    box = search_box(typing)
    box.press("ArrowDown")
    wanted = options(typing).nth(0).inner_text()
    with typing.expect_popup() as opened:
        box.press("Control+Enter")
    opened.value.wait_for_load_state()
    assert query_of(opened.value) == wanted
    assert "/search" not in typing.url
    expect(box).to_have_value("thong tin")
    with typing.expect_popup() as opened:
        box.press("Control+Enter")
    opened.value.wait_for_load_state()
    assert query_of(opened.value) == "thong tin"


def test_escape_closes_and_keeps_what_was_typed_and_an_arrow_opens_again(typing: Page) -> None:
    box = search_box(typing)
    box.press("Escape")
    expect(suggestions(typing)).to_be_hidden()
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("thong tin")
    box.press("ArrowDown")
    expect(options(typing).first).to_be_visible()


def test_tab_leaves_the_box_and_closes_the_list(typing: Page) -> None:
    search_box(typing).press("Tab")
    expect(typing.get_by_role("button", name="Tìm")).to_be_focused()
    expect(suggestions(typing)).to_be_hidden()


def test_an_emptied_box_has_no_suggestions(typing: Page) -> None:
    search_box(typing).fill("")
    expect(suggestions(typing)).to_be_hidden()


def test_outdated_suggestions_are_never_shown(page: Page, site: str) -> None:
    page.goto(site)
    held: list[Route] = []
    page.route("**/api/v1/suggest?q=th", lambda route: held.append(route))
    with page.expect_request("**/api/v1/suggest?q=th"):
        search_box(page).fill("th")
    with page.expect_event("requestfailed"):
        search_box(page).fill("đối ngo")
    expect(options(page).first).to_contain_text(re.compile("đối ngo", re.IGNORECASE))


def test_without_suggestions_the_box_works_as_ever(page: Page, site: str) -> None:
    page.route(SUGGEST, lambda route: route.abort())
    page.goto(site)
    with page.expect_event("requestfailed"):
        search_box(page).fill("thong tin")
    expect(suggestions(page)).to_be_hidden()
    search_box(page).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("bài")


def test_suggestions_follow_a_composition_and_leave_its_keys_alone(page: Page, site: str) -> None:
    page.goto(site)
    box = search_box(page)
    box.focus()
    input_method = page.context.new_cdp_session(page)
    for text in ("th", "thôn", "thông"):
        input_method.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    expect(options(page).first).to_be_visible()
    for key in ("ArrowDown", "Enter", "Escape"):
        left_alone = box.evaluate(
            """(box, key) => box.dispatchEvent(new KeyboardEvent("keydown",
                { key, isComposing: true, bubbles: true, cancelable: true }))""",
            key,
        )
        assert left_alone, key
    # The Enter that ends a composition, as Safari reports it.
    assert box.evaluate(
        """box => box.dispatchEvent(new KeyboardEvent("keydown",
            { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""
    )
    check_active(page, None)
    expect(suggestions(page)).to_be_visible()
    input_method.send("Input.insertText", {"text": "thông"})
    box.press("ArrowDown")
    check_active(page, 0)


def test_on_the_results_page_a_suggestion_replaces_the_results(page: Page, site: str) -> None:
    said = listen(page)
    page.goto(f"{site}/search?q=bão")
    search_box(page).fill("thong tin doi")
    expect(options(page).first).to_be_visible()
    search_box(page).press("ArrowDown")
    wanted = options(page).first.inner_text()
    search_box(page).press("Enter")
    expect(page).to_have_title(f"{wanted} – Tìm Báo")
    expect(suggestions(page)).to_be_hidden()
    expect(search_box(page)).to_have_value(wanted)
    page.go_back()
    expect(page).to_have_title("bão – Tìm Báo")
    assert said == []


def test_the_open_list_breaks_no_rule(typing: Page) -> None:
    assert violations(typing) == []
    search_box(typing).press("ArrowDown")
    assert violations(typing) == []


def test_a_headline_opens_its_article_with_what_was_typed_marked(typing: Page) -> None:
    headline = suggestions(typing).locator(".headline").first
    expect(headline.locator("small")).to_have_text(re.compile(r"^\d\d/\d\d/\d{4}$"))
    wanted = headline.get_attribute("data-text") or ""
    headline.click()
    expect(typing.get_by_role("heading", level=1)).to_have_text(wanted)
    expect(typing.locator(".prose mark").first).to_be_visible()


def test_what_was_searched_for_is_offered_again_and_forgotten(page: Page, site: str) -> None:
    page.goto(site)
    for query in ("gạo xuất khẩu", "thông tin đối ngoại", "bão"):
        search_box(page).fill(query)
        search_box(page).press("Enter")
        expect(page).to_have_title(f"{query} – Tìm Báo")
    page.goto(site)
    search_box(page).click()
    expect(options(page)).to_have_count(4)
    assert violations(page) == []
    assert options(page).first.get_attribute("data-text") == "bão"
    search_box(page).press("ArrowDown")
    search_box(page).press("Delete")
    expect(options(page)).to_have_count(3)
    options(page).first.get_by_text("×").click()
    expect(options(page)).to_have_count(2)
    search_box(page).fill("gao xu")
    expect(suggestions(page).locator(".past")).to_have_text(re.compile("gạo xuất khẩu"))
    search_box(page).fill("")
    search_box(page).click()
    options(page).get_by_text("Xóa những gì đã tìm").click()
    expect(suggestions(page)).to_be_hidden()
    assert page.evaluate("localStorage.getItem('searched')") is None
