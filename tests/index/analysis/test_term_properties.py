"""What holds of the terms of any text whatever."""

from __future__ import annotations

import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import Analyser, accent_key, all_syllables, fold, spell
from index.analysis.characters.normalization import clean

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạếềểễệỏởỡợũữựỳỵÀĐƯ"
PIECES = [
    "1.000",
    "2,5",
    "19h30",
    "02/09",
    "NĐ-CP",
    "covid",
    "TP.",
    "ôtô",
    "H'",
    "a@b.vn",
    "-",
    "₫",
    "5G",
]
texts = st.text(
    st.one_of(
        st.sampled_from(VIETNAMESE),
        st.sampled_from(" .,/-'’@:019%\n\u0301\u0302\u0309\u031b\u00ad\u200b"),
        st.characters(),
    ),
    max_size=60,
) | st.lists(st.sampled_from(PIECES) | st.text(VIETNAMESE, max_size=4), max_size=8).map("".join)


@given(texts)
def test_every_offset_lies_in_the_text_and_every_position_follows(text: str) -> None:
    analyser = Analyser()
    tokens = analyser.tokens(text)
    last = -1
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert last <= token.position <= last + 1
        last = token.position


@given(texts)
def test_bulk_and_exact_analysis_agree(text: str) -> None:
    analyser = Analyser()
    tokens, encoded = analyser.tokens(text), analyser.encode(text)
    assert [analyser.vocabulary.keys[key] for key in encoded.keys] == [t.key for t in tokens]
    assert encoded.positions.tolist() == [token.position for token in tokens]


@given(texts, st.text('([“"', max_size=3), st.text(')]”",;:.!?', max_size=3))
def test_punctuation_around_a_chunk_changes_no_term(text: str, before: str, after: str) -> None:
    analyser = Analyser()
    for chunk in text.split():
        plain = [(token.key, token.position) for token in analyser.tokens(chunk)]
        around = analyser.tokens(before + chunk + after)
        assert [(token.key, token.position) for token in around] == plain


@given(texts)
def test_every_key_gives_itself_again(text: str) -> None:
    analyser = Analyser()
    for token in analyser.tokens(text):
        again = [term.key for term in analyser.tokens(token.key) if term.position == 0]
        assert token.key in again


@given(texts.filter(lambda text: not re.search("[\u0370-\u052f]", text)))
def test_the_text_of_a_term_gives_that_term(text: str) -> None:
    """But for look-alikes of other scripts, which are told by the letters around them."""
    analyser = Analyser()
    for token in analyser.tokens(text):
        keys = {term.key for term in analyser.tokens(text[token.start : token.end])}
        assert token.key in keys


@given(texts)
def test_folding_and_keys_are_idempotent(text: str) -> None:
    for token in Analyser().tokens(text):
        assert accent_key(token.key) == token.key or "|" in token.key
        assert fold(token.folded) == token.folded


@given(texts)
def test_cleaning_is_idempotent(text: str) -> None:
    once = clean(text).text
    assert clean(once).text == once


@given(texts)
def test_composing_or_decomposing_a_text_changes_no_key(text: str) -> None:
    analyser = Analyser()
    keys = [
        [token.key for token in analyser.tokens(unicodedata.normalize(form, text))]
        for form in ("NFC", "NFD")
    ]
    assert keys[0] == keys[1]


@given(st.sampled_from(sorted({spell(s) for s in all_syllables()})), st.randoms())
def test_any_order_of_the_marks_gives_one_key(word: str, random: object) -> None:
    clusters = []
    for letter in word:
        base, *marks = unicodedata.normalize("NFD", letter)
        clusters.append([base + "".join(order) for order in itertools.permutations(marks)])
    keys = {accent_key(clean("".join(choice)).text) for choice in itertools.product(*clusters)}
    assert keys == {accent_key(word)}


@pytest.mark.parametrize("form", [str.upper, str.title])
def test_case_changes_no_key_of_any_syllable(form: object) -> None:
    assert callable(form)
    for syllable in all_syllables():
        word = spell(syllable)
        assert accent_key(form(word)) == accent_key(word)


@given(st.lists(texts | st.sampled_from(["", " ", "một\u00a0hai", "15/2020/NĐ-CP U23 (Huế)"])))
def test_several_texts_at_once_are_encoded_like_each_by_itself(several: list[str]) -> None:
    analyser = Analyser()
    together = analyser.encode_all(several)
    alone = [analyser.encode(text) for text in several]
    assert [[array.tolist() for array in encoded] for encoded in together] == [
        [array.tolist() for array in encoded] for encoded in alone
    ]
