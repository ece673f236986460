"""Acronyms and aliases in place of what was typed: found, ranked, marked, and told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.analysis import Analyser
from index.build.rebuild import rebuild
from index.language.synonyms.acronyms import Acronym, Origin
from search import Accents, SearchEngine, SearchRequest
from search.query import AllOf, Phrase, Words
from search.understanding.synonyms import MOST_READINGS, Synonyms, synonyms_in

ARTICLES = {
    "defines": ("Hội nghị thông tin đối ngoại (TTĐN) toàn quốc", "Công tác TTĐN năm nay"),
    "long": ("Giải thưởng về thông tin đối ngoại", "Tuyên truyền ra nước ngoài"),
    "short": ("Tập huấn TTĐN cho các tỉnh", "Lớp học mở tại Huế"),
    "scattered": ("Thông báo tin tức, đối thoại và ngoại ngữ", "Đối tượng là người học"),
    "other": ("Giá cà phê tăng ở Tây Nguyên", "Nông dân phấn khởi"),
    "river": ("Mở hội đua thuyền trên sông Hương", "Xứ Huế vào mùa lễ hội"),
    "city": ("Cố đô mở hội đua thuyền", "Du khách đến Thừa Thiên"),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("names")
    source = directory / "articles.jsonl"
    source.write_text(
        "".join(
            json.dumps({"id": name, "headline": headline, "summary": summary, "body": "…"}) + "\n"
            for name, (headline, summary) in ARTICLES.items()
        ),
        "utf-8",
    )
    rebuild(directory / "index", [source])
    return directory / "index"


@pytest.fixture
def engine(index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(index) as opened:
        yield opened
    (index / "aliases.txt").unlink(missing_ok=True)


def found(engine: SearchEngine, query: str) -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(query=query)).hits]


@pytest.mark.parametrize(
    ("query", "first", "others"),
    [
        ("TTĐN", {"defines", "short"}, {"long"}),
        ("ttđn", {"defines", "short"}, {"long"}),
        ("thông tin đối ngoại", {"defines", "long"}, {"short", "scattered"}),
        ("thong tin doi ngoai", {"defines", "long"}, {"short", "scattered"}),
        ("TTĐN Huế", {"short"}, {"defines", "river"}),  # which have one of both
    ],
)
def test_a_name_finds_the_other_below_itself(
    engine: SearchEngine, query: str, first: set[str], others: set[str]
) -> None:
    ranking = found(engine, query)
    assert set(ranking[: len(first)]) == first
    assert set(ranking[len(first) :]) == others


def test_another_name_must_stand_as_a_phrase(engine: SearchEngine) -> None:
    assert "scattered" not in found(engine, "TTĐN")


def test_synonyms_are_marked_whole_and_told(engine: SearchEngine) -> None:
    page = engine.search(SearchRequest(query="TTĐN"))
    assert page.query.also == ("thông tin đối ngoại",)
    hit = next(hit for hit in page.hits if hit.id == "long")
    marked = [hit.headline[mark.start : mark.end] for mark in hit.headline_marks]
    assert marked == ["thông tin đối ngoại"]
    read = engine.read("long", "TTĐN").headline
    assert [read.text[mark.start : mark.end] for mark in read.marks] == ["thông tin đối ngoại"]


def test_synonyms_are_told_where_filters_leave_nothing(engine: SearchEngine) -> None:
    page = engine.search(SearchRequest(query="TTĐN", sources=("nobody",)))
    assert (page.total, page.query.also) == (0, ("thông tin đối ngoại",))


@pytest.mark.parametrize(
    "asked",
    [
        SearchRequest(query="TTĐN", verbatim=True),
        SearchRequest(query="TTĐN", accents=Accents.EXACT),
    ],
    ids=["verbatim", "exact"],
)
def test_who_wants_only_what_was_typed_gets_no_synonyms(
    engine: SearchEngine, asked: SearchRequest
) -> None:
    assert {hit.id for hit in engine.search(asked).hits} == {"defines", "short"}


def test_quotes_mean_what_stands_in_them(engine: SearchEngine) -> None:
    assert set(found(engine, '"thông tin đối ngoại"')) == {"defines", "long"}


def test_a_sites_names_are_followed_without_a_restart(engine: SearchEngine, index: Path) -> None:
    assert found(engine, "sông Hương") == ["river"]
    (index / "aliases.txt").write_text("sông Hương = cố đô\n", "utf-8")
    assert found(engine, "sông Hương") == ["river", "city"]
    (index / "aliases.txt").write_text("sông Hương = Tây Nguyên\n", "utf-8")
    assert found(engine, "sông Hương") == ["river", "other"]
    (index / "aliases.txt").unlink()
    assert found(engine, "sông Hương") == ["river"]


def test_a_broken_file_of_names_is_reported_once_and_changes_nothing(
    engine: SearchEngine, index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (index / "aliases.txt").write_text("sông Hương = cố đô\n", "utf-8")
    assert found(engine, "sông Hương") == ["river", "city"]
    (index / "aliases.txt").write_text("sông Hương = cố đô\nlone line\n", "utf-8")
    for _ in range(3):
        assert found(engine, "sông Hương") == ["river", "city"]
    assert [record.getMessage().count("line 2") for record in caplog.records] == [1]


def synonyms_of(tmp_path: Path, *lines: str) -> Synonyms:
    (tmp_path / "aliases.txt").write_text("\n".join(lines), "utf-8")
    acronyms = [Acronym("TTĐN", "thông tin đối ngoại", Origin.DEFINED, 9, 1.0, 1.0, "")]
    return Synonyms(tmp_path, acronyms, Analyser())


def test_a_reading_keeps_the_words_around_a_name(tmp_path: Path) -> None:
    (reading,) = synonyms_of(tmp_path).readings(Words("giải TTĐN, năm 2018"))
    assert reading == AllOf(
        (
            Words("giải"),
            Phrase("thông tin đối ngoại", instead_of="TTĐN", weight=0.6),
            Words(", năm 2018"),
        )
    )
    assert [name.text for name in synonyms_in([reading, reading])] == ["thông tin đối ngoại"]


def test_short_names_must_have_their_own_accents(tmp_path: Path) -> None:
    (reading,) = synonyms_of(tmp_path, "xứ sở mù sương = Anh").readings(Words("Anh"))
    assert reading == Phrase("xứ sở mù sương", False, "Anh", 0.8)
    (reading,) = synonyms_of(tmp_path, "Hoa Kỳ = cờ sao").readings(Words("cờ sao"))
    assert reading == Phrase("Hoa Kỳ", True, "cờ sao", 0.8)


def test_no_more_readings_are_tried_than_pay(tmp_path: Path) -> None:
    lines = [f"tên{number} = biệt{number} = hiệu{number}" for number in range(6)]
    query = Words(" ".join(f"tên{number}" for number in range(6)))
    assert len(synonyms_of(tmp_path, *lines).readings(query)) == MOST_READINGS


def test_a_query_without_names_has_no_other_reading(tmp_path: Path) -> None:
    for tree in (Words("giá cà phê"), Phrase("TTĐN"), Words("TTĐN", exact=True)):
        assert synonyms_of(tmp_path).readings(tree) == ()
