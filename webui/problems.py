"""What goes wrong, told to people as a page and to programs as JSON, without a traceback.

Every error is one :class:`Problem`. Below ``/api/`` and for the health checks it is answered as
``{"error": {"code", "message", "field"}}`` in English, everywhere else as a page in Vietnamese.
What was not foreseen is logged by Flask with its traceback and answered as a plain 500.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypedDict

from flask import Flask, Response, make_response, render_template, request
from msgspec import Meta
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError

from search import ArticleNotFound, IndexUnavailable, RequestError, SearchRequest
from search.request import (
    MAX_DEPTH,
    MAX_FILTER_LENGTH,
    MAX_FILTER_VALUES,
    MAX_PER_PAGE,
    MAX_QUERY_LENGTH,
)
from webui.dates import count
from webui.json_answer import json_answer
from webui.parameters import Parameters, search_url

_RETRY_AFTER_SECONDS = 10

CODES = {
    400: "bad_request",
    401: "key_required",
    403: "origin_not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}

_TITLES = {
    400: "Địa chỉ này có chỗ chưa đúng",
    401: "Cần có khóa truy cập",
    403: "Trang này không được gọi từ nơi khác",
    404: "Không có trang này",
    405: "Không làm được như vậy ở đây",
    413: "Yêu cầu quá lớn",
    429: "Xin chậm lại một chút",
    500: "Có lỗi ở phía chúng tôi",
    503: "Chưa tìm được lúc này",
}

_EXPLANATIONS = {
    400: "Có thể đường dẫn đã bị cắt hoặc bị sửa.",
    401: "Chủ trang chỉ cho phép người có khóa.",
    403: "Chủ trang chưa cho phép trang bạn đang xem gọi tới đây.",
    404: "Có thể bài đã được gỡ, hoặc đường dẫn đã bị cắt hay bị sửa.",
    405: "Trang này chỉ để xem.",
    413: "Trang này không nhận dữ liệu gửi kèm lớn như vậy.",
    429: "Máy của bạn gửi quá nhiều yêu cầu trong thời gian ngắn. Hãy thử lại sau ít phút.",
    500: "Lỗi đã được ghi lại. Hãy thử lại sau ít phút.",
    503: "Kho bài báo chưa sẵn sàng. Hãy thử lại sau ít phút.",
}

_DAY = "Ngày phải có thật và viết theo dạng năm-tháng-ngày, ví dụ 2022-06-14"
_FILTER = (
    f"chọn nhiều nhất {MAX_FILTER_VALUES} giá trị, mỗi giá trị không quá {MAX_FILTER_LENGTH} ký tự"
)
_FIELDS = {
    "q": f"Câu tìm chỉ được gửi một lần và dài nhất {count(MAX_QUERY_LENGTH)} ký tự.",
    "page": f"Số trang là số nguyên từ 1 trở lên; chỉ xem được tới kết quả thứ {count(MAX_DEPTH)}.",
    "per_page": f"Mỗi trang có từ 1 đến {MAX_PER_PAGE} kết quả.",
    "sort": "Chỉ sắp xếp được theo relevance (sát nhất), newest (mới nhất) hoặc oldest (cũ nhất).",
    "from": f"{_DAY}.",
    "to": f"{_DAY}, và không trước ngày bắt đầu.",
    "section": f"Chuyên mục: {_FILTER}.",
    "source": f"Nguồn báo: {_FILTER}.",
    "author": f"Tác giả: {_FILTER}.",
    "accents": "Về dấu chỉ chọn được any (mọi cách bỏ dấu) hoặc exact (đúng dấu đã gõ).",
    "duplicates": "Về bài trùng chỉ chọn được collapse (gộp lại) hoặc show (hiện hết).",
    "lang": "Về ngôn ngữ chỉ chọn được vi (tiếng Việt) hoặc en (tiếng Anh).",
    "verbatim": "Muốn tìm nguyên văn thì ghi 1, không thì ghi 0 hoặc bỏ trống.",
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
        """A heading in Vietnamese."""
        return _TITLES.get(self.status, _TITLES[400 if self.status < 500 else 500])

    @property
    def explanation(self) -> str:
        """What happened and what to do, in Vietnamese."""
        if self.field in _FIELDS:
            return _FIELDS[self.field]
        return _EXPLANATIONS.get(self.status, _EXPLANATIONS[400 if self.status < 500 else 500])


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


def answers_json(path: str) -> bool:
    """Whether a program is asking."""
    return path.startswith("/api/") or path in {"/healthz", "/readyz"}


def register_problems(app: Flask) -> None:
    """Answer every error of ``app`` as this module says."""

    def answer(error: Exception) -> Response:
        problem = problem_of(error)
        if answers_json(request.path):
            body: ErrorAnswer = {
                "error": {
                    "code": problem.code,
                    "message": problem.message,
                    "field": problem.field,
                }
            }
            response = json_answer(body, problem.status)
        elif isinstance(error, BadHost):
            # Links need a host to be made, even those that do not name it; a page is full of them.
            text = f"{problem.status} {problem.title}\n"
            response = Response(text, problem.status, content_type="text/plain; charset=utf-8")
        else:
            response = _problem_page(problem)
        if isinstance(error, HTTPException):
            for name, value in error.get_headers():
                if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
                    response.headers[name] = value
        if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
        return response

    def answer_unavailable(error: IndexUnavailable) -> Response:
        app.logger.error("no usable index: %s", error)
        return answer(error)

    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(InternalServerError, answer)
    app.register_error_handler(RequestError, answer)
    app.register_error_handler(ArticleNotFound, answer)
    app.register_error_handler(IndexUnavailable, answer_unavailable)


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
