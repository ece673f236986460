"""Articles: found, seen as the index has them, withdrawn and put back, and why one is not found."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from search import RequestError, SearchEngine, SearchRequest
from search.request import MAX_QUERY_LENGTH
from search.serving.publishing import JournalError, Publisher, Receipt, Repeat
from webui.desk.access.log import Deed, DeskLog
from webui.desk.counts.folding import folded
from webui.desk.curation.forms import LONGEST_ID, named
from webui.desk.curation.rules import Rules
from webui.desk.file import DeskFile
from webui.desk.pages.entry import editor
from webui.desk.standing import Standing, standing_of
from webui.desk.whereabouts import DEEPEST, whereabouts
from webui.http.problems import Refusal
from webui.parameters import PAGE, Parameters
from webui.rendering.dates import now
from webui.rendering.meanings import meaning
from webui.searching import answered

LONGEST_REASON = 500
MOST_TERMS = 200
MOST_KEPT = 1_000
"""Articles that were withdrawn here, to be put back."""


def add_articles(
    desk: Blueprint, engine: SearchEngine, rules: Rules, file: DeskFile, log: DeskLog
) -> None:
    """Put these pages on the desk."""
    publisher = Publisher(engine.directory, engine.find)

    @desk.get("/articles")
    def articles() -> AnyResponse | str:
        given = Parameters(request.query_string)
        query = given.text("q").strip()
        if query and engine.find(named(query)):
            return redirect(url_for("desk.article", id=named(query)), 303)
        asked = SearchRequest(query=query, page=PAGE.read(given))
        page = answered(engine, asked) if query else None
        return render_template("desk/articles.html", query=query, page=page, now=now())

    @desk.get("/article")
    def article() -> str:
        given = Parameters(request.query_string)
        article_id, query = _id(given.text("id")), given.text("q").strip()
        if len(query) > MAX_QUERY_LENGTH:
            raise RequestError("q", f"at most {MAX_QUERY_LENGTH} characters")
        known = standing_of(engine, article_id)
        stored = engine.find(article_id)
        words = folded(query)
        today = now().date()
        about = [rule for rule in rules.current() if rule.holds(today) and rule.means(words)]
        return render_template(
            "desk/article.html",
            known=known,
            article=stored,
            query=query,
            terms=engine.terms(stored.headline)[:MOST_TERMS] if stored else (),
            where=whereabouts(engine, query, article_id) if stored and query else None,
            pinned=any(article_id in rule.content.pins for rule in about),
            hidden=any(article_id in rule.content.hidden for rule in about),
            kept=_kept(file, article_id) is not None,
            meaning=meaning,
            deepest=DEEPEST,
            now=now(),
        )

    @desk.post("/article/withdraw")
    def withdraw() -> AnyResponse:
        article_id = _id(request.form.get("id", ""))
        reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
        stored = publisher.stored(article_id)
        if stored is not None:
            with file.open() as database:
                database.execute(
                    "INSERT OR REPLACE INTO withdrawn VALUES (?, ?, ?)",
                    (article_id, stored, time.time()),
                )
                database.execute(
                    "DELETE FROM withdrawn WHERE id NOT IN "
                    "(SELECT id FROM withdrawn ORDER BY at DESC LIMIT ?)",
                    (MOST_KEPT,),
                )
        _written(lambda: publisher.withdraw([article_id], reason, Repeat()))
        log.write(
            editor().editor, Deed.WITHDREW, f"{article_id}: {reason}" if reason else article_id
        )
        return redirect(url_for("desk.article", id=article_id), 303)

    @desk.post("/article/put-back")
    def put_back() -> AnyResponse:
        article_id = _id(request.form.get("id", ""))
        content = _kept(file, article_id)
        if content is None or standing_of(engine, article_id).standing is not Standing.WITHDRAWN:
            raise Refusal(409, "conflict", "this article was not withdrawn at the desk")
        _written(lambda: publisher.put_back(content))
        log.write(editor().editor, Deed.PUT_BACK, article_id)
        return redirect(url_for("desk.article", id=article_id), 303)


def _written(write: Callable[[], Receipt]) -> None:
    try:
        write()
    except JournalError as error:
        raise Refusal(503, "journal_damaged", str(error), seconds=60) from error


def _id(given: str) -> str:
    article_id = named(given)
    if not 0 < len(article_id) <= LONGEST_ID:
        raise RequestError("id", f"the id of an article, of 1 to {LONGEST_ID} characters")
    return article_id


def _kept(file: DeskFile, article_id: str) -> bytes | None:
    with file.open() as database:
        row = database.execute(
            "SELECT content FROM withdrawn WHERE id = ?", (article_id,)
        ).fetchone()
    return None if row is None else bytes(row[0])
