"""What the JSON API returns, version 1: the contract as types, and how each response is made.

The TypedDicts are the contract: the API's description is generated from them. ``*_html`` holds
escaped text and ``<mark>`` only; without the marks it is a verbatim piece of the article. ``url``
is "" unless it is an http(s) address, so that whoever puts it into a link cannot be made to run a
script.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from typing import Annotated, TypedDict

from msgspec import Meta

from search import (
    Accents,
    ArticleNotFound,
    Explanation,
    FacetValue,
    Hit,
    Match,
    RemarkReason,
    SearchEngine,
    SearchPage,
    Suggestion,
    SuggestionReason,
    TypedAs,
)
from search.request import MAX_DEPTH
from webui.rendering.dates import iso
from webui.rendering.markup import mark, web_address

FACETS = ("section", "source", "author", "year", "month")


class MarksKind(str, Enum):
    """How what matched is told: as markup, or as places in plain text too."""

    HTML = "html"
    OFFSETS = "offsets"


Count = Annotated[int, Meta(ge=0)]
Address = Annotated[str, Meta(description="An absolute http(s) address, or empty.")]
MarkedText = Annotated[str, Meta(description="Escaped text and <mark>, nothing else.")]
Moment = Annotated[
    str | None,
    Meta(
        description="With Vietnam's offset; midnight where only the day is known.",
        extra_json_schema={"format": "date-time"},
    ),
]


class RemarkAnswer(TypedDict):
    """A piece of the query that looked like a filter and was searched as words."""

    text: str
    reason: RemarkReason


class QueryAnswer(TypedDict):
    """How the query was read."""

    text: Annotated[str, Meta(description="As typed.")]
    understood: Annotated[str, Meta(description="What was searched for.")]
    typed_as: TypedAs
    accents: Accents
    relaxed: Annotated[bool, Meta(description="No article has all words; these have most of them.")]
    respelled: Annotated[bool, Meta(description="Words were replaced by what was probably meant.")]
    remarks: list[RemarkAnswer]
    also: Annotated[list[str], Meta(description="Other names that were searched for too.")]


class ScorePartAnswer(TypedDict):
    """One of the values that a score is the sum of."""

    name: str
    value: float


class ExplanationAnswer(TypedDict):
    """Why a result stands where it stands."""

    searched_for: Annotated[
        str, Meta(description="The reading of the query that speaks best for it.")
    ]
    parts: Annotated[list[ScorePartAnswer], Meta(description="What its score is the sum of.")]


Range = Annotated[
    list[int],
    Meta(min_length=2, max_length=2, description="Where it begins and ends, in characters."),
]


class MarksAnswer(TypedDict):
    """What matched, for clients that draw the marks themselves."""

    headline: Annotated[list[Range], Meta(description="In headline.")]
    snippet: Annotated[str, Meta(description="The snippet as plain text.")]
    snippet_marks: Annotated[list[Range], Meta(description="In snippet.")]


class HitAnswer(TypedDict):
    """One result."""

    id: str
    url: Address
    headline: str
    headline_html: MarkedText
    snippet_html: MarkedText
    published: Moment
    section: str
    source: str
    author: str
    image: Address
    score: Annotated[float, Meta(description="Comparable within one answer only.")]
    match: Match
    duplicates: Annotated[
        int, Meta(ge=0, description="How many near-identical articles it stands for.")
    ]
    explanation: Annotated[
        ExplanationAnswer | None, Meta(description="Where explain=1 asks for it, or null.")
    ]
    about: Annotated[
        bool, Meta(description="Whether it is about the query; else it only has words of it.")
    ]
    missing: Annotated[
        list[str], Meta(description="Words of the query that it lacks, where it is not about it.")
    ]
    summary: Annotated[str, Meta(description="As it came in; empty where it has none.")]
    pinned: Annotated[bool, Meta(description="Whether an editor has put it on top.")]
    marks: Annotated[
        MarksAnswer | None, Meta(description="Where marks=offsets asks for them, or null.")
    ]


class FacetAnswer(TypedDict):
    """One value of a facet and how many results have it, as if none were chosen in the facet."""

    value: str
    count: Count
    selected: Annotated[bool, Meta(description="Whether the search is limited to it.")]


class FacetsAnswer(TypedDict):
    """Counts over the articles of total."""

    section: list[FacetAnswer]
    source: list[FacetAnswer]
    author: list[FacetAnswer]
    year: list[FacetAnswer]
    month: Annotated[list[FacetAnswer], Meta(description="As YYYY-MM, within the years asked for.")]


class ChoiceAnswer(TypedDict):
    """One reading of a query in which a word is ambiguous."""

    text: Annotated[str, Meta(description="The whole query to search for.")]
    word: Annotated[str, Meta(description="The ambiguous word in it.")]


class SuggestionAnswer(TypedDict):
    """Another query that may be what was meant."""

    text: str
    reason: SuggestionReason
    alternatives: list[ChoiceAnswer]


class RelaxationAnswer(TypedDict):
    """A query that finds something, where one operator of the one asked for leaves nothing."""

    operator: Annotated[str, Meta(description="The piece that leaves nothing.")]
    text: Annotated[str, Meta(description="The query with it as plain words, or without it.")]
    count: Count


class NoteAnswer(TypedDict):
    """What an editor says above the results."""

    text: str
    url: Address


class SearchAnswer(TypedDict):
    """The answer to a search."""

    query: QueryAnswer
    total: Annotated[
        int,
        Meta(
            ge=0,
            description="How many articles are about the query, exactly; or, where none is, have "
            "words of it. What facets count.",
        ),
    ]
    partly: Annotated[
        int,
        Meta(
            ge=0,
            description="How many more only have words of the query; sorted by relevance, they "
            "follow.",
        ),
    ]
    about: Annotated[
        bool, Meta(description="Whether total counts articles about the query; false: none is.")
    ]
    lacking: Annotated[
        bool,
        Meta(description="Whether some of those that only have words of the query lack others."),
    ]
    listed: Annotated[
        int,
        Meta(
            ge=0,
            description="Through how many results the pages run; a story in several papers is one.",
        ),
    ]
    collapsed: Annotated[
        int,
        Meta(ge=0, description="How many articles stand under a near-duplicate in these results."),
    ]
    pages: Count
    more: Annotated[bool, Meta(description="Whether there is a page after this one to ask for.")]
    page: Count
    per_page: Count
    took_ms: Annotated[float, Meta(description="In the engine, without HTTP.")]
    build: Annotated[str, Meta(description="The build of the index that answered.")]
    hits: list[HitAnswer]
    facets: FacetsAnswer
    facets_cut: Annotated[
        list[str],
        Meta(description="The facets that list only the most frequent of their values."),
    ]
    suggestion: SuggestionAnswer | None
    relaxations: Annotated[
        list[RelaxationAnswer],
        Meta(description="Where no article fulfils the query: ways back, the most found first."),
    ]
    notes: Annotated[
        list[NoteAnswer], Meta(description="What an editor says of the query, above the results.")
    ]


class ArticleAnswer(TypedDict):
    """A stored article, as it came in."""

    id: str
    url: Address
    headline: str
    summary: str
    body: str
    captions: list[str]
    published: Moment
    section: str
    source: str
    author: str
    image: Address


class ArticlesAnswer(TypedDict):
    """Several stored articles."""

    articles: Annotated[list[ArticleAnswer], Meta(description="In the order asked for.")]
    missing: Annotated[list[str], Meta(description="The ids that no article has.")]


class RelatedAnswer(TypedDict):
    """Articles related to another; the score is how like it each is, and 1 is all it says."""

    id: str
    hits: list[HitAnswer]


def search_response(
    page: SearchPage,
    facets: Collection[str] = FACETS,
    marks: MarksKind = MarksKind.HTML,
) -> SearchAnswer:
    """One page of results as the contract has it.

    Args:
        page: of the engine.
        facets: the names of those that are wanted; the lists of others are empty.
        marks: whether they are told as places too.
    """
    query, suggestion = page.query, page.suggestion
    offsets = marks is MarksKind.OFFSETS
    return {
        "query": {
            "text": query.text,
            "understood": query.understood,
            "typed_as": query.typed_as,
            "accents": query.accents,
            "relaxed": query.relaxed,
            "respelled": query.respelled,
            "remarks": [{"text": piece, "reason": why} for piece, why in query.remarks],
            "also": list(query.also),
        },
        "total": page.total,
        "partly": page.partly,
        "about": page.about,
        "lacking": page.lacking,
        "listed": page.listed,
        "collapsed": page.collapsed,
        "pages": page.pages,
        "more": page.page < min(page.pages, MAX_DEPTH // page.per_page),
        "page": page.page,
        "per_page": page.per_page,
        "took_ms": round(page.took_ms, 2),
        "build": page.build,
        "hits": [_hit_response(hit, offsets=offsets) for hit in page.hits],
        "facets": {
            "section": _facet_response(page.facets.section if "section" in facets else ()),
            "source": _facet_response(page.facets.source if "source" in facets else ()),
            "author": _facet_response(page.facets.author if "author" in facets else ()),
            "year": _facet_response(page.facets.year if "year" in facets else ()),
            "month": _facet_response(page.facets.month if "month" in facets else ()),
        },
        "facets_cut": [name for name in page.facets.cut if name in facets],
        "suggestion": _suggestion_response(suggestion) if suggestion else None,
        "relaxations": [
            {"operator": way.operator, "text": way.text, "count": way.count}
            for way in page.relaxations
        ],
        "notes": [{"text": text, "url": web_address(url)} for text, url in page.notes],
    }


def article_response(engine: SearchEngine, article_id: str) -> ArticleAnswer:
    """A stored article as the contract has it.

    Raises:
        ArticleNotFound: there is none with that id.
    """
    article = engine.article(article_id)
    return {
        "id": article.id,
        "url": web_address(article.url),
        "headline": article.headline,
        "summary": article.summary,
        "body": article.body,
        "captions": list(article.captions),
        "published": iso(article.published) if article.published else None,
        "section": article.section,
        "source": article.source,
        "author": article.author,
        "image": web_address(article.image),
    }


def articles_response(engine: SearchEngine, ids: Sequence[str]) -> ArticlesAnswer:
    """Several stored articles as the contract has them."""
    found = {article_id: _stored(engine, article_id) for article_id in ids}
    return {
        "articles": [article for article in found.values() if article is not None],
        "missing": [article_id for article_id, article in found.items() if article is None],
    }


def _stored(engine: SearchEngine, article_id: str) -> ArticleAnswer | None:
    try:
        return article_response(engine, article_id)
    except ArticleNotFound:
        return None


def related_response(engine: SearchEngine, article_id: str, limit: int) -> RelatedAnswer:
    """Articles related to another as the contract has them.

    Raises:
        ArticleNotFound: there is none with that id.
    """
    hits = engine.related(article_id, limit)
    return {"id": article_id, "hits": [_hit_response(hit) for hit in hits]}


def _hit_response(hit: Hit, *, offsets: bool = False) -> HitAnswer:
    return {
        "id": hit.id,
        "url": web_address(hit.url),
        "headline": hit.headline,
        "headline_html": mark(hit.headline, hit.headline_marks),
        "snippet_html": mark(hit.snippet.text, hit.snippet.marks),
        "published": iso(hit.published) if hit.published else None,
        "section": hit.section,
        "source": hit.source,
        "author": hit.author,
        "image": web_address(hit.image),
        "score": round(hit.score, 4),
        "match": hit.match,
        "duplicates": hit.duplicates,
        "explanation": _explanation_response(hit.explanation) if hit.explanation else None,
        "about": hit.about,
        "missing": list(hit.lacking),
        "summary": hit.summary,
        "pinned": hit.pinned,
        "marks": _marks_response(hit) if offsets else None,
    }


def _marks_response(hit: Hit) -> MarksAnswer:
    return {
        "headline": [list(mark) for mark in hit.headline_marks],
        "snippet": hit.snippet.text,
        "snippet_marks": [list(mark) for mark in hit.snippet.marks],
    }


def _explanation_response(explanation: Explanation) -> ExplanationAnswer:
    return {
        "searched_for": explanation.searched_for,
        "parts": [{"name": name, "value": value} for name, value in explanation.parts],
    }


def _facet_response(values: tuple[FacetValue, ...]) -> list[FacetAnswer]:
    return [
        {"value": value.value, "count": value.count, "selected": value.selected} for value in values
    ]


def _suggestion_response(suggestion: Suggestion) -> SuggestionAnswer:
    return {
        "text": suggestion.text,
        "reason": suggestion.reason,
        "alternatives": [
            {"text": choice.text, "word": choice.word} for choice in suggestion.alternatives
        ],
    }
