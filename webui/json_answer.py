"""JSON answers: one way to write them, so that all have the same type and encoding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import orjson
from flask import Response

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
"""Whatever can be written as JSON."""

Schema: TypeAlias = "Mapping[str, Json]"
"""A JSON Schema of the 2020-12 dialect, which OpenAPI 3.1 uses."""

JSON_TYPE = "application/json; charset=utf-8"


def json_answer(body: Mapping[str, object], status: int = 200) -> Response:
    """``body`` as UTF-8 JSON."""
    return Response(orjson.dumps(body), status, content_type=JSON_TYPE)
