"""Server-Timing: how long engine and request took, for a browser's developer tools."""

from __future__ import annotations

from time import perf_counter

from flask import Flask, Response, g, request


def register_timing(app: Flask) -> None:
    """Say on every answer of the API how long it took."""

    def start() -> None:
        g.started = perf_counter()

    def say(response: Response) -> Response:
        if request.path.startswith("/api/"):
            total = (perf_counter() - g.started) * 1000
            engine = g.get("engine_ms")
            measured = "" if engine is None else f"search;dur={engine:.2f}, "
            response.headers["Server-Timing"] = f"{measured}total;dur={total:.2f}"
        return response

    app.before_request(start)
    app.after_request(say)
