"""The operations of the JSON API, each as one value: where it is, what it reads, what it returns.

The API serves exactly these and its description is made of exactly these, with the parameters that
do the reading and the types that the responses have.
"""

from __future__ import annotations

from dataclasses import dataclass

from search.request import MAX_FILTER_VALUES
from webui.api.completions import COMPLETION_PARAMETERS, CompletionsAnswer
from webui.api.fields import Chosen, fields_of
from webui.api.responses import (
    FACETS,
    ArticleAnswer,
    ArticlesAnswer,
    MarksKind,
    RelatedAnswer,
    SearchAnswer,
)
from webui.parameters import SEARCH_PARAMETERS, Parameter, choice, limit, names, several


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API.

    Attributes:
        name: for generated clients; never changes.
        path: below :data:`API_PREFIX`, as OpenAPI writes it.
        summary: a few words.
        about: sentences.
        response: a TypedDict.
        fields: the parameter that chooses among the response's fields.
        parameters: the others.
        example: a path with parameters that can be tried.
    """

    name: str
    path: str
    summary: str
    about: str
    example: str
    response: type
    fields: Parameter[Chosen]
    parameters: tuple[Parameter[object], ...] = ()

    @property
    def has_article(self) -> bool:
        """Whether its path names an article."""
        return "{id}" in self.path

    @property
    def rule(self) -> str:
        """The path as Flask writes it; an id may hold slashes."""
        return self.path.replace("{id}", "<text:article_id>")


FACETS_WANTED = names("facets", FACETS, "Only these facets: names with commas between them.")
MARKS = choice(
    "marks", MarksKind.HTML, "offsets: where matches stand in plain text is told in marks too."
)
IDS = several("ids", f"The id of an article; at most {MAX_FILTER_VALUES}, each repeated.")

SEARCH = Operation(
    "search",
    "/search",
    "Search the articles",
    "What the results page shows. Any text is a query; an empty one finds nothing unless a filter "
    "is set, then everything.",
    "/search?q=thong+tin+doi+ngoai&per_page=3",
    SearchAnswer,
    fields_of(SearchAnswer),
    (*SEARCH_PARAMETERS, FACETS_WANTED, MARKS),
)

ARTICLES = Operation(
    "articles",
    "/articles",
    "Read several stored articles",
    "Those with the ids asked for, as they came in.",
    "",
    ArticlesAnswer,
    fields_of(ArticlesAnswer),
    (IDS,),
)

ARTICLE = Operation(
    "article",
    "/articles/{id}",
    "Read a stored article",
    "The article as it came in.",
    "",
    ArticleAnswer,
    fields_of(ArticleAnswer),
)

SUGGEST = Operation(
    "suggest",
    "/suggest",
    "Complete what is being typed",
    "Phrases and headlines of the articles that begin as typed, with or without accents.",
    "/suggest?q=thong+tin+d",
    CompletionsAnswer,
    fields_of(CompletionsAnswer),
    COMPLETION_PARAMETERS,
)

RELATED_LIMIT = limit(5, 20)

RELATED = Operation(
    "related",
    "/articles/{id}/related",
    "Find articles related to another",
    "The same affair, or the same persons and places, in other words; never the same text.",
    "",
    RelatedAnswer,
    fields_of(RelatedAnswer),
    (RELATED_LIMIT,),
)

OPERATIONS = (SEARCH, SUGGEST, ARTICLES, ARTICLE, RELATED)
