"""Text files: front matter, Markdown, plain text, and encodings old and new."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources import Found, Meter, SourceFile, read_file
from index.sources.files.decoding import decode
from index.sources.records.bylines import byline_names
from index.sources.text.document import split_front_matter
from index.sources.text.markdown import read_markdown
from tests.index.sources.reading import only_article, reasons, remarks

PLAIN = """Chợ nổi họp sớm

Trời chưa sáng, ghe đã đậu kín một khúc sông.

Bà Tư bán bún từ bốn giờ. "Khách quen cả", bà nói.
"""


def test_plain_text_is_a_headline_and_a_body(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAIN)
    article = only_article(tmp_path / "a.txt")
    assert article.headline == "Chợ nổi họp sớm"
    assert article.body.split("\n") == [
        "Trời chưa sáng, ghe đã đậu kín một khúc sông.",
        'Bà Tư bán bún từ bốn giờ. "Khách quen cả", bà nói.',
    ]


def test_a_signature_below_plain_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{PLAIN}\nCao Thị Sông\nTrang tin Miệt Vườn, ngày 3/12/2020\n")
    article = only_article(tmp_path / "a.txt")
    assert (article.author, article.source) == ("Cao Thị Sông", "Trang tin Miệt Vườn")
    assert article.published is not None
    assert article.published.isoformat() == "2020-12-03T00:00:00+07:00"
    assert article.body.endswith("bà nói.")


def test_a_last_paragraph_that_is_no_signature_stays(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{PLAIN}\nHết ngày 3/12/2020 chợ tan.\n")
    assert only_article(tmp_path / "a.txt").body.endswith("chợ tan.")


def test_lines_that_an_editor_wrapped_are_joined(tmp_path: Path) -> None:
    wrapped = (
        "Tiêu đề\n\nĐây là một đoạn văn mà trình soạn thảo đã ngắt thành\n"
        "nhiều dòng, mỗi dòng chừng sáu mươi ký tự.\n"
    )
    (tmp_path / "a.txt").write_text(wrapped)
    assert only_article(tmp_path / "a.txt").body == (
        "Đây là một đoạn văn mà trình soạn thảo đã ngắt thành nhiều dòng, mỗi dòng chừng sáu mươi "
        "ký tự."
    )


MARKDOWN = """---
title: "Giá muối: lên từng ngày"
date: 2023-05-16 07:10
category: Kinh tế
captions: [Ruộng muối lúc trưa]
---

# Giá muối: lên từng ngày

Diêm dân **phấn khởi**, [hợp tác xã](https://x.example) thì *lo*.

![Xe chở muối. (Ảnh: Lê Mặn)](https://x.example/xe.jpg)

- Muối sạch 3.000 đồng
- Muối thường 2.000 đồng

## Chuyện cũ

Năm ngoái giá chỉ bằng `nửa`.
"""


def test_markdown_is_read_as_its_reader_sees_it(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(MARKDOWN)
    article = only_article(tmp_path / "a.md")
    assert article.headline == "Giá muối: lên từng ngày"
    assert article.section == "Kinh tế"
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-16T07:10:00+07:00"
    assert article.captions == ("Ruộng muối lúc trưa",)
    assert article.image == "https://x.example/xe.jpg"
    assert article.body.split("\n") == [
        "Diêm dân phấn khởi, hợp tác xã thì lo.",
        "Muối sạch 3.000 đồng",
        "Muối thường 2.000 đồng",
        "Chuyện cũ",
        "Năm ngoái giá chỉ bằng nửa.",
    ]


def test_markdown_without_front_matter_takes_headline_and_captions_from_its_text(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text(MARKDOWN.split("---\n")[2])
    article = only_article(tmp_path / "a.md")
    assert article.headline == "Giá muối: lên từng ngày"
    assert article.captions == ("Xe chở muối. (Ảnh: Lê Mặn)",)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("---\ntitle: Giá vàng: tăng mạnh\nauthor: 'Lê An'\n---\nx",
         {"headline": "Giá vàng: tăng mạnh", "author": "Lê An"}),
        ('+++\ntitle = "Giá muối"\n+++\nx', {"headline": "Giá muối"}),
        ("---\nx\n---\ny", {}),
        ("Không có gì ở đầu\n---\n", {}),
        ("---\ndate: 2022-02-31\n---\nx", {"published": "2022-02-31"}),
        ("---\n" + "a: &a [x, x]\n" * 9000 + "---\nx", {}),
    ],
)  # fmt: skip
def test_front_matter_is_read_as_people_write_it(text: str, fields: dict[str, str]) -> None:
    assert dict(split_front_matter(text)[0]) == fields


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Lê An", "Lê An"),
        ("Tác giả: Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
        ("Lê An - Hoài Thu", "Lê An, Hoài Thu"),
        ("Y Khuê Niê và H'Bia", ""),
        ("Thời sự", ""),
        ("Hà Nội", ""),
        ("Một câu bình thường.", ""),
        ("", ""),
    ],
)
def test_a_line_that_is_names_is_a_byline(line: str, names: str) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_in_every_form(encoding: str) -> None:
    decoded = decode((PLAIN * 3).encode(encoding))
    assert decoded is not None
    assert decoded.text == PLAIN * 3
    assert decoded.remarks == ()


def test_windows_1258_is_recognised_and_told(tmp_path: Path) -> None:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    pieces = []
    for character in unicodedata.normalize("NFC", PLAIN):
        apart = unicodedata.normalize("NFD", character)
        tone = "".join(mark for mark in apart if mark in tones)
        base = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
        pieces.append(base + tone)
    (tmp_path / "a.txt").write_bytes("".join(pieces).encode("cp1258"))
    assert only_article(tmp_path / "a.txt").headline == "Chợ nổi họp sớm"
    assert remarks(tmp_path / "a.txt") == ["legacy-encoding"]


TCVN3 = dict(
    zip(
        "ợổọớờưáậíộúừốàóđôảữạìéâêăẻầãặũ",
        b"\xee\xe6\xe4\xed\xea\xad\xb8\xcb\xdd\xe9\xf3\xf5\xe8\xb5\xe3\xae\xab\xb6\xf7\xb9\xd7\xd0\xa9\xaa"
        b"\xa8\xce\xc7\xb7\xc6\xf2",
        strict=True,
    )
)


def test_tcvn3_is_recognised_and_told(tmp_path: Path) -> None:
    text = "Chợ nổi họp sớm\n\nCả xóm đã có mặt, ai cũng vui vì hôm nay tôm cá đầy ghe, giá ổn.\n"
    content = bytes(TCVN3.get(character, ord(character)) for character in text)
    (tmp_path / "a.txt").write_bytes(content)
    assert only_article(tmp_path / "a.txt").headline == "Chợ nổi họp sớm"
    assert remarks(tmp_path / "a.txt") == ["legacy-encoding"]


def test_windows_quotes_among_plain_letters_are_read() -> None:
    decoded = decode("Plain text with “quotes” – and dashes".encode("cp1252"))
    assert decoded is not None
    assert decoded.text == "Plain text with “quotes” – and dashes"


def test_a_few_broken_bytes_do_not_cost_the_text() -> None:
    headline, _, rest = PLAIN.encode().partition(b"\n")
    decoded = decode(headline + b"\xff\n" + rest)
    assert decoded is not None
    assert decoded.text.count("�") == 1
    assert [remark.code.value for remark in decoded.remarks] == ["broken-bytes"]


def test_a_declared_encoding_is_believed_where_nothing_else_fits() -> None:
    content = "Просто русский текст без вьетнамских слов".encode("koi8-r")
    assert decode(content) is None
    decoded = decode(content, "KOI8-R")
    assert decoded is not None
    assert decoded.text.startswith("Просто")
    assert decode(content, "no-such-encoding") is None


@given(st.binary(max_size=400), st.sampled_from([".txt", ".md", ".html", ".jsonl", ""]))
def test_no_content_raises(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = tmp_path_factory.mktemp("any") / f"a{suffix}"
    path.write_bytes(content)
    for outcome in read_file(SourceFile(path, len(content)), Meter()):
        if isinstance(outcome, Found):
            assert outcome.article.headline


@given(st.text(max_size=300))
def test_no_markdown_raises(text: str) -> None:
    read_markdown(text, has_headline=False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: Mùa muối\n---\n", "no-body"),
        ("---\nauthor: Lê Mặn\n---\n\n", "no-headline"),
        ("\u00a0\n\u2028\n", "no-headline"),
        ("\ufeff", "no-headline"),
    ],
)
def test_a_text_without_any_line_is_no_article(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert reasons(tmp_path / "a.txt", "text") == [reason]


@pytest.mark.parametrize(
    "value",
    [
        "2022-02-31",
        "9999-12-31T23:59:59-14:00",
        "!!int ''",
        "!!bool x",
        "!!timestamp x",
        "[" * 9999,
    ],
)
def test_front_matter_that_yaml_chokes_on_is_read_line_by_line(value: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\nauthor: Lê Mặn\nx: {value}\n---\n# Mùa muối\n\nMuối.\n")
    assert only_article(tmp_path / "a.md").author == "Lê Mặn"
