"""Pages of another site: an origin of their own, which the site under test may let in or not."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

import axe_playwright_python
from playwright.sync_api import Locator, Page

# axe-core is under the Mozilla Public License 2.0; nothing of it is part of this project. It comes
# with axe-playwright-python, and is given to the browser as it is.
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Trang khác</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><style>{style}</style></head>
<body><main><h1>Trang khác</h1>{body}</main></body></html>"""


def has_node() -> bool:
    """Whether there is a Node.js as new as the tools of the tests need: 20.19."""
    node = shutil.which("node")
    if node is None or shutil.which("npx") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, encoding="utf-8", check=True)
    major, minor, _ = told.stdout.strip().removeprefix("v").split(".")
    return (int(major), int(minor)) >= (20, 19)


def run(folder: Path, *command: str) -> str:
    """What a tool says that does its work in a folder."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"CI": "true", "npm_config_update_notifier": "false"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class OtherSite:
    """A server of pages given as text; a context manager.

    Attributes:
        pages: by path.
    """

    def __init__(self) -> None:
        # Browsers ask each site for it once, and would complain.
        pages: dict[str, str] = {"/favicon.ico": ""}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                self.send_response(404 if page is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.pages = pages
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> OtherSite:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def show(self, page: Page, body: str, *, style: str = "", lang: str = "vi") -> None:
        """Open a page of this site with ``body`` in it."""
        self.pages["/"] = PAGE.format(body=body, style=style, lang=lang)
        page.goto(f"{self.url}/")


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, shadow trees and all."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found]


def of_widget(violations: list[str]) -> list[str]:
    """Without what is about the heading of the page around it."""
    return [found for found in violations if "<h1>" not in found]


def widget(site: str, attributes: str = "") -> str:
    """The element and its script, as a page embeds them."""
    return f'<script src="{site}/embed.js" defer></script><tim-bao {attributes}></tim-bao>'


def box(page: Page) -> Locator:
    """The box of the element, by the name that assistive technology reads."""
    return page.get_by_role("combobox", name="Tìm trong báo")


def ask(page: Page, query: str = "thong tin doi ngoai") -> None:
    """Search in the element."""
    box(page).fill(query)
    box(page).press("Enter")
