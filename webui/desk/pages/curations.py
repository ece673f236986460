"""Pins and notes: what editors have said of queries, and the forms to say it with."""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from search import RequestError, SearchEngine
from webui.desk.access.log import Deed, DeskLog
from webui.desk.counts.folding import folded
from webui.desk.curation.forms import (
    LONGEST_ID,
    LONGEST_QUERY,
    MOST_HIDDEN,
    MOST_PINS,
    Filled,
    form_of,
    read_form,
)
from webui.desk.curation.rules import Curation, Rule, Rules
from webui.desk.pages.entry import editor
from webui.desk.standing import Known, Standing, standing_of
from webui.parameters import Parameters
from webui.rendering.dates import now


class Shown(NamedTuple):
    """A rule as the desk shows it.

    Attributes:
        lost: pinned articles that readers do not get.
    """

    rule: Rule
    holds: bool
    pins: tuple[Known, ...]
    hidden: tuple[Known, ...]
    lost: tuple[Known, ...]


def add_curations(desk: Blueprint, engine: SearchEngine, rules: Rules, log: DeskLog) -> None:
    """Put these pages on the desk."""

    def shown(rule: Rule) -> Shown:
        pins = tuple(standing_of(engine, pin) for pin in rule.content.pins)
        hidden = tuple(standing_of(engine, one) for one in rule.content.hidden)
        lost = tuple(pin for pin in pins if pin.standing is not Standing.SHOWN)
        return Shown(rule, rule.holds(now().date()), pins, hidden, lost)

    def show_form(filled: Filled, number: int | None) -> Response:
        rule = rules.find(number) if number else None
        page = render_template(
            "desk/curation.html", filled=filled, number=number, shown=shown(rule) if rule else None
        )
        return make_response(page, 400 if filled.wrong else 200)

    def save(number: int | None) -> AnyResponse:
        filled = read_form(request.form)
        if filled.wrong:
            return show_form(filled, number)
        words = folded(filled.query)
        number = rules.put(number, filled.query, words, filled.content, editor().editor)
        log.write(editor().editor, Deed.CURATED, filled.query)
        return redirect(url_for("desk.curation", number=number, saved=1), 303)

    @desk.get("/curations")
    def curations() -> str:
        return render_template("desk/curations.html", rules=[shown(one) for one in rules.current()])

    @desk.route("/curations/new", methods=["GET", "POST"])
    def new_curation() -> AnyResponse:
        if request.method == "POST":
            return save(None)
        query = Parameters(request.query_string).text("q")[:LONGEST_QUERY]
        return show_form(form_of(query, Curation()), None)

    @desk.route("/curations/<int:number>", methods=["GET", "POST"])
    def curation(number: int) -> AnyResponse:
        rule = rules.find(number)
        if rule is None:
            abort(404)
        if request.method == "POST":
            return save(number)
        return show_form(form_of(rule.query, rule.content), number)

    @desk.post("/curations/<int:number>/remove")
    def remove_curation(number: int) -> AnyResponse:
        rule = rules.find(number)
        if rule is None:
            abort(404)
        rules.remove(number)
        log.write(editor().editor, Deed.UNCURATED, rule.query)
        return redirect(url_for("desk.curations"), 303)

    @desk.post("/curate")
    def curate() -> AnyResponse:
        """Pin or hide one result of a query, or neither any more."""
        query, article, deed = (request.form.get(name, "") for name in ("q", "id", "deed"))
        words = folded(query)
        if not words or len(query) > LONGEST_QUERY or not 0 < len(article) <= LONGEST_ID:
            raise RequestError("q", "a query and the id of an article")
        own = (rule for rule in rules.all() if rule.folded == words and not rule.content.contains)
        rule = next((one for one in own if one.content.first is one.content.last is None), None)
        content = rule.content if rule else Curation()
        pins = tuple(pin for pin in content.pins if pin != article)
        hidden = tuple(one for one in content.hidden if one != article)
        if deed == "pin":
            pins = (*pins, article)[-MOST_PINS:]
        elif deed == "hide":
            hidden = (*hidden, article)[-MOST_HIDDEN:]
        changed = msgspec.structs.replace(content, pins=pins, hidden=hidden)
        if rule and changed == Curation(note=changed.note):
            rules.remove(rule.number)
        else:
            number = rule.number if rule else None
            rules.put(number, rule.query if rule else query, words, changed, editor().editor)
        log.write(editor().editor, Deed.CURATED, query)
        return redirect(url_for("desk.query", q=words) + "#doc-gia-thay", 303)

    def said_of(words: str) -> list[Shown]:
        return [shown(rule) for rule in rules.current() if rule.means(words)]

    desk.context_processor(lambda: {"said_of": said_of})
