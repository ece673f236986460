"""The engine over the sample newsroom: what is found, how it is ranked and shown."""

from __future__ import annotations

import shutil
import threading
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.build.bulk import write_index
from index.build.rebuild import rebuild
from index.storage.builds import current_build
from search import (
    VIETNAM,
    Accents,
    ArticleNotFound,
    IndexUnavailable,
    Match,
    Matching,
    RequestError,
    SearchEngine,
    SearchPage,
    SearchRequest,
    Sort,
)

ZSTANDARD_MAGIC = bytes.fromhex("28b52ffd")


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


def ids(page: SearchPage) -> list[str]:
    return [hit.id for hit in page.hits]


def ask(engine: SearchEngine, query: str, **others: object) -> SearchPage:
    return engine.search(SearchRequest(query=query, per_page=50, **others))  # type: ignore[arg-type]


FOREIGN_MADE = [
    ("ｔｈｏｎｇ　ｔｉｎ　ｄｏｉ　ｎｇｏａｉ", "thong tin doi ngoai"),
    ("&quot;thông tin&quot; đối&nbsp;ngoại", '"thông tin" đối ngoại'),
    ("&#116;hông tin", "thông tin"),
    ("tin &bogus; tức", "tin &bogus; tức"),
]


@pytest.mark.parametrize(("typed", "meant"), FOREIGN_MADE)
def test_what_other_programs_made_of_characters_is_undone(
    engine: SearchEngine, typed: str, meant: str
) -> None:
    page = ask(engine, typed)
    assert page.query.text == typed
    assert ids(page) == ids(ask(engine, meant))
    assert page.query.understood == ask(engine, meant).query.understood


SPELLINGS = [
    "thong tin doi ngoai",
    "THÔNG TIN ĐỐI NGOẠI",
    "Thông Tin Đối Ngoại",
    unicodedata.normalize("NFD", "thông tin đối ngoại"),
    "  thông\u00a0tin \t đối ngoại ",
    "thông tin đối ngoại".replace("đ", "ð"),
    "thông tin doi ngoai",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_finds_the_same_articles(engine: SearchEngine, spelling: str) -> None:
    expected = ask(engine, "thông tin đối ngoại")
    assert expected.total >= 5
    assert set(ids(ask(engine, spelling))) == set(ids(expected))


def test_hits_are_marked_in_their_original_spelling(engine: SearchEngine) -> None:
    for hit in ask(engine, "thong tin doi ngoai").hits[:3]:
        marked = [hit.headline[mark.start : mark.end] for mark in hit.headline_marks]
        marked += [hit.snippet.text[mark.start : mark.end] for mark in hit.snippet.marks]
        assert any(
            unicodedata.normalize("NFC", text).casefold() == "thông tin đối ngoại"
            for text in marked
        )


def test_typed_accents_rank_the_word_meant_first(engine: SearchEngine) -> None:
    for query, word in (("đường", "đường"), ("dương", "dương")):
        best = ask(engine, query).hits[0]
        text = unicodedata.normalize("NFC", f"{best.headline} {best.snippet}").casefold()
        assert word in text
        assert best.match is Match.EXACT


def test_exact_accents_find_fewer(engine: SearchEngine) -> None:
    loose = ask(engine, "dương", match=Matching.ALL)
    exact = ask(engine, "dương", accents=Accents.EXACT)
    assert 0 < exact.total < loose.total
    assert {hit.match for hit in exact.hits} == {Match.EXACT}
    assert exact.query.accents is Accents.EXACT
    assert ids(ask(engine, "dương dau:dung")) == ids(exact)
    assert ids(ask(engine, "=dương")) == ids(exact)


def test_a_phrase_finds_fewer_than_its_words(engine: SearchEngine) -> None:
    words = ask(engine, "đối thông ngoại tin", match=Matching.ALL)
    phrase = ask(engine, '"thông tin đối ngoại"')
    assert 0 < phrase.total <= words.total
    assert ask(engine, '"ngoại đối tin thông"').total == 0


def test_excluded_words_exclude(engine: SearchEngine) -> None:
    everything = ask(engine, "thông tin", match=Matching.ALL)
    without = ask(engine, "thông tin -ngoại", match=Matching.ALL)
    assert 0 < without.total < everything.total
    assert set(ids(without)) < set(ids(everything))


def test_or_finds_either(engine: SearchEngine) -> None:
    first, second, either = (
        ask(engine, text, match=Matching.ALL)
        for text in ("covid", "học bổng", "covid OR (học bổng)")
    )
    assert set(ids(either)) == set(ids(first)) | set(ids(second))


def test_fewer_words_are_accepted_only_where_nothing_has_all(engine: SearchEngine) -> None:
    strict = ask(engine, "thông tin đối ngoại")
    assert not strict.query.relaxed
    relaxed = ask(engine, "thông tin đối ngoại zzyzx")
    assert relaxed.query.relaxed
    assert relaxed.hits[0].id in ids(strict)


def test_nothing_found_is_an_empty_page(engine: SearchEngine) -> None:
    page = ask(engine, "zzyzx qwrtp")
    assert (page.total, page.hits, page.pages, page.query.relaxed) == (0, (), 0, False)


def test_filters_narrow_and_facets_count(engine: SearchEngine) -> None:
    everything = ask(engine, "Việt Nam")
    section = everything.facets.section[0]
    narrowed = ask(engine, "Việt Nam", sections=(section.value,))
    assert narrowed.total == section.count
    assert {hit.section for hit in narrowed.hits} == {section.value}
    assert ask(engine, f'Việt Nam chuyenmuc:"{section.value}"').total == section.count


def test_years_of_the_facet_are_those_of_vietnam(engine: SearchEngine) -> None:
    year = ask(engine, "Việt Nam").facets.year[0]
    narrowed = ask(
        engine,
        "Việt Nam",
        published_from=date(int(year.value), 1, 1),
        published_to=date(int(year.value), 12, 31),
    )
    assert narrowed.total == year.count
    for hit in narrowed.hits:
        assert hit.published is not None
        assert hit.published.astimezone(VIETNAM).year == int(year.value)


def test_dates_sort_both_ways_and_undated_articles_come_last(engine: SearchEngine) -> None:
    newest = [hit.published for hit in ask(engine, "Việt Nam", sort=Sort.NEWEST).hits]
    oldest = [hit.published for hit in ask(engine, "Việt Nam", sort=Sort.OLDEST).hits]
    for dates, reverse in ((newest, True), (oldest, False)):
        dated = [when for when in dates if when is not None]
        assert dates[: len(dated)] == sorted(dated, reverse=reverse)


def test_pages_follow_each_other_without_gap_or_repeat(engine: SearchEngine) -> None:
    whole = ids(ask(engine, "Việt Nam"))
    assert len(whole) > 7
    in_pages = [
        hit.id
        for number in range(1, len(whole) // 5 + 2)
        for hit in engine.search(SearchRequest(query="Việt Nam", page=number, per_page=5)).hits
    ]
    assert in_pages[: len(whole)] == whole


def test_a_filter_alone_finds_everything_it_lets_through(engine: SearchEngine) -> None:
    assert ask(engine, "", published_from=date(2000, 1, 1)).total > 60
    assert ask(engine, "").total == 0


def test_snippets_are_verbatim(engine: SearchEngine) -> None:
    for query in ("thong tin", "Việt Nam", "covid"):
        for hit in ask(engine, query).hits:
            article = engine.article(hit.id)
            texts = (article.summary, article.body, *article.captions)
            assert any(hit.snippet.text in text for text in texts)


def test_an_article_is_read_with_the_query_marked(engine: SearchEngine) -> None:
    hit = ask(engine, "thong tin doi ngoai").hits[0]
    read = engine.read(hit.id, "thong tin doi ngoai")
    article = engine.article(hit.id)
    assert read.headline.text == article.headline
    assert [piece.text for piece in read.paragraphs] == [
        line for line in article.body.splitlines() if line.strip()
    ]
    assert any(piece.marks for piece in (read.headline, read.summary, *read.paragraphs))
    assert not any(piece.marks for piece in engine.read(hit.id).paragraphs)


def test_an_unknown_article_is_an_error_that_names_it(engine: SearchEngine) -> None:
    with pytest.raises(ArticleNotFound, match="no-such-article"):
        engine.article("no-such-article")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=80))
def test_no_query_text_raises(engine: SearchEngine, text: str) -> None:
    engine.search(SearchRequest(query=text))


REFUSED: list[tuple[dict[str, object], str]] = [
    ({"query": "a" * 1001}, "q"),
    ({"page": 0}, "page"),
    ({"per_page": 51}, "per_page"),
    ({"per_page": 0}, "per_page"),
    ({"page": 1001, "per_page": 10}, "page"),
    ({"published_from": date(2022, 2, 1), "published_to": date(2022, 1, 1)}, "to"),
    ({"sections": ("a",) * 21}, "section"),
    ({"sources": ("a" * 201,)}, "source"),
]


@pytest.mark.parametrize(("parameters", "field"), REFUSED)
def test_a_request_out_of_range_names_its_field(parameters: dict[str, object], field: str) -> None:
    with pytest.raises(RequestError) as refused:
        SearchRequest(**parameters)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_no_index_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="rebuild"):
        SearchEngine.open(tmp_path)


def a_source(folder: Path, headline: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "bai.txt").write_text(f"{headline}\n\nNội dung của bài viết mẫu.\n", "utf-8")
    return folder


def test_an_engine_follows_a_switch_without_restart(tmp_path: Path) -> None:
    directory = tmp_path / "index"
    rebuild(directory, [a_source(tmp_path / "source", "Bản tin buổi sáng")])
    with SearchEngine.open(directory) as engine:
        before = engine.search(SearchRequest(query="buổi sáng"))
        rebuild(directory, [a_source(tmp_path / "source", "Bản tin buổi chiều")])
        after = engine.search(SearchRequest(query="buổi chiều"))
        assert (before.total, after.total) == (1, 1)
        assert before.build != after.build == engine.build
        assert engine.search(SearchRequest(query='"buổi sáng"')).total == 0


def test_damage_that_shows_only_when_an_article_is_read_says_what_to_do(tmp_path: Path) -> None:
    directory = tmp_path / "index"
    rebuild(directory, [a_source(tmp_path / "source", "Bản tin buổi sáng")])
    (segment,) = current_build(directory).path.glob("*.timbao")
    content = bytearray(segment.read_bytes())
    frame = content.index(ZSTANDARD_MAGIC)
    content[frame + 4 : frame + 40] = bytes(36)
    with SearchEngine.open(directory) as engine:
        segment.write_bytes(content)  # whole when it was opened, and read only now
        with pytest.raises(IndexUnavailable, match="rebuild the index"):
            engine.search(SearchRequest(query="buổi sáng"))
        assert engine.search(SearchRequest(query="chiều")).total == 0


def test_an_engine_keeps_serving_when_the_new_build_is_damaged(tmp_path: Path) -> None:
    directory = tmp_path / "index"
    rebuild(directory, [a_source(tmp_path / "source", "Bản tin buổi sáng")])
    with SearchEngine.open(directory) as engine:
        build = engine.build
        broken = directory / "builds" / "99990101T000000Z-broken"
        shutil.copytree(current_build(directory).path, broken)
        (broken / "manifest.json").write_text("{", "utf-8")
        (directory / "current").write_text(broken.name, "utf-8")
        assert engine.search(SearchRequest(query="buổi sáng")).build == build
        (directory / "current").unlink()
        assert engine.search(SearchRequest(query="buổi sáng")).total == 1


def test_threads_share_an_engine(engine: SearchEngine) -> None:
    queries = ["thông tin", "covid", "Việt Nam", '"học bổng"', "zzyzx"]
    expected = {query: ids(ask(engine, query)) for query in queries}
    wrong: list[str] = []

    def search_all() -> None:
        wrong.extend(query for query in queries * 5 if ids(ask(engine, query)) != expected[query])

    threads = [threading.Thread(target=search_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_captions_are_searched_with_the_body(tmp_path: Path) -> None:
    directory = tmp_path / "build"
    directory.mkdir()
    article = Article(
        id="a",
        headline="Một buổi tọa đàm",
        body="Nội dung.",
        captions=("Toàn cảnh hội trường lớn.",),
        published=datetime(2022, 6, 14, tzinfo=VIETNAM),
    )
    assert write_index(directory, [article]).articles == 1


def test_a_word_that_no_article_has_is_respelled_and_the_answer_says_so(
    engine: SearchEngine,
) -> None:
    page = ask(engine, "htong tin đối ngoại")
    assert page.query.respelled
    assert page.query.understood == "thong tin đối ngoại"
    assert set(ids(page)) == set(ids(ask(engine, "thông tin đối ngoại")))
    assert not ask(engine, "htong tin đối ngoại", verbatim=True).query.respelled
    assert not ask(engine, "thông tin đối ngoại").query.respelled
