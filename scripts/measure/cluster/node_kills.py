#!/usr/bin/env python3
"""What searches and updates lose while nodes of a cluster are killed.

Three nodes hold an index of three shards with a replica. Threads search without a pause and
articles are added one update after the other, while a node (any, the manager included) is killed
with SIGKILL and started again a little later. Every update that was acknowledged must be found
afterwards, and no search may fail. Exit status 0 if so, 1 otherwise.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../../install"
    import _environment

    _environment.enter()

import os
import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
import orjson

from index.build.cluster.publishing import publish
from index.build.rebuild import RebuildOptions, update
from index.errors import IndexingError
from index.storage.builds import locked_for_rebuilding
from index.storage.opensearch.address import Credentials, parse_address, work_directory
from index.storage.opensearch.client import Cluster
from scripts.install.opensearch.cluster import LocalCluster
from search import SearchEngine, SearchError, SearchRequest

QUERIES = ("giá đường", "ngập lụt", "học sinh", "thong tin doi ngoai", "xoài")
PAUSE = 2.0
"""Seconds between the return of a node and the death of the next."""


class Searches:
    """Searches by some threads, until they are stopped."""

    def __init__(self, engine: SearchEngine, threads: int) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self.seconds: list[float] = []
        self.failures: list[str] = []
        self._threads = [threading.Thread(target=self._search) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop and wait."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _search(self) -> None:
        while not self._stop.is_set():
            started = time.perf_counter()
            try:
                page = self._engine.search(SearchRequest(query=random.choice(QUERIES)))  # noqa: S311
                if not page.total + page.partly:
                    self.failures.append("found nothing")
            except SearchError as error:
                self.failures.append(str(error))
            self.seconds.append(time.perf_counter() - started)


class Updates:
    """Articles added one after the other, until they are stopped."""

    def __init__(self, cluster: Cluster, work: Path, source: Path) -> None:
        self._cluster, self._work, self._source = cluster, work, source
        self._stop = threading.Event()
        self.acknowledged: list[str] = []
        self.refused = 0
        self._thread = threading.Thread(target=self._update)
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait."""
        self._stop.set()
        self._thread.join()

    def _update(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            name = f"them-{number}"
            article = {"id": name, "title": f"Tin thêm số {number}", "body": "Nội dung của tin."}
            self._source.write_bytes(orjson.dumps(article))
            try:
                update(self._work, [self._source], RebuildOptions(deletes=False))
                with locked_for_rebuilding(self._work):
                    publish(self._cluster, self._work, keep=2, shards=3, replicas=1)
            except IndexingError:
                self.refused += 1  # nothing was acknowledged; the next update sends it too
            else:
                self.acknowledged.append(name)


@click.command()
@click.option("--kills", default=30, show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.argument("sources", nargs=-1, required=True)
def main(kills: int, threads: int, sources: tuple[str, ...]) -> None:
    """Kill nodes of a cluster that holds the articles of SOURCES."""
    chosen = random.Random(1)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder, LocalCluster(Path(folder), 3) as nodes:
        os.environ["TIMBAO_OPENSEARCH_WORK"] = f"{folder}/work"
        address = parse_address(f"opensearch://{nodes.hosts}/bao")
        cluster, work = Cluster(address, Credentials()), work_directory(address)
        update(work, sources)
        publish(cluster, work, keep=2, shards=3, replicas=1)
        nodes.wait("green")
        with SearchEngine.open(str(address)) as engine:
            searches = Searches(engine, threads)
            updates = Updates(cluster, work, Path(folder) / "them.json")
            for number in range(1, kills + 1):
                time.sleep(PAUSE)
                node = chosen.choice(nodes.nodes)
                node.kill()
                time.sleep(PAUSE)
                node.start()
                nodes.wait("green")
                click.echo(f"{number}: {node.name}, {len(searches.seconds)} searches", err=True)
            updates.stop()
            searches.stop()
        with SearchEngine.open(str(address)) as engine:
            lost = [name for name in updates.acknowledged if not _has(engine, name)]
    worst = statistics.quantiles(searches.seconds, n=100)[-1]
    click.echo(f"{kills} kills; {len(searches.seconds)} searches, {len(searches.failures)} failed")
    click.echo(f"p99 {worst:.2f} s, longest {max(searches.seconds):.2f} s")
    click.echo(
        f"{len(updates.acknowledged)} updates acknowledged, {len(lost)} lost; "
        f"{updates.refused} refused"
    )
    for failure in sorted(set(searches.failures)):
        click.echo(f"failed: {failure}")
    sys.exit(bool(lost or searches.failures))


def _has(engine: SearchEngine, name: str) -> bool:
    try:
        engine.article(name)
    except SearchError:
        return False
    return True


if __name__ == "__main__":
    main()
