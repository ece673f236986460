"""Puts on a page of results what editors have said of its query.

Pins come on top of the first page, sorted by relevance and without filters, in addition to its
results; where they would have stood by themselves they do not stand again. What is hidden is on no
page. Counts and facets go on telling what the query finds. Rules for a query itself come before
those for all that contain it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search import Hit, Note, SearchEngine, SearchPage, SearchRequest, Sort
from webui.desk.counts.folding import folded
from webui.desk.curation.rules import Curation, Rules
from webui.rendering.dates import now


class Curator:
    """Curates the results of an engine by the rules of a file."""

    def __init__(self, engine: SearchEngine, rules: Rules) -> None:
        self._engine, self._rules = engine, rules

    def curate(self, asked: SearchRequest, page: SearchPage) -> SearchPage:
        """A page of results as readers are to see it."""
        rules = self._rules.current()
        if not rules or not asked.query.strip():
            return page
        words, today = folded(asked.query), now().date()
        said = [rule.content for rule in rules if rule.holds(today) and rule.means(words)]
        if not said:
            return page
        said.sort(key=lambda content: content.contains)
        first = asked.page == 1
        ranked = asked.sort is Sort.RELEVANCE and not asked.filtered
        hidden = {article for content in said for article in content.hidden}
        pins = [
            article
            for article in dict.fromkeys(pin for content in said for pin in content.pins)
            if article not in hidden
        ]
        on_top = self._pinned(asked, pins) if pins and ranked and first else ()
        away = hidden | set(pins) if ranked else hidden
        hits = (*on_top, *(hit for hit in page.hits if hit.id not in away))
        if on_top and not page.total:
            # Found by an editor is found.
            page = replace(
                page, total=len(on_top), listed=len(on_top), about=True, relaxations=(), absent=()
            )
        return replace(page, hits=hits, notes=_notes(said) if first else ())

    def _pinned(self, asked: SearchRequest, pins: Sequence[str]) -> tuple[Hit, ...]:
        return tuple(
            replace(hit, pinned=True, about=True, lacking=())
            for hit in self._engine.as_results(asked, pins)
        )


def _notes(said: Sequence[Curation]) -> tuple[Note, ...]:
    banners = [Note(one.label or one.address, one.address) for one in said if one.address]
    texts = [Note(one.text) for one in said if one.text]
    return tuple(dict.fromkeys((*banners, *texts)))
