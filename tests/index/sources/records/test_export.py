"""Records as their systems write them: names, states of publication, markup, empty values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import RecordError
from index.sources import Found
from index.sources.records.export import article_from_export
from index.sources.records.guesses import guessed_fields
from index.sources.records.markup import read_fragment
from index.sources.records.names import Value, field_of

GOOD: dict[str, Value] = {"title": "Mùa sen", "content": "Sen nở kín hồ."}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Tiêu đề", "headline"), ("tieu_de", "headline"), ("tieuDe", "headline"),
        ("TITLE", "headline"), ("post_title", "headline"), ("_source.title", "headline"),
        ("title.rendered", "headline"), ("Nội dung", "body"), ("noi_dung_chi_tiet", "body"),
        ("articleBody", "body"), ("full_text", "body"), ("bodytext", "body"),
        ("Sapo", "summary"), ("tóm tắt", "summary"), ("hometext", "summary"),
        ("Tác giả", "author"), ("authors", "author"), ("author/0/name", "author"),
        ("publishDate", "published"), ("ngay_dang", "published"), ("publish_up", "published"),
        ("created_at", "published"), ("categoryName", "section"), ("Chuyên mục", "section"),
        ("topic", "section"), ("link", "url"), ("đường dẫn", "url"), ("canonical_url", "url"),
        ("urlToImage", "image"), ("ảnh đại diện", "image"), ("_id", "id"), ("mã bài", "id"),
        ("updated_at", ""), ("views", ""), ("tags", ""),
    ],
)  # fmt: skip
def test_names_are_known_in_any_spelling(name: str, field: str) -> None:
    assert field_of(name) == field


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("status", "publish", ""), ("status", "Đã xuất bản", ""), ("status", 1, ""),
        ("status", 200, ""), ("state", "ok", ""), ("published", True, ""), ("is_deleted", 0, ""),
        ("deleted_at", None, ""), ("type", "article", ""), ("da_duyet", "Có", ""),
        ("status", "draft", "draft"), ("Trạng thái", "Bản nháp", "draft"), ("status", 0, "draft"),
        ("post_status", "pending", "draft"), ("trang_thai", "chờ duyệt", "draft"),
        ("draft", "true", "draft"), ("published", False, "draft"), ("is_published", 0, "draft"),
        ("hien_thi", "0", "draft"), ("live", False, "draft"),
        ("visibility", "private", "private"), ("status", "private", "private"),
        ("status", "future", "scheduled"), ("publish_up", "2099-01-01", "scheduled"),
        ("post_password", "abc", "password-protected"), ("status", "trash", "trashed"),
        ("state", -2, "trashed"), ("deleted_at", "2024-01-01 08:00:00", "trashed"),
        ("status", "archived", "withdrawn"), ("expiry_date", "2020-01-01", "withdrawn"),
        ("post_type", "attachment", "not-an-article"), ("type", "comment", "not-an-article"),
        ("post_type", "nav_menu_item", "not-an-article"),
    ],
)  # fmt: skip
def test_only_what_was_published_is_an_article(name: str, value: Value, reason: str) -> None:
    outcome = article_from_export({**GOOD, name: value}, "x:1")
    assert (outcome.reason if isinstance(outcome, RecordError) else "") == reason


def found(record: dict[str, Value]) -> Found:
    outcome = article_from_export(record, "x:1")
    assert isinstance(outcome, Found), outcome
    return outcome


@pytest.mark.parametrize(("more", "reason"), [({}, ""), ({"created": "14/6/2022"}, "draft")])
def test_a_number_is_a_state_only_beside_a_date(more: dict[str, Value], reason: str) -> None:
    outcome = article_from_export({**GOOD, "published": 0, **more}, "x:1")
    assert (outcome.reason if isinstance(outcome, RecordError) else "") == reason


def test_a_page_is_told_from_an_article() -> None:
    assert found({**GOOD, "type": "page"}).is_page
    assert not found({**GOOD, "type": "post"}).is_page


@pytest.mark.parametrize("nothing", ["NULL", "null", "nan", "NaT", r"\N", "None", " ", "[]"])
def test_words_for_nothing_are_nothing(nothing: str) -> None:
    outcome = found({**GOOD, "author": nothing, "date": nothing if nothing != "[]" else ""})
    assert outcome.article.author == ""
    assert outcome.remarks == ()


def test_a_list_in_a_cell_is_a_list() -> None:
    article = found({**GOOD, "authors": "['Lê Sen', 'Mai Đào']", "tags": "[]"}).article
    assert article.author == "Lê Sen, Mai Đào"


def test_what_is_ignored_and_what_was_taken_is_told() -> None:
    outcome = found({**GOOD, "views": 5, "note": None})
    assert dict(outcome.ignored) == {"views": 5}
    assert dict(outcome.taken) == {"headline": "title", "body": "content"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>Đoạn một.</p><p>Đoạn hai.</p>", "Đoạn một.\nĐoạn hai."),
        ("Đoạn một <em>nghiêng</em>.\r\n\r\nĐoạn hai.", "Đoạn một nghiêng.\nĐoạn hai."),
        ("Đoạn một nói R&amp;D.\n\nĐoạn hai.", "Đoạn một nói R&D.\nĐoạn hai."),
        ("&lt;p&gt;Đoạn một.&lt;/p&gt;&lt;p&gt;Hai.&lt;/p&gt;", "Đoạn một.\nHai."),
        ("Nếu x<y và z>t thì sao.", "Nếu x<y và z>t thì sao."),
        ("<p>Nếu x<y và z>t.</p>", "Nếu x<y và z>t."),
        ("Một<br>Hai<script>var x = 1;</script>", "Một\nHai"),
        ("<p>Một.</p><p style='display: none'>Ẩn.</p>", "Một."),
        ("<!-- wp:paragraph --><p>Một.</p><!-- /wp:paragraph -->\n\nHai.", "Một.\nHai."),
        ("[vc_row]Một [1] và [sic].[/vc_row]\n\n[gallery ids='1,2']", "Một [1] và [sic]."),
        ("<table><tr><td><p>Lúa</p></td><td>7.000</td></tr></table>", "Lúa 7.000"),
        ("<p>Một.</p><div class='tin-lien-quan'><a href='/2'>Bài khác</a></div>", "Một."),
    ],
)
def test_markup_is_read_as_its_readers_saw_it(content: str, text: str) -> None:
    assert read_fragment(content).text == text


@pytest.mark.parametrize(
    "content",
    [
        '[caption id="a" width="300"]<img src="https://x.example/1.jpg" /> Ao sen.[/caption]',
        '<figure><img src="https://x.example/1.jpg"><figcaption>Ao sen.</figcaption></figure>',
        '<div><img src="https://x.example/1.jpg"><p class="wp-caption-text">Ao sen.</p></div>',
    ],
)
def test_captions_are_kept_apart(content: str) -> None:
    fragment = read_fragment(f"<p>Một.</p>{content}")
    assert fragment == ("Một.", ("Ao sen.",), "https://x.example/1.jpg")


@given(st.text())
def test_no_markup_raises(content: str) -> None:
    read_fragment(content)


def test_fields_are_proposed_by_what_they_hold() -> None:
    held = {
        "dau_bai": ["Mùa sen nở sớm", "Mùa cốm về muộn"],
        "ruot": ["Sen nở kín hồ. " * 20, "Cốm thơm ngõ nhỏ. " * 20],
        "xb_luc": ["14/6/2022", "15/6/2022"],
        "noi_luu": ["https://bao.example/1.html", "https://bao.example/2.html"],
        "luot": [5, 6],
    }
    assert guessed_fields(held, ("headline", "body", "published", "url")) == {
        "headline": "dau_bai",
        "body": "ruot",
        "published": "xb_luc",
        "url": "noi_luu",
    }
    assert guessed_fields(held, ()) == {}
