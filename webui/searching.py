"""One search for a request: whoever measures or counts searches finds its page here.

And one search at a time in a process. A search is all processor: two threads that search at once
take turns thousands of times, and each turn costs. Over 100,000 articles two workers served 157
requests a second where all of their threads searched, and 198 where one at a time does
(``scripts/measure/bench/server.py``). Whatever is no search, such as a health check, need not wait.

What an editor has said of a query is put on its results here and nowhere else, so that pages, API,
widget, frame and feeds show the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask, current_app, g

from search import SearchEngine, SearchPage, SearchRequest

Curate = Callable[[SearchRequest, SearchPage], SearchPage]
"""Puts on a page of results what an editor has said of its query."""

_CURATE = "CURATE"
_turn = threading.Lock()


def register_curation(app: Flask, curate: Curate) -> None:
    """Have every search of ``app`` curated."""
    app.config[_CURATE] = curate


def searched(engine: SearchEngine, asked: SearchRequest) -> SearchPage:
    """Search, and keep the page of results for as long as the request lasts."""
    page = answered(engine, asked)
    g.page, g.asked = page, asked
    return page


def answered(engine: SearchEngine, asked: SearchRequest) -> SearchPage:
    """The results of a search as readers see them, of which nobody counts anything."""
    page = in_turn(engine, asked)
    curate: Curate | None = current_app.config.get(_CURATE)
    return page if curate is None else curate(asked, page)


def in_turn(engine: SearchEngine, asked: SearchRequest) -> SearchPage:
    """Search when no other search of this process is under way."""
    with _turn:
        return engine.search(asked)


def page_of_request() -> SearchPage | None:
    """What this request searched for and found; None where it searched for nothing."""
    page: SearchPage | None = g.get("page")
    return page


def request_of_page() -> SearchRequest | None:
    """How that was asked for; None where it searched for nothing."""
    asked: SearchRequest | None = g.get("asked")
    return asked
