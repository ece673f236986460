"""One search for a request: whoever measures or counts searches finds its page here.

And one search at a time in a process. A search is all processor: two threads that search at once
take turns thousands of times, and each turn costs. Over 100,000 articles two workers served 157
requests a second where all of their threads searched, and 198 where one at a time does
(``scripts/measure/bench/server.py``). Whatever is no search, such as a health check, need not wait.
"""

from __future__ import annotations

import threading

from flask import g

from search import SearchEngine, SearchPage, SearchRequest

_turn = threading.Lock()


def searched(engine: SearchEngine, asked: SearchRequest) -> SearchPage:
    """Search, and keep the page of results for as long as the request lasts."""
    g.page = page = searched_beside(engine, asked)
    return page


def searched_beside(engine: SearchEngine, asked: SearchRequest) -> SearchPage:
    """Search for what stands beside that which a request is for: neither measured nor counted."""
    with _turn:
        return engine.search(asked)


def page_of_request() -> SearchPage | None:
    """What this request searched for and found; None where it searched for nothing."""
    page: SearchPage | None = g.get("page")
    return page
