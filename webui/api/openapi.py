"""The description of the JSON API in OpenAPI 3.1, made from what serves it.

Paths and parameters come from :mod:`webui.api.operations`, whose parameters do the reading, and
schemas from the types of the responses. docs/api.md says why no extension makes it.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from webui.api.multi_search import MultiSearchAnswer, body_schema
from webui.api.operations import OPERATIONS, Operation
from webui.api.publishing import LONGEST_REPEAT_KEY
from webui.api.write_operations import ARTICLE_SCHEMA, WRITE_OPERATIONS, WriteOperation
from webui.http.problems import CODES, ErrorAnswer
from webui.parameters import API_PREFIX, MULTI_SEARCH_PATH, Json, Parameter

VERSION = "1.4.0"
"""Of the API, not of the program: docs/api.md says when which number grows."""

ERRORS: Mapping[int, str] = {
    400: "A parameter is wrong; field names it and message says what is allowed.",
    401: "The API key is missing or not known.",
    403: "The API key is for something else, or the page of another site sent this.",
    404: "There is no such article.",
    409: "Another request had this Idempotency-Key.",
    413: "Too large: at most 1,000 articles and 16 MiB at once.",
    429: "Too many requests; Retry-After says when to ask again.",
    503: "There is no index to answer from now; Retry-After says when to ask again.",
    507: "The disk is full; nothing was kept.",
}
"""Every error that an operation may respond with."""

_OF_WRITING = frozenset({409, 413, 507})

HEADERS: Mapping[str, Json] = {
    "ETag": {
        "description": "Send it back in If-None-Match: 304 says that nothing has changed.",
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 0}},
    "Server-Timing": {
        "description": "How many milliseconds the engine took, and the whole request.",
        "schema": {"type": "string"},
    },
}
"""Headers of responses that a client may make use of."""


def describe(root: str, site: str) -> Mapping[str, Json]:
    """The whole description.

    Args:
        root: the address that the API's paths are below.
        site: what the site is called.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site,
            "version": VERSION,
            "summary": "Full-text search of Vietnamese news",
            "description": "Unknown parameters are ignored; an empty value is as good as none.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root}],
        "security": [{}, {"key": []}],
        "paths": _paths(),
        "components": {
            "schemas": {**_schemas(), "Article": ARTICLE_SCHEMA},
            "responses": {
                _response_name(status): _problem(status, about) for status, about in ERRORS.items()
            },
            "headers": HEADERS,
            "securitySchemes": {
                "key": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-API-Key",
                    "description": "Given out by the owner of the site; what writes needs one.",
                }
            },
        },
    }


def statuses(operation: Operation) -> tuple[int, ...]:
    """The errors that an operation may respond with."""
    without = _OF_WRITING if operation.has_article else {404, *_OF_WRITING}
    return tuple(status for status in ERRORS if status not in without)


def write_statuses(operation: WriteOperation) -> tuple[int, ...]:
    """The errors that an operation which writes may respond with."""
    return tuple(
        status
        for status in ERRORS
        if status in operation.errors or status not in {404, *_OF_WRITING}
    )


def _paths() -> dict[str, dict[str, Json]]:
    paths: dict[str, dict[str, Json]] = {}
    for operation in OPERATIONS:
        paths.setdefault(API_PREFIX + operation.path, {})["get"] = _described(operation)
    for writing in WRITE_OPERATIONS:
        paths.setdefault(API_PREFIX + writing.path, {})[writing.method] = _described_writing(
            writing
        )
    paths[MULTI_SEARCH_PATH] = {"post": _multi_search()}
    return paths


def _multi_search() -> Json:
    return {
        "operationId": "multi_search",
        "summary": "Search several times at once",
        "description": "Each has the parameters of a search, and an answer of its own or what is "
        "wrong with it. Each counts as one where searches are limited.",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": body_schema()}},
        },
        "responses": {
            "200": {
                "description": "The answers, in the order of the searches.",
                "content": {"application/json": {"schema": _reference(MultiSearchAnswer.__name__)}},
            },
            **{
                str(status): {"$ref": f"#/components/responses/{_response_name(status)}"}
                for status in ERRORS
                if status not in {404, *_OF_WRITING} or status == 413
            },
        },
    }


def _described_writing(operation: WriteOperation) -> Json:
    parameters = [
        {**_parameter(parameter), "required": "minLength" in parameter.schema}
        for parameter in operation.parameters
    ]
    if "{id}" in operation.path:
        parameters.insert(0, _TASK_NUMBER if operation.name == "task" else _ARTICLE_ID)
    if operation.status == 202:
        parameters.append(_REPEAT_KEY)
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.about,
        "security": [{"key": []}],
        "parameters": parameters,
        **({"requestBody": operation.body} if operation.body else {}),
        "responses": {
            str(operation.status): {
                "description": "The answer." if operation.status == 200 else "It is on the disk.",
                "content": {
                    "application/json": {"schema": _reference(operation.response.__name__)}
                },
            },
            **{
                str(status): {"$ref": f"#/components/responses/{_response_name(status)}"}
                for status in write_statuses(operation)
            },
        },
    }


def _described(operation: Operation) -> Json:
    parameters = [_parameter(parameter) for parameter in (*operation.parameters, operation.fields)]
    if operation.has_article:
        parameters.insert(0, _ARTICLE_ID)
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.about,
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "The answer. Where fields is given, all others are left out.",
                "headers": _header_references("ETag", "Server-Timing"),
                "content": {
                    "application/json": {"schema": _reference(operation.response.__name__)}
                },
            },
            "304": {"description": "What the client has is what it would get."},
            **{
                str(status): {"$ref": f"#/components/responses/{_response_name(status)}"}
                for status in statuses(operation)
            },
        },
    }


_TASK_NUMBER: dict[str, Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The number of a task.",
    "schema": {"type": "integer", "minimum": 1},
}

_REPEAT_KEY: dict[str, Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A name for this request: another with the same is answered with its task.",
    "schema": {"type": "string", "maxLength": LONGEST_REPEAT_KEY},
}

_ARTICLE_ID: dict[str, Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of a result, percent-encoded; slashes may stay.",
    "schema": {"type": "string", "minLength": 1},
}


def _parameter(parameter: Parameter[object]) -> dict[str, Json]:
    described: dict[str, Json] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.about,
        "schema": parameter.schema,
    }
    if parameter.schema["type"] == "array":
        described |= {"style": "form", "explode": True}
    return described


def _schemas() -> dict[str, Json]:
    """Every type of a response."""
    responses = [operation.response for operation in (*OPERATIONS, *WRITE_OPERATIONS)]
    _, schemas = msgspec.json.schema_components(
        [*responses, MultiSearchAnswer, ErrorAnswer], ref_template="#/components/schemas/{name}"
    )
    return schemas


def _problem(status: int, about: str) -> Json:
    headers = _header_references("Retry-After") if status in {429, 503, 507} else {}
    return {
        "description": about,
        "headers": headers,
        "content": {"application/json": {"schema": _reference(ErrorAnswer.__name__)}},
    }


def _header_references(*names: str) -> dict[str, Json]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _reference(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}


def _response_name(status: int) -> str:
    return "".join(word.capitalize() for word in CODES[status].split("_"))
