"""Words as people write them in chats: read as what is meant, where articles do not have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from search import SearchEngine, SearchRequest
from search.page import Understanding


def read(engine: SearchEngine, query: str) -> Understanding:
    return engine.search(SearchRequest(query=query)).query


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("người dân ko đc dùng đt", "người dân không được dùng điện thoại"),
        ("nguoi dan ko dc dung dt", "nguoi dan khong duoc dung dien thoai"),
        ("ko dc lai xe", "khong duoc lai xe"),
        ("NGUOI DAN KO DC DUNG DT", "NGUOI DAN KHONG DUOC DUNG DIEN THOAI"),
        ("dân k được dùng điện thoại!", "dân không được dùng điện thoại!"),
        ("Việt Nam vs Pháp", "Việt Nam Pháp"),
        ("viet nam VS phap", "viet nam phap"),
        ("viêt nam ko đc", "việt nam không được"),  # with wrong accents beside
    ],
)
def test_what_is_meant_is_searched_for_and_said(
    sentences: SearchEngine, typed: str, meant: str
) -> None:
    assert read(sentences, typed).understood == meant
    assert read(sentences, typed).respelled


@pytest.mark.parametrize(
    "typed",
    [
        *("bệnh viện K", "bệnh viện k", "benh vien k", "washington dc", "Washington DC"),
        *("k", "ko", "vs", "vs pháp", '"ko đc"', "=ko dân", "tieude:ko"),
    ],
)
def test_words_that_articles_have_there_and_single_words_stay(
    sentences: SearchEngine, typed: str
) -> None:
    assert read(sentences, typed).understood == typed


def test_a_site_has_a_table_of_its_own_that_is_read_when_it_changes(
    sentences: SearchEngine, sentences_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    table = sentences_index / "chat.txt"
    assert read(sentences, "dùng alo").understood == "dùng alo"
    table.write_text("alo => điện thoại\n", "utf-8")
    assert read(sentences, "dùng alo").understood == "dùng điện thoại"
    table.write_text("alo => điện thoại\nkhông hiểu\n", "utf-8")
    assert read(sentences, "dùng alo").understood == "dùng điện thoại"
    assert read(sentences, "dùng alo").understood == "dùng điện thoại"
    assert [record.getMessage().count("line 2") for record in caplog.records] == [1]


def test_verbatim_asks_for_what_was_typed(sentences: SearchEngine) -> None:
    page = sentences.search(SearchRequest(query="dân ko đc", verbatim=True))
    assert page.query.understood == "dân ko đc"
