"""Whatever is killed while two clients write: what was acknowledged is in the index, in order."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from index.build.rebuild import rebuild
from index.snapshot import Snapshot
from index.storage.builds import current_build, verify_checksums
from index.storage.journal import Journal, TaskStatus
from index.stored import load_article
from tests.webui.conftest import RunningSite
from webui.http.keys.key_file import KEYS_NAME, Scope, make_key

KILLS = int(os.environ.get("PUBLISHING_KILLS", "6"))
"""Two hundred by hand."""

IDS = 12

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds processes on Linux only")


def children(process: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == process:
                yield int(entry.name)


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


class Client(threading.Thread):
    """Puts, changes and withdraws its own articles, one after the other, each until acknowledged.

    Attributes:
        said: the last acknowledged word on each article: its headline, or None.
    """

    def __init__(self, name: str, site: Site) -> None:
        super().__init__()
        self.client, self.site = name, site
        self.said: dict[str, str | None] = {}
        self.acknowledged = 0

    def run(self) -> None:
        chance = random.Random(self.client)
        number = 0
        while not self.site.done.is_set():
            number += 1
            name = f"{self.client}-{chance.randrange(IDS)}"
            text: str | None = f"Tin số {number}"
            method, body = "PUT", {"headline": text, "body": f"Nội dung {number} của {name}."}
            if chance.random() < 0.3:
                method, text, body = "DELETE", None, {}
            elif self.said.get(name) and chance.random() < 0.5:
                method, body = "PATCH", {"headline": text}
            while not self.site.ask(method, f"/api/v1/articles/{name}", body):
                self.site.done.wait(0.05)
            self.said[name] = text
            self.acknowledged += 1


class Site:
    """A server that is started again when it is killed."""

    def __init__(self, index_dir: Path, key: str) -> None:
        self.index_dir, self.key = index_dir, key
        self.done = threading.Event()
        self.start()

    def start(self) -> None:
        self.running = RunningSite("--index", str(self.index_dir), "--port", "0", "--workers", "1")
        assert self.running.url, self.running.end()

    def ask(self, method: str, path: str, value: object) -> bool:
        connection = HTTPConnection(self.running.url.removeprefix("http://"), timeout=60)
        try:
            connection.request(method, path, json.dumps(value), {"X-API-Key": self.key})
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
        assert answer.status in {202, 429, 503}, answer.status
        return answer.status == 202

    def kill(self, chance: random.Random) -> None:
        parent = self.running.process.pid
        own = list(children(parent))
        indexers = [one for one in own if "publishing.indexer" in command(one)]
        workers = [one for one in own if one not in indexers and "spawn_main" in command(one)]
        victim = chance.choice([*indexers, *indexers, *workers, parent])
        os.kill(victim, signal.SIGKILL)
        if victim == parent:
            self.running.process.communicate()
            self.start()


def test_what_was_acknowledged_is_in_the_index_whatever_was_killed(tmp_path: Path) -> None:
    source = tmp_path / "nguồn.jsonl"
    source.write_text('{"id": "nguon", "title": "Bài của nguồn", "body": "Có từ trước."}\n')
    index_dir = tmp_path / "index"
    rebuild(index_dir, [source])
    site = Site(index_dir, make_key(index_dir / KEYS_NAME, "thử", [Scope.WRITE]))
    clients = [Client(name, site) for name in ("a", "b")]
    chance = random.Random(os.environ.get("PUBLISHING_KILLS_SEED", "1"))
    try:
        for client in clients:
            client.start()
        for _ in range(KILLS):
            site.done.wait(chance.uniform(0.05, 1.5))
            site.kill(chance)
        site.done.set()
        for client in clients:
            client.join()
        journal = Journal(index_dir)
        while journal.tasks(TaskStatus.ENQUEUED, before=None, limit=1):
            threading.Event().wait(0.1)
    finally:
        site.done.set()
        site.running.end()
    build = current_build(index_dir)
    verify_checksums(build)
    snapshot = Snapshot.open(build.path)
    articles = [
        load_article(leaf.segment.stored(doc))
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    ]
    said = {name: text for client in clients for name, text in client.said.items() if text}
    assert {article.id: article.headline for article in articles} == {
        **said,
        "nguon": "Bài của nguồn",
    }
    assert len(articles) == len(said) + 1
    assert all(client.acknowledged for client in clients)
    assert len(list((index_dir / "builds").iterdir())) <= 3
