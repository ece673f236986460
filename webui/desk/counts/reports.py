"""The figures of the desk, read from its file.

A query is told of only once it was asked on two days or five times: what somebody typed by mistake
once is nobody's business. Totals are of all searches.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from webui.desk.counts.writing import milliseconds_of
from webui.desk.file import DeskFile

_SHOWN = "(forms.searches >= 5 OR forms.days >= 2)"
_SPELLING = (
    "coalesce((SELECT spelling FROM spellings WHERE spellings.folded = forms.folded "
    "ORDER BY searches DESC, spelling LIMIT 1), forms.folded)"
)


TRENDING_SEARCHES, TRENDING_DAYS = 5, 2
"""What a query needs of both to be shown to everybody."""


class Kind(str, Enum):
    """Which queries a list has, and in which order."""

    POPULAR = "popular"
    RISING = "rising"
    NOTHING = "nothing"
    UNCLICKED = "unclicked"


_WHICH: Mapping[Kind, tuple[str, str]] = {
    Kind.POPULAR: ("searches > 0", "searches DESC"),
    Kind.RISING: (
        "searches > before",
        "(searches - before) * (searches - before) * 1.0 / (before + 1) DESC",
    ),
    Kind.NOTHING: ("empty > 0", "empty DESC"),
    Kind.UNCLICKED: ("clicks = 0 AND searches > empty", "searches - empty DESC"),
}
"""Rising is how far a query is above what the time before led to expect, in its own deviation."""


class Period(NamedTuple):
    """Days from the first to the last, both of them in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """As many days before it."""
        return Period(self.first - timedelta(self.days), self.first - timedelta(1))

    def each(self) -> Iterator[date]:
        """Every day, in order."""
        return (self.first + timedelta(number) for number in range(self.days))


def last_days(number: int, today: date) -> Period:
    """So many days, of which today is the last."""
    return Period(today - timedelta(number - 1), today)


class Figures(NamedTuple):
    """What was searched in a period.

    Attributes:
        nothing: searches without a result.
        relaxed: searches for which only articles with some of the words were found.
        rank: the mean of the ranks that were clicked; None where none was.
        p95: milliseconds within which 95 % of searches were answered; None where there were none.
    """

    searches: int
    nothing: int
    relaxed: int
    clicks: int
    rank: float | None
    p95: float | None


class DayFigures(NamedTuple):
    """What was searched on one day."""

    day: date
    searches: int
    nothing: int
    relaxed: int
    clicks: int


class QueryFigures(NamedTuple):
    """How a query fared in a period.

    Attributes:
        spelling: the one that readers used most.
        before: searches in as many days before.
    """

    folded: str
    spelling: str
    searches: int
    nothing: int
    relaxed: int
    clicks: int
    rank: float | None
    before: int


class Reports:
    """Reads the figures of a file."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file

    def overview(self, period: Period) -> Figures:
        """All searches of a period."""
        with self._file.open() as database:
            searches, nothing, relaxed = _row(
                database,
                "SELECT coalesce(sum(searches), 0), coalesce(sum(empty), 0), "
                "coalesce(sum(relaxed), 0) FROM days WHERE day BETWEEN ? AND ?",
                *_ends(period),
            )
            clicks, ranks = _row(
                database,
                "SELECT coalesce(sum(clicks), 0), sum(rank * clicks) FROM clicks WHERE day BETWEEN "
                "? AND ?",
                *_ends(period),
            )
            steps = database.execute(
                "SELECT step, sum(searches) FROM durations WHERE day BETWEEN ? AND ? GROUP BY step "
                "ORDER BY step",
                _ends(period),
            ).fetchall()
        rank = ranks / clicks if clicks else None
        return Figures(searches, nothing, relaxed, clicks, rank, _p95(steps))

    def days(self, period: Period, folded: str | None = None) -> tuple[DayFigures, ...]:
        """Every day of a period, also those without searches.

        Args:
            period: which days.
            folded: form of the query that is meant; None for all.
        """
        table, which = ("days", "") if folded is None else ("queries", " AND folded = ?")
        values = (*_ends(period), *(() if folded is None else (folded,)))
        with self._file.open() as database:
            searches = database.execute(
                f"SELECT day, searches, empty, relaxed FROM {table} "  # noqa: S608 - our words
                f"WHERE day BETWEEN ? AND ?{which}",
                values,
            ).fetchall()
            clicks = database.execute(
                f"SELECT day, sum(clicks) FROM clicks WHERE day BETWEEN ? AND ?{which} "  # noqa: S608
                "GROUP BY day",
                values,
            ).fetchall()
        searches_of = {day: (number, empty, relaxed) for day, number, empty, relaxed in searches}
        clicks_of = dict(clicks)
        return tuple(
            DayFigures(day, *searches_of.get(str(day), (0, 0, 0)), clicks_of.get(str(day), 0))
            for day in period.each()
        )

    def queries(
        self, kind: Kind, period: Period, *, most: int, skip: int = 0
    ) -> tuple[QueryFigures, ...]:
        """The queries of a list, the foremost first.

        Args:
            kind: of the list.
            period: whose searches count.
            most: how many at most.
            skip: so many of the foremost.
        """
        which, order = _WHICH[kind]
        with self._file.open() as database:
            return _queries(database, period, f"WHERE {which} ORDER BY {order}, folded", most, skip)

    def query(self, folded: str, period: Period) -> QueryFigures | None:
        """How a query fared; None where nothing is told of it."""
        with self._file.open() as database:
            found = _queries(database, period, "", 1, 0, folded)
        return found[0] if found else None

    def trending(self, period: Period, most: int) -> tuple[str, ...]:
        """The queries that everybody may see, the foremost first, in their commonest spelling.

        They find something, and were asked often enough, on days enough, to be nobody's in
        particular.
        """
        with self._file.open() as database:
            rows = database.execute(
                f"""SELECT {_SPELLING} FROM forms JOIN (
                    SELECT folded, sum(searches) AS searches FROM queries
                    WHERE day BETWEEN ? AND ? GROUP BY folded HAVING sum(searches) >= ?
                        AND count(DISTINCT day) >= ? AND sum(empty) = 0
                ) AS asked USING (folded) ORDER BY asked.searches DESC, folded LIMIT ?""",  # noqa: S608 - words of this module only
                (*_ends(period), TRENDING_SEARCHES, TRENDING_DAYS, most),
            ).fetchall()
        return tuple(row[0] for row in rows)

    def clicks_by_rank(self, folded: str, period: Period) -> tuple[tuple[int, int], ...]:
        """Ranks that were clicked for a query, and how often each."""
        with self._file.open() as database:
            return tuple(
                database.execute(
                    "SELECT rank, sum(clicks) FROM clicks WHERE folded = ? AND day BETWEEN ? AND ? "
                    "GROUP BY rank ORDER BY rank",
                    (folded, *_ends(period)),
                ).fetchall()
            )


def _queries(
    database: sqlite3.Connection,
    period: Period,
    rest: str,
    most: int,
    skip: int,
    folded: str | None = None,
) -> tuple[QueryFigures, ...]:
    one = "" if folded is None else " AND folded = :folded"
    first, last = _ends(period)
    before_first, before_last = _ends(period.before())
    rows = database.execute(
        f"""WITH asked AS (
            SELECT folded, sum(searches) AS searches, sum(empty) AS empty,
                sum(relaxed) AS relaxed
            FROM queries WHERE day BETWEEN :first AND :last{one} GROUP BY folded
        ), earlier AS (
            SELECT folded, sum(searches) AS searches FROM queries
            WHERE day BETWEEN :before_first AND :before_last{one} GROUP BY folded
        ), clicked AS (
            SELECT folded, sum(clicks) AS clicks, sum(rank * clicks) AS ranks FROM clicks
            WHERE day BETWEEN :first AND :last{one} GROUP BY folded
        ), listed AS (
            SELECT forms.folded AS folded, coalesce(asked.searches, 0) AS searches,
                coalesce(asked.empty, 0) AS empty, coalesce(asked.relaxed, 0) AS relaxed,
                coalesce(clicked.clicks, 0) AS clicks,
                clicked.ranks * 1.0 / clicked.clicks AS rank,
                coalesce(earlier.searches, 0) AS before
            FROM forms LEFT JOIN asked USING (folded) LEFT JOIN earlier USING (folded)
                LEFT JOIN clicked USING (folded)
            WHERE {_SHOWN}{one.replace("folded", "forms.folded", 1)}
        )
        SELECT forms.folded, {_SPELLING}, listed.searches, empty, relaxed, clicks, rank, before
        FROM (SELECT * FROM listed {rest} LIMIT :most OFFSET :skip) AS listed
            JOIN forms USING (folded)""",  # noqa: S608 - words of this module only
        {
            "first": first,
            "last": last,
            "before_first": before_first,
            "before_last": before_last,
            "folded": folded,
            "most": most,
            "skip": skip,
        },
    ).fetchall()
    return tuple(QueryFigures(*row) for row in rows)


def _row(database: sqlite3.Connection, statement: str, *values: str) -> tuple[int, ...]:
    row: tuple[int, ...] = database.execute(statement, values).fetchone()
    return row


def _ends(period: Period) -> tuple[str, str]:
    return period.first.isoformat(), period.last.isoformat()


def _p95(steps: list[tuple[int, int]]) -> float | None:
    left = sum(number for _, number in steps) * 0.95
    for step, number in steps:
        left -= number
        if left <= 0:
            return milliseconds_of(step)
    return None
