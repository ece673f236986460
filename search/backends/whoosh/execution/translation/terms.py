"""From Whoosh's queries of terms (one, several, near each other, ranges) to nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from whoosh import query as wq
from whoosh.fields import DATETIME, Schema

from search.backends.whoosh.execution.errors import UnsupportedQuery
from search.backends.whoosh.execution.fields import (
    MOST_RESOLVED,
    Collection,
    FoundTerm,
    SegmentView,
    TextField,
    WordIn,
)
from search.backends.whoosh.execution.nodes.boolean import Constant, Either
from search.backends.whoosh.execution.nodes.node import All, Listed, Marked, Node, Nothing
from search.backends.whoosh.execution.nodes.phrase import PhraseNode, PhraseTerm, Proximity
from search.backends.whoosh.execution.nodes.word import Word
from search.backends.whoosh.execution.translation.expansion import Lexicon, SeveralTerms, expand

DateBounds: TypeAlias = "wq.NumericRange | wq.DateRange"


class TermTranslator:
    """Makes the leaves of one query."""

    def __init__(self, collection: Collection, schema: Schema) -> None:
        self._collection = collection
        self._schema = schema
        self._lexicons: dict[int, Lexicon] = {}

    def term(self, query: wq.Term, view: SegmentView) -> Node:
        """One term."""
        field = self._collection.texts.get(query.fieldname)
        text = self._bytes(query.fieldname, query.text)
        if text is None:
            return Nothing(view.doc_count)
        if field is None:
            return self._flat_term(query.fieldname, text, query.boost, view)
        resolved = self._collection.resolve(field, text)
        found = resolved.found[view.number]
        if found is None:
            return Nothing(view.doc_count)
        return view.node(field, found, resolved.idf * query.boost)

    def word(self, query: wq.Or, view: SegmentView) -> Node | None:
        """One word in several fields; None where a query is something else."""
        if query.boost != 1.0:
            return None
        terms = [term for term in query.subqueries if type(term) is wq.Term and term.boost == 1.0]
        if not terms or len(terms) < len(query.subqueries):
            return None
        text = terms[0].text
        if {term.text for term in terms} != {text}:
            return None
        key = (text, *[term.fieldname for term in terms])
        remembered = view.places_of_words
        if key not in remembered:
            if len(remembered) >= MOST_RESOLVED:
                remembered.clear()
            remembered[key] = self._places(terms, view)
        places = remembered.get(key)
        if places is None:
            return None
        return Word(key, places, view) if places else Nothing(view.doc_count)

    def _places(self, terms: Sequence[wq.Term], view: SegmentView) -> tuple[WordIn, ...] | None:
        """Where a segment has one word; None if it is not of different text fields of one kind."""
        fields = [self._collection.texts.get(term.fieldname) for term in terms]
        text = self._bytes(terms[0].fieldname, terms[0].text)
        kinds = {None if field is None else field.accents for field in fields}
        if text is None or None in kinds or len(kinds) > 1 or len(set(fields)) < len(fields):
            return None
        places: list[WordIn] = []
        for field in fields:
            if field is not None:
                resolved = self._collection.resolve(field, text)
                found = resolved.found[view.number]
                if found is not None:
                    places.append(WordIn(field, found, resolved.dfs[view.number], resolved.idf))
        return tuple(places)

    def every(self, query: wq.Every, view: SegmentView) -> Node:
        """Everything, or everything that has some term in a field."""
        name = query.fieldname
        if name is None:
            return All(view.doc_count, query.boost)
        layout = view.segment.layout
        field = self._collection.texts.get(name)
        if field is not None:
            docs = np.flatnonzero(view.channel(field).tokens)
        elif name in layout.values:
            docs = view.segment.values(name).docs_with_any().astype(np.intp)
        elif name in layout.moments:
            docs = view.segment.moments(name).docs_between(None, None).astype(np.intp)
        else:
            return Nothing(view.doc_count)
        return Listed(docs, view.doc_count, query.boost)

    def phrase(self, query: wq.Phrase, view: SegmentView) -> Node:
        """Terms side by side, or each within ``slop`` places of the one before."""
        field = self._collection.texts.get(query.fieldname)
        if field is None:
            return Nothing(view.doc_count)
        words = [self._bytes(query.fieldname, word) for word in query.words]
        return self._near(field, words, Proximity(query.slop), query.boost, view)

    def near(
        self, terms: Sequence[wq.Query], proximity: Proximity, boost: float, view: SegmentView
    ) -> Node:
        """Terms of one field near each other.

        Raises:
            UnsupportedQuery: some are no plain terms, or their fields differ.
        """
        plain = [term for term in terms if type(term) is wq.Term and term.boost == 1.0]
        names = {term.fieldname for term in plain}
        field = self._collection.texts.get(names.pop()) if len(names) == 1 else None
        if field is None or len(plain) < len(terms):
            raise UnsupportedQuery("only plain terms of one text field can be near each other")
        words = [self._bytes(field.name, term.text) for term in plain]
        return self._near(field, words, proximity, boost, view)

    def several(self, query: SeveralTerms, view: SegmentView) -> Node:
        """Whatever terms of a segment a prefix, pattern, range or misspelling stands for."""
        name = query.fieldname
        if name not in self._schema:
            return Nothing(view.doc_count)
        if isinstance(query, (wq.Prefix, wq.Wildcard)) and query.text in ("", "*"):
            return self.every(wq.Every(name, boost=query.boost), view)
        lexicon = self._lexicon(view)
        field = self._collection.texts.get(name)
        constant = bool(query.constantscore) or field is None
        if isinstance(query, wq.Prefix) and constant and field is not None and not field.accents:
            return self._beginning(field, query.text, query.boost, view)
        nodes: list[Node] = []
        for number in expand(query, lexicon):
            if field is None:
                nodes.append(Listed(lexicon.fields[name].postings(number).docs, view.doc_count))
            else:
                boost = 0.0 if constant else query.boost
                nodes.append(self._numbered(field, number, boost, view))
        if not nodes:
            return Nothing(view.doc_count)
        return Constant(Either(nodes), query.boost) if constant else Either(nodes)

    def _beginning(self, field: TextField, prefix: str, boost: float, view: SegmentView) -> Node:
        """Whatever folded terms begin so: thousands, so not one by one."""
        start = self._bytes(field.name, prefix)
        if start is None:
            return Nothing(view.doc_count)
        first, end = view.segment.terms.folds.prefix_range(start)
        made = view.bitsets.get(
            (field.channel, first, end),
            lambda: view.channel(field).docs.union(first, end).view(np.uint8),
        )
        return Marked(made.view(np.uint64), view.doc_count, boost)

    def date_range(self, query: DateBounds, view: SegmentView) -> Node:
        """Dates between two."""
        name = query.fieldname
        field = self._schema[name]
        if name not in view.segment.layout.moments or not isinstance(field, DATETIME):
            raise UnsupportedQuery(f"{name} is not a field of dates")
        start = None if query.start is None else int(field.prepare_number(query.start))
        end = None if query.end is None else int(field.prepare_number(query.end))
        if start is not None and query.startexcl:
            start += 1
        if end is not None and query.endexcl:
            end -= 1
        docs = view.segment.moments(name).docs_between(start, end)
        return Listed(docs, view.doc_count, query.boost)

    def _bytes(self, fieldname: str, text: str | bytes) -> bytes | None:
        if isinstance(text, bytes):
            return text
        if fieldname in self._collection.texts:
            try:
                return text.encode()  # as Whoosh's text fields do
            except ValueError:
                return None
        if fieldname not in self._schema:
            return None
        try:
            return self._schema[fieldname].to_bytes(text)
        except ValueError:
            return None

    def _flat_term(self, name: str, text: bytes, boost: float, view: SegmentView) -> Node:
        terms = self._lexicon(view).fields.get(name)
        number = None if terms is None else terms.find(text)
        if terms is None or number is None:
            return Nothing(view.doc_count)
        return Listed(terms.postings(number).docs, view.doc_count, boost)

    def _near(
        self,
        field: TextField,
        words: Sequence[bytes | None],
        proximity: Proximity,
        boost: float,
        view: SegmentView,
    ) -> Node:
        terms = []
        for word in words:
            resolved = None if word is None else self._collection.resolve(field, word)
            found = None if resolved is None else resolved.found[view.number]
            if found is None or resolved is None:
                return Nothing(view.doc_count)
            rank = None
            if found.variant is not None:
                rank = found.variant - view.segment.terms.first_variant(found.fold)
            node = view.node(field, found, resolved.idf)
            terms.append(PhraseTerm(node, found.fold, rank))
        if not terms:
            return Nothing(view.doc_count)
        return PhraseNode(view.channel(field), terms, proximity, boost)

    def _lexicon(self, view: SegmentView) -> Lexicon:
        lexicon = self._lexicons.get(view.leaf.base)
        if lexicon is None:
            lexicon = self._lexicons[view.leaf.base] = Lexicon(view.segment, self._schema)
        return lexicon

    def _numbered(self, field: TextField, number: int, boost: float, view: SegmentView) -> Node:
        """A term by its number in a segment; without a boost it is not worth an idf."""
        terms = view.segment.terms
        found = FoundTerm(number, None)
        if field.accents:
            variant = terms.variant_of_key(number)
            found = FoundTerm(terms.fold_of_variant(variant), variant)
        if not boost:
            return view.node(field, found, 0.0)
        text = terms.keys.term(number) if field.accents else terms.folds.term(number)
        return view.node(field, found, self._collection.resolve(field, text).idf * boost)
