"""What ``<tim-bao>`` says where it is not let in, or its server is slow, broken or away."""

from __future__ import annotations

import socket

import pytest
from playwright.sync_api import Page, Route, expect

from tests.webui.embed.hosting import OtherSite, ask, box, widget


def test_a_page_that_is_not_let_in_says_so_and_offers_the_search_page(
    page: Page, other: OtherSite, site: str
) -> None:
    other.show(page, widget(site))
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("Chưa kết nối được")
    way_on = page.get_by_role("link", name="Mở trang tìm kiếm")
    expect(way_on).to_have_attribute("href", f"{site}/search?q=thong%20tin%20doi%20ngoai")
    assert page.locator("tim-bao li a").count() == 0


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
