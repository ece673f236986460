"""Clicks on results, as pages tell of them by ``navigator.sendBeacon``.

Anybody can send anything there, so a click counts only as far as its sender may move a figure: one
a rank of a query, a few of a query and a hundred in all for one client a day, on an article that
there is, of a build that answered. Clients are told apart by digests with a key that is made anew
each day, and that like them never leaves this process. The answer is the same whatever comes of it.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter

from flask import Blueprint, Response, request

from search import RequestError, SearchEngine
from search.request import MAX_QUERY_LENGTH
from webui.desk.counts.counting import SearchCounter, wants_no_counting
from webui.desk.counts.folding import folded_form
from webui.http.limits import client
from webui.parameters import Parameters
from webui.rendering.dates import now

MOST_RANK = 100
MOST_OF_A_QUERY = 5
MOST_A_DAY = 100
MOST_REMEMBERED = 500_000
"""Shares of clients and queries; a flood from more of them is not counted that day."""

_LONGEST_ID = 1_000
_BUILDS = 8


class FairShares:
    """How much each client has counted today."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day = ""
        self._key = b""
        self._taken: Counter[bytes] = Counter()

    def take(self, who: str, folded: str, rank: int) -> bool:
        """Whether this client's click on this rank of a query still counts; if so, it has.

        Args:
            who: tells clients apart.
            folded: form of the query.
            rank: from 1.
        """
        today = now().date().isoformat()
        with self._lock:
            if today != self._day:
                self._day, self._key = today, secrets.token_bytes(32)
                self._taken.clear()
            allowed = (
                (self._digest(who, folded, str(rank)), 1),
                (self._digest(who, folded), MOST_OF_A_QUERY),
                (self._digest(who), MOST_A_DAY),
            )
            if len(self._taken) + len(allowed) > MOST_REMEMBERED:
                return False
            if any(self._taken[share] >= most for share, most in allowed):
                return False
            self._taken.update(share for share, _ in allowed)
            return True

    def _digest(self, *parts: str) -> bytes:
        said = "\0".join(parts).encode("utf-8", "replace")
        return hashlib.blake2b(said, key=self._key, digest_size=12).digest()


def clicks_blueprint(engine: SearchEngine, counter: SearchCounter) -> Blueprint:
    """``/clicks``.

    Args:
        engine: whose results are clicked.
        counter: told of each click that counts.
    """
    clicks = Blueprint("clicks", __name__)
    shares = FairShares()
    builds: dict[str, None] = {}

    @clicks.post("/clicks")
    def click() -> Response:
        build = engine.build
        builds.setdefault(build)
        for oldest in list(builds)[:-_BUILDS]:
            builds.pop(oldest, None)
        if not wants_no_counting():
            _count(request.get_data())
        return Response(status=204)

    def _count(body: bytes) -> None:
        try:
            given = Parameters(body)
            query, article, build = (given.text(name) for name in ("q", "id", "build"))
            rank = given.text("rank")
        except RequestError:
            return
        if not (rank.isascii() and rank.isdecimal() and len(rank) <= 3):
            return
        if not 1 <= int(rank) <= MOST_RANK or build not in builds:
            return
        if len(query) > MAX_QUERY_LENGTH or not 0 < len(article) <= _LONGEST_ID:
            return
        folded = folded_form(query)
        # The share first: who floods has no articles read.
        if folded and shares.take(client(), folded, int(rank)) and engine.find(article):
            counter.count_click(query, int(rank))

    return clicks
