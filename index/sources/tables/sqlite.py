"""SQLite files named by their path: the rows of a query, or of the one table of articles."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from index.errors import SourceError
from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample
from index.sources.records.export import article_from_export
from index.sources.records.names import sources_of
from index.sources.records.outcome import Outcome
from index.sources.tables.sql import sql_value

_OWN = re.compile(r"sqlite_|.*_(?:content|segments|segdir|docsize|stat|data|idx|config)$")
_SHOWN = 5


def _recognises(sample: Sample) -> bool:
    return sample.start.startswith(b"SQLite format 3\0")


def _read(stream: Stream) -> Iterator[Outcome]:
    with stream.on_disk() as path:
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
                base.text_factory = sql_value
                rows = base.execute(stream.query or _query(base, stream))
                columns = [column[0] for column in rows.description or ()]
                for number, row in enumerate(rows, 1):
                    record = {name: sql_value(v) for name, v in zip(columns, row, strict=True)}
                    yield article_from_export(record, f"{stream.name}:{number}", stream.names)
        except sqlite3.Error as error:
            raise SourceError(f"the database says: {error}") from error


def _query(base: sqlite3.Connection, stream: Stream) -> str:
    """The query for all rows of the table that has columns of a headline and of a text."""
    tables = [
        str(name)
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        )
        if not _OWN.match(str(name))
    ]
    columns = {
        table: [str(row[1]) for row in base.execute(f"PRAGMA table_info({_quoted(table)})")]
        for table in tables
    }
    chosen = [
        table
        for table, names in columns.items()
        if {"headline", "body"} <= sources_of(dict.fromkeys(names, True), stream.names).keys()
    ]
    if len(chosen) == 1:
        return f"SELECT * FROM {_quoted(chosen[0])}"  # noqa: S608 (a name that the file itself gave)
    if chosen:
        raise SourceError(
            f"has several tables of articles ({', '.join(chosen)}); say which with "  # noqa: S608
            f'--query "SELECT * FROM {chosen[0]}"'
        )
    shown = "; ".join(f"{t} ({', '.join(names)})" for t, names in [*columns.items()][:_SHOWN])
    raise SourceError(f"has no table with a headline and a text; it has {shown}; give a --query")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


KIND = Kind("sqlite", _recognises, _read)
