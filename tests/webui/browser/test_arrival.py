"""Pages that arrive bit by bit, as over a poor line: nothing jumps."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.webui.browser.browsing import DESKTOP, PHONE

PIECES = 12
BETWEEN = 0.08
"""Seconds between two pieces of a page: a browser paints every sixtieth of a second."""

PATHS = ("/", "/search?q=th%C3%B4ng+tin", "/article/sh-014?q=thong+tin", "/about")


@pytest.fixture
def poor_line(site: str) -> Iterator[str]:
    """The address of the site over a line that passes its pages on in pieces."""
    gone = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # The response has addresses in it, so it is asked for under the name that was used.
            headers = {"Host": urlsplit(site).netloc, "Accept-Language": "vi"}
            with urlopen(Request(site + self.path, headers=headers)) as response:
                kind, content = response.headers["Content-Type"], response.read()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            size = len(content) // PIECES if "html" in kind else len(content)
            for start in range(0, len(content), max(1, size)):
                self.wfile.write(content[start : start + max(1, size)])
                self.wfile.flush()
                gone.wait(BETWEEN)

        def log_message(self, *said: str) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    gone.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_jumps_while_a_page_arrives(
    browser: Browser, poor_line: str, size: ViewportSize
) -> None:
    context = browser.new_context(locale="vi-VN", viewport=size)
    page = context.new_page()
    for path in PATHS:
        page.goto(poor_line + path)
        moved = page.evaluate(
            """() => {
                const observer = new PerformanceObserver(() => {});
                observer.observe({ type: "layout-shift", buffered: true });
                return observer.takeRecords().reduce((sum, { value }) => sum + value, 0);
            }"""
        )
        assert moved == 0, path
    context.close()
