"""What was done at the desk, by whom and when: kept for as long as its counts."""

from __future__ import annotations

import time
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from search import VIETNAM
from webui.desk.file import DeskFile

KEPT_SECONDS = 400 * 86_400
LONGEST = 500


class Deed(str, Enum):
    """What can be done."""

    ENTERED = "entered"
    REFUSED = "refused"
    LEFT = "left"
    CURATED = "curated"
    UNCURATED = "uncurated"
    WITHDREW = "withdrew"
    PUT_BACK = "put back"
    SWITCHED = "switched"
    WORDS = "words"
    UNDID_WORDS = "undid words"


class Entry(NamedTuple):
    """One deed.

    Attributes:
        editor: the name of the key.
        subject: what it was done to.
    """

    at: datetime
    editor: str
    deed: Deed
    subject: str


class DeskLog:
    """The deeds in a file."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file

    def write(self, editor: str, deed: Deed, subject: str = "") -> None:
        """Keep that something was done now."""
        moment = time.time()
        with self._file.open() as database:
            database.execute("DELETE FROM log WHERE at < ?", (moment - KEPT_SECONDS,))
            database.execute(
                "INSERT INTO log (at, editor, deed, subject) VALUES (?, ?, ?, ?)",
                (moment, editor, deed.value, subject[:LONGEST]),
            )

    def entries(self, *, most: int, skip: int = 0) -> tuple[Entry, ...]:
        """The latest first."""
        with self._file.open() as database:
            rows = database.execute(
                "SELECT at, editor, deed, subject FROM log ORDER BY number DESC LIMIT ? OFFSET ?",
                (most, skip),
            ).fetchall()
        return tuple(
            Entry(datetime.fromtimestamp(at, VIETNAM), editor, Deed(deed), subject)
            for at, editor, deed, subject in rows
        )
