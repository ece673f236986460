"""Counts searches and clicks: in memory at once, in the file of the desk within a second.

A search costs the request that made it a look at its headers and one value put into a list; a
thread folds and writes. What a killed process had not written yet is the last second's. Whoever
sends ``Sec-GPC: 1`` or ``DNT: 1`` is not counted at all. No count is ever a reason to answer less.
"""

from __future__ import annotations

import atexit
import logging
import sqlite3
import threading
import time
from collections import deque
from datetime import date

from flask import Flask, Response, request

from search import Sort
from webui.desk.counts.writing import Click, Event, Search, forget, write
from webui.desk.file import DeskFile
from webui.rendering.dates import now
from webui.searching import page_of_request, request_of_page

FLUSH_SECONDS = 1.0
MOST_WAITING = 200_000
"""Searches and clicks that are kept in memory while the file cannot be written."""

_ENDPOINTS = {"pages.search", "api.search", "frame.embed"}
_log = logging.getLogger(__name__)


class SearchCounter:
    """What is counted in this process.

    Args:
        file: where it is written.
    """

    def __init__(self, file: DeskFile) -> None:
        self._file = file
        self._waiting: deque[Event] = deque()  # which threads may add to while one takes
        self._writing = threading.Lock()
        self._started = False
        self._tidied = ""
        self._in_trouble = False

    def count_search(
        self, query: str, *, nothing: bool, relaxed: bool, milliseconds: float
    ) -> None:
        """Count a search.

        Args:
            query: as typed.
            nothing: whether nothing was found.
            relaxed: whether only articles with some of the words were.
            milliseconds: that the engine took.
        """
        self._count(Search(_today(), query, nothing, relaxed, milliseconds))

    def count_click(self, query: str, rank: int) -> None:
        """Count a click on a result, from 1."""
        self._count(Click(_today(), query, rank))

    def _count(self, event: Event) -> None:
        if len(self._waiting) < MOST_WAITING:
            self._waiting.append(event)
        if not self._started:
            self._start()

    def _start(self) -> None:
        """Begin to write: in the process that counts, and last of all at its end."""
        with self._writing:
            if self._started:
                return
            self._started = True
            atexit.register(self.flush)
            threading.Thread(target=self._run, name="desk counts", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(FLUSH_SECONDS)
            self.flush()

    def flush(self) -> None:
        """Write what was counted until now; where that fails it is kept for the next time."""
        with self._writing:
            waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not waiting:
                return
            try:
                with self._file.open() as database:
                    write(database, waiting)
                    if waiting[-1].day != self._tidied:
                        forget(database, date.fromisoformat(waiting[-1].day))
                self._tidied, self._in_trouble = waiting[-1].day, False
            except (sqlite3.Error, OSError) as error:
                self._waiting.extendleft(reversed(waiting))
                if not self._in_trouble:  # told once, not every second
                    _log.warning("%s: counts wait to be written: %s", self._file.path, error)
                self._in_trouble = True


def register_counting(app: Flask, counter: SearchCounter) -> None:
    """Count the searches of ``app`` that readers make."""

    def count(response: Response) -> Response:
        page, asked = page_of_request(), request_of_page()
        if (
            page is None
            or asked is None
            or asked.page > 1
            or asked.typing
            or request.endpoint not in _ENDPOINTS
            or not asked.query.strip()
            or wants_no_counting()
        ):
            return response
        # Filters may be why nothing was found, and then the query is not to blame.
        plain = not asked.filtered
        counter.count_search(
            asked.query,
            nothing=plain and not page.total,
            relaxed=plain and page.total > 0 and page.query.relaxed,
            milliseconds=page.took_ms,
        )
        return response

    app.after_request(count)


def wants_no_counting() -> bool:
    """Whether the browser says that its reader is not to be counted."""
    return request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"


def clicks_are_counted() -> bool:
    """Whether ranks on the page being made are those of the query alone."""
    asked = request_of_page()
    return asked is not None and not asked.filtered and asked.sort is Sort.RELEVANCE


def _today() -> str:
    return now().date().isoformat()
