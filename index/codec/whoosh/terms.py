"""Stock Whoosh's view of a segment's terms: reader, cursor and matcher.

Everything is answered from the arrays: nothing is decoded that is not asked for. Matchers claim no
upper bound on scores: Whoosh's pruning by bounds loses results (its top ten of an AND of boosted
terms lacks most of the true ten), and without bounds it does not prune.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.formats import Positions
from whoosh.matching import LeafMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from index.codec.channel.writer import LENGTHS
from index.codec.segment.file import SegmentFile
from index.codec.segment.layout import accents_name
from index.codec.whoosh.field_terms import FieldPostings, FieldTerms, fields_of


class ArrayMatcher(LeafMatcher):
    """Walks the postings of one term."""

    def __init__(
        self,
        postings: FieldPostings,
        format_: Positions,
        term: tuple[str, bytes],
        scorer: BaseScorer | None,
    ) -> None:
        self.format = format_
        self._format = format_
        self.scorer = scorer
        self._term = term
        self._postings = postings
        # Plain ints: Whoosh computes 0 - id, which wraps around for numpy's unsigned ones.
        self._ids: list[int] = postings.docs.tolist()
        self._weights: list[float] = postings.weights.tolist()
        self._positions: list[list[int]] | None = None
        self._at = 0

    def copy(self) -> ArrayMatcher:
        """Another matcher at the same place."""
        twin = ArrayMatcher(self._postings, self._format, self._term, self.scorer)
        twin._at = self._at
        return twin

    def is_active(self) -> bool:  # noqa: D102 - Whoosh's interface from here on
        return self._at < len(self._ids)

    def reset(self) -> None:  # noqa: D102
        self._at = 0

    def id(self) -> int:  # noqa: D102
        return self._ids[self._at]

    def all_ids(self) -> Iterator[int]:  # noqa: D102
        return iter(self._ids)

    def next(self) -> None:  # noqa: D102
        if self._at >= len(self._ids):
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:  # noqa: A002, D102
        if self._at >= len(self._ids):
            raise ReadTooFar
        self._at = bisect_left(self._ids, id, self._at)

    def weight(self) -> float:  # noqa: D102
        return float(self._weights[self._at])

    def value(self) -> bytes:  # noqa: D102
        if self._postings.positions is None:
            return b""
        encoded: bytes = self._format.encode(self.value_as("positions"))
        return encoded

    def value_as(self, astype: str) -> object:  # noqa: D102
        if astype == "positions" and self._postings.positions is not None:
            if self._positions is None:
                self._positions = self._postings.positions()
            return self._positions[self._at]
        return self.format.decoder(astype)(self.value())

    def supports_block_quality(self) -> bool:  # noqa: D102
        return False

    def max_quality(self) -> float:  # noqa: D102
        return float("inf")

    def block_quality(self) -> float:  # noqa: D102
        return float("inf")


class ArrayTermsReader(base.TermsReader):
    """Finds terms and their postings."""

    def __init__(self, segment: SegmentFile) -> None:
        self._segment = segment
        self._fields = fields_of(segment)

    def _find(self, fieldname: str, text: bytes) -> tuple[FieldTerms, int]:
        terms = self._fields.get(fieldname)
        number = None if terms is None else terms.find(text)
        if terms is None or number is None:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return terms, number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        fieldname, text = term
        terms = self._fields.get(fieldname)
        return terms is not None and terms.find(text) is not None

    def indexed_field_names(self) -> list[str]:  # noqa: D102 - Whoosh's interface
        return list(self._fields)

    def cursor(self, fieldname: str, fieldobj: FieldType) -> base.FieldCursor:  # noqa: D102
        terms = self._fields.get(fieldname)
        return base.EmptyCursor() if terms is None else ArrayCursor(terms, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:  # noqa: D102
        for name in self._fields:
            yield from self._from(name, 0)

    def terms_from(  # noqa: D102
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[str, bytes]]:
        for name, terms in self._fields.items():
            if name >= fieldname:
                yield from self._from(name, terms.seek(prefix) if name == fieldname else 0)

    def _from(self, fieldname: str, first: int) -> Iterator[tuple[str, bytes]]:
        terms = self._fields[fieldname]
        for number in range(first, terms.count()):
            if terms.frequency(number):
                yield fieldname, terms.text(number)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:  # noqa: D102
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(  # noqa: D102
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:  # noqa: D102
        terms, number = self._find(fieldname, text)
        docs, weights, _ = terms.postings(number)
        shortest = longest = 1.0
        for name in self._segment.layout.texts:
            if fieldname in (name, accents_name(name)):
                lengths = self._segment.channel(name).length[docs]
                shortest, longest = LENGTHS[lengths.min()], LENGTHS[lengths.max()]
        return TermInfo(
            weight=float(weights.sum(dtype=float)),
            df=len(docs),
            minlength=int(shortest),
            maxlength=int(longest),
            maxweight=float(weights.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:  # noqa: D102
        terms, number = self._find(fieldname, text)
        return float(terms.postings(number).weights.sum(dtype=float))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:  # noqa: D102
        terms = self._fields.get(fieldname)
        number = None if terms is None else terms.find(text)
        return 0 if terms is None or number is None else terms.frequency(number)

    def matcher(  # noqa: D102
        self, fieldname: str, text: bytes, format_: Positions, scorer: BaseScorer | None = None
    ) -> ArrayMatcher:
        terms, number = self._find(fieldname, text)
        return ArrayMatcher(terms.postings(number), format_, (fieldname, text), scorer)

    def close(self) -> None:  # noqa: D102
        self._fields = {}


class ArrayCursor(base.FieldCursor):
    """Walks the terms of a field in order; fuzzy queries and spelling need it."""

    def __init__(self, terms: FieldTerms, fieldobj: FieldType) -> None:
        self._terms = terms
        self._fieldobj = fieldobj
        self.first()

    def first(self) -> object:  # noqa: D102 - Whoosh's interface
        return self._settle(0)

    def find(self, term: bytes | str) -> object:  # noqa: D102
        text = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        return self._settle(self._terms.seek(text))

    def next(self) -> object:  # noqa: D102
        return self._settle(self._at + 1)

    def _settle(self, number: int) -> object:
        while number < self._terms.count() and not self._terms.frequency(number):
            number += 1
        self._at = number
        return self.text()

    def is_valid(self) -> bool:  # noqa: D102
        return self._at < self._terms.count()

    def text(self) -> object:  # noqa: D102
        if not self.is_valid():
            return None
        return self._fieldobj.from_bytes(self._terms.text(self._at))

    def term(self) -> object:  # noqa: D102
        return self.text()
