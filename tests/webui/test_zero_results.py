"""Queries without results are counted by folded form, and nothing that could be somebody's."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search import SearchEngine
from webui import Settings, create_app, zero_results
from webui.zero_results import folded_form, keep


def kept(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT folded, times FROM unanswered"))


@pytest.mark.parametrize(
    ("query", "folded"),
    [
        ("Zzyzx Đường", "zzyzx duong"),
        ('"ZZYZX"  đuờng!', "zzyzx duong"),
        ("giá vàng 2022", "gia vang 2022"),
        ("a@bao.example", ""),
        ("0912 345 678", ""),
        ("cccd 001099012345", ""),
        ("https://bao.example/x", ""),
        ("một hai ba bốn năm sáu bảy tám chín mười mười một", ""),
        ("x" * 200, ""),
        ("???", ""),
    ],
)
def test_a_query_is_grouped_by_its_folded_form_or_not_kept(query: str, folded: str) -> None:
    assert folded_form(query) == folded


def test_what_finds_nothing_is_counted_and_nothing_else(
    engine: SearchEngine, tmp_path: Path
) -> None:
    file = tmp_path / "unanswered.db"
    client = create_app(engine, Settings(zero_results=file)).test_client()
    for query in ("zzyzx đường qqxx", "ZZYZX duong qqxx", "thông tin", "", " ", "zz@qq.example"):
        for path in ("/search", "/api/v1/search"):
            client.get(path, query_string={"q": query})
    client.get("/search?q=zzyzx&page=2")
    assert kept(file) == {"zzyzx duong qqxx": 4}


def test_what_is_asked_most_stays_when_the_file_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zero_results, "MOST_KEPT", 20)
    file = tmp_path / "unanswered.db"
    for number in range(60):
        keep(file, f"x{number}")
        keep(file, "thường hỏi")
    counts = kept(file)
    assert len(counts) <= 20
    assert counts["thuong hoi"] == 60


def test_a_file_that_cannot_be_written_is_logged_and_the_search_answered(
    engine: SearchEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(engine, Settings(zero_results=tmp_path / "no" / "x.db")).test_client()
    with caplog.at_level(logging.WARNING):
        assert client.get("/search?q=zzyzxqq").status_code == 200
    assert "was not kept" in caplog.text
    assert "zzyzxqq" not in caplog.text


@pytest.mark.parametrize(
    "query",
    [
        "９０３ １１２ ２３３",
        "٩٠٣١١٢٢٣٣",
        "[903] 112/233",
        "903\u200b112\u2060233",
        "903,112_233",
        "lien.he＠toasoan.example",
        "lien.he (at) toasoan.example",
        "toasoan.example/doi-mat-khau?ma=xyz",
        "ｗｗｗ.toasoan.example",
    ],
)
def test_what_may_be_somebodys_is_not_kept_however_it_is_written(query: str) -> None:
    assert folded_form(query) == ""


def test_a_short_number_and_an_abbreviation_are_kept() -> None:
    assert folded_form("V.League 2026 ở TP.HCM") == "v league 2026 o tp hcm"
