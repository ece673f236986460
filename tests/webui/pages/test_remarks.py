"""What looked like a filter and was searched as words is said on the page."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

SHOWN = [
    ("ngày:mốt tin", "“ngày:mốt” không hiểu được là điều kiện lọc"),
    ("dấu:phẩy tin", "“dấu:phẩy” không hiểu được là điều kiện lọc"),
    ("nguồn: tin", "Viết “nguồn:” liền với chữ sau nó"),
    ("ngày:<b> tin", "“ngày:&lt;b&gt;” không hiểu được"),
]


@pytest.mark.parametrize(("query", "said"), SHOWN)
def test_a_filter_that_was_none_is_named(client: FlaskClient, query: str, said: str) -> None:
    assert said in client.get("/search", query_string={"q": query}).text


def test_it_is_said_in_english_too(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "ngày:mốt tin", "lang": "en"}).text
    assert "“ngày:mốt” could not be read as a filter" in page


def test_nothing_is_said_of_a_filter_that_is_one(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "ngày:2022 tin"}).text
    assert "đã tìm như từ thường" not in page
