"""Every rule of the terms, as rows of text, accent keys and folded terms (terms.tsv)."""

from __future__ import annotations

import csv
import re
from itertools import groupby
from pathlib import Path

import pytest

from index.analysis import Analyser, Token

ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def characters(text: str) -> str:
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def rows() -> list[dict[str, str]]:
    table = Path(__file__).with_name("terms.tsv").read_text("utf-8").splitlines()
    return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


def stream(tokens: list[Token], form: str) -> str:
    stacks = groupby(tokens, key=lambda token: token.position)
    return " ".join("|".join(dict.fromkeys(getattr(t, form) for t in s)) for _, s in stacks)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["rule"])
def test_a_text_gives_these_terms(row: dict[str, str]) -> None:
    tokens = Analyser().tokens(characters(row["input"]))
    assert stream(tokens, "key") == characters(row["canonical"])
    assert stream(tokens, "folded") == row["folded"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["rule"])
def test_encoding_in_bulk_gives_the_same_terms(row: dict[str, str]) -> None:
    text = characters(row["input"])
    analyser = Analyser()
    tokens, encoded = analyser.tokens(text), analyser.encode(text)
    words = analyser.vocabulary
    assert [words.keys[key] for key in encoded.keys] == [token.key for token in tokens]
    folded = [words.folded[words.fold_of[key]] for key in encoded.keys]
    assert folded == [token.folded for token in tokens]
    assert encoded.positions.tolist() == [token.position for token in tokens]


@pytest.mark.parametrize(
    ("text", "slices"),
    [
        ("Hà Nội, 2/9.", ["Hà", "Nội", "2/9", "2", "9"]),
        ("nga\u0300y ng\u00adười", ["nga\u0300y", "ng\u00adười"]),
        ("(COVID\u201119)", ["COVID\u201119", "COVID", "19"]),
        ("50.000₫!", ["50.000", "₫"]),
        ("Ｖｉệｔ\u3000Nam\u200b", ["Ｖｉệｔ", "Nam"]),
        ("H’Hen ôtô", ["H’Hen", "Hen", "ôtô", "ô", "tô"]),
        ("1,125 ﬁn ½", ["1,125", "1,125", "ﬁn", "½", "½", "½"]),
        ("xem https://a-b.vn/x.", ["xem", "a-b.vn/x", "a", "b", "vn", "x"]),
        ("😀Việt🇻🇳", ["Việt"]),
    ],
)
def test_offsets_slice_the_text_as_it_was_given(text: str, slices: list[str]) -> None:
    assert [text[token.start : token.end] for token in Analyser().tokens(text)] == slices
