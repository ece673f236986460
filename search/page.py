"""What a reader gets: plain frozen values, free of any index library's types and of any HTML.

Text is always verbatim from the article; where the query matched is given beside it as spans of
code points, so that whoever makes HTML can escape first and mark afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from index.article import Article
from search.query.remarks import Remark
from search.request import Accents


class Span(NamedTuple):
    """A piece of a text: code points ``start`` (inclusive) to ``end`` (exclusive)."""

    start: int
    end: int


class Match(str, Enum):
    """How near a result's accents are to what was typed."""

    EXACT = "exact"
    PARTIAL = "partial"
    FOLDED = "folded"


class TypedAs(str, Enum):
    """How the keyboard was set when the query was typed."""

    TEXT = "text"
    TELEX = "telex"
    VNI = "vni"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim piece of an article and where the query matched in it.

    Attributes:
        text: the piece; whole words.
        marks: in order, not overlapping, not touching.
        opens: whether the piece begins where its paragraph does; if not, an ellipsis goes before.
        closes: whether it ends where its paragraph does; if not, an ellipsis goes after.
    """

    text: str
    marks: tuple[Span, ...] = ()
    opens: bool = True
    closes: bool = True

    def __str__(self) -> str:
        """The verbatim text."""
        return self.text


class ScorePart(NamedTuple):
    """One of the values that a score is the sum of; :mod:`search.ranking.scoring` makes them."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a result stands where it stands.

    Attributes:
        searched_for: the reading of the query that speaks best for it, in the query language.
        parts: what its score is the sum of.
    """

    searched_for: str
    parts: tuple[ScorePart, ...]


class Version(NamedTuple):
    """A story as another paper has it."""

    id: str
    url: str
    source: str
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result.

    Attributes:
        headline: verbatim.
        headline_marks: where the query matched in it.
        summary: verbatim; "" where the article has none.
        snippet: the piece of summary or body where the query's words stand closest together.
        score: higher is better; comparable within one search only.
        duplicates: how many near-identical articles this one stands for.
        about: whether it is about the query; else it only has words of it.
        lacking: words of the query that it does not have, where it is not about the query.
        versions: some of these near-identical articles, oldest first.
        pinned: whether an editor has put it on top.
    """

    id: str
    url: str
    headline: str
    headline_marks: tuple[Span, ...]
    snippet: Excerpt
    published: datetime | None
    section: str
    source: str
    author: str
    image: str
    score: float
    match: Match
    duplicates: int = 0
    explanation: Explanation | None = None
    about: bool = True
    lacking: tuple[str, ...] = ()
    summary: str = ""
    versions: tuple[Version, ...] = ()
    pinned: bool = False


class Term(NamedTuple):
    """A word as the index has it.

    Attributes:
        key: with its accents, in one spelling: for ranking.
        folded: without them: for finding.
    """

    key: str
    folded: str


class Note(NamedTuple):
    """What an editor says above the results.

    Attributes:
        address: where it leads, or "".
    """

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and how many results have it.

    Attributes:
        selected: whether the search is limited to it.
    """

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over all results (not only this page), most frequent first; years newest first.

    Attributes:
        month: as "2022-06", newest first.
        cut: the names of those that list only the most frequent of their values.
    """

    section: tuple[FacetValue, ...] = ()
    source: tuple[FacetValue, ...] = ()
    author: tuple[FacetValue, ...] = ()
    year: tuple[FacetValue, ...] = ()
    month: tuple[FacetValue, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """How the query was read.

    Attributes:
        text: as typed.
        understood: what was searched for, in the query language.
        relaxed: whether articles with only some of the words are included, because none has all.
        respelled: whether words were replaced by what was probably meant.
        remarks: pieces that looked like filters or operators and were searched as words.
        also: synonyms of what was searched for, searched for too.
    """

    text: str
    understood: str
    typed_as: TypedAs = TypedAs.TEXT
    accents: Accents = Accents.ANY
    relaxed: bool = False
    respelled: bool = False
    remarks: tuple[Remark, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """A stored article with a query marked in it.

    Attributes:
        paragraphs: of the body, whole, in order.
        captions: of the pictures.
    """

    id: str
    url: str
    headline: Excerpt
    summary: Excerpt
    paragraphs: tuple[Excerpt, ...]
    captions: tuple[Excerpt, ...]
    author: str
    published: datetime | None
    section: str
    source: str
    image: str


class SuggestionReason(str, Enum):
    """Why another query is proposed."""

    ACCENTS = "accents"
    SPELLING = "spelling"
    TELEX = "telex"


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of a query in which a word is ambiguous.

    Attributes:
        text: the whole query to search for.
        word: the reading of the ambiguous word in it.
    """

    text: str
    word: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another query that may be what was meant.

    Attributes:
        alternatives: where one word has several likely readings, each of them, likeliest first.
    """

    text: str
    reason: SuggestionReason
    alternatives: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A query that finds something where the one asked for does not.

    Attributes:
        operator: the piece that leaves nothing, in the query language.
        text: the query in which it is plain words, or that lacks it.
        count: how many articles match that.
    """

    operator: str
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class AbsentWord:
    """A word of the query that is in no article.

    Attributes:
        near: the query with another spelling in its place, likeliest first.
    """

    word: str
    near: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A query that begins as typed.

    Attributes:
        text: to search for.
        marks: the parts of it that were typed.
        article: the one whose headline it is; None for a phrase.
    """

    text: str
    marks: tuple[Span, ...] = ()
    article: Article | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of results.

    Attributes:
        total: how many articles are about the query, exactly: what facets and dates count. Where
            none is, how many have words of it.
        partly: how many more only have words of it; in the order of relevance they follow.
        about: whether ``total`` counts articles about the query.
        lacking: whether articles that lack some of the words are among those not about the query.
        collapsed: how many of all of these stand under a near-duplicate instead of by themselves.
        listed: through how many results the pages run.
        relaxations: where nothing is found, what is without one of the query's operators, or
            without its words that are in no article.
        absent: where no article has all words, those that are in none.
        notes: what an editor says of the query, above the results.
        took_ms: from request to page, in the engine.
        build: id of the index build that answered.
    """

    query: Understanding
    total: int
    page: int
    per_page: int
    took_ms: float
    build: str
    hits: tuple[Hit, ...]
    facets: Facets = Facets()
    suggestion: Suggestion | None = None
    collapsed: int = 0
    partly: int = 0
    about: bool = True
    lacking: bool = False
    listed: int = 0
    relaxations: tuple[Relaxation, ...] = ()
    absent: tuple[AbsentWord, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages there are; 0 where nothing was found."""
        return -(-self.listed // self.per_page)
