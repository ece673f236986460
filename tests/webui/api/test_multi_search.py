"""Several searches in one request: the same answers as one by one, each with its own mistakes."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search import SearchEngine
from webui import Settings, create_app
from webui.api.multi_search import MultiSearchAnswer
from webui.parameters import MOST_SEARCHES, MULTI_SEARCH_PATH

WITHOUT_TIME = {"took_ms"}


def ask(client: FlaskClient, *searches: Any) -> TestResponse:
    return client.post(MULTI_SEARCH_PATH, json={"searches": [*searches]})


def answers(client: FlaskClient, *searches: Any) -> list[dict[str, Any]]:
    response = ask(client, *searches)
    assert response.status_code == 200
    told = msgspec.json.decode(response.data, type=MultiSearchAnswer, strict=True)
    return json.loads(json.dumps(told["answers"]))  # type: ignore[no-any-return]  # a list


def test_each_has_the_answer_that_it_has_by_itself(client: FlaskClient) -> None:
    alone = [
        client.get("/api/v1/search?q=thong+tin+doi+ngoai&per_page=3").get_json(),
        client.get("/api/v1/search?sort=newest&section=Kinh+tế&section=Thời+sự").get_json(),
        client.get("/api/v1/search?q=giá+lúa&verbatim=1&facets=section").get_json(),
    ]
    together = answers(
        client,
        {"q": "thong tin doi ngoai", "per_page": 3},
        {"sort": "newest", "section": ["Kinh tế", "Thời sự"]},
        {"q": "giá lúa", "verbatim": True, "facets": "section", "unknown": None},
    )
    assert [each["error"] for each in together] == [None] * 3
    for each, expected in zip(together, alone, strict=True):
        assert {
            name: value for name, value in each["answer"].items() if name not in WITHOUT_TIME
        } == {name: value for name, value in expected.items() if name not in WITHOUT_TIME}


def test_what_is_wrong_with_one_leaves_the_others(client: FlaskClient) -> None:
    found = answers(
        client,
        {"q": "tin"},
        {"q": "tin", "page": 0},
        {"q": {"a": 1}},
        "tin",
        {"q": "x" * 2_000},
        {"section": [["Kinh tế"]]},
        {"q": "gi\ud83d", "sort": "newest"},
    )
    fields = [each["error"] and each["error"]["field"] for each in found]
    assert fields == [None, "page", "q", "searches", "q", "section", None]
    assert found[0]["answer"]["total"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"searches": []}',
        b'{"searches": {"q": "tin"}}',
        json.dumps({"searches": [{"q": "tin"}] * (MOST_SEARCHES + 1)}).encode(),
        b"[" * 10_000,
    ],
)
def test_what_is_no_list_of_searches_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post(MULTI_SEARCH_PATH, data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.get_json()["error"]["message"]


def test_each_search_counts_where_searches_are_limited(engine: SearchEngine) -> None:
    client = create_app(engine, Settings(rate_limit="5/hour")).test_client()
    assert ask(client, *[{"q": "tin"}] * 3).status_code == 200
    assert client.get("/api/v1/search?q=tin").status_code == 200
    assert ask(client, *[{"q": "tin"}] * 3).status_code == 429


def test_pages_of_other_sites_may_search_so_too(engine: SearchEngine) -> None:
    client = create_app(engine, Settings(allowed_origins=("*",))).test_client()
    origin = {"Origin": "https://bao.example"}
    asked = client.options(
        MULTI_SEARCH_PATH,
        headers=origin
        | {
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "POST"
    sent = client.post(MULTI_SEARCH_PATH, json={"searches": [{"q": "tin"}]}, headers=origin)
    assert sent.status_code == 200
    assert sent.headers["Access-Control-Allow-Origin"] == "*"
