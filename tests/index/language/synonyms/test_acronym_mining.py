"""Mining acronyms: evidence merged, shares reckoned."""

from __future__ import annotations

from index.analysis import Analyser
from index.analysis.phrases import phrase_reader
from index.language.synonyms.acronym_mining import AcronymMiner
from index.language.synonyms.acronyms import Acronym, Origin
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
