#!/usr/bin/env python3
"""Requests a second, latencies and memory of the site, asked over HTTP from another process."""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../../install"
    import _environment

    _environment.enter()

import http
import json
import os
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import click

from scripts.measure.bench.memory import private_mb

SERVE = Path(__file__).parents[2] / "serve.py"

PATIENCE_SECONDS = 60
"""How long a response may take before the server counts as stuck."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one server did under load.

    Attributes:
        per_second: requests served.
        p50: milliseconds, seen by the client; the same for ``p95`` and ``p99``.
        refused: responses with another status than 200.
        processor: milliseconds of the workers' processor time for each request; unlike the others
            it hardly depends on what else the machine is doing.
        memory: megabytes that each worker has to itself, after the load.
    """

    workers: int
    connections: int
    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float
    refused: int
    processor: float
    memory: tuple[float, ...]


@click.command("benchmark-server")
@click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The index directory to serve.",
)
@click.option(
    "--queries",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Tab-separated queries with a line of titles, as for evaluate.",
)
@click.option(
    "--columns",
    default="accented,bare,telex,typo",
    show_default=True,
    help="The columns that hold queries; each query is asked once in each.",
)
@click.option(
    "--workers", "worker_counts", default="1,2", show_default=True, help="Servers to try."
)
@click.option(
    "--connections", default=8, show_default=True, type=click.IntRange(1, 512), help="At a time."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a server.")
def main(
    index_dir: Path,
    queries: Path,
    columns: str,
    worker_counts: str,
    connections: int,
    as_json: bool,
) -> None:
    """Ask /api/v1/search every query once, and say how fast it answered."""
    paths = read_paths(queries, columns.split(","))
    for workers in map(int, worker_counts.split(",")):
        with serving(index_dir, workers) as (url, parent):
            load = measure_load(url, parent, paths, workers, connections)
        if as_json:
            click.echo(json.dumps(asdict(load)))
        else:
            click.echo(in_words(load))


def read_paths(queries: Path, columns: Sequence[str]) -> list[str]:
    """The address of every query of these columns, each once, in the order of the file.

    Raises:
        click.UsageError: the file has no such column.
    """
    lines = queries.read_text("utf-8").splitlines()
    titles = lines[0].split("\t") if lines else []
    if missing := [column for column in columns if column not in titles]:
        raise click.UsageError(f"{queries}: no column {missing[0]}; there are {', '.join(titles)}")
    places = [titles.index(column) for column in columns]
    rows = [line.split("\t") for line in lines[1:]]
    asked = (row[place] for place in places for row in rows if len(row) > place)
    return [f"/api/v1/search?q={quote_plus(query)}" for query in dict.fromkeys(asked)]


@contextmanager
def serving(index_dir: Path, workers: int) -> Iterator[tuple[str, int]]:
    """A server on a free port: its address and the id of its process.

    Raises:
        click.ClickException: it did not start.
    """
    command = [sys.executable, str(SERVE), "--index", str(index_dir), "--port", "0"]
    with subprocess.Popen(  # noqa: S603  # our own script and numbers
        [*command, "--workers", str(workers)], stdout=subprocess.PIPE, encoding="utf-8"
    ) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            url = next((word for word in line.split() if word.startswith("http://")), "")
            if not url:
                raise click.ClickException("the server did not start")
            yield url, server.pid
        finally:
            server.terminate()


def measure_load(
    url: str, parent: int, paths: Sequence[str], workers: int, connections: int
) -> Load:
    """Ask for every path once, over so many connections at a time."""
    address = urlsplit(url).netloc
    children = _ready_workers(parent, workers)
    for _ in range(4 * workers):  # on new connections: every worker has answered before it counts
        request_all(address, paths[:1], 1)
    spent = sum(map(_processor_time, children))
    started = time.perf_counter()
    responses = request_all(address, paths, connections)
    seconds = time.perf_counter() - started
    spent = sum(map(_processor_time, children)) - spent
    times = sorted(taken * 1000 for _, taken in responses)
    return Load(
        workers=workers,
        connections=connections,
        requests=len(responses),
        per_second=len(responses) / seconds,
        p50=_percentile(times, 50),
        p95=_percentile(times, 95),
        p99=_percentile(times, 99),
        refused=sum(status != http.HTTPStatus.OK for status, _ in responses),
        processor=spent * 1000 / len(responses),
        memory=tuple(map(private_mb, children)),
    )


class _Client:
    """One connection, over which one request goes after the other.

    The little HTTP that this needs is done by hand: the client shares the machine with the server,
    and Python's own client costs a third of what a response does.
    """

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.connection = socket.create_connection(
            (host.strip("[]"), int(port)), timeout=PATIENCE_SECONDS
        )
        self._head = f" HTTP/1.1\r\nHost: {address}\r\n\r\n"
        self._sent = 0.0
        self._received = b""

    def send(self, path: str) -> None:
        """Send a request."""
        self._received = b""
        self._sent = time.perf_counter()
        self.connection.sendall(f"GET {path}{self._head}".encode())

    def receive(self) -> tuple[int, float] | None:
        """Receive what is there; the status and seconds of the response if that was the rest of it.

        Raises:
            click.ClickException: the server closed the connection.
        """
        received = self.connection.recv(65_536)
        if not received:
            raise click.ClickException("the server closed a connection")
        self._received += received
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
        if not end or (length and len(body) < int(length[1])):
            return None
        return int(head.split(None, 2)[1]), time.perf_counter() - self._sent


def request_all(address: str, paths: Sequence[str], connections: int) -> list[tuple[int, float]]:
    """Over some new connections, each path once: status and seconds of each response.

    One thread for all of them: several would take each other's turns, and the workers'.

    Raises:
        click.ClickException: the server closed a connection without a response, or gave none.
    """
    responses: list[tuple[int, float]] = []
    waiting = iter(paths)
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for path in islice(waiting, connections):
            client = _Client(address)
            selector.register(stack.enter_context(client.connection), selectors.EVENT_READ, client)
            client.send(path)
        while len(responses) < len(paths):
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise click.ClickException(
                    f"the server has not answered for {PATIENCE_SECONDS} seconds"
                )
            for key, _ in ready:
                response = key.data.receive()
                if response is not None:
                    responses.append(response)
                    following = next(waiting, None)
                    if following is None:
                        selector.unregister(key.fileobj)
                    else:
                        key.data.send(following)
    return responses


def _percentile(times: Sequence[float], percent: int) -> float:
    return times[min(len(times) - 1, len(times) * percent // 100)]


def _children(parent: int) -> list[int]:
    """The workers: processes started by the server that have the index open."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    if not children.exists():  # another system than Linux
        return []
    started = [int(child) for child in children.read_text().split()]
    return [child for child in started if ".timbao" in Path(f"/proc/{child}/maps").read_text()]


def _ready_workers(parent: int, workers: int) -> list[int]:
    """The workers, once all have opened the index and warmed up: then they compute no more.

    Raises:
        click.ClickException: they are not ready after a minute.
    """
    before: list[float] = []
    for _ in range(240):
        children = _children(parent)
        spent = [_processor_time(child) for child in children]
        if (len(children) >= workers and spent == before) or sys.platform != "linux":
            return children
        before = spent
        time.sleep(0.25)
    raise click.ClickException("the workers did not get ready within a minute")


def _processor_time(process: int) -> float:
    """Seconds that a process has computed so far, the system's work for it included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def in_words(load: Load) -> str:
    """One line for people."""
    memory = ", ".join(f"{megabytes:.0f}" for megabytes in load.memory) or "not known here"
    return (
        f"{load.workers} workers, {load.connections} connections: {load.requests:,} requests, "
        f"{load.per_second:,.0f}/s; p50 {load.p50:.1f}, p95 {load.p95:.1f}, p99 {load.p99:.1f} ms; "
        f"{load.processor:.2f} ms of processor time each; refused {load.refused}; "
        f"own memory of each worker, MB: {memory}"
    )


if __name__ == "__main__":
    main()
