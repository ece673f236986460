"""The desk opens to admin keys only, and its forms to nobody else's pages."""

from __future__ import annotations

import sqlite3

import pytest
from flask.testing import FlaskClient

from tests.webui.desk.conftest import Editor, Newsroom
from webui.desk.access import sessions
from webui.desk.file import DeskFile
from webui.http.keys.key_file import Scope, make_key, revoke_key

WRONG = {"key": "tb_wrong"}


def pages(client: FlaskClient) -> list[str]:
    """The addresses of all pages of the desk that need nothing but a session."""
    rules = client.application.url_map.iter_rules()
    return sorted(
        rule.rule
        for rule in rules
        if rule.endpoint.startswith("desk.")
        and "GET" in (rule.methods or ())
        and not rule.arguments
    )


def forms(client: FlaskClient) -> list[str]:
    rules = client.application.url_map.iter_rules()
    return sorted(
        rule.rule.replace("<int:number>", "1")
        for rule in rules
        if rule.endpoint.startswith("desk.") and "POST" in (rule.methods or ())
    )


def test_nothing_is_shown_or_done_without_a_session(newsroom: Newsroom) -> None:
    assert len(pages(newsroom.reader)) > 4
    for path in pages(newsroom.reader):
        if path != "/desk/login":
            response = newsroom.reader.get(path)
            assert (response.status_code, response.headers["Location"]) == (303, "/desk/login")
    for path in forms(newsroom.reader):
        if path != "/desk/login":
            response = newsroom.reader.post(path, data={"csrf": ""})
            assert (response.status_code, response.headers["Location"]) == (303, "/desk/login")


def test_the_cookie_is_for_the_desk_alone_and_for_no_script(newsroom: Newsroom) -> None:
    response = newsroom.reader.post("/desk/login", data={"key": newsroom.key})
    cookie = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/desk"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    secure = newsroom.reader.post(
        "/desk/login", data={"key": newsroom.key}, base_url="https://localhost"
    )
    assert "Secure" in secure.headers["Set-Cookie"].split("; ")
    assert newsroom.key not in cookie
    content = b"".join(path.read_bytes() for path in newsroom.file.parent.glob("desk.db*"))
    token = cookie.partition("=")[2].partition(";")[0]
    assert token.encode() not in content
    assert newsroom.key.encode() not in content


@pytest.mark.parametrize("scope", [Scope.SEARCH, Scope.WRITE])
def test_other_keys_do_not_open_it(newsroom: Newsroom, scope: Scope) -> None:
    key = make_key(newsroom.keys, "khác", (scope,))
    for sent in (key, "", "x" * 10_000, "'; DROP TABLE sessions; --"):
        response = newsroom.reader.post("/desk/login", data={"key": sent})
        assert response.status_code in (403, 429)
        assert "Set-Cookie" not in response.headers


def test_who_fails_too_often_waits_and_nobody_else_does(newsroom: Newsroom) -> None:
    elsewhere = {"REMOTE_ADDR": "198.51.100.1"}
    for _ in range(sessions.MOST_FAILURES):
        response = newsroom.reader.post("/desk/login", data=WRONG, environ_base=elsewhere)
        assert response.status_code == 403
    right = {"key": newsroom.key}
    for sent in (WRONG, right):
        response = newsroom.reader.post("/desk/login", data=sent, environ_base=elsewhere)
        assert response.status_code == 429
        assert 0 < int(response.headers["Retry-After"]) <= sessions.FAILURES_SECONDS
    assert newsroom.reader.post("/desk/login", data=right).status_code == 303


def test_a_form_without_the_word_of_its_session_does_nothing(newsroom: Newsroom) -> None:
    editor, other = newsroom.enter(), newsroom.enter()
    for word in ("", "x", other.csrf, "đ"):
        for path in forms(editor.client):
            if path != "/desk/login":
                assert editor.client.post(path, data={"csrf": word}).status_code == 403
    assert editor.client.get("/desk").status_code == 200
    from_elsewhere = {"Origin": "https://xau.example"}
    response = editor.client.post(
        "/desk/logout", data={"csrf": editor.csrf}, headers=from_elsewhere
    )
    assert response.status_code == 403


def test_a_session_ends_by_hand_by_its_key_and_by_time(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = newsroom.enter()
    cookie = editor.client.get_cookie("timbao_desk", path="/desk")
    assert cookie is not None
    assert editor.send("/desk/logout").status_code == 303
    editor.client.set_cookie("timbao_desk", cookie.value, path="/desk")
    assert editor.client.get("/desk").status_code == 303

    for limit in ("IDLE_SECONDS", "LONGEST_SECONDS"):
        late = newsroom.enter()
        with monkeypatch.context() as patched:
            patched.setattr(sessions, limit, -1)
            assert late.client.get("/desk").status_code == 303
        assert late.client.get("/desk").status_code == 200

    revoked = newsroom.enter()
    revoke_key(newsroom.keys, "tòa soạn")
    assert revoked.client.get("/desk").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "\x00", "đ" * 100, "a" * 3_000])
def test_a_made_up_cookie_opens_nothing(newsroom: Newsroom, token: str) -> None:
    newsroom.reader.set_cookie("timbao_desk", token, path="/desk")
    assert newsroom.reader.get("/desk").status_code == 303


def test_the_log_says_who_came_and_who_was_not_let_in(newsroom: Newsroom) -> None:
    newsroom.reader.post("/desk/login", data=WRONG)
    log = newsroom.enter().client.get("/desk/log").text
    assert log.index("vào bàn</td>") < log.index("khóa sai")
    assert "tòa soạn" in log
    assert "tb_wrong" not in log


def test_pages_are_nobodys_to_keep(editor: Editor) -> None:
    for path in pages(editor.client):
        response = editor.client.get(path)
        assert response.headers["Cache-Control"] == "no-store", path
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_trouble_with_the_file_is_told(newsroom: Newsroom) -> None:
    editor = newsroom.enter()
    with DeskFile(newsroom.file).open() as database:
        database.execute("DROP TABLE log")
    response = editor.client.get("/desk/log")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    with pytest.raises(sqlite3.OperationalError), DeskFile(newsroom.file).open() as database:
        database.execute("SELECT * FROM log")
