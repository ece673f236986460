"""The words of a site as editors change them: tried before, kept with who and when, and undone."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from search import VIETNAM, SearchEngine, SearchRequest
from search.request import MAX_QUERY_LENGTH
from search.serving.words import ALIASES, aliases_of, read_words, write_words
from webui.desk.file import DeskFile, advance

MOST_KEPT = 50
"""Former texts of a file."""

LONGEST = 100_000
"""Characters of a file."""

MOST_TRIED = 8
SHOWN = 5


class WordsChanged(Exception):
    """Somebody else has changed the file since it was shown."""


class Former(NamedTuple):
    """What a file said before a change.

    Attributes:
        editor: who changed it.
    """

    number: int
    name: str
    content: str
    at: datetime
    editor: str


class Gain(NamedTuple):
    """What a new name would find.

    Attributes:
        name: that somebody searches for.
        also: what would be searched for too.
        more: how many more articles are about it then.
        headlines: of the first of these.
    """

    name: str
    also: str
    more: int
    headlines: tuple[str, ...]


class SiteWords:
    """The files of an index directory, with their history in the file of the desk.

    Args:
        engine: of that directory.
        file: of the desk.
        changed: called after each change.
    """

    def __init__(self, engine: SearchEngine, file: DeskFile, changed: Callable[[], None]) -> None:
        self._engine, self._file, self._changed = engine, file, changed
        self.directory: Path = engine.directory

    def read(self, name: str) -> str:
        """What a file says now; raises as :func:`search.serving.words.read_words`."""
        return read_words(self.directory, name)

    def change(self, name: str, text: str, seen: str, editor: str) -> None:
        """Put a text in place of a file, and keep what it said before.

        Args:
            name: of the file.
            text: the new one.
            seen: the digest of what it said when the editor began.
            editor: who changes it.

        Raises:
            WordsChanged: it says something else by now.
            AliasError: the text cannot be understood.
            OSError: it cannot be written.
        """
        with self._file.open() as database:
            database.execute("BEGIN IMMEDIATE")  # one editor at a time
            before = self.read(name)
            if digest(before) != seen:
                raise WordsChanged
            write_words(self.directory, name, text)
            database.execute(
                "INSERT INTO former_files (name, content, at, editor) VALUES (?, ?, ?, ?)",
                (name, before, time.time(), editor),
            )
            database.execute(
                "DELETE FROM former_files WHERE name = ?1 AND number NOT IN (SELECT number FROM "
                "former_files WHERE name = ?1 ORDER BY number DESC LIMIT ?2)",
                (name, MOST_KEPT),
            )
            advance(database, "words")
        self._changed()

    def former(self, name: str) -> tuple[Former, ...]:
        """What a file said before, the latest first."""
        with self._file.open() as database:
            rows = database.execute(
                "SELECT number, name, content, at, editor FROM former_files WHERE name = ? "
                "ORDER BY number DESC",
                (name,),
            ).fetchall()
        return tuple(
            Former(number, kept, content, datetime.fromtimestamp(at, VIETNAM), editor)
            for number, kept, content, at, editor in rows
        )

    def gains(self, text: str) -> tuple[Gain, ...]:
        """What the aliases that a text adds to those there are would find.

        Raises:
            AliasError: the text cannot be understood.
        """
        known = set(aliases_of(self.read(ALIASES)))
        new = [alias for alias in aliases_of(text) if alias.also and alias not in known]
        return tuple(self._gain(alias.name, alias.also) for alias in new[:MOST_TRIED])

    def _gain(self, name: str, also: str) -> Gain:
        plain = f'"{_quoted(name)}"'
        either = f'{plain} OR "{_quoted(also)}"'
        others = f'"{_quoted(also)}" -{plain}'
        alone, together, gained = (
            self._engine.search(
                SearchRequest(query=query[:MAX_QUERY_LENGTH], verbatim=True, per_page=SHOWN)
            )
            for query in (plain, either, others)
        )
        # Where nothing is found, what is shown instead is about something else.
        before = alone.total if alone.about and not alone.query.relaxed else 0
        after = together.total if together.about and not together.query.relaxed else 0
        more = max(0, after - before)
        return Gain(name, also, more, tuple(hit.headline for hit in gained.hits) if more else ())


def digest(text: str) -> str:
    """By which a text is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _quoted(name: str) -> str:
    return name.replace('"', " ")
