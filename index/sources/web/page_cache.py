"""Pages that were fetched before, so that a crawl goes on where it was and asks only what changed.

One SQLite file beside the builds. Every page is on the disk before the next one is asked for; a
damaged file is begun anew. It knows nothing of HTTP but the two marks by which a server tells
whether a page has changed.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import zstandard

from index.errors import BuildError

_DAYS = 86_400
_KEPT = 90 * _DAYS
"""Seconds for which a page is kept that nobody asks for."""

_MOST_BYTES = 1 << 30
_TABLE = """
CREATE TABLE IF NOT EXISTS answers (
    url TEXT PRIMARY KEY, final TEXT NOT NULL, fetched REAL NOT NULL,
    etag TEXT NOT NULL, modified TEXT NOT NULL, charset TEXT NOT NULL, content BLOB NOT NULL
) WITHOUT ROWID
"""
_OLD_NAME = "SELECT 1 FROM sqlite_master WHERE name = 'pages'"
"""Of the table of release 0.1, which had passwords in its addresses."""


class CachedPage(NamedTuple):
    """A page as it was fetched.

    Attributes:
        final: its address after redirects.
        fetched: when, in Unix seconds.
        etag: as the server sent it, or "".
        modified: the server's Last-Modified, or "".
        charset: the encoding that the server said it has, or "".
        content: as decoded from the transfer.
    """

    final: str
    fetched: float
    etag: str
    modified: str
    charset: str
    content: bytes


class PageCache:
    """Keeps pages by their address.

    Args:
        path: of the file, or None to keep them in memory for one run.

    Raises:
        BuildError: from any method but `get` and `close`, when the file cannot be written.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        try:
            self._database = _opened(path)
        except sqlite3.OperationalError as error:
            raise _unkept(path, error) from error
        except sqlite3.DatabaseError:
            if path is None:
                raise
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink()
            self._database = _opened(path)
        try:
            self._database.execute("DELETE FROM answers WHERE fetched < ?", (time.time() - _KEPT,))
            self._database.commit()
        except sqlite3.OperationalError as error:
            raise _unkept(path, error) from error

    def get(self, url: str) -> CachedPage | None:
        """The page of an address, if there is one that can be read."""
        row = self._database.execute(
            "SELECT final, fetched, etag, modified, charset, content FROM answers WHERE url = ?",
            (url,),
        ).fetchone()
        if row is None:
            return None
        try:
            content = zstandard.ZstdDecompressor().decompress(row[5], max_output_size=_MOST_BYTES)
        except zstandard.ZstdError:
            return None
        return CachedPage(row[0], row[1], row[2], row[3], row[4], content)

    def put(self, url: str, page: CachedPage) -> None:
        """Keep a page, in place of what was kept."""
        try:
            self._database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)",
                (url, *page[:5], zstandard.ZstdCompressor().compress(page.content)),
            )
            self._database.commit()
        except sqlite3.OperationalError as error:
            raise _unkept(self._path, error) from error

    def close(self) -> None:
        """Let go of the file."""
        with suppress(sqlite3.Error):
            self._database.close()


def _unkept(path: Path | None, error: sqlite3.OperationalError) -> BuildError:
    return BuildError(
        f"{path}: pages that were fetched cannot be kept ({error}); make room on the disk, see "
        "that the file can be written, and run the command again"
    )


def _opened(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:" if path is None else path)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(_TABLE)
        if database.execute(_OLD_NAME).fetchone():
            database.execute("DROP TABLE pages")
            database.commit()
            database.execute("VACUUM")  # or the bytes would still stand in the file
        database.execute("SELECT url FROM answers LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database
