"""Field selection: the fields that were asked for, in the response's own order, and no others."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient

from search import RequestError
from webui.api.fields import fields_of, select
from webui.api.responses import SearchAnswer
from webui.parameters import Parameters

FIELDS = fields_of(SearchAnswer)
ANSWER = {
    "query": {"text": "tin", "understood": "tin"},
    "total": 2,
    "hits": [{"id": "a", "url": "u", "score": 1.0}, {"id": "b", "url": "v", "score": 0.5}],
    "facets": {"section": [{"value": "S", "count": 2}], "year": []},
    "suggestion": None,
}
CASES = [
    ("", ANSWER),
    ("total", {"total": 2}),
    (
        "hits.url,hits.id,total",
        {"total": 2, "hits": [{"id": "a", "url": "u"}, {"id": "b", "url": "v"}]},
    ),
    ("query", {"query": ANSWER["query"]}),
    ("query.text,query", {"query": ANSWER["query"]}),
    ("query,query.text", {"query": ANSWER["query"]}),
    ("facets.section.count", {"facets": {"section": [{"count": 2}]}}),
    ("suggestion.text", {"suggestion": None}),
    ("total,,total,", {"total": 2}),
]


@pytest.mark.parametrize(("listed", "expected"), CASES)
def test_only_the_chosen_fields_are_left(listed: str, expected: dict[str, object]) -> None:
    chosen = FIELDS.read(Parameters(f"fields={listed}".encode()))
    assert json.dumps(select(ANSWER, chosen)) == json.dumps(expected)


@pytest.mark.parametrize(
    "listed", ["x", "total,x", "hits.x", "total.x", "TOTAL", "hits.", ".", " total", "a" * 2000]
)
def test_a_field_that_is_not_there_is_refused_with_those_that_are(listed: str) -> None:
    with pytest.raises(RequestError, match=r"hits\.headline_html") as refused:
        FIELDS.read(Parameters(f"fields={listed}".encode()))
    assert refused.value.field == "fields"
    assert len(str(refused.value)) < 1500


def test_the_api_answers_with_the_chosen_fields(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=tin&fields=hits.headline,total&per_page=2").get_json()
    assert list(response) == ["total", "hits"]
    assert [list(hit) for hit in response["hits"]] == [["headline"]] * 2
    article = client.get("/api/v1/search?q=tin&fields=hits.id").get_json()["hits"][0]["id"]
    read = client.get(f"/api/v1/articles/{article}?fields=headline").get_json()
    assert list(read) == ["headline"]
    wrong = client.get(f"/api/v1/articles/{article}?fields=total")
    assert (wrong.status_code, wrong.get_json()["error"]["field"]) == (400, "fields")
