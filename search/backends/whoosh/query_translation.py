"""From the nodes of a query to Whoosh's query classes: which articles match.

Matching goes by folded terms, so that accents never lose an article, or by accent keys where
accents are asked for exactly. In which order the matches stand :mod:`search.ranking` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from whoosh import query as wq

from index.analysis import Analyser
from index.article import VIETNAM
from index.schema import TEXT_FIELDS, accents_field, utc_naive
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

SCOPE_FIELDS = {Scope.HEADLINE: "headline", Scope.SUMMARY: "summary"}
VALUE_FILTER_FIELDS = {
    ValueField.AUTHOR: "author",
    ValueField.SOURCE: "source",
    ValueField.SECTION: "section",
}


@dataclass(frozen=True, slots=True)
class FieldValues:
    """The values that occur in each field of exact values, with their analysed words.

    Attributes:
        words: field name to (value, its folded terms) pairs.
    """

    words: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = field(default_factory=dict)

    def holding(self, field_name: str, terms: Sequence[str]) -> list[str]:
        """The values that hold all of ``terms``."""
        wanted = set(terms)
        return [value for value, words in self.words[field_name] if wanted <= set(words)]


@dataclass(frozen=True, slots=True)
class Translator:
    """Makes Whoosh queries.

    Attributes:
        exact: accents exactly as typed everywhere.
    """

    analyser: Analyser
    values: FieldValues
    exact: bool = False

    def query(self, node: Node, fields: tuple[str, ...] = TEXT_FIELDS) -> wq.Query:
        """The Whoosh query of a tree, over the text fields given."""
        match node:
            case Words(text, exact):
                return self._words(slots_of(self.analyser, text, exact=exact or self.exact), fields)
            case Phrase(text, exact):
                return _phrase(slots_of(self.analyser, text, exact=exact or self.exact), fields)
            case Prefix(text):
                return self._prefix(text, fields)
            case Fuzzy(text):
                return self._fuzzy(text, fields)
            case AllOf(children):
                return self._all_of(children, fields)
            case AnyOf(children):
                return wq.Or([self.query(child, fields) for child in children])
            case Without(child):
                return wq.And([wq.Every(), wq.Not(self.query(child, fields))])
            case Scoped(scope, child):
                return self.query(child, (SCOPE_FIELDS[scope],))
            case ValueFilter(value_field, text):
                terms = [token.folded for token in self.analyser.tokens(text)]
                name = VALUE_FILTER_FIELDS[value_field]
                return values_filter(name, self.values.holding(name, terms) if terms else ())
            case DateFilter(first, last):
                return dates_filter(first, last)

    def _words(self, slots: Sequence[Slot], fields: tuple[str, ...]) -> wq.Query:
        if not slots:
            return wq.NullQuery
        return _all([_slot(slot, fields) for slot in dict.fromkeys(slots)])

    def _all_of(self, children: Sequence[Node], fields: tuple[str, ...]) -> wq.Query:
        unwanted = [child.child for child in children if isinstance(child, Without)]
        filters = [child for child in children if isinstance(child, (ValueFilter, DateFilter))]
        words = [
            self.query(child, fields)
            for child in children
            if not isinstance(child, (Without, ValueFilter, DateFilter))
        ]
        positive: wq.Query = wq.Every()
        if words:
            positive = _all(words)
        if filters:
            positive = wq.And([positive, *(self.query(child, fields) for child in filters)])
        if unwanted:
            excluded = wq.Or([self.query(child, fields) for child in unwanted])
            positive = wq.AndNot(positive, excluded)
        return positive

    def _prefix(self, text: str, fields: tuple[str, ...]) -> wq.Query:
        terms = [token.folded for token in self.analyser.tokens(text)]
        if not terms:
            return wq.NullQuery
        return wq.Or([wq.Prefix(name, terms[-1]) for name in fields])

    def _fuzzy(self, text: str, fields: tuple[str, ...]) -> wq.Query:
        terms = [token.folded for token in self.analyser.tokens(text)]
        if not terms:
            return wq.NullQuery
        return wq.Or([wq.FuzzyTerm(name, terms[-1], prefixlength=1) for name in fields])


def _all(clauses: list[wq.Query]) -> wq.Query:
    return clauses[0] if len(clauses) == 1 else wq.And(clauses)


REMEMBERED_SLOTS = 2_048
"""Queries of one word that are kept, at half a kilobyte: most words of a query are common ones."""


@lru_cache(REMEMBERED_SLOTS)
def _slot(slot: Slot, fields: tuple[str, ...]) -> wq.Query:
    """Any form of the slot in any of the fields."""
    if slot.exact:
        words = dict.fromkeys(form.key for form in slot.forms)
        return wq.Or([wq.Term(accents_field(name), word) for name in fields for word in words])
    words = dict.fromkeys(form.folded for form in slot.forms)
    return wq.Or([wq.Term(name, word) for name in fields for word in words])


def _phrase(slots: Sequence[Slot], fields: tuple[str, ...]) -> wq.Query:
    """The slots side by side in one field."""
    if not slots:
        return wq.NullQuery
    exact = any(slot.exact for slot in slots)
    words = [slot.split.key if exact else slot.split.folded for slot in slots]
    names = [accents_field(name) if exact else name for name in fields]
    if len(words) == 1:
        return wq.Or([wq.Term(name, words[0]) for name in names])
    return wq.Or([wq.Phrase(name, words) for name in names])


def values_filter(name: str, values: Sequence[str]) -> wq.Query:
    """Articles whose field ``name`` is one of ``values``."""
    return wq.Or([wq.Term(name, value) for value in values]) if values else wq.NullQuery


def dates_filter(first: date | None, last: date | None) -> wq.Query:
    """Articles published on these days in Vietnam."""
    # The calendar's own first and last day bound nothing, and have no midnight in UTC.
    start = end = None
    if first and first > date.min:
        start = utc_naive(datetime.combine(first, time.min, VIETNAM))
    if last and last < date.max:
        end = utc_naive(datetime.combine(last, time.min, VIETNAM) + timedelta(days=1))
    return wq.DateRange("published", start, end, endexcl=end is not None)
