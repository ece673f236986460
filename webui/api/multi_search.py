"""Several searches in one request, for pages that show more than one list of results.

Each is an object of the parameters of a search; each has an answer of its own, or what is wrong
with it. They are answered by one build, in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict
from urllib.parse import urlencode

from search import RequestError, SearchEngine
from webui.api.bodies import parse_object, read_body
from webui.api.operations import FACETS_WANTED, MARKS, SEARCH
from webui.api.responses import SearchAnswer, search_response
from webui.http.problems import ErrorBody, Refusal, problem_of
from webui.parameters import MOST_SEARCHES, Json, Parameters, read_search
from webui.searching import answered

_SEARCHES = "searches"


class OneAnswer(TypedDict):
    """The answer to one of the searches, or what is wrong with it."""

    answer: SearchAnswer | None
    error: ErrorBody | None


class MultiSearchAnswer(TypedDict):
    """The answers to several searches, in their order."""

    answers: list[OneAnswer]


def body_schema() -> Json:
    """What a request holds, as OpenAPI describes it."""
    properties = {parameter.name: parameter.schema for parameter in SEARCH.parameters}
    for name, schema in properties.items():
        if schema.get("default") == "0":
            properties[name] = {"type": "boolean"}
    search: Json = {"type": "object", "properties": properties}
    return {
        "type": "object",
        "required": [_SEARCHES],
        "properties": {
            _SEARCHES: {"type": "array", "minItems": 1, "maxItems": MOST_SEARCHES, "items": search}
        },
    }


def multi_search_response(engine: SearchEngine) -> MultiSearchAnswer:
    """The answer to the body of this request.

    Raises:
        Refusal: 400, it is not a list of searches.
    """
    searches = parse_object(read_body()).get(_SEARCHES)
    if not isinstance(searches, list) or not 1 <= len(searches) <= MOST_SEARCHES:
        told = f'send {{"{_SEARCHES}": […]}} with 1 to {MOST_SEARCHES} objects in the list'
        raise Refusal(400, "invalid_parameter", told, _SEARCHES)
    return {"answers": [_answer(engine, asked) for asked in searches]}


def _answer(engine: SearchEngine, search: Json) -> OneAnswer:
    try:
        given = _parameters(search)
        page = answered(engine, read_search(given))
        facets, marks = FACETS_WANTED.read(given), MARKS.read(given)
        return {"answer": search_response(page, facets, marks), "error": None}
    except RequestError as error:
        problem = problem_of(error)
        told: ErrorBody = {"code": problem.code, "message": problem.message, "field": problem.field}
        return {"answer": None, "error": told}


def _parameters(search: Json) -> Parameters:
    """The parameters of one search, as an address would have them."""
    if not isinstance(search, Mapping):
        raise RequestError(_SEARCHES, "each is an object of parameters, { … }")
    pairs = [
        (name, text)
        for name, value in search.items()
        for text in _texts(name, value if isinstance(value, list) else [value])
    ]
    return Parameters(urlencode(pairs, errors="replace").encode())


def _texts(name: str, values: Sequence[Json]) -> list[str]:
    texts = []
    for value in values:
        if isinstance(value, bool):
            texts.append("1" if value else "0")
        elif isinstance(value, str | int):
            texts.append(str(value))
        elif value is not None:
            raise RequestError(name, "is text, a number, true, false or a list of these")
    return texts
