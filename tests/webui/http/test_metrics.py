"""What Prometheus reads: counts of requests and searches, of all workers, and nobody's data."""

from __future__ import annotations

import os
import re
import urllib.request
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client import values
from prometheus_client.parser import text_string_to_metric_families

from search import SearchEngine
from tests.webui.conftest import RunningSite
from webui import create_app
from webui.http.metrics import SHARED_FOLDER, Metrics, reserve_shared

SECRET = "bi-mat-0912345678"


@pytest.fixture
def counted(engine: SearchEngine) -> FlaskClient:
    """A site that nobody has asked anything yet."""
    return create_app(engine).test_client()


def numbers(text: str) -> dict[str, float]:
    """Every sample by its name and the values of its labels."""
    return {
        " ".join([sample.name, *(sample.labels[name] for name in sorted(sample.labels))]): (
            sample.value
        )
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_are_counted_by_endpoint_and_status(counted: FlaskClient) -> None:
    for url in ("/", "/api/v1/search?q=tin", "/api/v1/search?page=0", "/khong-co", "/khong-co/nua"):
        counted.get(url)
    metrics = numbers(counted.get("/metrics").text)
    assert metrics["timbao_requests_total pages.home 200"] == 1
    assert metrics["timbao_requests_total api.search 200"] == 1
    assert metrics["timbao_requests_total api.search 400"] == 1
    assert metrics["timbao_requests_total none 404"] == 2
    assert metrics["timbao_request_seconds_count api.search"] == 2


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        ("q=thong+tin", "found"),
        ("q=zzzqqqxx", "nothing"),
        ("section=Thể+thao", "browse"),
        ("q=thong+tin+doi+ngoai+zzzqqqxx", "relaxed"),
    ],
)
def test_searches_are_counted_by_how_they_went(
    counted: FlaskClient, query: str, outcome: str
) -> None:
    for path in ("/api/v1/search", "/search", "/search.atom", "/embed"):
        counted.get(f"{path}?{query}")
    metrics = numbers(counted.get("/metrics").text)
    assert metrics[f"timbao_searches_total {outcome}"] == 4
    assert metrics["timbao_search_seconds_count"] == 4


def test_nothing_that_somebody_asked_for_is_told(counted: FlaskClient) -> None:
    for url in (f"/search?q={SECRET}", f"/{SECRET}", f"/article/{SECRET}", f"/search?{SECRET}=1"):
        counted.get(url, headers={"User-Agent": SECRET, "Referer": SECRET})
    assert SECRET not in counted.get("/metrics").text


def test_all_workers_are_added_up(newsroom_index: Path) -> None:
    running = RunningSite("--index", str(newsroom_index), "--port", "0", "--workers", "2")
    try:
        assert running.url, running.end()
        for _ in range(40):  # a connection each: the system hands them to either worker
            with urllib.request.urlopen(f"{running.url}/api/v1/search?q=tin") as response:
                assert response.status == 200
        with urllib.request.urlopen(f"{running.url}/metrics") as response:
            text = response.read().decode()
    finally:
        running.end()
    assert numbers(text)["timbao_searches_total found"] == 40
    assert not re.search(r'pid="\d+"', text)


def test_a_worker_counts_by_itself_where_there_is_no_room_to_count_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)  # as it was, afterwards
    monkeypatch.setenv(SHARED_FOLDER, str(tmp_path))
    reserve_shared()
    files = list(tmp_path.iterdir())
    assert len(files) == 2
    assert all(file.stat().st_blocks * 512 >= 1 << 20 for file in files)  # no holes
    assert os.environ[SHARED_FOLDER] == str(tmp_path)
    monkeypatch.setenv(SHARED_FOLDER, str(tmp_path / "tidied away"))
    reserve_shared()
    assert SHARED_FOLDER not in os.environ
    assert b"timbao_requests" in Metrics().written()
