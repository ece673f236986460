"""Suggestions over the sample newsroom: whole phrases and headlines that go on as was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build.rebuild import rebuild, update
from index.snapshot import Snapshot
from index.storage.builds import current_build
from search import SearchEngine
from search.suggest.suggester import Suggester
from search.suggest.typed_prefix import plain_letters


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


def texts(engine: SearchEngine, prefix: str, limit: int = 8) -> list[str]:
    return [completion.text for completion in engine.suggest(prefix, limit)]


SPELLINGS = ["thong ti", "thông ti", "THÔNG TI", "thoong ti", "tho6ng ti",
             unicodedata.normalize("NFD", "thông ti")]  # fmt: skip


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_phrase_is_completed_however_it_is_typed(engine, typed):
    assert "thông tin đối ngoại" in [text.lower() for text in texts(engine, typed)]


@pytest.mark.parametrize("typed", ["doi ngo", "đối ngo", "doois ngo", "d9o61i ngo"])
def test_a_phrase_is_found_by_a_word_within(engine, typed):
    assert "thông tin đối ngoại" in [text.lower() for text in texts(engine, typed)]


@pytest.mark.parametrize(
    ("typed", "headline"),
    [
        ("gia duong", "Giá đường tăng mạnh, quán chè và lò bánh xoay xở"),
        ("xe tiem", "Xe tiêm chủng lưu động đưa vaccine Covid-19 tới tận ngõ"),
        ("chung luu d", "Xe tiêm chủng lưu động đưa vaccine Covid-19 tới tận ngõ"),
    ],
)
def test_a_headline_is_completed_by_its_beginning_or_by_words_within(engine, typed, headline):
    assert headline in texts(engine, typed)


def test_what_was_typed_is_marked(engine):
    marked = {
        completion.text.lower(): [completion.text[start:end] for start, end in completion.marks]
        for completion in engine.suggest("doi ngo")
    }
    assert [part.lower() for part in marked["thông tin đối ngoại"]] == ["đối ngo"]


def write(directory: Path, headlines: list[str]) -> SearchEngine:
    source = directory / "articles.jsonl"
    articles = [
        {"id": f"a{number}", "headline": headline, "body": "Nội dung."}
        for number, headline in enumerate(headlines)
    ]
    source.write_bytes(b"\n".join(map(orjson.dumps, articles)))
    rebuild(directory / "index", [source])
    return SearchEngine.open(directory / "index")


ALIKE = ["Đường về quê", "Dương về đích", "Đương về đâu", "DƯƠNG VỀ ĐÍCH", "Giữa đường"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("đường v", "Đường về quê"),
        ("dương v", "Dương về đích"),
        ("đương v", "Đương về đâu"),
        ("dduwowngf v", "Đường về quê"),
    ],
)
def test_typed_accents_decide_what_stands_first_and_lose_nothing(tmp_path, typed, first):
    with write(tmp_path, ALIKE) as engine:
        found = texts(engine, typed)
    assert found[0].lower() == first.lower()
    assert {"đường về quê", "đương về đâu"} <= {text.lower() for text in found}


def test_of_phrases_that_fold_alike_the_one_with_the_typed_accents_stands_first(tmp_path):
    headlines = ["Mưa Đà Nẵng", "Thăm Đà Nẵng sớm", "Nhà đa năng mới", "Sân đa năng cũ"]
    headlines += ["Gió Đà Nẵng", "Máy đa năng rẻ", "Chợ nổi vắng", "Lúa được giá", "Đội bóng thắng"]
    with write(tmp_path, headlines) as engine:
        assert texts(engine, "đà nẵ")[0] == "Đà Nẵng"
        assert texts(engine, "đa nă")[0] == "đa năng"
        folded = [plain_letters(text) for text in texts(engine, "da na")]
        assert folded.count("da nang") == 1


def test_no_two_suggestions_differ_in_case_only(tmp_path):
    with write(tmp_path, ALIKE) as engine:
        found = texts(engine, "duong ve dich")
    assert len(found) == 1


def test_a_headline_too_long_to_type_is_not_suggested(tmp_path):
    with write(tmp_path, ["Bến đò " + "rất " * 100 + "dài", "Bến đò ngắn"]) as engine:
        assert texts(engine, "ben do") == ["bến đò", "Bến đò ngắn"]


def test_there_are_no_more_than_asked_for(engine):
    assert len(texts(engine, "t", 3)) == 3
    assert texts(engine, "t", 0) == []
    assert len(texts(engine, "t", 10_000)) <= 20


@pytest.mark.parametrize("typed", ["", " ", "…", "zzzz", "x" * 5_000, "a " * 5_000])
def test_what_cannot_be_completed_suggests_nothing(engine, typed):
    assert texts(engine, typed) == []


def test_where_nothing_was_derived_nothing_is_suggested(newsroom_index):
    snapshot = Snapshot.open(current_build(newsroom_index).path)
    assert Suggester(snapshot, None).complete("thong", 8) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ 1269'\"", max_size=30))
def test_marks_lie_in_the_text_and_hold_what_was_typed(engine, typed):
    suggested = engine.suggest(typed)
    keys = [plain_letters(completion.text) for completion in suggested]
    assert len(set(keys)) == len(keys)
    for completion in suggested:
        assert completion.marks
        for start, end in completion.marks:
            assert 0 <= start < end <= len(completion.text)


def test_an_article_that_comes_later_is_suggested_and_related(tmp_path):
    def save(*headlines: str) -> None:
        articles = [
            {"id": headline, "headline": headline, "body": f"{headline}. Bà con đón tin vui."}
            for headline in headlines
        ]
        (tmp_path / "articles.jsonl").write_bytes(b"\n".join(map(orjson.dumps, articles)))

    before = ["Cầu Rạch Miễu thông xe", "Chợ nổi Cái Răng họp sớm", "Lúa đông xuân được giá"]
    before += ["Trường làng có thư viện", "Đội bóng nữ vô địch", "Giá đường tăng", "Mưa lớn ở Huế"]
    save(*before)
    rebuild(tmp_path / "index", [tmp_path / "articles.jsonl"])
    with SearchEngine.open(tmp_path / "index") as engine:
        assert texts(engine, "cau rach") == before[:1]
        save(*before, "Cầu Rạch Miễu 2 khởi công")
        update(tmp_path / "index", [tmp_path / "articles.jsonl"])
        assert set(texts(engine, "cau rach")) >= {before[0], "Cầu Rạch Miễu 2 khởi công"}
        assert "Cầu Rạch Miễu 2 khởi công" in texts(engine, "rạch miễu 2")
        assert [hit.id for hit in engine.related(before[0])] == ["Cầu Rạch Miễu 2 khởi công"]
