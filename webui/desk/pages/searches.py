"""What readers search: the overview, lists of queries, a page for each query, all of it as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from flask import Blueprint, Response, render_template, request, url_for

from search import RequestError, SearchEngine, SearchRequest
from webui.desk.counts.charts import Bar, bars
from webui.desk.counts.folding import LONGEST
from webui.desk.counts.reports import DayFigures, Kind, Period, Reports, last_days
from webui.parameters import Parameters, choice, integer, search_url
from webui.rendering import dates
from webui.searching import answered

PERIODS = (1, 7, 30, 90)
MOST = 50
MOST_PAGES = 200
MOST_IN_CSV = 100_000
ON_OVERVIEW = 10

DAYS = integer("days", 7, 1, 90, "How many days, of which today is the last.")
KIND = choice("list", Kind.POPULAR, "Which queries.")
PAGE = integer("page", 1, 1, MOST_PAGES, "Which page.")


def add_searches(desk: Blueprint, engine: SearchEngine, reports: Reports) -> None:
    """Put these pages on the desk."""

    @desk.get("")
    def overview() -> str:
        period = _period()
        return render_template(
            "desk/overview.html",
            period=period,
            periods=PERIODS,
            kinds=tuple(Kind),
            figures=reports.overview(period),
            before=reports.overview(period.before()),
            bars=_day_bars(reports.days(period)) if period.days > 1 else (),
            lists={kind: reports.queries(kind, period, most=ON_OVERVIEW) for kind in Kind},
        )

    @desk.get("/queries")
    def queries() -> str:
        given = Parameters(request.query_string)
        kind, page, period = KIND.read(given), PAGE.read(given), _period()
        page = min(max(page, 1), MOST_PAGES)
        found = reports.queries(kind, period, most=MOST + 1, skip=(page - 1) * MOST)
        return render_template(
            "desk/queries.html",
            period=period,
            periods=PERIODS,
            kinds=tuple(Kind),
            kind=kind,
            queries=found[:MOST],
            page=page,
            more=len(found) > MOST and page < MOST_PAGES,
        )

    @desk.get("/query")
    def query() -> str:
        folded, period = _folded(), _period()
        figures = reports.query(folded, period)
        asked = SearchRequest(query=figures.spelling if figures else folded)
        days = reports.days(period, folded) if figures else ()
        clicks = reports.clicks_by_rank(folded, period) if figures else ()
        return render_template(
            "desk/query.html",
            period=period,
            periods=PERIODS,
            query=asked.query,
            folded=folded,
            figures=figures,
            bars=_day_bars(days) if period.days > 1 else (),
            days=days,
            clicks=bars([(dates.count(rank), number, 0) for rank, number in clicks]),
            results=answered(engine, asked),
            as_readers=search_url(asked),
            now=dates.now(),
        )

    @desk.get("/queries.csv")
    def queries_csv() -> Response:
        kind, period = KIND.read(Parameters(request.query_string)), _period()
        found = reports.queries(kind, period, most=MOST_IN_CSV)
        header = ("query", "folded", "searches", "nothing", "relaxed", "clicks", "mean_rank")
        rows = (
            (
                *(one.spelling, one.folded, one.searches, one.nothing, one.relaxed, one.clicks),
                "" if one.rank is None else round(one.rank, 2),
                one.before,
            )
            for one in found
        )
        return _csv(f"{kind.value}-{_name(period)}", (*header, "searches_before"), rows)

    @desk.get("/days.csv")
    def days_csv() -> Response:
        period = _period()
        return _csv(f"days-{_name(period)}", DayFigures._fields, reports.days(period))

    @desk.get("/query.csv")
    def query_csv() -> Response:
        folded, period = _folded(), _period()
        days = reports.days(period, folded) if reports.query(folded, period) else ()
        return _csv(f"query-{_name(period)}", DayFigures._fields, days)

    @desk.get("/clicks.csv")
    def clicks_csv() -> Response:
        folded, period = _folded(), _period()
        told = reports.query(folded, period)
        clicks = reports.clicks_by_rank(folded, period) if told else ()
        return _csv(f"clicks-{_name(period)}", ("rank", "clicks"), clicks)

    def query_url(folded: str) -> str:
        return url_for("desk.query", q=folded, days=_period().days)

    desk.context_processor(lambda: {"query_url": query_url})


def _period() -> Period:
    days = DAYS.read(Parameters(request.query_string))
    return last_days(days if days in PERIODS else 7, dates.now().date())


def _folded() -> str:
    folded = Parameters(request.query_string).text("q")
    if not 0 < len(folded) <= LONGEST:
        raise RequestError("q", f"the folded form of a query, of 1 to {LONGEST} characters")
    return folded


def _day_bars(days: Sequence[DayFigures]) -> tuple[Bar, ...]:
    return bars([(_short(day.day), day.searches, day.nothing) for day in days])


def _short(day: date) -> str:
    return f"{day.day}/{day.month}"


def _name(period: Period) -> str:
    return f"{period.first.isoformat()}-{period.last.isoformat()}"


def _csv(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Rows for spreadsheets, in which no text is a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    response = Response("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _harmless(value: object) -> object:
    text = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if text else value
