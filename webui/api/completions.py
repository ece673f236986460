"""What somebody who types may want to search for, as the API returns it."""

from __future__ import annotations

from typing import NamedTuple, TypedDict

from search import SearchEngine, SearchRequest
from webui.api.responses import MarkedText
from webui.parameters import QUERY, Parameters, limit
from webui.rendering.markup import mark

MOST = 20

LIMIT = limit(8, MOST)
COMPLETION_PARAMETERS = (QUERY, LIMIT)


class CompletionAnswer(TypedDict):
    """A query that begins as typed; what was typed is marked."""

    text: str
    html: MarkedText


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
            {"text": completion.text, "html": mark(completion.text, completion.marks)}
            for completion in engine.suggest(typing.text, typing.limit)
        ],
    }
