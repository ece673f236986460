"""What the browser tests share: sizes, the search box, and what a page says to its console."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, ViewportSize, expect

PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


def search_box(page: Page) -> Locator:
    """The box of the search form, by the name that assistive technology reads."""
    return page.get_by_label("Tìm trong báo", exact=True)


def search(page: Page, query: str) -> None:
    """Type a query and send it."""
    box = search_box(page)
    box.fill(query)
    box.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("bài")
    expect(box).to_have_value(query)


NO_SUCH_HOST = "net::ERR_NAME_NOT_RESOLVED"
"""The papers of the sample newsroom are made up, and so are the hosts of their pictures."""


def listen(page: Page) -> list[str]:
    """What the page writes to the console from now on, errors included, but of pictures' hosts."""
    said: list[str] = []
    page.on(
        "console",
        lambda message: None if NO_SUCH_HOST in message.text else said.append(message.text),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def result_paths(page: Page) -> list[str]:
    """The results' paths without their queries, from first to last."""
    addresses = page.eval_on_selector_all(
        ".card h3 a", "found => found.map(link => link.getAttribute('href'))"
    )
    return [address.split("?")[0] for address in addresses]
