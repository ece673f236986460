"""How responses travel: compressed, timed, and not at all where the client has them."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from index.build.rebuild import rebuild
from search import SearchEngine
from webui import Settings, create_app
from webui.rendering import dates

URL = "/api/v1/search?q=thong+tin&per_page=10"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("x-unknown;;q=,", None),
    ],
)
def test_a_response_is_compressed_as_the_client_accepts(
    client: FlaskClient, accepted: str, encoding: str | None
) -> None:
    for url in (URL, "/search?q=thong+tin", "/api/v1/openapi.json"):
        plain = client.get(url)
        response = client.get(url, headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == encoding
        assert "Accept-Encoding" in plain.vary
        assert "Accept-Encoding" in response.vary
        body = response.data
        assert int(response.headers["Content-Length"]) == len(body)
        if encoding:
            body = brotli.decompress(body) if encoding == "br" else gzip.decompress(body)
            assert len(response.data) < len(body)
        assert without_time(body) == without_time(plain.data)


def without_time(body: bytes) -> bytes:
    return re.sub(rb'"took_ms":[\d.]+|\(\d,\d+ gi\xc3\xa2y\)', b"", body)


def test_small_responses_are_left_as_they_are(client: FlaskClient) -> None:
    response = client.get("/healthz", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in response.headers


def test_ten_results_are_small(client: FlaskClient) -> None:
    response = client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert len(json.loads(gzip.decompress(response.data))["hits"]) == 10
    assert len(response.data) <= 8_192


def test_what_the_client_has_is_not_sent_again(client: FlaskClient) -> None:
    article = client.get(URL).get_json()["hits"][0]["id"]
    for url in (URL, f"/api/v1/articles/{article}"):
        tag = client.get(url).headers["ETag"]
        assert tag.startswith("W/")
        for sent in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
            again = client.get(url, headers={"If-None-Match": sent})
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == tag
        assert client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200
        assert client.get(f"{url}?fields=id&x=1").headers.get("ETag") != tag


def test_another_day_is_another_response(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get(URL).headers["ETag"]
    tomorrow = dates.now() + timedelta(days=1)
    monkeypatch.setattr("webui.http.freshness.now", lambda: tomorrow)
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 200


def test_another_build_is_another_response(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "Tin", "body": "Tin."}), "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "a.jsonl"])
    with SearchEngine.open(tmp_path / "index") as engine:
        site = create_app(engine).test_client()
        first = site.get("/api/v1/search?q=tin")
        rebuild(tmp_path / "index", [tmp_path / "a.jsonl"])
        second = site.get("/api/v1/search?q=tin", headers={"If-None-Match": first.headers["ETag"]})
        assert second.status_code == 200
        assert second.headers["ETag"] != first.headers["ETag"]


def test_another_ranking_is_another_response(engine: SearchEngine) -> None:
    tags = {
        create_app(engine, Settings(recency_half_life_days=days))
        .test_client()
        .get(URL)
        .headers["ETag"]
        for days in (None, 7.0, 30.0)
    }
    assert len(tags) == 3


@pytest.mark.parametrize("fault", ["q=a&q=b", "fields=x", "page=0"])
def test_an_error_is_never_not_modified(client: FlaskClient, fault: str) -> None:
    response = client.get(f"/api/v1/search?{fault}", headers={"If-None-Match": "*"})
    assert response.status_code == 400
    assert "ETag" not in response.headers
    gone = client.get("/api/v1/articles/khong-co", headers={"If-None-Match": "*"})
    assert gone.status_code == 404


def test_the_time_a_response_took_is_told(client: FlaskClient) -> None:
    response = client.get(URL)
    timing = re.fullmatch(
        r"search;dur=(\d+\.\d\d), total;dur=(\d+\.\d\d)", response.headers["Server-Timing"]
    )
    assert timing is not None
    assert float(timing[1]) <= float(timing[2])
    assert "Server-Timing" not in client.get("/healthz").headers
    assert "Server-Timing" in client.get("/api/v1/search?page=0").headers
