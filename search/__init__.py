"""The read side: query text, understanding, execution, ranking, snippets.

::

    from search import SearchEngine, SearchRequest

    with SearchEngine.open("var/index") as engine:
        page = engine.search(SearchRequest(query="thong tin doi ngoai"))
        for hit in page.hits:
            print(hit.headline, hit.snippet)
"""

from index.article import VIETNAM
from search.engine import SearchEngine
from search.errors import ArticleNotFound, IndexUnavailable, RequestError, SearchError
from search.page import (
    ArticlePage,
    Choice,
    Excerpt,
    Explanation,
    Facets,
    FacetValue,
    Hit,
    Match,
    Note,
    Relaxation,
    ScorePart,
    SearchPage,
    Span,
    Suggestion,
    SuggestionReason,
    Term,
    TypedAs,
    Understanding,
)
from search.query.remarks import Remark, RemarkReason
from search.request import Accents, Duplicates, Matching, SearchRequest, Sort
from search.serving.builds import NodeCounts

__all__ = [
    "VIETNAM",
    "Accents",
    "ArticleNotFound",
    "ArticlePage",
    "Choice",
    "Duplicates",
    "Excerpt",
    "Explanation",
    "FacetValue",
    "Facets",
    "Hit",
    "IndexUnavailable",
    "Match",
    "Matching",
    "NodeCounts",
    "Note",
    "Relaxation",
    "Remark",
    "RemarkReason",
    "RequestError",
    "ScorePart",
    "SearchEngine",
    "SearchError",
    "SearchPage",
    "SearchRequest",
    "Sort",
    "Span",
    "Suggestion",
    "SuggestionReason",
    "Term",
    "TypedAs",
    "Understanding",
]
