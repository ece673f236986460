"""The desk in a real browser: whole without JavaScript, and no rule of accessibility broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.webui.browser.browsing import DESKTOP, PHONE, listen
from tests.webui.browser.test_accessibility import violations
from tests.webui.conftest import serving
from tests.webui.desk.counts.test_clicks import counted
from tests.webui.desk.counts.test_counting import until
from tests.webui.embed.hosting import OtherSite, ask, axe_violations, of_widget, widget
from webui.desk.counts import writing
from webui.desk.curation.rules import Curation, Rules
from webui.desk.file import DeskFile
from webui.http.keys.key_file import Scope, make_key
from webui.rendering.dates import now

PAGES = {
    "overview": "/desk",
    "one day": "/desk?days=1",
    "queries": "/desk/queries?list=nothing&days=30",
    "query": "/desk/query?q=gia+vang&days=90",
    "query unknown": "/desk/query?q=khong+co",
    "curations": "/desk/curations",
    "new curation": "/desk/curations/new?q=giá+vàng",
    "curation": "/desk/curations/1?saved=1",
    "words": "/desk/words",
    "articles": "/desk/articles?q=thông+tin",
    "article": "/desk/article?id=sh-014&q=thong+tin",
    "article missing": "/desk/article?id=khong-co&q=thong+tin",
    "builds": "/desk/builds",
    "log": "/desk/log",
}


class Desk(NamedTuple):
    """A running site with a desk that has something to tell."""

    url: str
    file: Path
    key: str


@pytest.fixture(scope="module")
def desk(
    newsroom_index: Path, tmp_path_factory: pytest.TempPathFactory, other: OtherSite
) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    file = DeskFile(folder / "desk.db")
    today = now().date()
    events: list[writing.Event] = []
    for ago in range(40):
        day = (today - timedelta(ago)).isoformat()
        for number, query in enumerate(("giá vàng", "thông tin", "zzqq <b>đậm</b>")):
            search = writing.Search(day, query, number == 2, False, 3.0)
            events += [search] * (ago % 7 + 1)
            events += [writing.Click(day, "giá vàng", ago % 9 + 1)]
    with file.open() as database:
        writing.write(database, events)
    pinned = Curation(
        pins=("sh-014", "khong-co"), text="Đang cập nhật", address="https://bao.example/vang"
    )
    Rules(file).put(None, "giá vàng", "gia vang", pinned, "tòa soạn")
    key = make_key(folder / "keys.json", "tòa soạn", (Scope.ADMIN,))
    arguments = ("--desk", str(file.path), "--keys", str(folder / "keys.json"))
    with serving(newsroom_index, "--no-indexer", "--allow-origin", other.url, *arguments) as url:
        yield Desk(url, file.path, key)


def enter(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.url}/desk")
    page.get_by_label("Khóa quản trị").fill(desk.key)
    page.get_by_role("button", name="Vào").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Độc giả tìm gì")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_or_is_wider_than_its_window(
    browser: Browser, desk: Desk, size: ViewportSize, scheme: str
) -> None:
    context = browser.new_context(
        locale="vi-VN",
        viewport=size,
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=size is PHONE,
        reduced_motion="reduce",
    )
    page = context.new_page()
    said = listen(page)
    page.goto(f"{desk.url}/desk/login")
    assert violations(page) == []
    enter(page, desk)
    for name, path in PAGES.items():
        page.goto(desk.url + path)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.goto(f"{desk.url}/search?q=giá+vàng")
    assert page.locator(".note").count() == 2
    assert violations(page) == []
    assert said == []
    context.close()


def test_everything_is_done_without_javascript(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    enter(page, desk)
    page.get_by_role("link", name="thông tin").first.click()
    page.get_by_role("button", name="Ghim lên đầu").nth(2).click()
    expect(page.get_by_text("Đã ghim")).to_be_visible()
    headline = page.locator(".readers .card h3").first.inner_text()
    page.goto(f"{desk.url}/search?q=thông+tin")
    expect(page.locator(".card h3").first).to_have_text(headline)
    page.goto(f"{desk.url}/desk/query?q=thong+tin")
    page.get_by_role("button", name="Bỏ ghim").click()
    expect(page.get_by_text("Đã ghim")).to_have_count(0)
    page.goto(f"{desk.url}/desk/curations/new?q=zzqq")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghim hoặc ẩn một bài")
    page.get_by_label("Vài chữ trên kết quả").fill("Chưa có bài nào")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã giữ")
    page.get_by_role("button", name="Bỏ hết phần này").click()
    expect(page.get_by_text("Chưa có bài nào")).to_have_count(0)
    page.get_by_role("button", name="Thoát").click()
    page.goto(f"{desk.url}/desk/log")
    assert page.url == f"{desk.url}/desk/login"
    context.close()


def test_the_element_tells_of_clicks_only_if_asked_and_shows_notes(
    page: Page, desk: Desk, other: OtherSite
) -> None:
    before = counted(desk.file)
    for attributes, rank in (("", 1), ("clicks", 2)):
        other.show(page, widget(desk.url, f'links="site" {attributes}'))
        ask(page, "giá vàng")
        expect(page.locator("tim-bao [part=note]")).to_have_count(2)
        expect(page.locator("tim-bao [part=note] a")).to_have_attribute(
            "href", "https://bao.example/vang"
        )
        assert of_widget(axe_violations(page)) == []
        page.locator("tim-bao li a").nth(rank - 1).click()
        page.wait_for_url("**/article/**")
    until(lambda: counted(desk.file) != before)
    assert counted(desk.file)["gia vang", 2] == before.get(("gia vang", 2), 0) + 1
    assert counted(desk.file)["gia vang", 1] == before["gia vang", 1]
