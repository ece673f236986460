"""The engines of the benchmark behind one interface: this project, SQLite FTS5, stock Whoosh.

Peers run as their makers would have them: text already analysed, one thread, no counting of matches
(FTS5), everything in one transaction. tantivy is in :mod:`scripts.measure.bench.tantivy`.
"""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar, Protocol, cast

from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh.analysis import Analyzer, RegexAnalyzer
from whoosh.fields import STORED, TEXT, Schema

from index.article import Article
from index.build.bulk import write_index
from index.schema import make_schema
from index.snapshot import Snapshot
from scripts.measure.bench.documents import Analysed
from search.backends.whoosh.execution import Executor

LIMIT = 10
FIELDS = Analysed._fields[1:]


class Opened(Protocol):
    """An engine with an index open for reading; each method returns how many hits it got."""

    def all_of(self, words: Sequence[str]) -> int:
        """The ten best with all words in the body."""
        ...

    def any_of(self, words: Sequence[str]) -> int:
        """The ten best with any of the words in the body."""
        ...

    def phrase(self, words: Sequence[str]) -> int:
        """The ten best with the words side by side in the body."""
        ...


class Engine(Protocol):
    """A search engine.

    Attributes:
        name: as in ``--against``.
    """

    name: ClassVar[str]

    def build(self, directory: Path, chunks: Iterable[list[Analysed]]) -> None:
        """Index analysed articles into an empty directory."""
        ...

    def open(self, directory: Path) -> Opened:
        """Open the index."""
        ...


class Timbao:
    """This project; it indexes articles and not terms, analysing them itself."""

    name: ClassVar[str] = "timbao"

    def build(self, directory: Path, articles: Iterable[Article]) -> None:
        """Index everything that the product does, and derive what it derives."""
        write_index(directory, articles)

    def open(self, directory: Path) -> Opened:
        """Open the index."""
        return OpenedTimbao(directory)


class _WhooshQueries(ABC):
    """Asks by means of Whoosh's query classes."""

    def all_of(self, words: Sequence[str]) -> int:
        """See :class:`Opened`."""
        return self._hits(wq.And([wq.Term("body", word) for word in words]))

    def any_of(self, words: Sequence[str]) -> int:
        """See :class:`Opened`."""
        return self._hits(wq.Or([wq.Term("body", word) for word in words]))

    def phrase(self, words: Sequence[str]) -> int:
        """See :class:`Opened`."""
        return self._hits(wq.Phrase("body", list(words)))

    @abstractmethod
    def _hits(self, query: wq.Query) -> int:
        """How many of the ten best there are."""


class OpenedTimbao(_WhooshQueries):
    """This project's executor; it counts all matches, too."""

    def __init__(self, directory: Path) -> None:
        self._executor = Executor(Snapshot.open(directory), make_schema())

    def _hits(self, query: wq.Query) -> int:
        return len(self._executor.search(query, LIMIT).docs)


class StockWhoosh:
    """Whoosh as it comes: one folded field with positions, the text stored."""

    name: ClassVar[str] = "whoosh"

    def build(self, directory: Path, chunks: Iterable[list[Analysed]]) -> None:
        """Index one folded field."""
        spaces = cast("Analyzer", RegexAnalyzer(r"\S+"))
        schema = Schema(body=TEXT(analyzer=spaces), stored=STORED)
        writer = whoosh_index.create_in(str(directory), schema).writer(limitmb=512)
        for chunk in chunks:
            for article in chunk:
                writer.add_document(body=article.body, stored=article.stored)
        writer.commit()

    def open(self, directory: Path) -> Opened:
        """Open the index."""
        return OpenedWhoosh(directory)


class OpenedWhoosh(_WhooshQueries):
    """Stock Whoosh's searcher, its early stopping off: with it the results are wrong."""

    def __init__(self, directory: Path) -> None:
        self._searcher = whoosh_index.open_dir(str(directory)).searcher()

    def _hits(self, query: wq.Query) -> int:
        return len(self._searcher.search(query, limit=None).top_n[:LIMIT])


class Fts5:
    """SQLite's full-text index: one folded column, the text beside it."""

    name: ClassVar[str] = "fts5"

    def build(self, directory: Path, chunks: Iterable[list[Analysed]]) -> None:
        """Index one folded column in one transaction, then merge everything."""
        database = sqlite3.connect(directory / "index.sqlite")
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute(
            "CREATE VIRTUAL TABLE articles USING fts5(body, content='', tokenize='ascii')"
        )
        database.execute("CREATE TABLE stored (body BLOB)")
        for chunk in chunks:
            database.executemany(
                "INSERT INTO articles (body) VALUES (?)", ((article.body,) for article in chunk)
            )
            database.executemany(
                "INSERT INTO stored VALUES (?)", ((article.stored,) for article in chunk)
            )
        database.execute("INSERT INTO articles (articles) VALUES ('optimize')")
        database.commit()
        database.close()

    def open(self, directory: Path) -> Opened:
        """Open the index."""
        return OpenedFts5(directory)


class OpenedFts5:
    """An SQLite connection."""

    def __init__(self, directory: Path) -> None:
        self._database = sqlite3.connect(directory / "index.sqlite")

    def all_of(self, words: Sequence[str]) -> int:
        """See :class:`Opened`."""
        return self._hits(" ".join(f'"{word}"' for word in words))

    def any_of(self, words: Sequence[str]) -> int:
        """See :class:`Opened`."""
        return self._hits(" OR ".join(f'"{word}"' for word in words))

    def phrase(self, words: Sequence[str]) -> int:
        """See :class:`Opened`."""
        return self._hits('"' + " ".join(words) + '"')

    def _hits(self, match: str) -> int:
        rows = self._database.execute(
            "SELECT rowid FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?",
            (match, LIMIT),
        )
        return len(rows.fetchall())
