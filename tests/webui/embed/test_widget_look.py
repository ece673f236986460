"""How ``<tim-bao>`` looks on pages of all kinds: theirs where they may say so, else its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.webui.browser.browsing import NARROW, PHONE
from tests.webui.embed.hosting import OtherSite, ask, box, widget

HOSTILE = "* { all: unset; color: red } tim-bao { font-size: 3px; text-transform: uppercase }"


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
