"""A database: the rows of one query, whose columns are named as in other records.

Any database that SQLAlchemy has a driver for. Rows are fetched as they are read, so a table may be
of any size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.sources.extras import needing
from index.sources.kind import Item
from index.sources.origin import Origin
from index.sources.records.export import article_from_export
from index.sources.records.names import Value
from index.sources.web.address import AddressKind
from index.sources.web.fetcher import Fetcher

if TYPE_CHECKING:
    from sqlalchemy import Engine

_ROWS_AT_ONCE = 500
_DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
"""Drivers that pip installs without a compiler, for addresses that name none."""

_HTTP = ("http", "https", "ftp", "file")


def _recognises(origin: Origin) -> bool:
    return bool(origin.query) or origin.scheme not in _HTTP


def _read(origin: Origin, _: Fetcher) -> Iterator[Item]:
    with needing("SQLAlchemy", "sql"):
        from sqlalchemy.exc import SQLAlchemyError
    if not origin.query:
        raise SourceError("a database needs a query; give it with --query, or in a TOML file")
    engine = _engine(origin)
    try:
        with engine.connect() as connection:
            options = {
                "stream_results": True,
                "yield_per": _ROWS_AT_ONCE,
                "no_parameters": True,
            }
            # The query is the owner's, with nothing to fill in: a colon in it is a colon.
            rows = connection.execution_options(**options).exec_driver_sql(origin.query)
            for number, row in enumerate(rows.mappings(), 1):
                record = {str(name): sql_value(value) for name, value in row.items()}
                yield article_from_export(record, f"{origin.shown} row {number}", origin.names)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise SourceError(f"the database says: {reason[0] if reason else error}") from error
    finally:
        engine.dispose()


def _engine(origin: Origin) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    scheme, colon, rest = origin.place.partition(":")
    try:
        return create_engine(f"{_DRIVERS.get(scheme, scheme)}{colon}{rest}")
    except ModuleNotFoundError as error:
        raise SourceError(
            f"its driver is not installed; install it with: pip install {error.name}"
        ) from error
    except (SQLAlchemyError, ValueError) as error:
        raise SourceError(f"the address is not understood: {str(error).splitlines()[0]}") from error


def sql_value(value: object) -> Value:
    """A value of a column as one of JSON's."""
    if value is None or isinstance(value, (bool, int, float, str, date)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (bytes, memoryview)):
        try:
            return bytes(value).decode("utf-8")
        except UnicodeDecodeError:
            # Byte for character: what old encoding it is shows when the text is read.
            return bytes(value).decode("latin-1")
    if isinstance(value, Mapping):
        return {str(name): sql_value(item) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [sql_value(item) for item in value]
    return str(value)  # a UUID, for example


KIND = AddressKind("sql", _recognises, _read)
