"""What editors have said of queries, as the file of the desk has it.

Each process looks at the file once a second at most, so that what one worker was told all do a
second later. It knows nothing of results.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from search import VIETNAM
from webui.desk.file import DeskFile, advance

LOOK_SECONDS = 1.0
MOST_RULES = 2_000

_log = logging.getLogger(__name__)


class Curation(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with the results of a query.

    Attributes:
        contains: whether it is about all queries that have these words, side by side.
        pins: ids of articles that stand on top, in this order.
        hidden: ids of articles that are not shown.
        text: shown above the results.
        address: where a banner above the results leads, or "".
        label: what the banner says.
        first: the first day on which all this holds, if not at once.
        last: the last day, if it does not hold for good.
        note: why, for other editors.
    """

    contains: bool = False
    pins: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    text: str = ""
    address: str = ""
    label: str = ""
    first: date | None = None
    last: date | None = None
    note: str = ""


class Rule(NamedTuple):
    """A curation as it is kept.

    Attributes:
        query: as the editor wrote it.
        folded: its words in lower case and without accents.
        editor: who changed it last.
    """

    number: int
    query: str
    folded: str
    content: Curation
    editor: str
    changed: datetime

    def holds(self, today: date) -> bool:
        """Whether it does on a day."""
        first, last = self.content.first, self.content.last
        return (first is None or first <= today) and (last is None or today <= last)

    def means(self, folded: str) -> bool:
        """Whether it is about a query, given by its folded words."""
        if self.content.contains:
            return f" {self.folded} " in f" {folded} "
        return self.folded == folded


class Rules:
    """The curations in a file."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file
        self._looking = threading.Lock()
        self._looked = 0.0
        self._edition = -1
        self._rules: tuple[Rule, ...] = ()
        self._in_trouble = False

    def current(self) -> tuple[Rule, ...]:
        """All of them, at most a second old."""
        if time.monotonic() - self._looked > LOOK_SECONDS and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._rules

    def edition(self) -> int:
        """Another number after each change of these, or of a site's words."""
        self.current()
        return self._edition

    def find(self, number: int) -> Rule | None:
        """One by its number."""
        return next((rule for rule in self.all() if rule.number == number), None)

    def put(self, number: int | None, query: str, folded: str, content: Curation, who: str) -> int:
        """Keep a curation, in place of the one of a number or as a new one; returns its number."""
        row = (query, folded, msgspec.json.encode(content), who, time.time())
        with self._file.open() as database:
            if number is None:
                number = database.execute(
                    "INSERT INTO curations (query, folded, content, editor, changed) "
                    "VALUES (?, ?, ?, ?, ?)",
                    row,
                ).lastrowid
            else:
                database.execute(
                    "INSERT OR REPLACE INTO curations (query, folded, content, editor, changed, "
                    "number) VALUES (?, ?, ?, ?, ?, ?)",
                    (*row, number),
                )
            _advance(database)
        self.look_again()
        return number or 0

    def remove(self, number: int) -> None:
        """Forget a curation."""
        with self._file.open() as database:
            database.execute("DELETE FROM curations WHERE number = ?", (number,))
            _advance(database)
        self.look_again()

    def look_again(self) -> None:
        """Look at the file at the next search: this process has changed it."""
        self._looked = 0.0

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            with self._file.open() as database:
                edition = _edition(database)
            if edition != self._edition:
                self._rules, self._edition = self.all(), edition
            self._in_trouble = False
        except (sqlite3.Error, OSError) as error:
            if not self._in_trouble:  # told once, not every second
                _log.warning("%s: what was said of queries goes on: %s", self._file.path, error)
            self._in_trouble = True

    def all(self) -> tuple[Rule, ...]:
        """All of them as they are in the file now."""
        with self._file.open() as database:
            rows = database.execute(
                "SELECT number, query, folded, content, editor, changed FROM curations "
                "ORDER BY number LIMIT ?",
                (MOST_RULES,),
            ).fetchall()
        return tuple(
            Rule(
                number,
                query,
                folded,
                msgspec.json.decode(content, type=Curation),
                editor,
                datetime.fromtimestamp(changed, VIETNAM),
            )
            for number, query, folded, content, editor, changed in rows
        )


def _advance(database: sqlite3.Connection) -> None:
    advance(database, "curations")


def _edition(database: sqlite3.Connection) -> int:
    return int(database.execute("SELECT coalesce(sum(number), 0) FROM editions").fetchone()[0])
