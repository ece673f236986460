"""The door of the desk: logging in with an admin key, logging out, and the log of what was done.

Everything below ``/desk`` but the login page wants a session, and every form a word of it.
"""

from __future__ import annotations

from hmac import compare_digest

from flask import (
    Blueprint,
    Response,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from webui.desk.access.log import Deed, DeskLog
from webui.desk.access.sessions import LONGEST_SECONDS, Attempts, Session, Sessions
from webui.http.keys.key_file import KeyRing, Scope
from webui.http.limits import client
from webui.http.problems import Refusal
from webui.parameters import Parameters, integer
from webui.rendering.languages import gettext

COOKIE = "timbao_desk"
ENTRIES = 50
PAGE = integer("page", 1, 1, 1_000, "Which page.")
_LONGEST_KEY = 200


def editor() -> Session:
    """Who asks, on a page of the desk."""
    session: Session = g.editor
    return session


def desk_blueprint(
    sessions: Sessions, attempts: Attempts, log: DeskLog, ring: KeyRing
) -> Blueprint:
    """The desk with its door; pages are added to it.

    Args:
        sessions: of editors.
        attempts: that failed.
        log: of what is done.
        ring: the keys, of which those for everything open the desk.
    """
    desk = Blueprint("desk", __name__, url_prefix="/desk")

    @desk.before_request
    def let_in() -> AnyResponse | None:
        if request.endpoint == "desk.login":
            return None
        session = sessions.find(request.cookies.get(COOKIE, ""))
        if session is None:
            return redirect(url_for("desk.login"), 303)
        sent = request.form.get("csrf", "") if request.method == "POST" else session.csrf
        if not compare_digest(sent.encode("utf-8", "replace"), session.csrf.encode()):
            raise Refusal(403, "not_permitted", "this form is not of your session; load it again")
        g.editor = session
        return None

    @desk.after_request
    def keep_to_itself(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        response.vary.add("Cookie")
        return response

    @desk.route("/login", methods=["GET", "POST"])
    def login() -> AnyResponse:
        if request.method == "GET":
            if sessions.find(request.cookies.get(COOKIE, "")):
                return redirect(url_for("desk.overview"), 303)
            return make_response(render_template("desk/login.html", wrong=""))
        seconds = attempts.seconds_to_wait(client())
        if seconds:
            told = "too many keys that do not open the desk; try again later"
            raise Refusal(429, "too_many_requests", told, seconds=seconds)
        sent = request.form.get("key", "").strip()
        key = ring.find(sent) if 0 < len(sent) <= _LONGEST_KEY else None
        if key is None or not key.may(Scope.ADMIN):
            attempts.failed(client())
            log.write("", Deed.REFUSED, key.name if key else "")
            wrong = gettext("Khóa này không mở được bàn biên tập; cần một khóa quản trị (admin).")
            return make_response(render_template("desk/login.html", wrong=wrong), 403)
        response = redirect(url_for("desk.overview"), 303)
        response.set_cookie(
            COOKIE,
            sessions.begin(key),
            max_age=LONGEST_SECONDS,
            path=f"{request.script_root}/desk",
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
        log.write(key.name, Deed.ENTERED)
        return response

    @desk.post("/logout")
    def logout() -> AnyResponse:
        sessions.end(request.cookies.get(COOKIE, ""))
        log.write(editor().editor, Deed.LEFT)
        response = redirect(url_for("desk.login"), 303)
        response.delete_cookie(COOKIE, path=f"{request.script_root}/desk")
        return response

    @desk.get("/log")
    def show_log() -> str:
        page = max(1, PAGE.read(Parameters(request.query_string)))
        entries = log.entries(most=ENTRIES + 1, skip=(page - 1) * ENTRIES)
        return render_template(
            "desk/log.html", entries=entries[:ENTRIES], page=page, more=len(entries) > ENTRIES
        )

    desk.context_processor(lambda: {"editor": g.get("editor")})
    return desk
