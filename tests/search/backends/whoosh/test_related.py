"""Related articles of the sample newsroom: the same affair, never the same text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from index.build.rebuild import rebuild
from search import ArticleNotFound, SearchEngine


@pytest.fixture(scope="module")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


def ids(engine: SearchEngine, article_id: str, limit: int = 5) -> list[str]:
    return [hit.id for hit in engine.related(article_id, limit)]


def test_the_likest_article_is_one_of_the_same_affair(engine):
    first = engine.related("sh-017")[0]
    assert "Hà Tĩnh" in first.headline


@pytest.mark.parametrize(
    ("article_id", "copy"), [("sh-017", "cnd-40"), ("cnd-40", "sh-017"), ("sh-006", "cl-2021-0913")]
)
def test_near_duplicates_of_the_article_are_left_out(engine, article_id, copy):
    assert copy not in ids(engine, article_id, 20)


def test_an_article_is_not_related_to_itself_and_no_story_is_told_twice(engine):
    for article_id in ("sh-017", "gl-1001", "cl-2021-0913"):
        found = ids(engine, article_id, 20)
        assert article_id not in found
        assert len(set(found)) == len(found)
        assert not {"sh-017", "cnd-40"} <= set(found)


def test_the_lead_is_shown_without_marks(engine):
    for hit in engine.related("sh-017"):
        article = engine.article(hit.id)
        assert hit.headline_marks == ()
        assert hit.snippet.marks == ()
        assert (article.summary or article.body).startswith(hit.snippet.text[:20])


def test_likeness_falls_and_the_limit_holds(engine):
    found = engine.related("sh-017", 3)
    assert len(found) <= 3
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert engine.related("sh-017", 0) == ()


def test_an_article_that_does_not_exist_is_said_so(engine):
    with pytest.raises(ArticleNotFound):
        engine.related("no such article")


def test_an_article_like_no_other_has_none(tmp_path):
    source = tmp_path / "articles.jsonl"
    articles = [
        {"id": "a", "headline": "Chợ nổi họp sớm", "body": "Ghe xuồng tụ về bến từ ba giờ sáng."},
        {"id": "b", "headline": "Kính thiên văn mới", "body": "Đài quan sát lắp thêm ống ngắm."},
        {"id": "c", "headline": "…", "body": "…"},
    ]
    source.write_bytes(b"\n".join(map(orjson.dumps, articles)))
    rebuild(tmp_path / "index", [source])
    with SearchEngine.open(tmp_path / "index") as engine:
        assert [ids(engine, name) for name in ("a", "b", "c")] == [[], [], []]
