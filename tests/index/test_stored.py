"""Articles as the index keeps them: back as they were, and their headlines without the rest."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.errors import IndexDamaged
from index.stored import dump_article, load_article, load_headline

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ['a","body":"b', '{"id":"x"}', '\\","body":"', "Giá vàng", ',"body":']
)


@given(texts, texts, texts, st.lists(texts, max_size=2).map(tuple))
def test_articles_come_back_as_they_were_and_headlines_alone_too(
    headline: str, body: str, summary: str, captions: tuple[str, ...]
) -> None:
    article = Article(
        id="bai-1",
        headline=headline,
        body=body,
        summary=summary,
        captions=captions,
        published=datetime(2022, 6, 14, tzinfo=timezone.utc),
    )
    stored = dump_article(article)
    assert load_article(stored) == article
    assert load_headline(stored) == headline


@pytest.mark.parametrize("stored", [b"", b"[1]", b'{"id":1', b'[1,"body":2]', b"\xff"])
def test_what_is_no_article_is_said_to_be_damaged(stored: bytes) -> None:
    with pytest.raises(IndexDamaged):
        load_article(stored)
    with pytest.raises(IndexDamaged):
        load_headline(stored)
