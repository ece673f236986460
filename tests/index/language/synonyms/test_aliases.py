"""The aliases file: what lines mean, and errors that name file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import Analyser
from index.analysis.phrases import phrase_reader
from index.language.synonyms.aliases import (
    Alias,
    AliasError,
    parse_aliases,
    read_aliases,
    shipped_aliases,
    site_aliases,
)


def parse(text):
    return list(parse_aliases(text, "site.aliases"))


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("A1 = b c", [("A1", "b c"), ("b c", "A1")]),
        ("  A1=b   c  # remark = none", [("A1", "b c"), ("b c", "A1")]),
        ("a = b = c", [(x, y) for x in "abc" for y in "abc" if x != y]),
        ("new => old", [("new", "old")]),
        ("n1 = n2 => o1 = o2", [("n1", "o1"), ("n1", "o2"), ("n2", "o1"), ("n2", "o2")]),
        ("- a b  # not here", [("a b", "")]),
        ("- a = b", [("- a", "b"), ("b", "- a")]),
        ("# only a remark", []),
        ("", []),
    ],
)
def test_a_line_gives_its_pairs(line, pairs):
    assert parse(line) == [Alias(*pair) for pair in pairs]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lonely", "only one name"),
        ("- ", "a name is missing"),
        ("- -", "a name is missing"),
        ("a = ", "a name is missing"),
        ("= a", "a name is missing"),
        ("a => ", "a name is missing"),
        ("a = -", "a name is missing"),
        ("a => b => c", "two =>"),
        ("a = b = A", "the same name twice"),
        ("a = " + "b" * 81, "81 characters"),
    ],
)
def test_what_cannot_be_understood_is_an_error_that_names_file_and_line(line, message):
    with pytest.raises(AliasError, match=message) as caught:
        parse("# first line\n\n" + line)
    assert str(caught.value).startswith("site.aliases, line 3: ")


def test_a_file_with_a_byte_order_mark_and_windows_lines_is_read(tmp_path: Path):
    path = tmp_path / "mine.aliases"
    path.write_bytes("\ufeffa = b\r\n# x\r\nc => d\r\n".encode())
    assert read_aliases(path) == (Alias("a", "b"), Alias("b", "a"), Alias("c", "d"))


def test_a_file_in_another_encoding_is_refused_by_line(tmp_path: Path):
    path = tmp_path / "mine.aliases"
    path.write_bytes(b"a = b\nS\xe0i G\xf2n = x\n")
    with pytest.raises(AliasError, match=r"mine\.aliases, line 2: not UTF-8"):
        read_aliases(path)


def test_the_shipped_names_all_have_words_and_none_stands_for_itself():
    read = phrase_reader(Analyser())
    aliases = shipped_aliases()
    assert len(aliases) > 100
    for alias in aliases:
        assert read(alias.name).folded
        assert read(alias.name).keys != read(alias.also).keys


def test_no_shipped_pair_is_given_twice():
    aliases = shipped_aliases()
    assert len(set(aliases)) == len(aliases)


def test_the_file_of_a_site_comes_after_the_shipped_names(tmp_path: Path):
    assert site_aliases(tmp_path) == shipped_aliases()
    (tmp_path / "aliases.txt").write_text("SGGP = Sài Gòn Giải Phóng\n", encoding="utf-8")
    assert site_aliases(tmp_path)[-2:] == (
        Alias("SGGP", "Sài Gòn Giải Phóng"),
        Alias("Sài Gòn Giải Phóng", "SGGP"),
    )
    (tmp_path / "aliases.txt").write_text("SGGP\n", encoding="utf-8")
    with pytest.raises(AliasError, match=r"aliases\.txt, line 1"):
        site_aliases(tmp_path)
