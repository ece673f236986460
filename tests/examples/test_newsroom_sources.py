"""The sources of the index read the sample newsroom as its README describes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import RecordError
from index.sources import Found, Meter, find_files, read_file

NEWSROOM = Path(__file__).parents[2] / "examples" / "newsroom"
# Stand on a page or in a saved page beside its article, and in no article.
FURNITURE = (
    "Giá thanh long ruột đỏ",
    "Robot hút bụi",
    "mùa cá linh non",
    "băng cối",
    "ốc nấu chuối",
    "Đọc thêm",
    "Phiên bản di động",
    "Giá xăng dầu chiều nay",
    "Giá mà được nghe trực tiếp",
    "Điện thoại gập",
    "Bán máy cày cũ",
    "Phiên chợ quê giữa lòng Praha",
    "Cúm mùa",
    "trang mẫu",
)


@pytest.fixture(scope="module")
def outcomes() -> list[Found | RecordError]:
    meter = Meter()
    read: list[Found | RecordError] = []
    for file in find_files([NEWSROOM]):
        assert not isinstance(file, RecordError)
        read += read_file(file, meter)
    return read


@pytest.fixture(scope="module")
def found(outcomes: list[Found | RecordError]) -> list[Found]:
    return [outcome for outcome in outcomes if isinstance(outcome, Found)]


def test_every_article_is_met_once(outcomes: list[Found | RecordError]) -> None:
    assert f"{len(outcomes)} articles" in (NEWSROOM / "README.md").read_text("utf-8")


def test_ids_differ(found: list[Found]) -> None:
    ids = [outcome.article.id for outcome in found]
    assert len(set(ids)) == len(ids)


def test_only_text_older_than_unicode_may_be_unreadable(
    outcomes: list[Found | RecordError],
) -> None:
    skipped = [outcome.where for outcome in outcomes if isinstance(outcome, RecordError)]
    assert [where for where in skipped if Path(where).parent.name != "legacy"] == []


def test_every_article_is_signed(found: list[Found]) -> None:
    assert [outcome.where for outcome in found if not outcome.article.author] == []


def test_nothing_beside_an_article_is_read_as_part_of_it(found: list[Found]) -> None:
    for outcome in found:
        article = outcome.article
        text = "\n".join((article.headline, article.summary, article.body, *article.captions))
        assert [words for words in FURNITURE if words in text] == [], outcome.where
