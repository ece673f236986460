"""The table of acronyms: evidence merged, shares reckoned, written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.analysis import Analyser
from index.analysis.phrases import phrase_reader
from index.language.synonyms.acronyms import (
    Acronym,
    AcronymMiner,
    AcronymTableError,
    Origin,
    read_acronyms,
    write_acronyms,
)
from tests.index.language.synonyms.test_acronym_neighbours import PLACES, SAME_COMPANY, VERBS


def mine(*texts):
    analyser = Analyser()
    miner = AcronymMiner()
    for number, text in enumerate(texts):
        miner.add_text(text, f"a{number}")
        miner.add_terms(*analyser.encode(text))
    return miner.mine(analyser.vocabulary.keys, phrase_reader(analyser))


def test_spellings_that_fold_alike_are_one_pair_named_by_the_commonest():
    (row,) = mine(
        "Ban quản lý (BQL) mới", "ban quản lý (BQL) cũ", "ban quản lí (BQL) xa", "tin khác"
    )
    assert row == Acronym(
        "BQL", "ban quản lý", Origin.DEFINED, 3, 1.0, 1.0, "article a0; article a1; article a2"
    )


def test_shares_are_parts_of_all_that_an_acronym_and_a_long_form_have():
    rows = mine(
        "ban quản lý (BQL)",
        "ban quản lý (BQL)",
        "ban quản lý (BQL)",
        "bến quanh làng (BQL)",
        "phố xa lạ (PXL)",
    )
    assert [(row.acronym, row.long_form, row.share, row.long_form_share) for row in rows] == [
        ("BQL", "ban quản lý", 0.75, 1.0),
        ("BQL", "bến quanh làng", 0.25, 1.0),
        ("PXL", "phố xa lạ", 1.0, 1.0),
    ]


def test_a_long_form_with_two_acronyms_shares_between_them():
    rows = mine("hội đồng nhân dân (HĐND)", "hội đồng nhân dân (HĐ-ND)", "cá (ABC)")
    assert [(row.acronym, row.long_form_share) for row in rows] == [("HĐ-ND", 0.5), ("HĐND", 0.5)]


def test_guesses_stand_beside_definitions_and_say_why():
    texts = [
        template.format(place=PLACES[number % 4], verb=VERBS[number % 5])
        for number in range(30)
        for template in SAME_COMPANY
    ]
    (row,) = mine(*texts)
    assert (row.acronym, row.long_form, row.origin, row.count) == (
        "UBND",
        "uỷ ban nhân dân",
        Origin.GUESSED,
        0,
    )
    assert "30 and 30 uses" in row.evidence
    (row,) = mine(*texts, "Ủy ban nhân dân (UBND) xã")
    assert (row.origin, row.count, row.long_form) == (Origin.DEFINED, 1, "ủy ban nhân dân")
    assert row.evidence.startswith("article a60; neighbours ")


def test_a_table_comes_back_as_it_was_written(tmp_path: Path):
    rows = mine("ban quản lý (BQL)", "thông tin đối ngoại (TTĐN)")
    assert len(rows) == 2
    write_acronyms(tmp_path / "t.tsv", rows)
    assert read_acronyms(tmp_path / "t.tsv") == rows
    assert [each.name for each in tmp_path.iterdir()] == ["t.tsv"]


def test_an_empty_table_comes_back_empty(tmp_path: Path):
    write_acronyms(tmp_path / "t.tsv", mine())
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
    write_acronyms(path, mine("ban quản lý (BQL)"))
    path.write_text(damage(path.read_text("utf-8")), "utf-8")
    with pytest.raises(AcronymTableError, match=place) as caught:
        read_acronyms(path)
    assert str(path) in str(caught.value)
