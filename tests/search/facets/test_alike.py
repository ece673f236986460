"""Values of a facet that look the same are one, whoever typed them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Article
from index.build.bulk import write_index
from index.storage.builds import finish_build, locked_for_rebuilding, switch_to, unfinished_build
from search import SearchEngine, SearchRequest
from search.facets.alike import alike

ONE = ["Văn hoá", "Văn hóa", "VĂN HÓA", unicodedata.normalize("NFD", "Văn hóa"), "Văn\u200b  hóa "]


def test_what_looks_the_same_is_alike() -> None:
    assert {alike(value) for value in ONE} == {alike("Văn hoá")}


@pytest.mark.parametrize("others", [("Lý", "Lí"), ("Văn hóa", "Van hoa"), ("Má", "Mà")])
def test_what_looks_otherwise_is_not(others: tuple[str, str]) -> None:
    assert alike(others[0]) != alike(others[1])


@pytest.mark.parametrize("asked", ONE)
def test_a_facet_shows_one_value_and_every_spelling_finds_all(asked: str, tmp_path: Path) -> None:
    article = Article(id="x", headline="Lễ hội đầu xuân", body="Người dân trẩy hội.")
    sections = [*ONE, "Văn hóa", "Thể thao"]
    articles = [
        replace(article, id=str(n), section=section, body=f"Người dân trẩy hội {n}.")
        for n, section in enumerate(sections)
    ]
    with locked_for_rebuilding(tmp_path), unfinished_build(tmp_path) as directory:
        write_index(directory, articles)
        switch_to(tmp_path, finish_build(directory, articles=len(articles), sources=["thử"]))
    with SearchEngine.open(tmp_path) as engine:
        page = engine.search(SearchRequest(sections=(asked,)))
    assert page.total == len(ONE) + 1
    assert page.facets is not None
    shown = [(each.value, each.count, each.selected) for each in page.facets.section]
    assert shown == [("Văn hóa", len(ONE) + 1, True), ("Thể thao", 1, False)]
