"""From the nodes of a query to OpenSearch's query language: which articles match.

The same conditions as :mod:`search.backends.whoosh.query_translation` makes of the nodes, and as
:mod:`search.backends.whoosh.about` of units. Knows nothing of scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone

from index.analysis import Analyser
from index.article import VIETNAM
from index.storage.opensearch.client import Json
from index.storage.opensearch.mapping import KEYED, TEXTS, words_field
from search.matching.units import Unit, Word
from search.query import (
    AllOf,
    AnyOf,
    DateFilter,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Scope,
    Scoped,
    ValueField,
    ValueFilter,
    Without,
    Words,
)
from search.query.slots import Slot, slots_of
from search.request import SearchRequest

Query = Mapping[str, Json]

EVERYTHING: Query = {"match_all": {}}
NOTHING: Query = {"match_none": {}}

WINDOW = 50
"""Words of a passage, as :data:`search.backends.whoosh.about.WINDOW` says."""

MOST_UNITS, MOST_SPELLINGS, MOST_SYLLABLES = 64, 256, 16

_SHORT, _BODY = TEXTS[:2], TEXTS[2]
_SCOPES = {Scope.HEADLINE: "headline", Scope.SUMMARY: "summary"}
_VALUES = {
    ValueField.AUTHOR: "author",
    ValueField.SOURCE: "source",
    ValueField.SECTION: "section",
}
_NEAR = f"interval.end - interval.start < {WINDOW}"
_MOST_EXPANSIONS = 1_000


def all_of(queries: Sequence[Query]) -> Query:
    """What matches all of some queries."""
    return queries[0] if len(queries) == 1 else {"bool": {"filter": list(queries)}}


def any_of(queries: Sequence[Query]) -> Query:
    """What matches any of some queries."""
    if not queries:
        return NOTHING
    distinct = list({id(query): query for query in queries}.values())
    if len(distinct) == 1:
        return distinct[0]
    return {"bool": {"should": distinct, "minimum_should_match": 1}}


def but_not(query: Query, excluded: Query) -> Query:
    """What matches one query and not another."""
    return {"bool": {"filter": [query], "must_not": [excluded]}}


class Conditions:
    """Makes queries of nodes.

    Args:
        analyser: tells words from one another.
        exact: accents exactly as typed everywhere.
    """

    def __init__(self, analyser: Analyser, *, exact: bool = False) -> None:
        self._analyser = analyser
        self._exact = exact

    def query(self, node: Node | None, fields: Sequence[str] = TEXTS) -> Query:
        """The articles that match a tree, over the text fields given; all for None."""
        match node:
            case None:
                return EVERYTHING
            case Words(text, exact):
                slots = slots_of(self._analyser, text, exact=exact or self._exact)
                return all_of([_slot(slot, fields) for slot in dict.fromkeys(slots)] or [NOTHING])
            case Phrase(text, exact):
                slots = slots_of(self._analyser, text, exact=exact or self._exact)
                return _phrase(slots, fields)
            case Prefix(text):
                return self._last(
                    text, lambda word, name: {"prefix": {name: {"value": word}}}, fields
                )
            case Fuzzy(text):
                return self._last(text, _fuzzy, fields)
            case AllOf(children):
                return self._all_of(children, fields)
            case AnyOf(children):
                return any_of([self.query(child, fields) for child in children])
            case Without(child):
                return but_not(EVERYTHING, self.query(child, fields))
            case Scoped(scope, child):
                return self.query(child, (_SCOPES[scope],))
            case ValueFilter(value_field, text):
                name = words_field(_VALUES[value_field])
                words = dict.fromkeys(token.folded for token in self._analyser.tokens(text))
                return all_of([{"term": {name: word}} for word in words] or [NOTHING])
            case DateFilter(first, last):
                return days(first, last)

    def _all_of(self, children: Sequence[Node], fields: Sequence[str]) -> Query:
        wanted = [self.query(child, fields) for child in children if not isinstance(child, Without)]
        unwanted = [
            self.query(child.child, fields) for child in children if isinstance(child, Without)
        ]
        positive = all_of(wanted) if wanted else EVERYTHING
        return but_not(positive, any_of(unwanted)) if unwanted else positive

    def _last(self, text: str, make: Callable[[str, str], Query], fields: Sequence[str]) -> Query:
        terms = [token.folded for token in self._analyser.tokens(text)]
        return any_of([make(terms[-1], name) for name in fields]) if terms else NOTHING


def _fuzzy(word: str, name: str) -> Query:
    return {
        "fuzzy": {
            name: {
                "value": word,
                "fuzziness": 1,
                "prefix_length": 1,
                "transpositions": False,
                "max_expansions": _MOST_EXPANSIONS,
            }
        }
    }


def _slot(slot: Slot, fields: Sequence[str]) -> Query:
    """Any form of the slot in any of the fields."""
    if slot.exact:
        words = [f"{KEYED}{form.key}" for form in slot.forms]
    else:
        words = [form.folded for form in slot.forms]
    return having([*dict.fromkeys(words)], fields)


def having(terms: Sequence[str], fields: Sequence[str]) -> Query:
    """The articles with any of some terms in any of some fields."""
    return any_of([{"term": {name: term}} for name in fields for term in terms])


def _phrase(slots: Sequence[Slot], fields: Sequence[str]) -> Query:
    """The slots side by side in one field."""
    if not slots:
        return NOTHING
    exact = any(slot.exact for slot in slots)
    words = [f"{KEYED}{slot.split.key}" if exact else slot.split.folded for slot in slots]
    return side_by_side(words, fields)


def side_by_side(terms: Sequence[str], fields: Sequence[str]) -> Query:
    """The articles with terms side by side in any of some fields."""
    if len(terms) == 1:
        return having(terms, fields)
    return any_of([{"match_phrase": {name: " ".join(terms)}} for name in fields])


def days(first: date | None, last: date | None) -> Query:
    """Articles published on these days in Vietnam."""
    bounds: dict[str, Json] = {}
    # The calendar's own first and last day bound nothing, and have no midnight in UTC.
    if first and first > date.min:
        bounds["gte"] = _midnight(first)
    if last and last < date.max:
        bounds["lt"] = _midnight(last + timedelta(days=1))
    return {"range": {"published": bounds}} if bounds else {"exists": {"field": "published"}}


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def _midnight(day: date) -> int:
    """Milliseconds since 1970 at which a day begins in Vietnam."""
    return (datetime.combine(day, time.min, VIETNAM) - _EPOCH) // timedelta(milliseconds=1)


def filters(request: SearchRequest) -> dict[str, Query]:
    """The filters of a request, by the field or "published"."""
    chosen: dict[str, Query] = {
        name: {"terms": {name: list(values)}}
        for name, values in (
            ("section", request.sections),
            ("source", request.sources),
            ("author", request.authors),
        )
        if values
    }
    if request.published_from is not None or request.published_to is not None:
        chosen["published"] = days(request.published_from, request.published_to)
    return chosen


def units_together(units: Sequence[Unit]) -> Query:
    """The articles that some units stand together in: in headline and lead, or near in the body."""
    units = units[:MOST_UNITS]
    if not units:
        return NOTHING
    spellings = [_spellings(unit) for unit in units]
    if len(units) == 1:
        return any_of([side_by_side(words, TEXTS) for words in spellings[0]])
    short = all_of(
        [any_of([side_by_side(words, _SHORT) for words in of_unit]) for of_unit in spellings]
    )
    near: Query = {
        "intervals": {
            _BODY: {
                "all_of": {
                    "intervals": [_interval(of_unit) for of_unit in spellings],
                    "filter": {"script": {"source": _NEAR}},
                }
            }
        }
    }
    return any_of([short, near])


def in_short_texts(words: Sequence[Word]) -> Query:
    """The articles that have all of some words in headline and lead, bare ones with any accents."""
    return all_of(
        [
            having([word.folded if word.bare else f"{KEYED}{word.key}"], _SHORT)
            for word in words[:MOST_UNITS]
        ]
    )


def _spellings(unit: Unit) -> list[list[str]]:
    return [
        [f"{KEYED}{key}" if key else folded for key, folded in spelling[:MOST_SYLLABLES]]
        for spelling in unit.spellings[:MOST_SPELLINGS]
    ]


def _interval(spellings: Sequence[Sequence[str]]) -> Query:
    rules: list[Query] = [
        {"match": {"query": " ".join(words), "ordered": True, "max_gaps": 0}} for words in spellings
    ]
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": list(rules)}}
