"""What is being typed is completed over HTTP."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient


def test_what_is_typed_is_completed_and_marked(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=thong+tin+d&limit=3").get_json()
    assert body["query"] == "thong tin d"
    assert 1 <= len(body["suggestions"]) <= 3
    for completion in body["suggestions"]:
        assert html.unescape(re.sub("</?mark>", "", completion["html"])) == completion["text"]
        assert "<mark>" in completion["html"]
    assert client.get("/api/v1/suggest").get_json()["suggestions"] == []


def test_a_headline_names_its_article_and_a_phrase_none(client: FlaskClient) -> None:
    found = client.get("/api/v1/suggest?q=thong+tin+d&limit=8").get_json()["suggestions"]
    assert {completion["kind"] for completion in found} == {"phrase", "headline"}
    for completion in found:
        if completion["kind"] == "headline":
            article = client.get(f"/api/v1/articles/{completion['id']}").get_json()
            assert completion["text"] == article["headline"]
            for name in ("url", "published", "image"):
                assert completion[name] == article[name]
        else:
            assert (completion["id"], completion["published"]) == ("", None)


@pytest.mark.parametrize("typed", ["%00", "%F0%9F%90%89", "<script>", "a" * 1000, "%ff", "-", '"'])
def test_any_text_gets_a_response(client: FlaskClient, typed: str) -> None:
    response = client.get(f"/api/v1/suggest?q={typed}")
    assert response.status_code == 200
    assert "<script" not in "".join(
        completion["html"] for completion in response.get_json()["suggestions"]
    )
