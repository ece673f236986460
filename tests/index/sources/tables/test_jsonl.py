"""JSON Lines: every good line is an article, every bad one is named with its reason."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import VIETNAM, derive_id
from index.errors import RecordError
from index.sources import Found
from index.sources.records.fields import ID_LIMIT, article_from_record
from tests.index.sources.reading import articles, only_article, read, reasons, remarks

GOOD = {"headline": "Mùa sen nở sớm", "body": "Hồ đầy sen."}


def write(path: Path, *lines: object) -> Path:
    path.write_bytes(
        b"".join(
            (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n"
            for line in lines
        )
    )
    return path


def test_all_fields_are_read(tmp_path: Path) -> None:
    record = {
        "id": "bao-1",
        "url": "https://bao.example/1",
        "headline": "Mùa sen nở sớm",
        "summary": "Năm nay sen nở từ tháng tư.",
        "body": "Đoạn một.\nĐoạn hai.",
        "captions": ["Đầm sen lúc rạng đông."],
        "author": "Lâm Thị Sen",
        "published": "2022-06-14T10:30:00+07:00",
        "section": "Đời sống",
        "source": "Báo Mẫu",
        "image": "https://bao.example/sen.jpg",
        "unknown": {"is": "ignored"},
    }
    article = only_article(write(tmp_path / "a.jsonl", record))
    assert article.published is not None
    assert article.published.isoformat() == record["published"]
    for name in (
        "id",
        "url",
        "headline",
        "summary",
        "body",
        "author",
        "section",
        "source",
        "image",
    ):
        assert getattr(article, name) == record[name]
    assert article.captions == ("Đầm sen lúc rạng đông.",)


@pytest.mark.parametrize(
    ("field", "alias"),
    [
        ("headline", "title"),
        ("summary", "lead"),
        ("summary", "description"),
        ("body", "text"),
        ("body", "content"),
        ("section", "category"),
    ],
)
def test_a_field_is_known_by_its_other_names(field: str, alias: str, tmp_path: Path) -> None:
    record = {**{name: value for name, value in GOOD.items() if name != field}, alias: "Chữ"}
    assert getattr(only_article(write(tmp_path / "a.jsonl", record)), field) == "Chữ"


@pytest.mark.parametrize("alias", ["published", "date", "pubDate"])
def test_the_date_is_known_by_its_other_names(alias: str, tmp_path: Path) -> None:
    assert only_article(write(tmp_path / "a.jsonl", {**GOOD, alias: "14/6/2022"})).published


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"headline": "x", "body": ', "broken-json"),
        (b"[" * 100_000, "broken-json"),
        (b'{"headline": 1' + b"0" * 5000 + b"}", "broken-json"),
        (b'["x"]', "not-an-object"),
        (b"null", "not-an-object"),
        (b'{"headline": "Ti\xea\xf0", "body": "x"}', "not-utf-8"),
        ({"body": "Có nội dung."}, "no-headline"),
        ({"headline": " \n ", "body": "Có nội dung."}, "no-headline"),
        ({"headline": None, "body": "Có nội dung."}, "no-headline"),
        ({"headline": "Có tiêu đề"}, "no-body"),
        ({"headline": "Có tiêu đề", "body": ""}, "no-body"),
        ({"headline": "Có tiêu đề", "captions": ["Chú thích"]}, "no-body"),
        ({"headline": ["x", 1], "body": "y"}, "wrong-type"),
        ({"headline": "x", "body": {"width": 5}}, "wrong-type"),
        ({"headline": "x", "body": 5}, "wrong-type"),
        ({"headline": "x", "body": "y", "id": [1]}, "wrong-type"),
        (b'{"headline": "x", "body": "' + b"y" * (17 << 20) + b'"}', "line-too-long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_line_costs_itself_alone(line: object, reason: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {**GOOD, "id": "1"}, line, {**GOOD, "id": "3"})
    assert reasons(path) == ["", reason, ""]
    error = read(path)[1]
    assert isinstance(error, RecordError)
    assert error.where == f"{path}:2"
    assert error.message


@pytest.mark.parametrize(
    ("field", "value", "remark"),
    [
        ("published", "hôm qua", "unreadable-date"),
        ("published", 2022, "unreadable-date"),
        ("published", 44726, "unreadable-date"),  # a day of Excel's
        ("published", {"x": 1}, "unreadable-date"),
        ("url", "javascript:alert(1)", "unusable-url"),
        ("url", "/thoi-su/1.html", "unusable-url"),
        ("image", "data:image/png;base64,AAAA", "unusable-url"),
        ("author", 5, "unusable-field"),
        ("section", {"x": 1}, "unusable-field"),
        ("summary", {"x": 1}, "unusable-field"),
        ("captions", 7, "unusable-field"),
        ("id", "a/../b", "unusable-id"),
        ("id", "..", "unusable-id"),
        ("id", "x" * (ID_LIMIT + 1), "unusable-id"),
        ("body", "bấm\u0000nút", "control-characters"),
    ],
)
def test_a_bad_value_costs_itself_alone(
    field: str, value: object, remark: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", {**GOOD, field: value})
    article = only_article(path)
    assert remarks(path) == [remark]
    assert getattr(article, field) != value


@pytest.mark.parametrize(
    ("field", "value", "read_as"),
    [
        ("id", 12345, "12345"),
        ("author", ["Lê Sen", "Mai Đào"], "Lê Sen, Mai Đào"),
        ("author", {"name": "Lê Sen"}, "Lê Sen"),
        ("section", ["Đời sống", "Xã hội"], "Đời sống"),
        ("body", ["Đoạn một.", "Đoạn hai."], "Đoạn một.\nĐoạn hai."),
        ("captions", "Ảnh một\nẢnh hai", ("Ảnh một", "Ảnh hai")),
        ("captions", [{"caption": "Ảnh một"}, ""], ("Ảnh một",)),
        ("image", [{"url": "https://bao.example/a.jpg"}], "https://bao.example/a.jpg"),
        ("url", "bao.example/1.html", "https://bao.example/1.html"),
        ("url", "//bao.example/1.html", "https://bao.example/1.html"),
        ("id", 12.0, "12"),
        ("id", 123456789012345678901234567890, "123456789012345678901234567890"),
        ("published", 20220614, datetime(2022, 6, 14, tzinfo=VIETNAM)),
    ],
)
def test_values_are_read_in_the_shapes_that_exports_have(
    field: str, value: object, read_as: object, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", {**GOOD, field: value})
    assert getattr(only_article(path), field) == read_as
    assert remarks(path) == []


def test_half_characters_and_nan_of_pythons_json_are_read(tmp_path: Path) -> None:
    line = json.dumps({**GOOD, "body": "nửa \ud83d chữ", "author": float("nan")}).encode()
    path = write(tmp_path / "a.jsonl", line)
    assert only_article(path).body == "nửa � chữ"
    assert remarks(path) == ["lone-surrogates"]


def test_an_id_is_derived_from_the_address_or_else_the_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {**GOOD, "url": "https://bao.example/1"}, GOOD)
    assert [article.id for article in articles(path)] == [
        derive_id("https://bao.example/1", "", ""),
        derive_id("", GOOD["headline"], GOOD["body"]),
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELD_NAMES = st.sampled_from(["id", "url", "title", "lead", "text", "captions", "author", "date",
                               "category", "source", "image"])  # fmt: skip


@given(st.dictionaries(FIELD_NAMES, JSON_VALUES))
def test_any_record_is_an_article_that_can_be_kept_or_named(record: dict[str, object]) -> None:
    outcome = article_from_record(record, "x:1")
    if isinstance(outcome, Found):
        article = outcome.article
        assert article.headline
        assert article.body
        assert 0 < len(article.id) <= ID_LIMIT
        orjson.dumps([article.id, article.headline, article.body, article.summary, article.author])
        assert article.published is None or article.published.tzinfo is not None


def test_a_number_too_long_for_an_id_is_replaced(tmp_path: Path) -> None:
    line = b'{"id": 1%s, "title": "Sen", "body": "Sen."}' % (b"0" * 400)
    assert len(only_article(write(tmp_path / "a.jsonl", line)).id) == 16
    assert remarks(tmp_path / "a.jsonl") == ["unusable-id"]


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1" + "0" * 400, "1e308", "Infinity"])
def test_a_number_that_is_no_time_leaves_the_article_undated(number: str, tmp_path: Path) -> None:
    line = f'{{"published": {number}, "title": "Sen", "body": "Sen."}}'.encode()
    assert only_article(write(tmp_path / "a.jsonl", line)).published is None
    assert remarks(tmp_path / "a.jsonl") == ["unreadable-date"]


def test_a_file_of_nothing_but_a_byte_order_mark_is_empty(tmp_path: Path) -> None:
    assert reasons(write(tmp_path / "a.jsonl", b"\xef\xbb\xbf")) == ["empty-file"]


@pytest.mark.parametrize(
    "beside", [{"summary": "Một câu tóm tắt."}, {"image": "https://anh.bao.example/1.jpg"}]
)
def test_a_summary_or_a_picture_beside_the_headline_is_enough(
    tmp_path: Path, beside: dict[str, str]
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"headline": "Chùm ảnh chợ nổi", **beside}), encoding="utf-8")
    (outcome,) = read(path)
    assert isinstance(outcome, Found)
    assert outcome.article.body == ""
