"""JSON responses: one way to write them, so that all have the same type and encoding."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Response

JSON_TYPE = "application/json; charset=utf-8"


def json_response(body: Mapping[str, object], status: int = 200) -> Response:
    """``body`` as UTF-8 JSON."""
    return Response(orjson.dumps(body), status, content_type=JSON_TYPE)
