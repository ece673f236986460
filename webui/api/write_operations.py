"""The operations that write, each as one value, for the description of the API."""

from __future__ import annotations

from dataclasses import dataclass

from webui.api.bodies import MOST_ARTICLES
from webui.api.publishing import (
    BEFORE,
    IDS,
    REASON,
    STATUS,
    TASKS_LIMIT,
    TaskAnswer,
    TasksAnswer,
)
from webui.parameters import Json, Parameter


@dataclass(frozen=True, slots=True)
class WriteOperation:
    """One thing that a program may do to the index.

    Attributes:
        name: for generated clients; never changes.
        method: of HTTP, in small letters.
        path: below :data:`API_PREFIX`, as OpenAPI writes it.
        summary: a few words.
        about: sentences.
        response: a TypedDict.
        errors: statuses of errors besides those of every operation.
        parameters: of the query.
        body: what is sent, as an OpenAPI request body; None for nothing.
    """

    name: str
    method: str
    path: str
    summary: str
    about: str
    response: type
    errors: tuple[int, ...] = ()
    parameters: tuple[Parameter[object], ...] = ()
    body: Json = None

    @property
    def status(self) -> int:
        """Of a response that is no error: what writes is accepted."""
        return 200 if self.method == "get" else 202


_TEXT: Json = {"type": ["string", "null"]}
_TEXTS: Json = {"anyOf": [_TEXT, {"type": "array", "items": {"type": "string"}}]}
ARTICLE_SCHEMA: Json = {
    "type": "object",
    "description": "Other names of a source are read too, and others ignored.",
    "properties": {
        "id": {"type": ["string", "integer", "null"]},
        "url": _TEXT,
        "headline": _TEXTS,
        "summary": _TEXTS,
        "body": _TEXTS,
        "captions": _TEXTS,
        "author": _TEXTS,
        "published": {"type": ["string", "null"], "description": "A date, or date and time."},
        "section": _TEXTS,
        "source": _TEXT,
        "image": _TEXT,
    },
}
"""One article as it is sent."""

_REFERENCE: Json = {"$ref": "#/components/schemas/Article"}
_ONE: Json = {"required": True, "content": {"application/json": {"schema": _REFERENCE}}}
_MANY: Json = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    _REFERENCE,
                    {
                        "type": "array",
                        "items": _REFERENCE,
                        "minItems": 1,
                        "maxItems": MOST_ARTICLES,
                    },
                ]
            }
        },
        "application/x-ndjson": {"schema": {"type": "string"}},
    },
}
_WRITING = (409, 413, 507)

WRITE_OPERATIONS = (
    WriteOperation(
        "put_article",
        "put",
        "/articles/{id}",
        "Put an article",
        "It stands in place of any that has this id, also after a rebuild.",
        TaskAnswer,
        _WRITING,
        body=_ONE,
    ),
    WriteOperation(
        "put_articles",
        "post",
        "/articles",
        "Put many articles",
        f"One object, a list of up to {MOST_ARTICLES:,}, or JSON Lines; at most 16 MiB. What is no "
        "article is refused by itself.",
        TaskAnswer,
        _WRITING,
        body=_MANY,
    ),
    WriteOperation(
        "change_article",
        "patch",
        "/articles/{id}",
        "Change fields of an article",
        "The fields that are sent; null empties one.",
        TaskAnswer,
        (404, *_WRITING),
        body=_ONE,
    ),
    WriteOperation(
        "withdraw_article",
        "delete",
        "/articles/{id}",
        "Withdraw an article",
        "It is nowhere, also after a rebuild, until it is put again.",
        TaskAnswer,
        _WRITING,
        (REASON,),
    ),
    WriteOperation(
        "withdraw_articles",
        "delete",
        "/articles",
        "Withdraw many articles",
        "The same for many at once.",
        TaskAnswer,
        _WRITING,
        (IDS, REASON),
    ),
    WriteOperation(
        "tasks",
        "get",
        "/tasks",
        "List what was written",
        "The latest first; done ones are kept for a week.",
        TasksAnswer,
        (),
        (STATUS, BEFORE, TASKS_LIMIT),
    ),
    WriteOperation(
        "task",
        "get",
        "/tasks/{id}",
        "Read how far a task is",
        "It is done when readers see it, and says of each article what became of it.",
        TaskAnswer,
        (404,),
    ),
)
