"""Terms of a snapshot by name: numbers in each segment, frequencies over all, scoring norms."""

from __future__ import annotations

from typing import NamedTuple

from index.codec.channel.channel import Channel
from index.codec.channel.postings import Postings
from index.codec.segment.layout import accents_name
from index.snapshot import Leaf, Snapshot
from search.backends.whoosh.execution.nodes.term import TermNode
from search.backends.whoosh.execution.term_scores import FieldNorms, norms_for
from search.ranking.caching import ArrayCache

IMPACT_BYTES = 48_000_000
"""For impacts of terms in ORs: 4 bytes a posting; a frequent syllable of 100,000 articles takes
120 kB."""

BITSET_BYTES = 32_000_000
"""For the documents that have a word in any field, a bit a document: of 100,000 articles that is
room for 2,500 words, as many as there are folded syllables."""

MOST_RESOLVED = 65_536
"""Terms remembered by name: about 20 MB; a query of one that is not takes two microseconds more."""


class FoundTerm(NamedTuple):
    """A term in one segment.

    Attributes:
        fold: number of its folded form.
        variant: number of the accent key if that is meant, else None.
    """

    fold: int
    variant: int | None


class ResolvedTerm(NamedTuple):
    """A term over a snapshot.

    Attributes:
        found: in each segment, or None.
        df: documents that have it, deleted ones included.
        idf: Whoosh's.
    """

    found: tuple[FoundTerm | None, ...]
    dfs: tuple[int, ...]
    df: int
    idf: float


class TextField(NamedTuple):
    """A text field by one of its two names: ``body`` or ``body_accents``."""

    name: str
    channel: str
    accents: bool


class WordIn(NamedTuple):
    """A word in one field of a segment.

    Attributes:
        field: the field.
        found: the word there.
        df: how many documents of the segment have it there.
        idf: Whoosh's.
    """

    field: TextField
    found: FoundTerm
    df: int
    idf: float


class SegmentView:
    """One segment of a snapshot with what scoring over the whole snapshot needs.

    Attributes:
        leaf: the segment in the snapshot.
        number: which of the snapshot's segments it is.
        doc_count: its documents, deleted ones included.
        places_of_words: the fields that have a word, by the word and the fields where it is looked
            for; None for what is not one word in several fields.
    """

    def __init__(self, snapshot: Snapshot, leaf: Leaf, number: int) -> None:
        self.leaf = leaf
        self.number = number
        self.segment = leaf.segment
        self.doc_count = leaf.segment.doc_count
        self._snapshot = snapshot
        self._channels: dict[str, tuple[Channel, FieldNorms]] = {}
        self.places_of_words: dict[tuple[str | bytes, ...], tuple[WordIn, ...] | None] = {}
        self.impacts = ArrayCache(IMPACT_BYTES)
        self.bitsets = ArrayCache(BITSET_BYTES)

    def channel(self, field: TextField) -> Channel:
        """The arrays of a text field."""
        return self.segment.channel(field.channel)

    def norms(self, field: TextField) -> FieldNorms:
        """Lengths and norms of a text field."""
        average = self._snapshot.average_length(field.channel)
        return FieldNorms(self.channel(field).length, norms_for(average))

    def find(self, field: TextField, text: bytes) -> FoundTerm | None:
        """A term of a text field, or None if no document of the segment has it there."""
        terms = self.segment.terms
        if not field.accents:
            fold = terms.folds.number(text)
            if fold is None or not self.channel(field).df(fold):
                return None
            return FoundTerm(fold, None)
        key = terms.keys.number(text)
        if key is None:
            return None
        variant = terms.variant_of_key(key)
        if not self.channel(field).variant_df(variant):
            return None
        return FoundTerm(terms.fold_of_variant(variant), variant)

    def df(self, field: TextField, term: FoundTerm) -> int:
        """How many documents of the segment have a term."""
        channel = self.channel(field)
        return channel.df(term.fold) if term.variant is None else channel.variant_df(term.variant)

    def postings(self, field: TextField, term: FoundTerm) -> Postings:
        """The postings of a term."""
        channel = self.channel(field)
        if term.variant is None:
            return channel.postings(term.fold)
        return channel.variant_postings(term.variant)

    def node(self, field: TextField, term: FoundTerm, weight: float) -> TermNode:
        """A term ready to be searched for; ``weight`` is idf times boost."""
        channel, norms = self._channels.get(field.channel) or self._open(field)
        if term.variant is None:
            postings, number = channel.postings(term.fold), term.fold
        else:
            postings, number = channel.variant_postings(term.variant), ~term.variant
        return TermNode(postings, norms, weight, (field.channel, number), self.impacts)

    def _open(self, field: TextField) -> tuple[Channel, FieldNorms]:
        """The arrays of a text field and what scoring needs of it; remembered."""
        opened = self.channel(field), self.norms(field)
        self._channels[field.channel] = opened
        return opened


class Collection:
    """A snapshot seen through its fields.

    Attributes:
        snapshot: the state of the index.
        texts: text fields by either name.
        views: its segments.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.texts: dict[str, TextField] = {}
        for leaf in snapshot.leaves[:1]:
            for name in leaf.segment.layout.texts:
                self.texts[name] = TextField(name, name, accents=False)
                self.texts[accents_name(name)] = TextField(accents_name(name), name, accents=True)
        self.views = [
            SegmentView(snapshot, leaf, number) for number, leaf in enumerate(snapshot.leaves)
        ]
        self._resolved: dict[tuple[str, bytes], ResolvedTerm] = {}

    def resolve(self, field: TextField, text: bytes) -> ResolvedTerm:
        """A term in every segment, and its idf over the whole snapshot; remembered."""
        resolved = self._resolved.get((field.name, text))
        if resolved is None:
            found = tuple(view.find(field, text) for view in self.views)
            dfs = tuple(
                0 if term is None else view.df(field, term)
                for view, term in zip(self.views, found, strict=True)
            )
            df = sum(dfs)
            resolved = ResolvedTerm(found, dfs, df, self.snapshot.idf(df))
            if len(self._resolved) >= MOST_RESOLVED:
                self._resolved = {}
            self._resolved[field.name, text] = resolved
        return resolved
