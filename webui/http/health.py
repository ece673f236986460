"""For load balancers and supervisors: is the process alive, can it answer searches."""

from __future__ import annotations

from flask import Blueprint, Response

from search import SearchEngine
from webui.http.json_response import json_response


def health_blueprint(engine: SearchEngine) -> Blueprint:
    """``/healthz``: the process answers; ``/readyz``: it has an index to answer from, else 503."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def healthz() -> Response:
        return json_response({"status": "ok"})

    @health.get("/readyz")
    def readyz() -> Response:
        engine.require_ready()
        return json_response({"status": "ready", "build": engine.build})

    return health
