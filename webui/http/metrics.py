"""``/metrics`` for Prometheus: how much is asked, how it goes, how long it takes. Nobody's data.

Labels are names of this program (endpoints, statuses, outcomes), never what somebody asked. Each
worker process counts for itself; where the server runs several, it gives them a folder
(``PROMETHEUS_MULTIPROC_DIR``) and whichever is asked adds them up.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from search import NodeCounts, SearchEngine, SearchPage
from webui.searching import page_of_request

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that prometheus-client reads when it is imported."""

_KINDS = ("counter", "histogram")
_BYTES = 1 << 20
"""Of a file of prometheus-client's, which it maps into memory; all of our numbers have a tenth."""


def reserve_shared() -> None:
    """Have room for what this process will count where all workers count, or count by itself.

    A file that is mapped and then finds no room on its disk ends the process that writes to it. To
    be called before anything is counted: the library decides when it makes its first number.
    """
    folder = os.environ.get(SHARED_FOLDER)
    if not folder:
        return
    try:
        for kind in _KINDS:
            with Path(folder, f"{kind}_{os.getpid()}.db").open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, _BYTES)
    except OSError:
        for kind in _KINDS:
            with suppress(OSError):
                Path(folder, f"{kind}_{os.getpid()}.db").unlink()
        del os.environ[SHARED_FOLDER]
        values.ValueClass = values.MutexValue


_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


class Metrics:
    """What one application counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "timbao_requests", "Requests answered.", ("endpoint", "status"), registry=self.registry
        )
        self._durations = Histogram(
            "timbao_request_seconds",
            "From request to answer, within the application.",
            ("endpoint",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._searches = Counter(
            "timbao_searches", "Searches, by how they went.", ("outcome",), registry=self.registry
        )
        self._engine = Histogram(
            "timbao_search_seconds",
            "Within the engine.",
            buckets=_SECONDS,
            registry=self.registry,
        )

        self._nodes = Counter(
            "timbao_cluster_requests",
            "Requests to the nodes of a cluster, by whether they answered.",
            ("node", "outcome"),
            registry=self.registry,
        )
        self._counted: dict[str, NodeCounts] = {}
        self._counting = threading.Lock()

    def count_nodes(self, nodes: Sequence[NodeCounts]) -> None:
        """Count what was asked of the nodes of a cluster since the last time."""
        with self._counting:
            for node in nodes:
                before = self._counted.get(node.url, NodeCounts(node.url, 0, 0))
                self._nodes.labels(node.url, "answered").inc(node.answered - before.answered)
                self._nodes.labels(node.url, "failed").inc(node.failed - before.failed)
                self._counted[node.url] = node

    def count_request(self, response: Response, seconds: float) -> None:
        """Count one response; addresses that lead nowhere are one endpoint, whatever they are."""
        endpoint = request.endpoint or "none"
        self._requests.labels(endpoint, str(response.status_code)).inc()
        self._durations.labels(endpoint).observe(seconds)

    def count_search(self, page: SearchPage) -> None:
        """Count one search that was run (and not spared by a 304)."""
        self._searches.labels(outcome(page)).inc()
        self._engine.observe(page.took_ms / 1000)

    def written(self) -> bytes:
        """All numbers, of all workers, as Prometheus reads them."""
        if not os.environ.get(SHARED_FOLDER):
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # it has no annotations
        return generate_latest(together)


def outcome(page: SearchPage) -> str:
    """How a search went, in one word."""
    if not page.query.text.strip():
        return "browse"
    if not page.total:
        return "nothing"
    if page.query.respelled:
        return "respelled"
    return "relaxed" if page.query.relaxed else "found"


def register_metrics(app: Flask, engine: SearchEngine) -> None:
    """Count the requests and searches of ``app``; serve ``/metrics``."""
    metrics = Metrics()
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def show() -> Response:
        return Response(metrics.written(), content_type=CONTENT_TYPE_LATEST)

    def count(response: Response) -> Response:
        metrics.count_request(response, perf_counter() - g.get("started", perf_counter()))
        if page := page_of_request():
            metrics.count_search(page)
        if nodes := engine.nodes():
            metrics.count_nodes(nodes)
        return response

    app.after_request(count)
    app.register_blueprint(blueprint)
