"""Queries that stand for several terms: which ones, in one segment.

Whoosh's query classes know which terms they mean if they are given a reader; :class:`Lexicon` is
one that knows terms and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, cast

from whoosh import query as wq
from whoosh.codec.base import Automata
from whoosh.fields import Schema
from whoosh.reading import IndexReader

from index.codec.segment.file import SegmentFile
from index.codec.whoosh.field_terms import FieldTerms, fields_of
from index.codec.whoosh.terms import ArrayCursor

SEVERAL_TERMS: tuple[type[wq.Query], ...] = (
    wq.Prefix,
    wq.Wildcard,
    wq.Regex,
    wq.FuzzyTerm,
    wq.TermRange,
)
SeveralTerms: TypeAlias = "wq.Prefix | wq.Wildcard | wq.Regex | wq.FuzzyTerm | wq.TermRange"


class Lexicon:
    """The terms of a segment, as Whoosh's queries ask a reader for them."""

    def __init__(self, segment: SegmentFile, schema: Schema) -> None:
        self.schema = schema
        self.fields: dict[str, FieldTerms] = fields_of(segment)

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        fieldname, text = term
        return fieldname in self.fields and self.fields[fieldname].find(text) is not None

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of a field that are not less than ``prefix``."""
        terms = self.fields[fieldname]
        for number in range(terms.seek(prefix), terms.count()):
            if terms.frequency(number):
                yield fieldname, terms.text(number)

    def expand_prefix(self, fieldname: str, prefix: str) -> Iterator[bytes]:
        """The terms of a field that start with ``prefix``."""
        start = self.schema[fieldname].to_bytes(prefix)
        for _, text in self.terms_from(fieldname, start):
            if not text.startswith(start):
                return
            yield text

    def lexicon(self, fieldname: str) -> Iterator[bytes]:
        """All terms of a field."""
        return (text for _, text in self.terms_from(fieldname, b""))

    def terms_within(
        self, fieldname: str, text: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        """The terms of a field within an edit distance."""
        cursor = ArrayCursor(self.fields[fieldname], self.schema[fieldname])
        found: Iterator[str] = Automata().terms_within(cursor, text, maxdist, prefix)
        return found


def expand(query: SeveralTerms, lexicon: Lexicon) -> list[int]:
    """The numbers of the terms that a query of several terms stands for, ascending."""
    terms = lexicon.fields.get(query.fieldname)
    if terms is None:
        return []
    to_bytes = lexicon.schema[query.fieldname].to_bytes
    # Whoosh's fuzzy terms come as text, the others as bytes; an empty one is never meant.
    texts = {to_bytes(text) for text in query._btexts(cast("IndexReader", lexicon)) if text}
    numbers = (terms.find(text) for text in texts)
    return sorted(number for number in numbers if number is not None)
