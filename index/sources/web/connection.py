"""One HTTP request: to an address that was checked, with an answer of bounded size and duration.

It knows nothing of politeness, redirects or caches.
"""

from __future__ import annotations

import ssl
import time
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import certifi
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util import Url

from index.sources.origin import PORTS
from index.sources.web.public_addresses import resolve
from index.sources.web.robots import NAME

_LONGEST_ANSWER = 300.0
"""Seconds that an answer may take, however steadily it drips."""

_PIECE = 64 << 10
_ACCEPTED = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class AnswerTooLongError(HTTPError):
    """An answer is larger, or takes longer, than any page does."""


class Reply(NamedTuple):
    """What a server answered; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Connections:
    """Open connections, by host.

    Args:
        timeout: seconds without a byte.
        allow_private: whether the own network may be asked.
    """

    def __init__(self, timeout: float, *, allow_private: bool) -> None:
        self._timeout = Timeout(timeout)
        self._allow_private = allow_private
        self._pools: dict[tuple[str, str, int], HTTPConnectionPool] = {}
        self._failures: Counter[tuple[str, str, int]] = Counter()
        self._tls: ssl.SSLContext | None = None

    def close(self) -> None:
        """Close all."""
        for pool in self._pools.values():
            pool.close()

    def get(self, place: Url, headers: Mapping[str, str], limit: int) -> Reply:
        """Ask for one page.

        Args:
            place: with scheme and host.
            headers: besides our own.
            limit: bytes of the answer, decoded.

        Raises:
            PrivateAddressError: the host is in the own network.
            HTTPError, OSError: there is no whole answer.
        """
        scheme, host = place.scheme or "", place.host or ""
        port = place.port or PORTS[scheme]
        pool = self._pool(scheme, host, port)
        sent = {
            "Host": place._replace(auth=None).netloc or "",
            "User-Agent": f"{NAME}/0.1",
            "Accept": _ACCEPTED,
            "Accept-Encoding": "gzip, deflate",
            **headers,
        }
        try:
            reply = pool.urlopen(
                "GET",
                place.request_uri,
                headers=sent,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=True,
                timeout=self._timeout,
            )
        except (NewConnectionError, ConnectTimeoutError):
            self._give_up(scheme, host, port)
            raise
        try:
            content = _content(reply, limit)
        except BaseException:
            reply.close()  # what is left of it is not wanted
            raise
        reply.release_conn()
        names = {name.lower(): value for name, value in reply.headers.items()}
        return Reply(reply.status, names, content)

    def _pool(self, scheme: str, host: str, port: int) -> HTTPConnectionPool:
        key = (scheme, host, port)
        pool = self._pools.get(key)
        if pool is None:
            name = host.strip("[]")
            addresses = resolve(name, port, allow_private=self._allow_private)
            # The next address in turn after one that did not answer.
            address = addresses[self._failures[key] % len(addresses)]
            pool = self._pools[key] = self._made(scheme, name, address, port)
        return pool

    def _give_up(self, scheme: str, host: str, port: int) -> None:
        """Let go of a pool whose address does not answer."""
        key = (scheme, host, port)
        self._failures[key] += 1
        if pool := self._pools.pop(key, None):
            pool.close()

    def _made(self, scheme: str, name: str, address: str, port: int) -> HTTPConnectionPool:
        if scheme == "http":
            return HTTPConnectionPool(address, port, maxsize=1)
        if self._tls is None:
            self._tls = ssl.create_default_context()
            if not self._tls.cert_store_stats()["x509_ca"]:
                self._tls.load_verify_locations(certifi.where())
        return HTTPSConnectionPool(
            address,
            port,
            maxsize=1,
            ssl_context=self._tls,
            server_hostname=name,
            assert_hostname=name,
        )


def _content(reply: BaseHTTPResponse, limit: int) -> bytes:
    started = time.monotonic()
    pieces, size = [], 0
    for piece in reply.stream(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise AnswerTooLongError(f"the answer has more than {limit >> 10} KiB")
        if time.monotonic() - started > _LONGEST_ANSWER:
            raise AnswerTooLongError(f"the answer takes over {_LONGEST_ANSWER:.0f} s")
    return b"".join(pieces)
