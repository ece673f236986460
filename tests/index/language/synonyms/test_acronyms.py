"""The table of acronyms: written and read, and refused where it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.language.synonyms.acronyms import (
    Acronym,
    AcronymTableError,
    Origin,
    read_acronyms,
    write_acronyms,
)

ROWS = (
    Acronym("BQL", "ban quản lý", Origin.DEFINED, 1, 1.0, 1.0, "article a0"),
    Acronym(
        "UBND", "uỷ ban nhân dân", Origin.GUESSED, 0, 0.75, 0.333, "neighbours 0.90 alike, 30 uses"
    ),
)


def test_a_table_comes_back_as_it_was_written(tmp_path: Path):
    write_acronyms(tmp_path / "t.tsv", ROWS)
    assert read_acronyms(tmp_path / "t.tsv") == ROWS
    assert [each.name for each in tmp_path.iterdir()] == ["t.tsv"]


def test_an_empty_table_comes_back_empty(tmp_path: Path):
    write_acronyms(tmp_path / "t.tsv", ())
    assert read_acronyms(tmp_path / "t.tsv") == ()


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda text: text.replace("acronyms 1", "acronyms 9"), "line 1"),
        (lambda text: text.replace("\t1.000\t", "\tall\t", 1), "line 3"),
        (lambda text: text.replace("defined", "dreamt"), "line 3"),
        (lambda text: text + "BQL\n", "line 4"),
        (lambda text: "", "line 1"),
    ],
)
def test_a_broken_table_is_refused_by_file_and_line(tmp_path: Path, damage, place):
    path = tmp_path / "t.tsv"
    write_acronyms(path, ROWS[:1])
    path.write_text(damage(path.read_text("utf-8")), "utf-8")
    with pytest.raises(AcronymTableError, match=place) as caught:
        read_acronyms(path)
    assert str(path) in str(caught.value)
