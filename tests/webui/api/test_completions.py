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
    for found in body["suggestions"]:
        assert html.unescape(re.sub("</?mark>", "", found["html"])) == found["text"]
        assert "<mark>" in found["html"]
    assert client.get("/api/v1/suggest").get_json()["suggestions"] == []


@pytest.mark.parametrize("typed", ["%00", "%F0%9F%90%89", "<script>", "a" * 1000, "%ff", "-", '"'])
def test_any_text_gets_an_answer(client: FlaskClient, typed: str) -> None:
    answer = client.get(f"/api/v1/suggest?q={typed}")
    assert answer.status_code == 200
    assert "<script" not in "".join(found["html"] for found in answer.get_json()["suggestions"])
