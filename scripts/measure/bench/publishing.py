#!/usr/bin/env python3
"""How long an article that is put takes to be found, and what that does to those who search.

Starts a server over an index, which it changes, puts articles at a steady rate, made of the texts
of the index itself, and searches meanwhile: for queries of a file, at a steady rate too, and for a
word that only one article in some has. Prints percentiles as JSON.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../../install"
    import _environment

    _environment.enter()

import argparse
import http.client
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import numpy as np

from index.snapshot import Snapshot
from index.storage.builds import current_build
from index.stored import load_article
from webui.http.keys.key_file import KEYS_NAME, KeyFileError, Scope, make_key, revoke_key

ROOT = Path(__file__).resolve().parents[3]
KEY_NAME = "bench"
TEXTS = 2_000
SENTENCES = 15
LOOK_EVERY = 0.05
PROBE_EVERY = 0.5
MOST_REQUESTS_A_SECOND = 20
"""More articles than that are sent several at once, as by a CMS that catches up."""

LETTERS = "bcdghklmnpqrstvx"


class Site:
    """A server, and what is sent to it."""

    def __init__(self, index_dir: Path, workers: int) -> None:
        with suppress(KeyFileError):  # there is none at the first run
            revoke_key(index_dir / KEYS_NAME, KEY_NAME)
        self.key = make_key(index_dir / KEYS_NAME, KEY_NAME, [Scope.WRITE])
        command = [sys.executable, str(ROOT / "scripts/serve.py"), "--index", str(index_dir)]
        command += ["--port", "0", "--workers", str(workers)]
        self.process = subprocess.Popen(  # noqa: S603 - our own file
            command, stdout=subprocess.PIPE, encoding="utf-8"
        )
        said = self.process.stdout.readline() if self.process.stdout else ""
        self.host = said.partition("http://")[2].partition(" ")[0]

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status and the body of an answer."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, {"X-API-Key": self.key})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def end(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()


class Load:
    """Articles put, and searches made, at steady rates."""

    def __init__(self, site: Site, texts: list[tuple[str, str]], queries: list[str]) -> None:
        self.site, self.texts, self.queries = site, texts, queries
        self.answers: Counter[int] = Counter()
        self.found: list[float] = []
        self.searched: list[float] = []
        self.stop, self.probing = threading.Event(), threading.Event()

    def put(self, rate: float, seconds: float) -> None:
        """Put articles; some with a word of their own are looked for until they are found."""
        chance, run = random.Random(), f"{time.time():.0f}"  # noqa: S311 - no secret
        began, probed = time.monotonic(), 0.0
        together = max(1, round(rate / MOST_REQUESTS_A_SECOND))
        for first in range(0, int(rate * seconds), together):
            wait = began + first / rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            word = "".join(chance.choices(LETTERS, k=14))
            # One at a time: many that wait would keep the server from what they wait for.
            probes = not self.probing.is_set() and time.monotonic() - probed >= PROBE_EVERY
            records = [
                {
                    "id": f"do-{run}-{number}",
                    "headline": chance.choice(self.texts)[0],
                    "body": f"{self._body(chance)} {word if probes else ''}",
                }
                for number in range(first, first + together)
            ]
            status, _ = self.site.ask("POST", "/api/v1/articles", json.dumps(records).encode())
            self.answers[status] += together
            if probes and status == 202:
                probed = time.monotonic()
                self.probing.set()
                threading.Thread(target=self._look_for, args=(word, probed), daemon=True).start()

    def _body(self, chance: random.Random) -> str:
        """A text of sentences of many articles: like none of them, so no near-duplicate."""
        bodies = (chance.choice(self.texts)[1] for _ in range(SENTENCES))
        return ". ".join(chance.choice(body.split(". ")) for body in bodies)

    def _look_for(self, word: str, since: float) -> None:
        while time.monotonic() - since < 120:
            _, body = self.site.ask("GET", f"/api/v1/search?q={word}&verbatim=1&fields=total")
            if json.loads(body).get("total"):
                self.found.append(time.monotonic() - since)
                break
            time.sleep(LOOK_EVERY)
        self.probing.clear()

    def search(self, rate: float) -> None:
        """Search until told to stop."""
        chance = random.Random(7)  # noqa: S311 - a sample, not a secret
        while not self.stop.is_set():
            began = time.monotonic()
            query = quote(chance.choice(self.queries))
            self.site.ask("GET", f"/api/v1/search?q={query}")
            self.searched.append(time.monotonic() - began)
            self.stop.wait(max(0.0, 1 / rate - (time.monotonic() - began)))


def texts_of(index_dir: Path) -> list[tuple[str, str]]:
    """Headlines and bodies of some articles of an index."""
    snapshot = Snapshot.open(current_build(index_dir).path)
    chance = random.Random(1)  # noqa: S311 - a sample, not a secret
    docs = chance.sample(range(snapshot.doc_count_all), min(TEXTS, snapshot.doc_count))
    articles = [load_article(snapshot.stored(doc)) for doc in docs]
    return [(article.headline, article.body) for article in articles]


def percentiles(seconds: list[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    if not seconds:
        return {}
    return {
        name: round(float(np.percentile(seconds, at)), 3) for name, at in (("p50", 50), ("p95", 95))
    }


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True, help="changed: give a copy")
    parser.add_argument("--queries", type=Path, required=True, help="TSV, queries in column 2")
    parser.add_argument("--rates", type=float, nargs="+", default=[0, 1, 20, 200])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--searches", type=float, default=4, help="a second")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    lines = asked.queries.read_text("utf-8").splitlines()[1:]
    queries = [line.split("\t")[1] for line in lines]
    texts = texts_of(asked.index)
    site = Site(asked.index, asked.workers)
    try:
        for rate in asked.rates:
            load = Load(site, texts, queries)
            searching = threading.Thread(target=load.search, args=(asked.searches,))
            searching.start()
            if rate:
                load.put(rate, asked.seconds)
                time.sleep(5)
            else:
                time.sleep(asked.seconds)
            load.stop.set()
            searching.join()
            size = sum(f.stat().st_size for f in asked.index.rglob("*") if f.is_file())
            print(
                json.dumps(
                    {
                        "rate": rate,
                        "answers": dict(load.answers),
                        "found": percentiles(load.found),
                        "probes": len(load.found),
                        "searches": percentiles(load.searched),
                        "builds": len(list((asked.index / "builds").iterdir())),
                        "megabytes": round(size / 1e6),
                    }
                ),
                flush=True,
            )
    finally:
        site.end()


if __name__ == "__main__":
    main()
