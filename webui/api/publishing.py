"""The write addresses of the API: articles put, changed and withdrawn, and how far that is.

What is answered with 202 is on the disk, and in the index about a second later; the task tells.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from functools import wraps
from typing import Annotated, Literal, ParamSpec, TypedDict

from flask import Blueprint, Response, request, url_for
from msgspec import Meta

from search import VIETNAM, ArticleNotFound, RequestError, SearchEngine
from search.serving.publishing import (
    JournalConflict,
    JournalError,
    JournalFull,
    JournalOverrun,
    Publisher,
    Receipt,
    Repeat,
    Task,
    TaskStatus,
)
from webui.api.bodies import MOST_ARTICLES, parse_articles, parse_object, read_body
from webui.http.json_response import json_response
from webui.http.keys.checking import require
from webui.http.keys.key_file import Scope
from webui.http.problems import Refusal
from webui.parameters import API_PREFIX, Parameter, Parameters, limit
from webui.rendering.dates import iso

LONGEST_REASON = 500
LONGEST_REPEAT_KEY = 200
MOST_TASKS = 100

_log = logging.getLogger(__name__)
_Asked = ParamSpec("_Asked")

Moment = Annotated[str | None, Meta(extra_json_schema={"format": "date-time"})]
Count = Annotated[int, Meta(ge=0)]


class RepairAnswer(TypedDict):
    """What was repaired in an article that was taken, or left out of it."""

    code: Annotated[str, Meta(description="As in the report of a rebuild.")]
    message: str


class FateAnswer(TypedDict):
    """What became of one article of a request."""

    index: Annotated[int, Meta(ge=0, description="Its place in the request, from 0.")]
    id: str
    fate: Literal["accepted", "scheduled", "withdrawn", "refused"]
    reason: Annotated[str | None, Meta(description="As in the report of a rebuild.")]
    message: str | None
    remarks: list[RepairAnswer]


class TaskSummary(TypedDict):
    """How far a request to write is."""

    task: Annotated[int, Meta(ge=1, description="Tasks are numbered in their order.")]
    kind: Literal["put", "change", "withdraw"]
    status: Annotated[
        Literal["enqueued", "done", "failed"],
        Meta(description="done: readers see it; failed: nothing of it could be taken."),
    ]
    received: Moment
    finished: Moment
    build: Annotated[str | None, Meta(description="The first build of the index with it.")]
    accepted: Count
    refused: Count


class TaskAnswer(TaskSummary):
    """A request to write, and what became of each of its articles."""

    articles: list[FateAnswer]


class TasksAnswer(TypedDict):
    """Requests to write, the latest first."""

    tasks: list[TaskSummary]


def _reason(given: Parameters) -> str:
    text = given.text("reason").strip()
    if len(text) > LONGEST_REASON:
        raise RequestError("reason", f"at most {LONGEST_REASON} characters")
    return text


def _ids(given: Parameters) -> tuple[str, ...]:
    ids = [name.strip() for text in given.several("ids") for name in text.split(",")]
    ids = [name for name in ids if name]
    if not 0 < len(ids) <= MOST_ARTICLES:
        raise RequestError("ids", f"1 to {MOST_ARTICLES:,} ids, with commas between them")
    return tuple(ids)


def _status(given: Parameters) -> TaskStatus | None:
    text = given.text("status")
    try:
        return TaskStatus(text) if text else None
    except ValueError:
        allowed = ", ".join(status.value for status in TaskStatus)
        raise RequestError("status", f"one of {allowed}") from None


def _before(given: Parameters) -> int | None:
    text = given.text("before")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:19]) < 1 << 53):
        raise RequestError("before", "the number of a task")
    return int(text)


REASON = Parameter(
    "reason",
    "Why, for the list of withdrawn articles.",
    {"type": "string", "maxLength": LONGEST_REASON},
    _reason,
)
IDS = Parameter(
    "ids",
    f"The ids of up to {MOST_ARTICLES:,} articles, with commas between them.",
    {"type": "string", "minLength": 1},
    _ids,
)
STATUS = Parameter(
    "status",
    "Only tasks of this status.",
    {"type": "string", "enum": [status.value for status in TaskStatus]},
    _status,
)
BEFORE = Parameter(
    "before",
    "Only tasks before this one.",
    {"type": "integer", "minimum": 1, "maximum": (1 << 53) - 1},
    _before,
)
TASKS_LIMIT = limit(20, MOST_TASKS)


def publishing_blueprint(engine: SearchEngine) -> Blueprint:
    """The addresses that write, and those that tell of it."""
    publishing = Blueprint("publishing", __name__)
    publisher = Publisher(engine.directory, engine.find)

    @publishing.post(f"{API_PREFIX}/articles")
    @_journalled
    def put_articles() -> Response:
        body = read_body()
        receipt = publisher.put(parse_articles(body), _repeat(body))
        return _accepted(receipt)

    @publishing.put(f"{API_PREFIX}/articles/<text:article_id>")
    @_journalled
    def put_article(article_id: str) -> Response:
        body = read_body()
        record = {**parse_object(body)}
        if record.get("id") not in (None, "", article_id):
            raise Refusal(400, "wrong_id", "id: leave it out, or send that of the address", "id")
        record["id"] = article_id
        return _accepted(publisher.put([record], _repeat(body)))

    @publishing.patch(f"{API_PREFIX}/articles/<text:article_id>")
    @_journalled
    def change_article(article_id: str) -> Response:
        body = read_body()
        fields = parse_object(body)
        if (fields.get("id") or article_id) != article_id:
            raise Refusal(400, "wrong_id", "id: an article keeps its id; put another", "id")
        receipt = publisher.change(article_id, fields, _repeat(body))
        if receipt is None:
            raise ArticleNotFound(article_id)
        return _accepted(receipt)

    @publishing.delete(f"{API_PREFIX}/articles/<text:article_id>")
    @_journalled
    def withdraw_article(article_id: str) -> Response:
        reason = REASON.read(Parameters(request.query_string))
        return _accepted(publisher.withdraw([article_id], reason, _repeat(b"")))

    @publishing.delete(f"{API_PREFIX}/articles")
    @_journalled
    def withdraw_articles() -> Response:
        given = Parameters(request.query_string)
        return _accepted(publisher.withdraw(IDS.read(given), REASON.read(given), _repeat(b"")))

    @publishing.get(f"{API_PREFIX}/tasks")
    @_journalled
    def list_tasks() -> Response:
        given = Parameters(request.query_string)
        tasks = publisher.tasks(
            STATUS.read(given), before=BEFORE.read(given), limit=TASKS_LIMIT.read(given)
        )
        answer: TasksAnswer = {"tasks": [_summary(task) for task in tasks]}
        return json_response(answer)

    @publishing.get(f"{API_PREFIX}/tasks/<task>")
    @_journalled
    def read_task(task: str) -> Response:
        number = int(task) if task.isascii() and task.isdecimal() and len(task) < 16 else 0
        receipt = publisher.task(number)
        if receipt is None:
            raise Refusal(404, "task_not_found", "no task has this number, or none any more")
        return json_response(_answer(receipt))

    return publishing


def _journalled(view: Callable[_Asked, Response]) -> Callable[_Asked, Response]:
    """A view for who may write, whose trouble with the journal is told as an answer."""

    @wraps(view)
    def told(*args: _Asked.args, **others: _Asked.kwargs) -> Response:
        require(Scope.WRITE)
        try:
            return view(*args, **others)
        except JournalOverrun as error:
            raise Refusal(429, "too_many_requests", str(error), seconds=error.seconds) from error
        except JournalConflict as error:
            raise Refusal(409, "conflict", str(error), "Idempotency-Key") from error
        except JournalFull as error:
            _log.error("%s", error)
            told = "there is no room to keep this; nothing of it was kept. Send it again later"
            raise Refusal(507, "not_kept", told, seconds=60) from error
        except JournalError as error:
            _log.error("%s", error)
            told = "the journal is damaged; the server's log says what its owner has to do"
            raise Refusal(503, "journal_damaged", told, seconds=600) from error

    return told


def _repeat(body: bytes) -> Repeat:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_REPEAT_KEY:
        told = f"Idempotency-Key: at most {LONGEST_REPEAT_KEY} characters"
        raise Refusal(400, "invalid_parameter", told, "Idempotency-Key")
    said = f"{request.method} {request.path}?".encode() + request.query_string
    return Repeat(key, said + b"\n" + body)


def _accepted(receipt: Receipt) -> Response:
    """202 with the task; 400 where it is about one article by its address, which is none."""
    answer = _answer(receipt)
    if receipt.task.status is TaskStatus.FAILED and request.view_args:
        fate = receipt.fates[0]
        raise Refusal(400, "invalid_article", fate.message, fate.reason)
    response = json_response(answer, 202)
    response.headers["Location"] = url_for("publishing.read_task", task=receipt.task.number)
    return response


def _summary(task: Task) -> TaskSummary:
    return {
        "task": task.number,
        "kind": task.kind,  # type: ignore[typeddict-item]  # the publisher's words
        "status": task.status.value,
        "received": _moment(task.received),
        "finished": _moment(task.finished),
        "build": task.build or None,
        "accepted": task.articles - task.refused,
        "refused": task.refused,
    }


def _answer(receipt: Receipt) -> TaskAnswer:
    return {**_summary(receipt.task), "articles": [*_fates(receipt)]}


def _fates(receipt: Receipt) -> Iterable[FateAnswer]:
    for fate in receipt.fates:
        yield {
            "index": fate.index,
            "id": fate.id,
            "fate": fate.fate,  # type: ignore[typeddict-item]  # likewise
            "reason": fate.reason or None,
            "message": fate.message or None,
            "remarks": [{"code": r.code, "message": r.message} for r in fate.remarks],
        }


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return iso(datetime.fromtimestamp(seconds, timezone.utc).astimezone(VIETNAM))
