"""What writes, over HTTP: statuses, fates, keys, repeats, and other sites' pages."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.build.publishing.applying import apply_journal
from index.build.rebuild import rebuild
from index.storage import journal
from index.storage.journal import JOURNAL_NAME
from search import SearchEngine
from webui import Settings, create_app
from webui.http.keys.key_file import (
    KEYS_NAME,
    KeyFileError,
    Scope,
    make_key,
    read_keys,
    revoke_key,
)

ARTICLES = "/api/v1/articles"
OURS = "https://bao.example"
STORY = {"headline": "Sầu riêng vào mùa", "body": "Vườn sầu riêng chín rộ khắp cù lao."}


class Desk:
    """A site over an index of its own, and somebody with a key."""

    def __init__(self, index_dir: Path, **settings: Any) -> None:
        self.index_dir = index_dir
        self.key = make_key(index_dir / KEYS_NAME, "tòa soạn", [Scope.WRITE])
        self.engine = SearchEngine.open(index_dir)
        self.client: FlaskClient = create_app(self.engine, Settings(**settings)).test_client()

    def ask(self, method: str, path: str, value: object = None, **headers: str) -> Any:
        data = value if isinstance(value, (bytes, str)) else json.dumps(value)
        sent = {"X-API-Key": self.key, **{name.replace("_", "-"): v for name, v in headers.items()}}
        return self.client.open(path, method=method, data=data, headers=sent)

    def apply(self) -> None:
        apply_journal(self.index_dir, keep=2)

    def found(self, query: str = "sầu riêng") -> dict[str, str]:
        page = self.client.get("/api/v1/search", query_string={"q": query}).get_json()
        return {hit["id"]: hit["headline"] for hit in page["hits"]}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    source = tmp_path / "nguon.jsonl"
    source.write_text('{"id": "cu", "title": "Ghe dưa về bến", "body": "Ghe dưa về bến sớm."}\n')
    rebuild(tmp_path / "index", [source])
    desk = Desk(tmp_path / "index", allowed_origins=(OURS,))
    with desk.engine:
        yield desk


def error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def test_an_article_is_put_found_changed_and_withdrawn(desk: Desk) -> None:
    answer = desk.ask("PUT", f"{ARTICLES}/sr/1", STORY)
    task = answer.get_json()
    assert (answer.status_code, task["status"]) == (202, "enqueued")
    assert desk.found() == {}
    desk.apply()
    assert desk.found() == {"sr/1": "Sầu riêng vào mùa"}
    assert desk.ask("GET", answer.headers["Location"]).get_json() == {
        **task,
        "status": "done",
        "finished": desk.ask("GET", "/api/v1/tasks").get_json()["tasks"][0]["finished"],
        "build": desk.engine.build,
    }
    desk.ask("PATCH", f"{ARTICLES}/sr/1", {"title": "Sầu riêng trái mùa", "section": "Chợ"})
    desk.ask("PATCH", f"{ARTICLES}/cu", {"summary": "Dưa và sầu riêng cùng về."})
    desk.apply()
    assert desk.found()["sr/1"] == "Sầu riêng trái mùa"
    stored = desk.client.get(f"{ARTICLES}/cu").get_json()
    assert (stored["summary"], stored["body"]) == (
        "Dưa và sầu riêng cùng về.",
        "Ghe dưa về bến sớm.",
    )
    desk.ask("PATCH", f"{ARTICLES}/cu", {"summary": None})
    desk.ask("DELETE", f"{ARTICLES}/sr/1?reason=nh%E1%BA%A7m")
    desk.apply()
    assert desk.found() == {}
    assert desk.client.get(f"{ARTICLES}/sr/1").status_code == 404


@pytest.mark.parametrize("article_id", ["a\nb", "/dau/gach", "a//b", "a/"])
def test_an_id_that_cannot_stand_in_an_address_is_changed_for_good(
    desk: Desk, article_id: str
) -> None:
    address = f"{ARTICLES}/{quote(article_id)}"
    assert desk.ask("PUT", address, STORY).status_code == 202
    desk.apply()
    assert list(desk.found().values()) == ["Sầu riêng vào mùa"]
    assert desk.ask("PATCH", address, {"title": "Sầu riêng trái mùa"}).status_code == 202
    desk.apply()
    ((usable, headline),) = desk.found().items()
    assert headline == "Sầu riêng trái mùa"
    assert desk.client.get(f"{ARTICLES}/{usable}").status_code == 200
    assert desk.ask("DELETE", address).status_code == 202
    desk.apply()
    assert desk.found() == {}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (
            json.dumps([{**STORY, "id": "1"}, {"id": "2", "title": "Thiếu thân"}, 7]),
            "application/json",
        ),
        (
            "\n".join(
                map(json.dumps, [{**STORY, "id": "1"}, {"id": "2", "title": "Thiếu thân"}, 7])
            ),
            "application/x-ndjson",
        ),
        (
            "\n".join(
                map(json.dumps, [{**STORY, "id": "1"}, {"id": "2", "title": "Thiếu thân"}, 7])
            ),
            "application/x-www-form-urlencoded",
        ),
    ],
)
def test_what_is_no_article_is_refused_with_its_place_and_the_others_go_in(
    desk: Desk, body: str, content_type: str
) -> None:
    answer = desk.ask("POST", ARTICLES, body, Content_Type=content_type)
    assert answer.status_code == 202
    fates = answer.get_json()["articles"]
    assert [(one["index"], one["id"], one["fate"], one["reason"]) for one in fates] == [
        (0, "1", "accepted", None),
        (1, "2", "refused", "no-body"),
        (2, "", "refused", "not-an-object"),
    ]
    desk.apply()
    assert desk.found() == {"1": STORY["headline"]}


def test_what_is_repaired_is_said_and_an_article_without_an_id_gets_one(desk: Desk) -> None:
    given = {**STORY, "url": "https://bao.example/sr", "published": "hôm nào đó"}
    (first,) = desk.ask("POST", ARTICLES, given).get_json()["articles"]
    (again,) = desk.ask("POST", ARTICLES, given).get_json()["articles"]
    assert first == again
    assert first["id"]
    assert [remark["code"] for remark in first["remarks"]] == ["unreadable-date"]


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("PUT", "/x", '{"headline": "a",\n "body": }', (400, "not_json")),
        ("PUT", "/x", b'{"headline": "\xff", "body": "b"}', (400, "not_json")),
        ("PUT", "/x", "[1, 2]", (400, "not_an_object")),
        ("PUT", "/x", '{"id": "y", "headline": "a", "body": "b"}', (400, "wrong_id")),
        ("PATCH", "/x", '{"id": ["x"], "headline": "a"}', (400, "wrong_id")),
        ("PATCH", "/x", '{"id": {"x": 1}, "headline": "a"}', (400, "wrong_id")),
        ("PUT", "/x", '{"headline": "a"}', (400, "invalid_article")),
        ("PUT", "/x", '{"headline": "a", "body": NaN}', (400, "not_json")),
        ("POST", "", "[]", (400, "no_articles")),
        ("POST", "", "", (400, "not_json")),
        ("POST", "", "[" * 99_999, (400, "not_json")),
        ("POST", "", json.dumps([STORY] * 1001), (413, "too_large")),
        ("POST", "", b" " * (16 * 1024 * 1024 + 1), (413, "too_large")),
        ("PATCH", "/khong-co", "{}", (404, "article_not_found")),
        ("PATCH", "/cu", '{"body": null}', (400, "invalid_article")),
        ("DELETE", "", "", (400, "invalid_parameter")),
        ("DELETE", "?ids=,,", "", (400, "invalid_parameter")),
        ("DELETE", f"/x?reason={'x' * 501}", "", (400, "invalid_parameter")),
    ],
)
def test_bad_input_is_told_as_what_it_is(
    desk: Desk, method: str, path: str, body: str | bytes, expected: tuple[int, str]
) -> None:
    assert error(desk.ask(method, ARTICLES + path, body)) == expected
    desk.apply()
    assert desk.found("ghe dưa") == {"cu": "Ghe dưa về bến"}


def test_where_it_is_not_json_is_said(desk: Desk) -> None:
    answer = desk.ask("POST", ARTICLES, '{"a": 1}\n{"b": 2}\n{"c": 3\n', Content_Type="x/jsonl")
    assert "line 3, column 8" in answer.get_json()["error"]["message"]
    answer = desk.ask("PUT", f"{ARTICLES}/x", b'{"headline":\n"n\xff"}')
    assert "line 2, column 3" in answer.get_json()["error"]["message"]


def test_one_name_is_one_request(desk: Desk) -> None:
    first = desk.ask("PUT", f"{ARTICLES}/x", STORY, Idempotency_Key="sáng-1".encode().hex())
    again = desk.ask("PUT", f"{ARTICLES}/x", STORY, Idempotency_Key="sáng-1".encode().hex())
    assert first.get_json() == again.get_json()
    other = desk.ask("PUT", f"{ARTICLES}/y", STORY, Idempotency_Key="sáng-1".encode().hex())
    assert error(other) == (409, "conflict")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "key_required")),
        ({"X-API-Key": "tb_khong-phai"}, (401, "key_required")),
        ({"X-API-Key": "khóa"}, (401, "key_required")),
        ({"X-API-Key": "SEARCH"}, (403, "not_permitted")),
        ({"X-API-Key": "REVOKED"}, (401, "key_required")),
        ({"X-API-Key": "WRITE", "Origin": "https://la.example"}, (403, "origin_not_allowed")),
        ({"X-API-Key": "WRITE", "Origin": "null"}, (403, "origin_not_allowed")),
        ({"X-API-Key": "WRITE", "Origin": OURS}, None),
        ({"X-API-Key": "WRITE", "Origin": "http://localhost"}, None),
        ({"Authorization": "Bearer WRITE"}, None),
        ({"X-API-Key": "ADMIN"}, None),
    ],
)
def test_who_may_write(
    desk: Desk, headers: Mapping[str, str], expected: tuple[int, str] | None
) -> None:
    keys = desk.index_dir / KEYS_NAME
    made = {scope.name: make_key(keys, scope.value, [scope]) for scope in Scope}
    made["REVOKED"] = make_key(keys, "cũ", [Scope.WRITE])
    revoke_key(keys, "cũ")
    for name, key in made.items():
        headers = {header: value.replace(name, key) for header, value in headers.items()}
    sent = {header: value.encode().decode("latin-1") for header, value in headers.items()}
    answer = desk.client.delete(f"{ARTICLES}/x", headers=sent)
    if expected is None:
        assert answer.status_code == 202
    else:
        assert error(answer) == expected
        assert not (desk.index_dir / JOURNAL_NAME).exists()


def test_a_key_that_cannot_search_does_not_where_keys_are_required(desk: Desk) -> None:
    settings = Settings(keys_required=True, key_file=desk.index_dir / KEYS_NAME)
    client = create_app(desk.engine, settings).test_client()
    searches = make_key(desk.index_dir / KEYS_NAME, "đọc", [Scope.SEARCH])
    statuses = [
        client.get("/api/v1/search?q=dua", headers={"X-API-Key": key}).status_code
        for key in (searches, desk.key, "khác")
    ]
    assert statuses == [200, 403, 401]


def test_a_key_is_written_down_nowhere(desk: Desk) -> None:
    path = desk.index_dir / KEYS_NAME
    assert desk.key not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(KeyFileError, match="there is a key named tòa soạn"):
        make_key(path, "tòa soạn", [Scope.SEARCH])
    with pytest.raises(KeyFileError, match="no key named ai đó"):
        revoke_key(path, "ai đó")
    path.write_text("không phải JSON")
    with pytest.raises(KeyFileError, match="move it away"):
        read_keys(path)


def test_a_file_of_keys_that_breaks_shuts_nobody_out(desk: Desk) -> None:
    assert desk.ask("DELETE", f"{ARTICLES}/x").status_code == 202
    (desk.index_dir / KEYS_NAME).write_text("{")
    assert desk.ask("DELETE", f"{ARTICLES}/x").status_code == 202


def test_preflights_let_in_who_the_owner_named_and_nobody_by_a_star(desk: Desk) -> None:
    def preflight(client: FlaskClient, origin: str, method: str) -> tuple[int, str]:
        asked = {"Origin": origin, "Access-Control-Request-Method": method}
        answer = client.options(f"{ARTICLES}/x", headers=asked)
        return answer.status_code, answer.headers.get("Access-Control-Allow-Methods", "")

    assert preflight(desk.client, OURS, "PUT") == (204, "PUT, POST, PATCH, DELETE")
    assert preflight(desk.client, "https://la.example", "PUT")[0] == 403
    anybody = create_app(desk.engine, Settings(allowed_origins=("*",))).test_client()
    assert preflight(anybody, OURS, "GET") == (204, "GET, HEAD")
    assert preflight(anybody, OURS, "DELETE")[0] == 403


def test_who_is_too_fast_is_told_when_to_come_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal.Journal.take, "__kwdefaults__", {"most_pending": 2})
    assert desk.ask("POST", ARTICLES, [STORY, {**STORY, "id": "b"}]).status_code == 202
    refused = desk.ask("PUT", f"{ARTICLES}/c", STORY)
    assert error(refused) == (429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) > 0
    desk.apply()
    assert desk.ask("PUT", f"{ARTICLES}/c", STORY).status_code == 202


def test_tasks_are_listed_by_status_and_page(desk: Desk) -> None:
    for name in "abc":
        desk.ask("PUT", f"{ARTICLES}/{name}", STORY)
    desk.ask("POST", ARTICLES, [{"title": "thiếu"}])

    def numbers(query: str) -> list[int]:
        listed = desk.ask("GET", f"/api/v1/tasks?{query}").get_json()["tasks"]
        return [task["task"] for task in listed]

    assert numbers("") == [4, 3, 2, 1]
    assert numbers("status=failed") == [4]
    assert numbers("status=enqueued&limit=2") == [3, 2]
    assert numbers("before=2") == [1]
    assert error(desk.ask("GET", "/api/v1/tasks/99")) == (404, "task_not_found")
    assert error(desk.ask("GET", "/api/v1/tasks/x")) == (404, "task_not_found")
    assert error(desk.ask("GET", "/api/v1/tasks?status=x")) == (400, "invalid_parameter")


def test_an_article_dated_ahead_is_scheduled(desk: Desk) -> None:
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    answer = desk.ask("PUT", f"{ARTICLES}/x", {**STORY, "published": tomorrow.isoformat()})
    assert answer.get_json()["articles"][0]["fate"] == "scheduled"
    desk.apply()
    assert desk.found() == {}


def test_a_broken_journal_is_told_and_searches_go_on(desk: Desk) -> None:
    (desk.index_dir / JOURNAL_NAME).write_bytes(b"hong " * 999)
    answer = desk.ask("PUT", f"{ARTICLES}/x", STORY)
    assert error(answer) == (503, "journal_damaged")
    assert str(desk.index_dir) not in answer.get_data(as_text=True)
    assert desk.found("ghe dưa") == {"cu": "Ghe dưa về bến"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of resources are POSIX's")
def test_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept(desk: Desk) -> None:
    import resource

    desk.ask("PUT", f"{ARTICLES}/a", STORY)
    room = (desk.index_dir / JOURNAL_NAME).stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        statuses = [
            desk.ask("PUT", f"{ARTICLES}/{n}", {**STORY, "body": os.urandom(20_000).hex()})
            for n in range(5)
        ]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    kept = [n for n, answer in enumerate(statuses) if answer.status_code == 202]
    assert {error(answer) for answer in statuses if answer.status_code != 202} == {
        (507, "not_kept")
    }
    desk.apply()
    for n in range(5):
        there = desk.client.get(f"{ARTICLES}/{n}").status_code
        assert there == (200 if n in kept else 404)
