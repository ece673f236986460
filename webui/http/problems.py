"""What goes wrong, told to people as a page and to programs as JSON, without a traceback.

Every error is one :class:`Problem`. Below ``/api/`` and for the health checks it is sent as
``{"error": {"code", "message", "field"}}`` in English, everywhere else as a page.
What was not foreseen is logged by Flask with its traceback and sent as a plain 500.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypedDict

from flask import Flask, Response, current_app, make_response, render_template, request
from msgspec import Meta
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError

from search import ArticleNotFound, IndexUnavailable, RequestError, SearchRequest
from webui.http import problem_words
from webui.http.json_response import json_response
from webui.parameters import Parameters, search_url

_RETRY_AFTER_SECONDS = 10
_RESPOND = "respond_to_problem"

CODES = {
    400: "bad_request",
    401: "key_required",
    403: "origin_not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
    507: "not_kept",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as both audiences need it.

    Attributes:
        code: for programs; never changes its meaning.
        message: one English sentence.
        field: the parameter that is wrong, or None.
    """

    status: int
    code: str
    message: str
    field: str | None = None

    @property
    def title(self) -> str:
        """A heading, in the language of the page."""
        return problem_words.title(self.status)

    @property
    def explanation(self) -> str:
        """What happened and what to do, in the language of the page."""
        return problem_words.explanation(self.status, self.field or "")


class Refusal(Exception):
    """A request that is refused with one word for programs and a sentence for people.

    Attributes:
        problem: what is told.
        seconds: after how many to come again; None where that would not help.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        *,
        seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.problem = Problem(status, code, message, field)
        self.seconds = seconds


class ErrorBody(TypedDict):
    """What is inside the error answer."""

    code: Annotated[str, Meta(description="For programs; never changes its meaning.")]
    message: Annotated[str, Meta(description="For people: what is wrong and what is allowed.")]
    field: Annotated[str | None, Meta(description="The parameter that is wrong.")]


class ErrorAnswer(TypedDict):
    """The one shape of every error of the API."""

    error: ErrorBody


def problem_of(error: Exception) -> Problem:
    """What to tell about an error."""
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, RequestError):
        return Problem(400, "invalid_parameter", f"{error.field}: {error.message}", error.field)
    if isinstance(error, ArticleNotFound):
        return Problem(404, "article_not_found", "no article has this id")
    if isinstance(error, IndexUnavailable):
        # Its message names folders of the server: that is for the log, not for strangers.
        return Problem(503, CODES[503], "the index is not available; try again later")
    status = (error.code if isinstance(error, HTTPException) else None) or 500
    kind = HTTPStatus(status)
    return Problem(status, CODES.get(status, kind.name.lower()), kind.description or kind.phrase)


def responds_with_json(path: str) -> bool:
    """Whether a program is asking."""
    return path.startswith("/api/") or path in {"/healthz", "/readyz"}


def register_problems(app: Flask) -> None:
    """Respond to every error of ``app`` as this module says."""

    def respond(error: Exception) -> Response:
        problem = problem_of(error)
        if responds_with_json(request.path):
            body: ErrorAnswer = {
                "error": {
                    "code": problem.code,
                    "message": problem.message,
                    "field": problem.field,
                }
            }
            response = json_response(body, problem.status)
        elif isinstance(error, BadHost):
            # Links need a host to be made, even those that do not name it; a page is full of them.
            text = f"{problem.status} {problem.title}\n{error.description}\n"
            response = Response(text, problem.status, content_type="text/plain; charset=utf-8")
        else:
            response = _problem_page(problem)
        if isinstance(error, HTTPException):
            for name, value in error.get_headers():
                if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
                    response.headers[name] = value
        if isinstance(error, Refusal) and error.seconds is not None:
            response.headers["Retry-After"] = str(error.seconds)
        elif problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return response

    def respond_unavailable(error: IndexUnavailable) -> Response:
        app.logger.error("no usable index: %s", error)
        return respond(error)

    app.extensions[_RESPOND] = respond
    app.register_error_handler(HTTPException, respond)
    app.register_error_handler(InternalServerError, respond)
    app.register_error_handler(RequestError, respond)
    app.register_error_handler(ArticleNotFound, respond)
    app.register_error_handler(Refusal, respond)
    app.register_error_handler(IndexUnavailable, respond_unavailable)


def respond_with(error: Exception) -> Response:
    """What the application being served responds to an error."""
    respond: Callable[[Exception], Response] = current_app.extensions[_RESPOND]
    return respond(error)


def _problem_page(problem: Problem) -> Response:
    query = _query_alone()
    page = render_template(
        "problem.html", problem=problem, query=query.query, again=search_url(query)
    )
    return make_response(page, problem.status)


def _query_alone() -> SearchRequest:
    """The search for what stands in the URL's ``q`` without anything else, if that is possible."""
    try:
        return SearchRequest(query=Parameters(request.query_string).text("q"))
    except RequestError:
        return SearchRequest()
