"""A thin client of OpenSearch: requests to any node of a cluster, answers as typed values.

A request goes to the nodes in turn. One that does not answer, or is overloaded, is passed over for
a while (a circuit breaker), and the request goes to the next one; all of them together have until
the deadline. Only requests that may be sent twice are made here: searches, whole documents with
their ids, settings of an index.

opensearch-py, the project's own client, brings protobuf and grpcio (35 MB, half a second to import)
for what is not used here.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

import msgspec
import orjson
import urllib3

from index.errors import ClusterRefused, ClusterUnavailable
from index.storage.opensearch.address import ClusterAddress, Credentials

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
"""What is sent."""

DEADLINE = 10.0
"""Seconds for a request, on all nodes together."""

A_NODE = 3.0
"""Seconds that one node has before the next is asked, where there is a next."""

CONNECTING = 1.0
POOL = 16
BROKEN, LONGEST_BREAK = 1.0, 30.0
"""Seconds that a node is passed over after a failure, twice as many after each further one."""

BUSY = frozenset({429, 502, 503, 504})
"""Statuses of a node that another may be asked instead of."""

_Answer = TypeVar("_Answer")


class _Reason(msgspec.Struct):
    type: str = ""
    reason: str | None = ""
    root_cause: list[_Reason] = []


class _Refusal(msgspec.Struct):
    error: _Reason | str = ""


class NodeState:
    """How a node has fared.

    Attributes:
        url: of the node.
        requests: that it answered.
        failures: requests that it did not answer.
        broken_until: when it is asked again, by :func:`time.monotonic`.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests = 0
        self.failures = 0
        self.in_a_row = 0
        self.broken_until = 0.0

    def failed(self) -> None:
        """Pass it over for a while."""
        self.failures += 1
        self.in_a_row += 1
        pause = min(LONGEST_BREAK, BROKEN * 2.0 ** (self.in_a_row - 1))
        self.broken_until = time.monotonic() + pause

    def answered(self) -> None:
        """Ask it again."""
        self.requests += 1
        self.in_a_row, self.broken_until = 0, 0.0


class Cluster:
    """The nodes of a cluster; threads share it.

    Args:
        address: whose nodes are asked.
        credentials: of who asks.

    Attributes:
        nodes: how each has fared.
    """

    def __init__(self, address: ClusterAddress, credentials: Credentials) -> None:
        self.address = address
        self.nodes = [NodeState(url) for url in address.nodes]
        self._turn = 0
        self._lock = threading.Lock()
        headers = {"Accept-Encoding": "identity"}
        if credentials.user:
            pair = f"{credentials.user}:{credentials.password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        self._headers = headers
        self._pool = urllib3.PoolManager(
            maxsize=POOL,
            retries=False,
            cert_reqs="CERT_REQUIRED",
            ca_certs=credentials.certificates or None,
        )

    def get(self, path: str, kind: type[_Answer], *, deadline: float = DEADLINE) -> _Answer:
        """Read something; errors as of :meth:`send`."""
        return self._typed(self._ask("GET", path, None, deadline), kind)

    def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        kind: type[_Answer] | None = None,
        *,
        deadline: float = DEADLINE,
    ) -> _Answer | None:
        """Send a request and wait for its answer.

        Args:
            method: of HTTP.
            path: with the query, and a slash first.
            body: sent as JSON.
            kind: what the answer is read as; None where it does not matter.
            deadline: seconds.

        Raises:
            ClusterUnavailable: no node has answered, or the cluster may not be asked.
            ClusterRefused: it has answered that it will not; its message says why.
        """
        answer = self._ask(method, path, None if body is None else orjson.dumps(body), deadline)
        return None if kind is None else self._typed(answer, kind)

    def search(self, index: str, body: Json, kind: type[_Answer], deadline: float) -> _Answer:
        """One search."""
        path = (
            f"/{index}/_search?timeout={int(deadline * 900)}ms&allow_partial_search_results=false"
        )
        return self._typed(self._ask("POST", path, orjson.dumps(body), deadline), kind)

    def lines(
        self, path: str, lines: Iterable[bytes], kind: type[_Answer], deadline: float
    ) -> _Answer:
        """Send lines of JSON: searches or documents, many at once."""
        return self._typed(self._ask("POST", path, b"\n".join(lines) + b"\n", deadline), kind)

    def _typed(self, answer: bytes, kind: type[_Answer]) -> _Answer:
        try:
            return msgspec.json.decode(answer, type=kind)
        except msgspec.MsgspecError as error:
            raise ClusterUnavailable(
                f"{self.address}: answers what OpenSearch does not ({error}); is it one?"
            ) from error

    def _ask(self, method: str, path: str, body: bytes | None, deadline: float) -> bytes:
        end = time.monotonic() + deadline
        last = "no node could be reached"
        # Twice round: a cluster that has lost its manager refuses for some seconds.
        while True:
            for node in self._in_turn():
                left = end - time.monotonic()
                if left <= 0:
                    break
                try:
                    response = self._pool.request(
                        method,
                        node.url + path,
                        body=body,
                        headers=self._headers | {"Content-Type": _content_type(path)},
                        timeout=urllib3.Timeout(
                            connect=min(CONNECTING, left),
                            read=left if len(self.nodes) == 1 else min(left, max(A_NODE, left / 2)),
                        ),
                    )
                except urllib3.exceptions.SSLError as error:
                    raise ClusterUnavailable(
                        f"{node.url}: its certificate is not trusted ({error}); name the file of "
                        "the authority in TIMBAO_OPENSEARCH_CA"
                    ) from error
                except urllib3.exceptions.HTTPError as error:
                    node.failed()
                    last = f"{node.url}: {type(error).__name__}"
                    continue
                if response.status in BUSY and not remedy(reason := _reason(response.data)):
                    node.failed()
                    last = f"{node.url}: {reason or response.status}"
                    continue
                node.answered()
                if response.status >= 400:
                    raise self._refusal(response.status, response.data)
                return response.data
            if time.monotonic() + BROKEN / 2 >= end:
                raise ClusterUnavailable(
                    f"{self.address}: no node has answered in {deadline:g} s (last: {last}); see "
                    "whether the cluster runs and its state is not red"
                )
            time.sleep(BROKEN / 4)

    def _in_turn(self) -> list[NodeState]:
        """The nodes in the order in which they are asked: broken ones last."""
        with self._lock:
            self._turn += 1
            turn = self._turn % len(self.nodes)
        now = time.monotonic()
        nodes = self.nodes[turn:] + self.nodes[:turn]
        return sorted(nodes, key=lambda node: max(0.0, node.broken_until - now))

    def _refusal(self, status: int, body: bytes) -> ClusterRefused | ClusterUnavailable:
        reason = _reason(body)
        if status in (401, 403) and "cluster_block" not in reason:
            return ClusterUnavailable(
                f"{self.address}: the cluster refuses this user ({status}); see to "
                "TIMBAO_OPENSEARCH_USER and TIMBAO_OPENSEARCH_PASSWORD_FILE"
            )
        return ClusterRefused(f"{self.address}: {status} {reason}{remedy(reason)}", status)


def remedy(reason: str) -> str:
    """What to do about a refusal that waiting does not help against; "" where nothing is known."""
    if "flood-stage" in reason:
        return "; a disk of the cluster is full: make room there, or add a node"
    return ""


def _content_type(path: str) -> str:
    lines = "/_bulk" in path or "/_msearch" in path
    return "application/x-ndjson" if lines else "application/json"


def _reason(body: bytes) -> str:
    try:
        error = msgspec.json.decode(body, type=_Refusal).error
    except msgspec.MsgspecError:
        return body[:200].decode("utf-8", "replace")
    if isinstance(error, str):
        return error
    cause = error.root_cause[0] if error.root_cause else error
    return f"{cause.type}: {cause.reason}"
