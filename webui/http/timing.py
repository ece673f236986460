"""Server-Timing: how long engine and request took, for a browser's developer tools."""

from __future__ import annotations

from time import perf_counter

from flask import Flask, Response, g, request

from webui.searching import page_of_request


def register_timing(app: Flask) -> None:
    """Say on every response of the API how long it took."""

    def start() -> None:
        g.started = perf_counter()

    def say(response: Response) -> Response:
        if request.path.startswith("/api/"):
            total = (perf_counter() - g.started) * 1000
            page = page_of_request()
            measured = f"search;dur={page.took_ms:.2f}, " if page else ""
            response.headers["Server-Timing"] = f"{measured}total;dur={total:.2f}"
        return response

    app.before_request(start)
    app.after_request(say)
