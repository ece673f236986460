"""Puts the desk on a site: counts what is searched, curates results, and serves ``/desk``."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from time import perf_counter

from flask import Flask, Response

from search import SearchEngine
from webui.desk.access.log import DeskLog
from webui.desk.access.sessions import Attempts, Sessions
from webui.desk.counts.clicks import clicks_blueprint
from webui.desk.counts.counting import SearchCounter, clicks_are_counted, register_counting
from webui.desk.counts.reports import Reports, last_days
from webui.desk.curation.applying import Curator
from webui.desk.curation.rules import Rules
from webui.desk.file import DeskFile
from webui.desk.pages.articles import add_articles
from webui.desk.pages.builds import add_builds
from webui.desk.pages.curations import add_curations
from webui.desk.pages.entry import desk_blueprint
from webui.desk.pages.searches import add_searches
from webui.desk.pages.words import add_words
from webui.desk.words import SiteWords
from webui.http.keys.checking import key_ring
from webui.http.problems import Refusal, respond_with
from webui.rendering.dates import now
from webui.searching import register_curation

MOST_TRENDING, TRENDING_OVER = 8, 7
"""Queries that a home page shows, and of how many days."""

TRENDING_FOR = 300.0
"""Seconds for which they are not looked up again."""


class Desk:
    """The desk of one site.

    Args:
        engine: of the site.
        path: of the desk's file.
    """

    def __init__(self, engine: SearchEngine, path: Path) -> None:
        self._engine = engine
        self._file = DeskFile(path)
        self._rules = Rules(self._file)
        self._reports = Reports(self._file)
        self._trending: tuple[str, ...] = ()
        self._trending_until = 0.0

    def edition(self) -> int:
        """Another number whenever results are curated otherwise."""
        return self._rules.edition()

    def trending(self) -> tuple[str, ...]:
        """What is searched much, for everybody to see; looked up anew every few minutes."""
        if perf_counter() >= self._trending_until:
            week = last_days(TRENDING_OVER, now().date())
            try:
                self._trending = self._reports.trending(week, MOST_TRENDING)
            except sqlite3.Error as error:
                self._file.log_trouble(error)
            self._trending_until = perf_counter() + TRENDING_FOR
        return self._trending

    def register(self, app: Flask) -> None:
        """Put the desk on ``app``."""
        counter = SearchCounter(self._file)
        register_counting(app, counter)
        register_curation(app, Curator(self._engine, self._rules).curate)
        app.register_blueprint(clicks_blueprint(self._engine, counter))
        app.jinja_env.globals.update(counts_clicks=clicks_are_counted)
        log = DeskLog(self._file)
        sessions = Sessions(self._file, key_ring(app))
        pages = desk_blueprint(sessions, Attempts(self._file), log, key_ring(app))
        add_searches(pages, self._engine, self._reports)
        add_curations(pages, self._engine, self._rules, log)
        add_articles(pages, self._engine, self._rules, self._file, log)
        add_builds(pages, self._engine, log)
        add_words(pages, SiteWords(self._engine, self._file, self._rules.look_again), log)
        pages.register_error_handler(sqlite3.Error, self._tell_trouble)
        app.register_blueprint(pages)

    def _tell_trouble(self, error: Exception) -> Response:
        told = "the file of the desk cannot be used now; the server's log says why"
        self._file.log_trouble(error)
        return respond_with(Refusal(503, "unavailable", told, seconds=10))
