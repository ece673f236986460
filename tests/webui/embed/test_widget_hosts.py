"""``<tim-bao>`` in pages that load it otherwise, or do with it what pages do."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.webui.embed.hosting import OtherSite, ask, box, widget

ELEMENT = "document.querySelector('tim-bao')"


def loader(site: str) -> str:
    """The first script as the server gives it."""
    with urlopen(f"{site}/embed.js") as response:
        return str(response.read().decode())


@pytest.mark.parametrize(
    "script",
    [
        '<script type="module" src="{site}/embed.js"></script>',
        '<script type="module">await import("{site}/embed.js")</script>',
        '<script src="/widgets/embed.js"></script><script src="{site}/embed.js"></script>',
        '<script src="{site}/embed.js"></script><script src="{site}/embed.js?again"></script>',
    ],
    ids=["module", "import()", "beside another embed.js", "twice"],
)
def test_it_knows_where_it_came_from(
    page: Page, other: OtherSite, open_site: str, script: str
) -> None:
    other.pages["/widgets/embed.js"] = "window.other = true;"
    other.show(page, f"{script.format(site=open_site)}<tim-bao></tim-bao>")
    ask(page)
    expect(page.locator("tim-bao [part=hit]").first).to_be_visible()


@pytest.mark.parametrize("address", ["/bundle.js", "/npm/timbao@1/embed.js"])
def test_from_a_bundle_or_another_server_endpoint_says_where_the_search_is(
    page: Page, other: OtherSite, open_site: str, address: str
) -> None:
    other.pages[address] = f"const own = 1;\n{loader(open_site)}"
    script = f'<script src="{address}" defer></script>'
    other.show(page, f'{script}<tim-bao endpoint="{open_site}"></tim-bao>')
    ask(page)
    expect(page.locator("tim-bao [part=hit]").first).to_be_visible()


def test_a_bundle_without_endpoint_is_told_what_is_missing(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.pages["/bundle.js"] = loader(open_site)
    other.show(page, '<script src="/bundle.js" defer></script><tim-bao></tim-bao>')
    ask(page)
    expect(page.get_by_role("status")).to_contain_text("cần endpoint")


def test_several_search_sites_on_one_page(page: Page, other: OtherSite, open_site: str) -> None:
    second = f'<tim-bao endpoint="{open_site.replace("127.0.0.1", "localhost")}"></tim-bao>'
    other.show(page, widget(open_site) + second)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for at in range(2):
        page.evaluate(f"document.querySelectorAll('tim-bao')[{at}].search('tin')")
        expect(page.locator("tim-bao").nth(at).locator("[part=hit]").first).to_be_visible()
    hosts = {url.split("/api/")[0] for url in asked if "/api/" in url}
    assert hosts == {open_site, open_site.replace("127.0.0.1", "localhost")}


def test_keys_typed_in_the_box_are_no_shortcuts_of_the_page(
    page: Page, other: OtherSite, open_site: str
) -> None:
    shortcuts = """<script>window.ran = [];
    for (const kind of ["keydown", "keypress", "keyup"]) addEventListener(kind, (event) => {
        if (/INPUT|TEXTAREA/.test(event.target.tagName)) return;
        ran.push(event.key);
        if (event.key === "/") event.preventDefault();
    });</script>"""
    for attributes in ("", 'results="overlay"'):
        other.show(page, widget(open_site, attributes) + shortcuts)
        box(page).click()
        page.keyboard.type("24/7 s")
        page.keyboard.press("ArrowLeft")
        expect(box(page)).to_have_value("24/7 s")
        assert page.evaluate("ran") == []
    page.keyboard.press("Control+k")
    assert "k" in page.evaluate("ran")


def test_an_element_that_is_moved_goes_on_and_one_that_is_taken_out_settles(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, f'{widget(open_site, "results=overlay")}<div id="there"></div>')
    page.evaluate(f"{ELEMENT}.search('tin')")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[part=hit]").first).to_be_visible()
    page.evaluate(f"document.querySelector('#there').append({ELEMENT})")
    modal = f"{ELEMENT}.shadowRoot.querySelector('dialog').matches(':modal')"
    page.wait_for_function(modal)
    expect(dialog.locator("[part=hit]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    ask(page, "giá vàng")
    page.wait_for_function(modal)
    taken = "window.taken = document.querySelector('tim-bao'); taken.remove();"
    assert page.evaluate(f"async () => {{ {taken} await taken.search('tin'); return true }}")


def test_its_language_is_that_around_it_across_trees_and_whenever_it_is_set(
    page: Page, other: OtherSite, open_site: str
) -> None:
    inside = """<div id="outer"></div><script>
    document.querySelector("#outer").attachShadow({mode: "open"}).innerHTML = "<tim-bao></tim-bao>";
    </script>"""
    other.show(page, widget(open_site) + inside, lang="en")
    english = page.get_by_role("combobox", name="Search the news")
    expect(english).to_have_count(2)
    ask_in = f"{ELEMENT}.search('tin')"
    page.evaluate(ask_in)
    expect(page.locator("tim-bao [part=status]")).to_contain_text("articles")
    date = page.locator("tim-bao time").first
    expect(date).to_have_text(re.compile(r"^[0-3][0-9]/[01][0-9]/[0-9]{4}"))
    page.evaluate("document.documentElement.lang = 'vi'")
    expect(page.get_by_role("combobox", name="Tìm trong báo")).to_have_count(2)
    expect(page.locator("tim-bao [part=status]")).to_contain_text("bài")
    page.evaluate("document.querySelector('#outer').lang = 'en'")
    expect(english).to_have_count(1)


def test_the_direction_of_the_page_does_not_reach_inside(
    page: Page, other: OtherSite, open_site: str
) -> None:
    other.show(page, f'<div dir="rtl">{widget(open_site)}</div>', style="div { direction: rtl }")
    assert box(page).evaluate("input => getComputedStyle(input).direction") == "ltr"
