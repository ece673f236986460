"""A file cut short under a running server: its worker is lost, the site is not.

Who reads a mapped file beyond its end is ended by the system (SIGBUS), whatever the program does.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from index.build.rebuild import RebuildOptions, rebuild, update
from index.storage.builds import current_build
from tests.conftest import NEWSROOM
from tests.webui.conftest import RunningSite

GIVE_UP_SECONDS = 240
SEARCH = "/api/v1/search?q=gia+vang"


def ask(url: str, path: str) -> tuple[int, dict[str, object]]:
    """Status and answer; 0 where the connection was lost."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException):
        return 0, {}
    finally:
        connection.close()


def answers(url: str) -> Iterator[tuple[int, dict[str, object]]]:
    """One search after the other, until nobody has the patience any more."""
    end = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < end:
        yield ask(url, SEARCH)
    pytest.fail("the site does not come back")


def cut_short(build: Path) -> Path:
    segment = max(build.glob("*.timbao"), key=lambda path: path.stat().st_size)
    os.truncate(segment, 4096)
    return segment


@pytest.mark.parametrize("beside", ["another build", "a build of the same files"])
def test_the_site_serves_what_is_whole_and_names_what_is_not(beside: str, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    rebuild(index_dir, [NEWSROOM])
    former = current_build(index_dir)
    if beside == "another build":
        rebuild(index_dir, [NEWSROOM])
    else:
        (tmp_path / "a.jsonl").write_text('{"id": "x", "title": "Tin mới", "body": "Mưa lũ."}')
        update(index_dir, [tmp_path / "a.jsonl"], RebuildOptions(deletes=False))
    served = current_build(index_dir)
    site = RunningSite("--index", str(index_dir), "--port", "0", "--workers", "1")
    try:
        assert ask(site.url, SEARCH)[1]["build"] == served.id
        cut = cut_short(served.path)
        if beside == "another build":
            next(answer for status, answer in answers(site.url) if answer.get("build") == former.id)
            assert {ask(site.url, SEARCH)[0] for _ in range(20)} == {200}
        else:
            next(answer for status, answer in answers(site.url) if status == 503)
            again = [ask(site.url, SEARCH) for _ in range(20)]
            assert {status for status, _ in again} == {503}
            assert "Traceback" not in str(again)
            assert ask(site.url, "/readyz")[0] == 503
        assert ask(site.url, "/healthz")[0] == 200
        rebuild(index_dir, [NEWSROOM])
        repaired = current_build(index_dir).id
        next(answer for _, answer in answers(site.url) if answer.get("build") == repaired)
    finally:
        errors = site.end()
    assert site.process.returncode == 0, errors
    assert f"{cut}: 4096 bytes" in errors
    assert "crash loop" not in errors
    assert "Traceback" not in errors
