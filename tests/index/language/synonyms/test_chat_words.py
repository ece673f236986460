"""The table of words as people write them in chats: what lines mean, and errors that name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import accent_key
from index.language.synonyms.aliases import AliasError
from index.language.synonyms.chat_words import (
    SITE_FILE,
    parse_chat_words,
    shipped_chat_words,
    site_chat_words,
)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ko => không", {"ko": "không"}),
        ("  Ko = HOK=>không  # remark => none", {"ko": "không", "hok": "không"}),
        ("ntn =>  như   thế nào", {"ntn": "như thế nào"}),
        ("vs =>", {"vs": ""}),
        ("đc => được", {"đc": "được"}),
        ("cv19 => covid 19", {"cv19": "covid 19"}),
        ("# only a remark", {}),
        ("", {}),
    ],
)
def test_a_line_says_what_is_meant_by_each_way_of_writing(line: str, words: dict[str, str]) -> None:
    assert parse_chat_words(line, "chat.txt") == words


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("ko", "write WORD => WHAT IS MEANT"),
        ("ko = không", "write WORD => WHAT IS MEANT"),
        ("ko => không = chẳng", "write WORD => WHAT IS MEANT"),
        ("=> không", "a name is missing"),
        ("ko = ko => không", "the same name twice"),
        ("bó tay => chịu", "write one word"),
        ("k* => không", "write one word"),
    ],
)
def test_a_line_that_cannot_be_understood_names_file_line_and_remedy(
    line: str, remedy: str
) -> None:
    with pytest.raises(AliasError, match=rf"chat\.txt, line 2: .*{remedy}"):
        parse_chat_words(f"# first\n{line}", "chat.txt")


def test_a_site_says_otherwise_and_takes_back(tmp_path: Path) -> None:
    shipped = shipped_chat_words()
    assert site_chat_words(tmp_path) == shipped
    (tmp_path / SITE_FILE).write_text("- k\nko => không có\nzz => ngủ\n", "utf-8")
    expected = {**shipped, "ko": "không có", "zz": "ngủ"}
    del expected["k"]
    assert site_chat_words(tmp_path) == expected


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / SITE_FILE).write_bytes(b"ko => kh\nk => kh\xf4ng\n")
    with pytest.raises(AliasError, match=r"chat\.txt, line 2: not UTF-8"):
        site_chat_words(tmp_path)


def test_the_shipped_words_are_keys_and_none_means_itself() -> None:
    shipped = shipped_chat_words()
    assert {written for written in shipped if accent_key(written) != written} == set()
    assert {written for written, meant in shipped.items() if written in meant.split()} == set()
