"""What a program sends: bytes of a request, as one article, a list of them, or one a line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import orjson
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from webui.http.problems import Refusal
from webui.http.security import MAX_WRITTEN_BYTES
from webui.parameters import Json

MOST_ARTICLES = 1_000

_LINES_TYPES = ("jsonl", "ndjson", "json-lines", "jsonlines", "json-seq")


def read_body() -> bytes:
    """The body of this request, however it is sent.

    Raises:
        RequestEntityTooLarge: it is longer than allowed.
    """
    if request.content_length is not None:
        return request.get_data(cache=False)
    body: bytes = request.environ["wsgi.input"].read(MAX_WRITTEN_BYTES + 1)
    if len(body) > MAX_WRITTEN_BYTES:
        raise RequestEntityTooLarge
    return body


def parse_object(body: bytes) -> Mapping[str, Json]:
    """The one object of a body.

    Raises:
        Refusal: 400, saying where it is not JSON, or that it is something else.
    """
    value = _parse(body, 1)
    if not isinstance(value, Mapping):
        raise Refusal(400, "not_an_object", "send one JSON object, { … }", "body")
    return value


def parse_articles(body: bytes) -> Sequence[Json]:
    """The articles of a body: one object, a list, or JSON Lines.

    Raises:
        Refusal: 400, saying where it is not JSON; 413 if there are too many.
    """
    if any(name in request.mimetype for name in _LINES_TYPES) or _looks_like_lines(body):
        lines = enumerate(body.split(b"\n"), 1)
        articles: Sequence[Json] = [_parse(line, number) for number, line in lines if line.strip()]
    else:
        value = _parse(body, 1)
        articles = value if isinstance(value, list) else [value]
    if not articles:
        raise Refusal(400, "no_articles", "send at least one article", "body")
    if len(articles) > MOST_ARTICLES:
        told = f"send at most {MOST_ARTICLES:,} articles at once, not {len(articles):,}"
        raise Refusal(413, "too_large", told, "body")
    return articles


def _looks_like_lines(body: bytes) -> bool:
    """Whether the first of several lines is a whole object by itself."""
    first, _, others = body.strip().partition(b"\n")
    if not others or not first.startswith(b"{"):
        return False
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return True


def _parse(text: bytes, line: int) -> Json:
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = _parse_leniently(text, line)
    return value


def _parse_leniently(text: bytes, line: int) -> Json:
    """What Python's own json takes too: half surrogate pairs, which are repaired later on."""
    try:
        value: Json = json.loads(text.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        before = text[: error.start]
        raise _not_json(
            "a byte that is not UTF-8",
            line + before.count(b"\n"),
            error.start - before.rfind(b"\n"),
        ) from error
    except json.JSONDecodeError as error:
        raise _not_json(error.msg, line + error.lineno - 1, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise _not_json(f"nothing that can be read ({error})", line, 1) from error
    return value


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no number of JSON")


def _not_json(what: str, line: int, column: int) -> Refusal:
    message = f"the body is not JSON: {what} at line {line}, column {column}"
    return Refusal(400, "not_json", message, "body")
