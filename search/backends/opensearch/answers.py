"""What a cluster answers to the searches of this back end, as typed values."""

from __future__ import annotations

import msgspec


class Fields(msgspec.Struct, gc=False):
    """Values of one article that was found."""

    id: list[str] = []
    story: list[str] = []
    published: list[str] = []
    places: list[int] = []


class Source(msgspec.Struct):
    """What is kept of it."""

    article: msgspec.Raw


class Hit(msgspec.Struct):
    """One article that was found."""

    score: float | None = msgspec.field(name="_score", default=None)
    fields: Fields = msgspec.field(default_factory=Fields)
    matched: list[str] = msgspec.field(name="matched_queries", default_factory=list)
    source: Source | None = msgspec.field(name="_source", default=None)


class Hits(msgspec.Struct):
    """The articles that were found."""

    hits: list[Hit] = []


class Bucket(msgspec.Struct):
    """How many articles have a value."""

    key: str | int
    doc_count: int


class Buckets(msgspec.Struct):
    """How many articles have each value."""

    buckets: list[Bucket]
    others: int = msgspec.field(name="sum_other_doc_count", default=0)


class Count(msgspec.Struct):
    """How many articles match."""

    doc_count: int = 0


class FacetCounts(msgspec.Struct):
    """The values of one facet, and those of them that are chosen."""

    values: Buckets
    chosen: Buckets | None = None


class Tier(msgspec.Struct):
    """Counts of articles about a query."""

    doc_count: int
    passing: Count
    section: FacetCounts
    source: FacetCounts
    author: FacetCounts
    published: FacetCounts


class Passing(msgspec.Struct):
    """Counts of what passes the filters."""

    doc_count: int
    complete: Count
    stories: Buckets | None = None


class Readings(msgspec.Struct):
    """How many articles each reading of a query finds, in their order."""

    buckets: list[Count]


class Counts(msgspec.Struct):
    """All counts of a search."""

    about: Tier
    passing: Passing
    readings: Readings


class Search(msgspec.Struct):
    """The answer to a search that ranks."""

    hits: Hits
    counts: Counts = msgspec.field(name="aggregations")
    timed_out: bool = False


class Stories(msgspec.Struct):
    """How many articles tell each story that more than one tells."""

    stories: Buckets | None = None


class Listing(msgspec.Struct):
    """The answer to a search that lists articles."""

    hits: Hits
    counts: Stories | None = msgspec.field(name="aggregations", default=None)
    timed_out: bool = False


class OneTier(msgspec.Struct):
    """Counts of whatever is asked for."""

    tier: Tier


class Facetted(msgspec.Struct):
    """The answer to a search for facets alone."""

    aggregations: OneTier
    timed_out: bool = False


class Tally(msgspec.Struct):
    """The answer to a search that counts."""

    count: int


class Document(msgspec.Struct):
    """One article by its id."""

    found: bool = False
    source: Source | None = msgspec.field(name="_source", default=None)


class Documents(msgspec.Struct):
    """Articles by their ids, in the order asked."""

    docs: list[Document]
