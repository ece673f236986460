"""The file of the desk: one SQLite database that all workers of a server share.

Its tables are made when it is first opened. Nothing in it says who searched, nor when within a day;
of editors it has the names of their keys, digests of what their browsers send, and what they did.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_log = logging.getLogger(__name__)
_BUSY_SECONDS = 5.0
_VERSION = 1

_TABLES = """
CREATE TABLE days (
    day TEXT PRIMARY KEY, searches INTEGER NOT NULL, empty INTEGER NOT NULL,
    relaxed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE durations (
    day TEXT NOT NULL, step INTEGER NOT NULL, searches INTEGER NOT NULL, PRIMARY KEY (day, step)
) WITHOUT ROWID;
CREATE TABLE forms (
    folded TEXT PRIMARY KEY, searches INTEGER NOT NULL, days INTEGER NOT NULL,
    last_day TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE spellings (
    folded TEXT NOT NULL, spelling TEXT NOT NULL, searches INTEGER NOT NULL,
    PRIMARY KEY (folded, spelling)
) WITHOUT ROWID;
CREATE TABLE queries (
    day TEXT NOT NULL, folded TEXT NOT NULL, searches INTEGER NOT NULL, empty INTEGER NOT NULL,
    relaxed INTEGER NOT NULL, PRIMARY KEY (day, folded)
) WITHOUT ROWID;
CREATE INDEX queries_by_form ON queries (folded);
CREATE TABLE clicks (
    day TEXT NOT NULL, folded TEXT NOT NULL, rank INTEGER NOT NULL, clicks INTEGER NOT NULL,
    PRIMARY KEY (day, folded, rank)
) WITHOUT ROWID;
CREATE INDEX clicks_by_form ON clicks (folded);
CREATE TABLE sessions (
    digest TEXT PRIMARY KEY, editor TEXT NOT NULL, key_digest TEXT NOT NULL, csrf TEXT NOT NULL,
    made REAL NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE attempts (client TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE log (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, editor TEXT NOT NULL, deed TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE TABLE curations (
    number INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, folded TEXT NOT NULL,
    content BLOB NOT NULL, editor TEXT NOT NULL, changed REAL NOT NULL
);
CREATE TABLE editions (what TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE withdrawn (
    id TEXT PRIMARY KEY, content BLOB NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE former_files (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, content TEXT NOT NULL,
    at REAL NOT NULL, editor TEXT NOT NULL
);
"""


class DeskFileError(Exception):
    """The file of the desk cannot be used; the message says why and what to do."""


class DeskFile:
    """The database at a path; threads and processes share it, each use has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def require_usable(self) -> None:
        """See that it can be read and written, making it where it is not there.

        Raises:
            DeskFileError: it cannot.
        """
        try:
            with self.open() as database:
                database.execute("INSERT OR REPLACE INTO editions VALUES ('opened', 1)")
        except (sqlite3.Error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise DeskFileError(
                f"{self.path}: cannot be used for the desk: {reason}; name a file of its own in a "
                "folder that this program may write to"
            ) from error

    def log_trouble(self, error: Exception) -> None:
        """Tell the owner of the server that the file could not be used."""
        _log.error("%s: %s", self.path, error)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection; what the body did is kept where it ends well, and undone where it raises.

        Raises:
            sqlite3.Error: the file cannot be used now.
            OSError: it cannot be made.
        """
        if not self.path.exists():  # sessions are in it: for nobody else's eyes
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS)) as database:
            if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                _make_tables(database)
            database.execute("PRAGMA synchronous = NORMAL")
            with database:
                yield database


def advance(database: sqlite3.Connection, what: str) -> None:
    """Note that something changed which results follow from."""
    database.execute(
        "INSERT INTO editions VALUES (?, 1) ON CONFLICT (what) DO UPDATE SET number = number + 1",
        (what,),
    )


def _make_tables(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    with database:
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == _VERSION:  # another process was quicker
            return
        if version or database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise sqlite3.DatabaseError("it is a database of something else, or of a later release")
        for statement in _TABLES.split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {_VERSION}")
