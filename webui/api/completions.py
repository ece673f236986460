"""What somebody who types may want to search for, as the API returns it."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, NamedTuple, TypedDict

from msgspec import Meta

from search import SearchEngine, SearchRequest
from search.page import Completion
from webui.api.responses import Address, MarkedText, Moment
from webui.parameters import QUERY, Parameters, limit
from webui.rendering.dates import iso
from webui.rendering.markup import mark, web_address

MOST = 20

LIMIT = limit(8, MOST)
COMPLETION_PARAMETERS = (QUERY, LIMIT)


class CompletionKind(str, Enum):
    """What a suggestion is."""

    PHRASE = "phrase"
    HEADLINE = "headline"


class CompletionAnswer(TypedDict):
    """A query that begins as typed, what was typed marked; of a headline, its article too."""

    text: str
    html: MarkedText
    kind: CompletionKind
    id: Annotated[str, Meta(description="Of the article; empty for a phrase.")]
    url: Address
    published: Moment
    image: Address


class CompletionsAnswer(TypedDict):
    """The answer to a text that is still being typed."""

    query: str
    suggestions: list[CompletionAnswer]


class Typing(NamedTuple):
    """A text that is being typed, and how many ways to go on are wanted."""

    text: str
    limit: int


def parse_typing(query_string: bytes) -> Typing:
    """The text that a URL asks to complete.

    Args:
        query_string: what follows the "?", as received.

    Raises:
        RequestError: naming the parameter and what is allowed.
    """
    given = Parameters(query_string)
    return Typing(SearchRequest(query=QUERY.read(given)).query, LIMIT.read(given))


def completions_response(engine: SearchEngine, typing: Typing) -> CompletionsAnswer:
    """How a text may go on."""
    return {
        "query": typing.text,
        "suggestions": [
            _completion_response(completion)
            for completion in engine.suggest(typing.text, typing.limit)
        ],
    }


def _completion_response(completion: Completion) -> CompletionAnswer:
    article = completion.article
    return {
        "text": completion.text,
        "html": mark(completion.text, completion.marks),
        "kind": CompletionKind.HEADLINE if article else CompletionKind.PHRASE,
        "id": article.id if article else "",
        "url": web_address(article.url) if article else "",
        "published": iso(article.published) if article and article.published else None,
        "image": web_address(article.image) if article else "",
    }
