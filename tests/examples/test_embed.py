"""The example pages and the snippets of docs/embedding.md, on a page of another origin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.webui.browser.browsing import listen
from tests.webui.conftest import serving
from tests.webui.embed.hosting import PAGE, OtherSite
from webui.embed.element import read_widget

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "embed"
SITE = "https://tim.bao.example"
SNIPPETS = re.findall(
    r"^```(html|js)\n(.*?)^```",
    (ROOT / "docs/embedding.md").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.fixture(scope="module")
def other() -> Iterator[OtherSite]:
    """The site that embeds."""
    with OtherSite() as site:
        yield site


@pytest.fixture(scope="module")
def search_site(newsroom_index: Path, other: OtherSite) -> Iterator[str]:
    """The site that is embedded."""
    with serving(newsroom_index, "--allow-origin", other.url, "--allow-frame", other.url) as url:
        yield url


def show(page: Page, other: OtherSite, search_site: str, content: str) -> None:
    other.pages["/"] = content.replace(SITE, search_site)
    page.goto(f"{other.url}/")


@pytest.mark.parametrize("name", ["static.html", "wordpress/rendered.html"])
def test_a_page_with_the_element_finds_articles(
    page: Page, other: OtherSite, search_site: str, name: str
) -> None:
    said = listen(page)
    show(page, other, search_site, (EXAMPLES / name).read_text("utf-8"))
    box = page.get_by_role("combobox", name="Tìm trong báo")
    box.fill("giải")
    box.press("Enter")
    expect(page.locator("tim-bao mark").first).to_be_visible()
    assert said == []


def test_a_page_that_calls_the_api_finds_articles(
    page: Page, other: OtherSite, search_site: str
) -> None:
    show(page, other, search_site, (EXAMPLES / "fetch.html").read_text("utf-8"))
    page.get_by_label("Tìm trong báo").fill("thong tin doi ngoai")
    page.get_by_role("button", name="Tìm").click()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ bài$"))
    expect(page.locator("ol a").first).to_be_visible()


def test_a_page_with_a_frame_finds_articles(page: Page, other: OtherSite, search_site: str) -> None:
    show(page, other, search_site, (EXAMPLES / "frame.html").read_text("utf-8"))
    frame = page.frame_locator("iframe")
    frame.get_by_role("searchbox").fill("thong tin doi ngoai")
    frame.get_by_role("searchbox").press("Enter")
    expect(frame.locator("mark").first).to_be_visible()
    page.wait_for_function("Number(document.querySelector('iframe').height) > 200")


def test_the_rendered_post_is_what_the_plugin_writes() -> None:
    plugin = (EXAMPLES / "wordpress/tim-bao.php").read_text("utf-8")
    rendered = (EXAMPLES / "wordpress/rendered.html").read_text("utf-8")
    written = "><a href=\"' . esc_url( $site . '/search' ) . '\">Tìm trong báo</a></tim-bao>"
    assert written in plugin
    assert f'><a href="{SITE}/search">Tìm trong báo</a></tim-bao>' in rendered
    known = set(
        re.findall(r"'([a-z-]+)'", plugin.partition("$known = array(")[2].partition(")")[0])
    )
    assert known <= documented_attributes()


def documented_attributes() -> set[str]:
    table = (ROOT / "docs/embedding.md").read_text("utf-8").partition("| attribute | |")[2]
    cells = re.findall(r"^\| (.*?) \|", table.partition("\n\n")[0], re.MULTILINE)
    return set(re.findall(r"`([a-z-]+)`", " ".join(cells)))


def test_every_attribute_part_and_property_is_documented_and_no_other() -> None:
    scripts = b"\n".join(read_widget()[:2]).decode()
    docs = (ROOT / "docs/embedding.md").read_text("utf-8")
    asked = set(re.findall(r'(?:get|has)Attribute\("([a-z-]+)"\)', scripts)) | {
        "lang",
        "section",
        "source",
    }
    assert documented_attributes() == asked
    parts = set(re.findall(r'part: "([a-z]+)"', scripts))
    listed = docs.partition("Parts: ")[2].partition(". ")[0]
    assert set(re.findall(r"`([a-z]+)`", listed)) == parts
    properties = set(re.findall(r"var\(--tim-bao(-[a-z-]+)", scripts))
    named = docs.partition("Properties: ")[2].partition(". ")[0].replace("--tim-bao", "")
    assert set(re.findall(r"`(-[a-z-]+)`", named)) == properties


@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_a_snippet_of_the_documentation_runs(
    page: Page, other: OtherSite, search_site: str, number: int
) -> None:
    said = listen(page)
    kind, snippet = SNIPPETS[number]
    body = snippet if kind == "html" else f'<script type="module">{snippet}</script>'
    show(page, other, search_site, PAGE.format(lang="vi", style="", body=body))
    page.wait_for_load_state("networkidle")
    if "embed.js" in snippet:
        box = page.get_by_role("combobox", name="Tìm trong báo")
        box.fill("thong tin")
        box.press("Enter")
        expect(page.locator("tim-bao mark").first).to_be_visible()
    assert said == []
