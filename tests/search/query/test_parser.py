"""The query language: every construct, and that no text is an error."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query import (
    AllOf,
    AnyOf,
    DateFilter,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Remark,
    RemarkReason,
    Scope,
    Scoped,
    ValueField,
    ValueFilter,
    Without,
    Words,
    render,
)
from search.query import parse as parse_on
from search.query.parser import Parsed

MONDAY = date(2026, 11, 23)


def parse(text: str) -> Parsed:
    return parse_on(text, MONDAY)


SUNDAY = date(2026, 11, 22)
LANGUAGE: list[tuple[str, Node | None]] = [
    ("thông tin đối ngoại", Words("thông tin đối ngoại")),
    ("  thông \t tin\u00a0đối\n", Words("thông tin đối")),
    ('"thông tin"', Phrase("thông tin")),
    ("“thông tin”", Phrase("thông tin")),
    ("«thông tin»", Phrase("thông tin")),
    ('"thông   tin" đối', AllOf((Phrase("thông tin"), Words("đối")))),
    ("vàng -bạc", AllOf((Words("vàng"), Without(Words("bạc"))))),
    ("vàng NOT bạc", AllOf((Words("vàng"), Without(Words("bạc"))))),
    ("--vàng", Words("--vàng")),
    ("giá vàng OR bạc", AllOf((Words("giá"), AnyOf((Words("vàng"), Words("bạc")))))),
    ("vàng | bạc|kẽm", AnyOf((Words("vàng"), Words("bạc"), Words("kẽm")))),
    ("vàng OR vàng", Words("vàng")),
    ("giá AND vàng", Words("giá vàng")),
    ("UBND OR HĐND", AnyOf((Words("UBND"), Words("HĐND")))),
    ("(giá vàng) OR bạc", AnyOf((Words("giá vàng"), Words("bạc")))),
    ("tieude:vàng", Scoped(Scope.HEADLINE, Words("vàng"))),
    ('title:"giá vàng"', Scoped(Scope.HEADLINE, Phrase("giá vàng"))),
    ("tomtat:(giá vàng)", Scoped(Scope.SUMMARY, Words("giá vàng"))),
    ("tieude:-vàng", Without(Scoped(Scope.HEADLINE, Words("vàng")))),
    ("-tieude:vàng", Without(Scoped(Scope.HEADLINE, Words("vàng")))),
    ("tieude:tomtat:vàng", Scoped(Scope.SUMMARY, Words("vàng"))),
    ("tieude:(tomtat:vàng)", Scoped(Scope.SUMMARY, Words("vàng"))),
    ("tieude:=vàng", Scoped(Scope.HEADLINE, Words("vàng", exact=True))),
    ("=tieude:vàng", Scoped(Scope.HEADLINE, Words("vàng", exact=True))),
    ("-(-vàng)", Words("vàng")),
    ("TACGIA:An", ValueFilter(ValueField.AUTHOR, "An")),
    ('nguồn:"Báo Sông Hồng"', ValueFilter(ValueField.SOURCE, "Báo Sông Hồng")),
    ("section:kinh-te", ValueFilter(ValueField.SECTION, "kinh-te")),
    ("ngay:2022", DateFilter(date(2022, 1, 1), date(2022, 12, 31))),
    ("ngay:2022-06..2022-07", DateFilter(date(2022, 6, 1), date(2022, 7, 31))),
    ("ngay:2022-07..2022-06-14", DateFilter(date(2022, 6, 14), date(2022, 7, 31))),
    ("ngay:..2024-02", DateFilter(None, date(2024, 2, 29))),
    ("ngay:2024-02-28..", DateFilter(date(2024, 2, 28), None)),
    ("tiêu đề:vàng", Scoped(Scope.HEADLINE, Words("vàng"))),
    ("Tiêu_Đề:vàng", Scoped(Scope.HEADLINE, Words("vàng"))),
    ("tie\u0302u đe\u0302\u0300:vàng", Scoped(Scope.HEADLINE, Words("vàng"))),
    ("giá tóm tắt:vàng", AllOf((Words("giá"), Scoped(Scope.SUMMARY, Words("vàng"))))),
    ("chuyen muc:kinh-te", ValueFilter(ValueField.SECTION, "kinh-te")),
    (
        'nguồn:("Báo Sông" OR Đồi)',
        AnyOf((ValueFilter(ValueField.SOURCE, "Báo Sông"), ValueFilter(ValueField.SOURCE, "Đồi"))),
    ),
    ("tacgia:(Lê An)", ValueFilter(ValueField.AUTHOR, "Lê An")),
    (
        "tacgia:(An -Bình)",
        AllOf(
            (
                ValueFilter(ValueField.AUTHOR, "An"),
                Without(ValueFilter(ValueField.AUTHOR, "Bình")),
            )
        ),
    ),
    ("tieude:nguon:An", ValueFilter(ValueField.SOURCE, "An")),
    ("ngay:hôm qua giá vàng", AllOf((DateFilter(SUNDAY, SUNDAY), Words("giá vàng")))),
    ("giá vàng ngày:hôm_qua", AllOf((Words("giá vàng"), DateFilter(SUNDAY, SUNDAY)))),
    ("giá vàng NGAY:(hom qua)", AllOf((Words("giá vàng"), DateFilter(SUNDAY, SUNDAY)))),
    ('date:"yesterday" giá', AllOf((DateFilter(SUNDAY, SUNDAY), Words("giá")))),
    ("-ngay:hôm qua giá", AllOf((Without(DateFilter(SUNDAY, SUNDAY)), Words("giá")))),
    (
        "ngay:(2019 OR 2021)",
        AnyOf(
            (
                DateFilter(date(2019, 1, 1), date(2019, 12, 31)),
                DateFilter(date(2021, 1, 1), date(2021, 12, 31)),
            )
        ),
    ),
    (
        'ngay:"2022-06-14" đến 2023',
        AllOf((DateFilter(date(2022, 6, 14), date(2022, 6, 14)), Words("đến 2023"))),
    ),
    ("giá vàng hôm qua", Words("giá vàng hôm qua")),
    ("=đường", Words("đường", exact=True)),
    ('="con đường"', Phrase("con đường", exact=True)),
    ("đường*", Prefix("đường")),
    ("đường~", Fuzzy("đường")),
]


@pytest.mark.parametrize(("text", "tree"), LANGUAGE)
def test_each_construct_gives_its_tree(text: str, tree: Node | None) -> None:
    assert parse(text).tree == tree


PLAIN: list[tuple[str, str]] = [
    ("Covid-19: bài học", "Covid-19: bài học"),
    ("nguồn: báo", "nguồn: báo"),
    ("https://bao.example/a", "https://bao.example/a"),
    ("12:30", "12:30"),
    ("KHÔNG đồng", "KHÔNG đồng"),
    ("ngay:2022-13", "ngay 2022-13"),
    ("ngay:hôm", "ngay hôm"),
    ("dau:phay", "dau phay"),
    ("ngày:tới rồi", "ngày tới rồi"),
    ("Tác giả: An", "Tác giả: An"),
    ('tác "giả:An', "tác giả: An"),
    ('"mở mà không đóng', "mở mà không đóng"),
    ("(a ((b", "a b"),
    (") a (", "a"),
    ("a OR", "a"),
    ("OR a", "a"),
    ("a - b", "a - b"),
    ("NOT", ""),
    ("*", "*"),
    ("tieude:", "tieude:"),
    ("", ""),
    ("\x00\x01\x1f", ""),
    ("()", ""),
    ('""', ""),
]


@pytest.mark.parametrize(("text", "understood"), PLAIN)
def test_what_does_not_parse_is_words(text: str, understood: str) -> None:
    tree = parse(text).tree
    assert (render(tree) if tree is not None else "") == understood


def test_dau_dung_asks_for_exact_accents_and_is_no_word() -> None:
    parsed = parse("đường dau:dung")
    assert parsed.exact
    assert parsed.tree == Words("đường")


def test_ten_thousand_brackets_are_read() -> None:
    assert parse("(" * 10_000 + "a" + ")" * 10_000).tree == Words("a")


@pytest.mark.parametrize(
    "prefix", ["=", "tieude:", "tomtat:=", "NOT ", "-tieude:", "=tieude:NOT tomtat:"]
)
def test_ten_thousand_prefixes_are_read(prefix: str) -> None:
    tree = parse(prefix * 10_000 + "a").tree
    assert tree is not None
    assert len(render(tree)) <= len("-tieude:=a")


def test_what_is_said_twice_is_wanted_once() -> None:
    assert parse("a* a* a*").tree == Prefix("a")
    assert parse('"a b" c "a b"').tree == AllOf((Phrase("a b"), Words("c")))


def test_only_so_many_words_stand_for_others() -> None:
    tree = parse(" ".join(f"{letter}*" for letter in "abcdefghijk") + " a* b~").tree
    assert isinstance(tree, AllOf)
    assert tree.children == (*map(Prefix, "abcdefgh"), Words("i j k b"))


REMARKS: list[tuple[str, list[Remark]]] = [
    ("giá vàng", []),
    ("ngay:hôm qua", []),
    ("ngày:hôm kìa mốt", []),
    ("ngày:mốt giá", [Remark("ngày:mốt", RemarkReason.NO_DATE)]),
    ("ngay:2022-13", [Remark("ngay:2022-13", RemarkReason.NO_DATE)]),
    ("dấu:phẩy", [Remark("dấu:phẩy", RemarkReason.NO_VALUE)]),
    ("Nguồn: báo", [Remark("Nguồn:", RemarkReason.SPACE)]),
    ("tác giả: An", [Remark("tác giả:", RemarkReason.SPACE)]),
    ("báo giá: 5 triệu", []),
    (" ".join(f"{letter}*" for letter in "abcdefghi"), [Remark("i*", RemarkReason.TOO_MANY)]),
]


@pytest.mark.parametrize(("text", "remarks"), REMARKS)
def test_what_looked_like_a_filter_and_was_none_is_told(text: str, remarks: list[Remark]) -> None:
    assert list(parse(text).remarks) == remarks


PIECES = [
    *'ab đ"“”()|-=*~:.2 _\t\x00',
    *(" OR ", "NOT ", "tieude:", "nguon:", "tác ", "giả:", "tiêu đề:", "🙂", "dau:", "dung"),
    *("ngay:", "ngay:2022", "hôm qua", " đến ", "2022-06-14", "30/4", "..", " tháng 8", "7 ngày"),
]
typed = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)


@given(typed)
def test_no_query_text_raises(text: str) -> None:
    parse(text)


@given(typed)
def test_canonical_text_is_read_as_the_same_tree_on_any_day(text: str) -> None:
    tree = parse(text).tree
    if tree is not None:
        again = parse_on(render(tree), date(2031, 2, 28)).tree
        assert again == tree
        assert render(again) == render(tree)


@given(st.lists(st.sampled_from(["thông", "TIN", "5G", "and", "OR", "²", " ", "đối\u0301"])))
def test_words_alone_are_read_as_in_brackets(words: list[str]) -> None:
    text = " ".join(words)
    assert parse(text) == parse(f"({text})")
