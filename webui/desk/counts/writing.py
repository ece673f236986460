"""Writes what was counted into the file of the desk, and forgets what is too old.

What is written at once is one transaction: counts are added to those of other processes, and what
follows from them (which queries may be told of) changes with them.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from webui.desk.counts.folding import folded_form, shown_spelling

KEPT_DAYS = 400
HARDLY_ASKED_DAYS = 60
"""After so many a query that was asked too seldom to be shown is forgotten."""

MOST_FORMS_A_DAY = 50_000
MOST_SPELLINGS = 8
"""Of a query, whose others are not told apart."""

STEP = 1.1
"""Each step of duration is so much longer than the one before: figures are right to a tenth."""

_DAY = """INSERT INTO days VALUES (?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET
    searches = searches + excluded.searches, empty = empty + excluded.empty,
    relaxed = relaxed + excluded.relaxed"""
_DURATION = """INSERT INTO durations VALUES (?, ?, ?) ON CONFLICT (day, step) DO UPDATE SET
    searches = searches + excluded.searches"""
_KNOWN_QUERY = """UPDATE queries SET searches = searches + ?, empty = empty + ?,
    relaxed = relaxed + ? WHERE day = ? AND folded = ?"""
_NEW_QUERY = "INSERT INTO queries VALUES (?, ?, ?, ?, ?)"
_FORM = """INSERT INTO forms VALUES (?1, ?2, 1, ?3) ON CONFLICT (folded) DO UPDATE SET
    searches = searches + ?2, days = days + (last_day < ?3), last_day = max(last_day, ?3)"""
_SPELLING = """INSERT INTO spellings SELECT ?1, ?2, ?3 WHERE
    EXISTS (SELECT 1 FROM spellings WHERE folded = ?1 AND spelling = ?2)
    OR (SELECT count(*) FROM spellings WHERE folded = ?1) < ?4
    ON CONFLICT (folded, spelling) DO UPDATE SET searches = searches + ?3"""
_CLICK = """INSERT INTO clicks VALUES (?, ?, ?, ?) ON CONFLICT (day, folded, rank) DO UPDATE SET
    clicks = clicks + excluded.clicks"""

_FORGET_DAYS = (
    "DELETE FROM days WHERE day < ?",
    "DELETE FROM durations WHERE day < ?",
    "DELETE FROM queries WHERE day < ?",
    "DELETE FROM clicks WHERE day < ?",
    "DELETE FROM forms WHERE last_day < ?",
)
_FORGET_SELDOM = (
    "DELETE FROM forms WHERE searches < 5 AND days < 2 AND last_day < ?",
    "DELETE FROM queries WHERE day < ? AND folded NOT IN (SELECT folded FROM forms)",
    "DELETE FROM clicks WHERE day < ? AND folded NOT IN (SELECT folded FROM forms)",
)
_FORGET_SPELLINGS = "DELETE FROM spellings WHERE folded NOT IN (SELECT folded FROM forms)"


class Search(NamedTuple):
    """One search.

    Attributes:
        day: as YYYY-MM-DD.
        query: as typed.
        nothing: whether nothing was found.
        relaxed: whether only articles with some of the words were.
        milliseconds: that the engine took.
    """

    day: str
    query: str
    nothing: bool
    relaxed: bool
    milliseconds: float


class Click(NamedTuple):
    """One click on a result of a query, by its rank from 1."""

    day: str
    query: str
    rank: int


Event = Search | Click


def write(database: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Add what happened to what is counted."""
    searches = [event for event in events if isinstance(event, Search)]
    _write_totals(database, searches)
    _write_queries(database, searches)
    clicks: Counter[tuple[str, str, int]] = Counter()
    for event in events:
        if isinstance(event, Click) and (folded := folded_form(event.query)):
            clicks[event.day, folded, event.rank] += 1
    database.executemany(_CLICK, [(*key, number) for key, number in clicks.items()])


def _write_totals(database: sqlite3.Connection, searches: Iterable[Search]) -> None:
    days: dict[str, Counter[str]] = {}
    durations: Counter[tuple[str, int]] = Counter()
    for search in searches:
        _add(days.setdefault(search.day, Counter()), search)
        durations[search.day, step_of(search.milliseconds)] += 1
    database.executemany(_DAY, [(day, *_three(tally)) for day, tally in days.items()])
    database.executemany(_DURATION, [(*key, number) for key, number in durations.items()])


def _write_queries(database: sqlite3.Connection, searches: Iterable[Search]) -> None:
    forms: dict[tuple[str, str], Counter[str]] = {}
    spellings: Counter[tuple[str, str]] = Counter()
    for search in searches:
        if folded := folded_form(search.query):
            _add(forms.setdefault((search.day, folded), Counter()), search)
            spellings[folded, shown_spelling(search.query)] += 1
    room = {day: MOST_FORMS_A_DAY - _kept(database, day) for day in {day for day, _ in forms}}
    for (day, folded), tally in forms.items():
        known = database.execute(_KNOWN_QUERY, (*_three(tally), day, folded)).rowcount
        if not known and room[day] <= 0:
            continue
        if not known:
            room[day] -= 1
            database.execute(_NEW_QUERY, (day, folded, *_three(tally)))
        database.execute(_FORM, (folded, tally["searches"], day))
    database.executemany(
        _SPELLING, [(*key, number, MOST_SPELLINGS) for key, number in spellings.items()]
    )


def forget(database: sqlite3.Connection, today: date) -> None:
    """Forget what is too old, and after a while what was asked too seldom to be shown."""
    first = (today - timedelta(KEPT_DAYS - 1)).isoformat()
    seldom = (today - timedelta(HARDLY_ASKED_DAYS)).isoformat()
    for statements, day in ((_FORGET_DAYS, first), (_FORGET_SELDOM, seldom)):
        for statement in statements:
            database.execute(statement, (day,))
    database.execute(_FORGET_SPELLINGS)


def step_of(milliseconds: float) -> int:
    """The step of duration that a search belongs to."""
    return max(0, math.ceil(math.log(max(milliseconds, 0.1) * 10, STEP)))


def milliseconds_of(step: int) -> float:
    """The longest duration of a step."""
    return STEP**step / 10


def _add(tally: Counter[str], search: Search) -> None:
    tally["searches"] += 1
    tally["nothing"] += search.nothing
    tally["relaxed"] += search.relaxed


def _three(tally: Counter[str]) -> tuple[int, int, int]:
    return tally["searches"], tally["nothing"], tally["relaxed"]


def _kept(database: sqlite3.Connection, day: str) -> int:
    row = database.execute("SELECT count(*) FROM queries WHERE day = ?", (day,)).fetchone()
    return int(row[0])
