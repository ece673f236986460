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
    Scope,
    Scoped,
    ValueField,
    ValueFilter,
    Without,
    Words,
    parse,
    render,
)

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
    assert tree.children == (*map(Prefix, "abcdefgh"), Words("i j k"), Words("b"))


PIECES = [*'ab đ"“”()|-=*~:.2 \t\x00', " OR ", "NOT ", "tieude:", "ngay:2022", "nguon:", "🙂"]
typed = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60)


@given(typed)
def test_no_query_text_raises(text: str) -> None:
    parse(text)


@given(typed)
def test_canonical_text_is_read_as_itself(text: str) -> None:
    tree = parse(text).tree
    if tree is not None:
        canonical = render(tree)
        again = parse(canonical).tree
        assert again is not None
        assert render(again) == canonical
