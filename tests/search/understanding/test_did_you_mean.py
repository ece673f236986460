"""Did you mean: over the newsroom, where little is known, so that it must be careful."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.analysis import accent_key, fold
from index.build.rebuild import rebuild
from search import Matching, SearchEngine, SearchRequest, Suggestion, SuggestionReason


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


def proposed(engine: SearchEngine, query: str) -> Suggestion | None:
    return engine.search(SearchRequest(query=query)).suggestion


ACCENTS = [
    ("thong tin doi ngoai", "thông tin đối ngoại"),
    ("Viet Nam", "Việt Nam"),
    ("HA NOI mua lon", "HÀ NỘI mưa lớn"),
    ('"thong tin" -duong', '"thông tin" -duong'),
    ("tieude:(thong tin)", "tieude:(thông tin)"),
    ("thong tin ngay:2020..", "thông tin ngay:2020-01-01.."),
    ("thong tin dau:dung", "thông tin dau:dung"),
    ("thông tin đối ngoai", "thông tin đối ngoại"),
    ("Hà Noi mưa lon", "Hà Nội mưa lớn"),
]


@pytest.mark.parametrize(("typed", "meant"), ACCENTS)
def test_accents_that_were_not_typed_are_put_back(
    engine: SearchEngine, typed: str, meant: str
) -> None:
    assert proposed(engine, typed) == Suggestion(meant, SuggestionReason.ACCENTS)


def test_an_ambiguous_word_is_left_to_the_reader(engine: SearchEngine) -> None:
    found = proposed(engine, "duong")
    assert found is not None
    assert {choice.word for choice in found.alternatives} >= {"đường", "dương", "đương"}
    assert found.text == found.alternatives[0].text
    for choice in found.alternatives:
        assert fold(accent_key(choice.word)) == "duong"
        assert engine.search(SearchRequest(query=f"={choice.word}")).total > 0


FINE = [
    *("thông tin đối ngoại", "đường", "Thông tin", "giá vang", "học bổng", "Việt Nam OR covid"),
    *("covid", "covid 19 vaccine", "real madrid", "2022", "tp hcm", "covid*", "nguon:bao", ""),
    *("-duong", "=thong", "zzyzx qwrtp", "ngay:2020"),
]


@pytest.mark.parametrize("typed", FINE)
def test_a_query_that_is_fine_is_left_in_peace(engine: SearchEngine, typed: str) -> None:
    assert proposed(engine, typed) is None


def test_no_headline_is_doubted(engine: SearchEngine) -> None:
    everything = (
        engine.search(SearchRequest(query="-zzyzx", page=page, per_page=50)) for page in (1, 2)
    )
    headlines = [hit.headline for page in everything for hit in page.hits]
    assert len(headlines) > 60
    assert [headline for headline in headlines if proposed(engine, headline)] == []


def test_words_never_seen_side_by_side_are_not_proposed(engine: SearchEngine) -> None:
    # "bóng" is the only word of these articles that folds to "bong" and is said more than once.
    assert proposed(engine, "hoc bong") is None


def test_what_looks_a_little_like_telex_is_proposed_and_not_taken(engine: SearchEngine) -> None:
    page = engine.search(SearchRequest(query="khoe gais covid"))
    assert page.query.understood == "khoe gais covid"
    assert page.suggestion == Suggestion("khoe gái covid", SuggestionReason.TELEX)


def test_a_rare_word_a_slip_away_from_a_common_one_is_doubted(tmp_path: Path) -> None:
    (tmp_path / "nhieu.txt").write_text(f"Mạng xã hội\n\n{'Trang facebook mới. ' * 1200}", "utf-8")
    (tmp_path / "it.txt").write_text("Bài gõ nhầm\n\nTrang facebok đã gõ nhầm.", "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "nhieu.txt", tmp_path / "it.txt"])
    with SearchEngine.open(tmp_path / "index") as engine:
        found = engine.search(SearchRequest(query="facebok"))
        assert found.total == 1
        assert found.suggestion == Suggestion("facebook", SuggestionReason.SPELLING)
        assert proposed(engine, "Trang Facebok") == Suggestion(
            "Trang Facebook", SuggestionReason.SPELLING
        )
        assert proposed(engine, "gõ facebok") is None  # "gõ facebook" is nowhere
        assert proposed(engine, "facebook") is None


def test_what_was_changed_already_is_not_doubted_again(engine: SearchEngine) -> None:
    for typed in ("thoong tin ddoois ngoaij", "htong tin đối ngoại"):
        assert proposed(engine, typed) is None
    as_typed = SearchRequest(query="thong tin doi ngoai", verbatim=True)
    assert engine.search(as_typed).suggestion is None


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([*'aduongt Đ"()|-:*', "thong ", "tin", "đối", "tieude:"])))
def test_what_is_proposed_is_no_other_search(engine: SearchEngine, pieces: list[str]) -> None:
    page = engine.search(SearchRequest(query="".join(pieces), match=Matching.ALL))
    found = page.suggestion
    if found is not None and found.reason is SuggestionReason.ACCENTS:
        again = engine.search(SearchRequest(query=found.text, match=Matching.ALL))
        assert again.total == page.total
