"""A server process follows rebuilds and updates under requests that never pause, and fails none."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from index.storage.builds import current_id
from tests.webui.conftest import RunningSite

SCRIPT = Path(__file__).parents[2] / "scripts" / "rebuild_index.py"
PATHS = (
    "/api/v1/search?q=b%E1%BA%A3n+tin",
    "/search?q=ban+tin",
    "/api/v1/suggest?q=ban",
    "/article/neo",
    "/readyz",
)
THREADS = 4
TIMEOUT = 60


def write(path: Path, words: list[str]) -> Path:
    records = [
        {"id": word, "title": f"Bản tin {word}", "body": f"Tin về {word} ở làng."}
        for word in ["neo", *words]
    ]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def run(index_dir: Path, *arguments: str) -> str:
    """Rebuild or update as a person does; returns the build that is served then."""
    command = [sys.executable, str(SCRIPT), "--index", str(index_dir), "--quiet", *arguments]
    subprocess.run(command, check=True, timeout=TIMEOUT)
    return current_id(index_dir)


class Client:
    """One connection that is kept open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)

    def get(self, path: str) -> tuple[int, bytes]:
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        self._connection.close()


@contextmanager
def load(url: str) -> Iterator[list[str]]:
    """Ask from several threads meanwhile; what went wrong."""
    wrong: list[str] = []
    stop, responses = threading.Event(), [0] * THREADS

    def ask(number: int) -> None:
        client = Client(url)
        try:
            while not stop.is_set():
                for path in PATHS:
                    status, body = client.get(path)
                    if status != 200 or (path == PATHS[0] and not json.loads(body)["total"]):
                        wrong.append(f"{path}: {status} {body[:200]!r}")
                    responses[number] += 1
        except (OSError, http.client.HTTPException) as error:
            wrong.append(repr(error))
        finally:
            client.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        assert all(responses)


def wait_for(url: str, build: str) -> None:
    """Until eight connections in a row, which either worker may get, are answered by a build."""
    pause, ended, answered = threading.Event(), time.monotonic() + TIMEOUT, 0
    while answered < 8:
        client = Client(url)
        status, body = client.get("/api/v1/search?q=l%C3%A0ng")
        client.close()
        assert status == 200
        answered = answered + 1 if json.loads(body)["build"] == build else 0
        assert time.monotonic() < ended, f"not build {build}"
        pause.wait(0.0 if answered else 0.05)


def test_requests_go_on_over_rebuilds_and_updates_and_the_new_articles_show(
    tmp_path: Path,
) -> None:
    index_dir, source = tmp_path / "index", tmp_path / "a.jsonl"
    words = ["một", "hai", "ba", "bốn"]
    run(index_dir, str(write(source, words[:1])))
    site = RunningSite("--index", str(index_dir), "--port", "0", "--workers", "2")
    try:
        assert site.url, site.end()
        with load(site.url) as wrong:
            for number, mode in enumerate([(), ("--update",), ("--add",), ("--rollback",)]):
                sources = (
                    [] if mode == ("--rollback",) else [str(write(source, words[: number + 2]))]
                )
                build = run(index_dir, *mode, *sources)
                wait_for(site.url, build)
        assert wrong == []
    finally:
        errors = site.end()
    assert errors == ""
