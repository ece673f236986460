"""What all tests share: a real Chromium, and the rule that ``CI=true`` forbids skipping.

Fixtures: `chromium_path`, the Chromium of this machine; `browser`, one Chromium a session; `page`,
a fresh page without cookies or history for each test; `each_way`, for what is done by compiled code
as well as by NumPy. A test that uses one of them, directly or
through another fixture, is marked ``browser`` by itself (``-m "not browser"`` leaves them out).
Where no Chromium runs, such tests are skipped with a line that says so.

With ``CI=true`` a skip of any kind, of a test or of a whole module, is a failure: a test for which
the machine may lack something must see to it that CI has it, or not be collected there at all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright

from index.build.rebuild import rebuild
from index.codec.channel import channel, postings
from index.codec.lists import doclists, gaps
from index.language import restoration
from search.ranking import candidates, compiled_features, scoring
from search.ranking.scoring import COMPILED
from search.snippets import highlighter, matches, passages

NEWSROOM = Path(__file__).parent.parent / "examples" / "newsroom"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# No calls home, no QUIC and no GPU: the tests need neither, and sandboxed machines have neither.
CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Modules whose inner loops have compiled twins.
BOTH_WAYS = (
    *(restoration, channel, doclists, gaps, postings),
    *(candidates, compiled_features, scoring),
    *(highlighter, matches, passages),
)
BROWSER_FIXTURES = {"chromium_path", "browser", "page"}

# No test passes or fails by the clock: machines differ, and they are shared.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def find_chromium() -> str | None:
    """The first Chromium that starts: ``CHROMIUM``, the system's, or one Playwright downloaded.

    Found is not enough: Ubuntu's ``chromium-browser`` is a script that only asks for a snap.
    """
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, CHROMIUM_NAMES), *CHROMIUM_FILES]
    for candidate in filter(None, named):
        if _starts(candidate):
            return candidate
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    return downloaded if _starts(downloaded) else None


def _starts(executable: str) -> bool:
    if not Path(executable).is_file():
        return False
    asked = subprocess.run([executable, "--version"], capture_output=True, timeout=60, check=False)
    return asked.returncode == 0


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to drive; skips the test where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on this machine (install it, or name one in CHROMIUM)")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One headless Chromium for the whole session (each xdist worker has its own)."""
    # Chromium refuses to run its sandbox as root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=chromium_path, args=[*sandbox, *CHROMIUM_FLAGS]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh context: Vietnamese, with Hanoi's clock."""
    context = browser.new_context(locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def newsroom_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index directory of the sample newsroom, to be read only."""
    directory = tmp_path_factory.mktemp("newsroom-index")
    rebuild(directory, [NEWSROOM])
    return directory


@pytest.hookimpl(tryfirst=True)  # before -m chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that needs a browser."""
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``CI=true``, a skipped test is a failed one (an expected failure is not a skip)."""
    report = yield
    if _is_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI=true forbids: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """With ``CI=true``, a module skipped as a whole fails too."""
    report = yield
    if _is_ci() and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI=true forbids: {_reason(report.longrepr)}"
    return report


def _is_ci() -> bool:
    return os.environ.get("CI") == "true"


def _reason(longrepr: object) -> str:
    """The text of a skip, which pytest gives as (file, line, reason)."""
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "numpy"])
def each_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once by compiled code, and once by NumPy as where there is no compiler."""
    if not request.param:
        with pytest.MonkeyPatch.context() as patch:
            for module in BOTH_WAYS:
                patch.setattr(module, "COMPILED", False)
            yield
    elif COMPILED and restoration.COMPILED:
        yield
    else:
        pytest.skip("nothing is compiled here")
