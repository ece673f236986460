"""Counts searches and clicks: in memory at once, in the file of the desk within a second.

A search costs the request that made it a look at its headers and one value put into a list; a
thread folds and writes. What a killed process had not written yet is the last second's. Whoever
sends ``Sec-GPC: 1`` or ``DNT: 1`` is not counted at all. No count is ever a reason to answer less.
"""

from __future__ import annotations

import atexit
import logging
import math
import sqlite3
import threading
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from flask import Flask, Response, request

from search import Sort
from webui.desk.counts.folding import folded_form, shown_spelling
from webui.desk.file import DeskFile
from webui.rendering.dates import now
from webui.searching import page_of_request, request_of_page

FLUSH_SECONDS = 1.0
KEPT_DAYS = 400
HARDLY_ASKED_DAYS = 60
"""After so many a query that was asked too seldom to be shown is forgotten."""

MOST_WAITING = 200_000
"""Searches and clicks that are kept in memory while the file cannot be written."""

MOST_FORMS_A_DAY = 50_000
MOST_SPELLINGS = 8
"""Of a query, whose others are not told apart."""

STEP = 1.1
"""Each step of duration is so much longer than the one before: figures are right to a tenth."""

_ENDPOINTS = {"pages.search", "api.search", "frame.embed"}
_log = logging.getLogger(__name__)


class _Search(NamedTuple):
    day: str
    query: str
    nothing: bool
    relaxed: bool
    milliseconds: float


class _Click(NamedTuple):
    day: str
    query: str
    rank: int


class SearchCounter:
    """What is counted in this process.

    Args:
        file: where it is written.
    """

    def __init__(self, file: DeskFile) -> None:
        self._file = file
        self._waiting: list[_Search | _Click] = []
        self._writing = threading.Lock()
        self._started = False
        self._ended = threading.Event()
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
        self._count(_Search(_today(), query, nothing, relaxed, milliseconds))

    def count_click(self, query: str, rank: int) -> None:
        """Count a click on a result, from 1."""
        self._count(_Click(_today(), query, rank))

    def _count(self, event: _Search | _Click) -> None:
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
        while not self._ended.wait(FLUSH_SECONDS):
            self.flush()

    def flush(self) -> None:
        """Write what was counted until now; where that fails it is kept for the next time."""
        with self._writing:
            waiting, self._waiting = self._waiting, []
            if not waiting:
                return
            try:
                with self._file.open() as database:
                    _write(database, waiting)
                    if waiting[-1].day != self._tidied:
                        _forget(database, date.fromisoformat(waiting[-1].day))
                self._tidied, self._in_trouble = waiting[-1].day, False
            except (sqlite3.Error, OSError) as error:
                self._waiting = (waiting + self._waiting)[:MOST_WAITING]
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


def step_of(milliseconds: float) -> int:
    """The step of duration that a search belongs to."""
    return max(0, math.ceil(math.log(max(milliseconds, 0.1) * 10, STEP)))


def milliseconds_of(step: int) -> float:
    """The longest duration of a step."""
    return STEP**step / 10


def _today() -> str:
    return now().date().isoformat()


def _write(database: sqlite3.Connection, events: list[_Search | _Click]) -> None:
    days: dict[str, Counter[str]] = {}
    durations: Counter[tuple[str, int]] = Counter()
    forms: dict[tuple[str, str], Counter[str]] = {}
    spellings: Counter[tuple[str, str]] = Counter()
    clicks: Counter[tuple[str, str, int]] = Counter()
    for event in events:
        folded = folded_form(event.query)
        if isinstance(event, _Click):
            if folded:
                clicks[event.day, folded, event.rank] += 1
            continue
        tallies = [days.setdefault(event.day, Counter())]
        if folded:
            tallies.append(forms.setdefault((event.day, folded), Counter()))
            spellings[folded, shown_spelling(event.query)] += 1
        for tally in tallies:
            tally["searches"] += 1
            tally["nothing"] += event.nothing
            tally["relaxed"] += event.relaxed
        durations[event.day, step_of(event.milliseconds)] += 1
    database.executemany(
        "INSERT INTO days VALUES (?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET searches = searches + "
        "excluded.searches, empty = empty + excluded.empty, relaxed = relaxed + "
        "excluded.relaxed",
        [(day, *_three(tally)) for day, tally in days.items()],
    )
    database.executemany(
        "INSERT INTO durations VALUES (?, ?, ?) ON CONFLICT (day, step) DO UPDATE SET searches = searches + "
        "excluded.searches",
        [(*key, number) for key, number in durations.items()],
    )
    room = {day: _room(database, day) for day in {day for day, _ in forms}}
    for (day, folded), tally in forms.items():
        known = database.execute(
            "UPDATE queries SET searches = searches + ?, empty = empty + ?, relaxed = relaxed "
            "+ ? WHERE day = ? AND folded = ?",
            (*_three(tally), day, folded),
        ).rowcount
        if not known:
            if room[day] <= 0:
                continue
            room[day] -= 1
            database.execute(
                "INSERT INTO queries VALUES (?, ?, ?, ?, ?)", (day, folded, *_three(tally))
            )
        database.execute(
            "INSERT INTO forms VALUES (?1, ?2, 1, ?3) ON CONFLICT (folded) DO UPDATE SET searches = searches"
            " + ?2, days = days + (last_day < ?3), last_day = max(last_day, ?3)",
            (folded, tally["searches"], day),
        )
    database.executemany(
        "INSERT INTO spellings SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM spellings WHERE "
        "folded = ?1 AND spelling = ?2) OR (SELECT count(*) FROM spellings WHERE folded = ?1) < ?4 "
        "ON CONFLICT (folded, spelling) DO UPDATE SET searches = searches + ?3",
        [(*key, number, MOST_SPELLINGS) for key, number in spellings.items()],
    )
    database.executemany(
        "INSERT INTO clicks VALUES (?, ?, ?, ?) ON CONFLICT (day, folded, rank) DO UPDATE SET clicks = clicks + "
        "excluded.clicks",
        [(*key, number) for key, number in clicks.items()],
    )


def _three(tally: Counter[str]) -> tuple[int, int, int]:
    return tally["searches"], tally["nothing"], tally["relaxed"]


def _room(database: sqlite3.Connection, day: str) -> int:
    kept = database.execute("SELECT count(*) FROM queries WHERE day = ?", (day,)).fetchone()[0]
    return MOST_FORMS_A_DAY - int(kept)


def _forget(database: sqlite3.Connection, today: date) -> None:
    """Forget what is too old, and after a while what was asked too seldom to be shown."""
    first = (today - timedelta(KEPT_DAYS - 1)).isoformat()
    for table in ("days", "durations", "queries", "clicks"):
        database.execute(f"DELETE FROM {table} WHERE day < ?", (first,))  # noqa: S608 - our names
    seldom = (today - timedelta(HARDLY_ASKED_DAYS)).isoformat()
    database.execute(
        "DELETE FROM forms WHERE last_day < ?1 OR (searches < 5 AND days < 2 AND last_day < ?2)",
        (first, seldom),
    )
    for table in ("queries", "clicks", "spellings"):
        old = "" if table == "spellings" else " AND day < ?"
        database.execute(
            f"DELETE FROM {table} WHERE folded NOT IN (SELECT folded FROM forms){old}",  # noqa: S608
            () if table == "spellings" else (seldom,),
        )
