"""Zero-result queries, for the owner to see what is missing: grouped, and nobody's data.

Kept is the folded form of a query (lower case, without accents), how often it was asked for and on
which days first and last; not who asked, nor when within a day. A query that may hold somebody's
data (an address, a long number, more words than anybody searches by) is not kept at all. The file
is an SQLite database that all workers write; what is asked for most stays when it is full.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

from flask import Flask, Response
from unidecode import unidecode

from webui.rendering.dates import now
from webui.searching import page_of_request

MOST_KEPT = 10_000
"""Folded forms; a few megabytes, however many there are."""

_LONGEST = 80
_MOST_WORDS = 10
_SOMEBODYS = re.compile(
    r"@|[\[({<]\s*at\s*[\])}>]|://|www\.|[a-z0-9-]{3,}\.[a-z]{2,}(?:[/?:]|$|\s)|[?&]\w+=|[0-9](?:[^0-9a-z]*[0-9]){5}"
)
"""In a query that :func:`_plain` made: an address, or six digits, whatever stands between them."""
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_BUSY_SECONDS = 0.25

_log = logging.getLogger(__name__)

_TABLE = """CREATE TABLE IF NOT EXISTS unanswered (
    folded TEXT PRIMARY KEY, times INTEGER NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL
) WITHOUT ROWID"""
_COUNT = """INSERT INTO unanswered VALUES (?1, 1, ?2, ?2)
    ON CONFLICT (folded) DO UPDATE SET times = times + 1, last_day = ?2"""
_FORGET = """DELETE FROM unanswered WHERE folded IN (
    SELECT folded FROM unanswered ORDER BY times DESC, last_day DESC LIMIT -1 OFFSET ?)"""


def folded_form(query: str) -> str:
    """What a query is grouped under; "" where it is not to be kept."""
    plain = _plain(query)
    if _SOMEBODYS.search(plain):
        return ""
    words = _NOT_WORDS.sub(" ", plain).split()
    folded = " ".join(words)
    return folded if len(words) <= _MOST_WORDS and len(folded) <= _LONGEST else ""


def _plain(query: str) -> str:
    """A query in ASCII: no characters without width, all widths, styles and scripts of digits."""
    normal = unicodedata.normalize("NFKC", query)
    shown = "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")
    return unidecode("".join(_as_digit(sign) for sign in shown)).lower()


def _as_digit(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def keep(file: Path, query: str) -> None:
    """Count one query that found nothing.

    Raises:
        sqlite3.Error: the file cannot be written now.
    """
    folded = folded_form(query)
    if not folded:
        return
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as database, database:
        database.execute(_TABLE)
        database.execute(_COUNT, (folded, now().date().isoformat()))
        if database.execute("SELECT count(*) FROM unanswered").fetchone()[0] > MOST_KEPT:
            database.execute(_FORGET, (MOST_KEPT * 9 // 10,))


def register_zero_results(app: Flask, file: Path | None) -> None:
    """Count the zero-result queries of ``app`` in ``file``; without one, nothing."""
    if file is None:
        return

    def note(response: Response) -> Response:
        page = page_of_request()
        # Filters and later pages may be why nothing was found.
        if page and not page.total and page.page == 1 and not page.query.text.isspace():
            try:
                keep(file, page.query.text)
            except sqlite3.Error as error:  # never a reason to answer less
                _log.warning("%s: a query without results was not kept: %s", file, error)
        return response

    app.after_request(note)
