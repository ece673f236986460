"""Nodes of OpenSearch on this machine, each a process of its own, on loopback.

``scripts/opensearch`` prepares the libraries (see ``prepare_opensearch`` in
``scripts/install/environment.sh``) and calls this. Knows nothing of articles.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import click
import urllib3

HEAP_MB = 400
PATIENCE = 600.0
"""Seconds until a cluster must be there: a node takes 11 to 19 of a processor to start, which other
programs may want too."""

STOPPING = 20.0
LOOK_EVERY = 0.25
LEAST_JAVA = 21


class NoCluster(Exception):
    """A cluster cannot be had here; the message says what is missing."""


class Libraries(NamedTuple):
    """What nodes run: a JDK's ``java`` and the folder of jars and of the class of ours."""

    java: Path
    folder: Path


def find_libraries() -> Libraries:
    """The libraries that ``prepare_opensearch`` has put aside.

    Raises:
        NoCluster: they are not there.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "timbao" / "opensearch"
    try:
        java = Path((folder / "java").read_text("utf-8").strip())
    except OSError as error:
        raise NoCluster(
            f"there is no OpenSearch in {folder}; scripts/opensearch fetches it (it needs a JDK "
            f"{LEAST_JAVA} or newer and Maven)"
        ) from error
    return Libraries(java, folder)


class Node:
    """One process.

    Attributes:
        name: of the node.
        port: of HTTP.
    """

    def __init__(self, name: str, port: int, command: Sequence[str], log: Path) -> None:
        self.name, self.port = name, port
        self._command, self._log = command, log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again with the data it has."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Let it hang: connections are taken, nothing is answered."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def _end(self, by: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(by)
        try:
            self._process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def log(self) -> str:
        """The end of what it said."""
        return self._log.read_text("utf-8", "replace")[-2_000:]


class LocalCluster:
    """Some nodes with their data in one folder; a context manager that stops them.

    Args:
        folder: of data and logs; made if it is missing.
        nodes: how many.
        first_port: of HTTP, the next nodes have the next ones; 0 for any free ones.
        heap_mb: of each.
        settings: of every node, NAME=VALUE.
    """

    def __init__(
        self,
        folder: Path,
        nodes: int = 1,
        *,
        first_port: int = 0,
        heap_mb: int = HEAP_MB,
        settings: Sequence[str] = (),
    ) -> None:
        libraries = find_libraries()
        ports = [first_port + at for at in range(nodes)] if first_port else free_ports(nodes)
        inner = free_ports(nodes)
        names = [f"node-{at}" for at in range(1, nodes + 1)]
        self.nodes: list[Node] = []
        for name, port, transport in zip(names, ports, inner, strict=True):
            home = folder / name
            home.mkdir(parents=True, exist_ok=True)
            own = [
                f"path.home={home}",
                "cluster.name=timbao",
                f"node.name={name}",
                f"http.port={port}",
                f"transport.port={transport}",
                "network.host=127.0.0.1",
                "transport.type=netty4",
                "http.type=netty4",
                "node.processors=2",
                "action.auto_create_index=false",
                "cluster.routing.allocation.disk.threshold_enabled=false",
            ]
            if nodes == 1:
                own.append("discovery.type=single-node")
            else:
                own.append("discovery.seed_hosts=" + ",".join(f"127.0.0.1:{at}" for at in inner))
                own.append("cluster.initial_cluster_manager_nodes=" + ",".join(names))
            command = [
                str(libraries.java),
                f"-Xms{heap_mb}m",
                f"-Xmx{heap_mb}m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-Dlog4j2.disable.jmx=true",
                "-cp",
                f"{libraries.folder / 'classes'}:{libraries.folder / 'jars'}/*",
                "ClusterNode",
                *own,
                *settings,
            ]
            self.nodes.append(Node(name, port, command, folder / f"{name}.log"))

    @property
    def hosts(self) -> str:
        """As addresses of an index have it: HOST:PORT,HOST:PORT."""
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def __enter__(self) -> LocalCluster:
        try:
            for node in self.nodes:
                node.start()
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop all nodes."""
        for node in self.nodes:
            node.stop()

    def wait(self, status: str = "", patience: float = PATIENCE) -> None:
        """Wait until all nodes have found each other.

        Args:
            status: also until the cluster is "green" or "yellow".
            patience: seconds.

        Raises:
            NoCluster: one ended, or time is up.
        """
        pool = urllib3.PoolManager(retries=False)
        fields = {"wait_for_nodes": f">={len(self.nodes)}", "timeout": "1s"}
        if status:
            fields["wait_for_status"] = status
        end = time.monotonic() + patience
        for node in self.nodes:
            url = f"http://127.0.0.1:{node.port}/_cluster/health"
            while not _answers(pool, url, fields):
                if not node.is_running or time.monotonic() > end:
                    raise NoCluster(f"{node.name} does not answer:\n{node.log()}")
                time.sleep(LOOK_EVERY)


def _answers(pool: urllib3.PoolManager, url: str, fields: dict[str, str]) -> bool:
    try:
        return pool.request("GET", url, fields=fields, timeout=5.0).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def free_ports(count: int) -> list[int]:
    """So many ports of loopback that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


@click.command("opensearch")
@click.option("--nodes", default=1, show_default=True, type=click.IntRange(1, 9))
@click.option("--port", default=9200, show_default=True, help="Of the first node; 0 for any.")
@click.option(
    "--data",
    default="var/opensearch",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of data and logs.",
)
@click.option("--heap", default=HEAP_MB, show_default=True, help="Megabytes for each node.")
def main(nodes: int, port: int, data: Path, heap: int) -> None:
    """Run a cluster of OpenSearch on this machine until Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with LocalCluster(data.absolute(), nodes, first_port=port, heap_mb=heap) as cluster:
            click.echo(f"OpenSearch: {cluster.hosts}  (Ctrl-C to stop)")
            while all(node.is_running for node in cluster.nodes):
                time.sleep(1)
    except NoCluster as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        return
    sys.exit("a node has ended; its log is in " + str(data))


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
