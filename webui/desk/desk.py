"""Puts the desk on a site: counts what is searched, curates results, and serves ``/desk``."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask, Response

from search import SearchEngine
from webui.desk.access.log import DeskLog
from webui.desk.access.sessions import Attempts, Sessions
from webui.desk.counts.clicks import clicks_blueprint
from webui.desk.counts.counting import SearchCounter, clicks_are_counted, register_counting
from webui.desk.counts.reports import Reports
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
from webui.searching import register_curation


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

    def edition(self) -> int:
        """Another number whenever results are curated otherwise."""
        return self._rules.edition()

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
        add_searches(pages, self._engine, Reports(self._file))
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
