"""Encodings read wrongly are repaired; everything else is noticed and left as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import all_syllables, read_text, repair, spell
from index.analysis.repair.legacy import ENCODINGS, from_tcvn3, from_viscii, from_vni_windows

SENTENCE = "Hội đồng nhân dân xã họp sáng nay, quyết định sửa cây cầu gỗ bắc qua suối."
TONES = "\u0300\u0301\u0303\u0309\u0323"
LETTERS = sorted(
    {letter for syllable in all_syllables() for letter in spell(syllable) if letter > "z"}
)
TABLES = {"tcvn3": from_tcvn3, "viscii": from_viscii}


def latin_1(letter: str, kind: str) -> str:
    """How a letter looks in Latin-1 after it was saved in a one-byte encoding."""
    characters = [chr(byte) for byte in range(0xA1, 0x100) if TABLES[kind](chr(byte)) == letter]
    characters += [chr(byte) for byte in range(0x80, 0xA1) if TABLES[kind](chr(byte)) == letter]
    return characters[0] if characters else letter


def as_windows_1258(text: str) -> bytes:
    return b"".join(map(letter_as_windows_1258, text))


def letter_as_windows_1258(letter: str) -> bytes:
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(m for m in marks if m not in TONES))
        return (base + "".join(m for m in marks if m in TONES)).encode("cp1258")


def disguised(kind: str) -> str:
    if kind == "windows-1258":
        return as_windows_1258(SENTENCE).decode("latin-1")
    if kind == "utf-8 read as windows-1252":
        return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in SENTENCE.encode())
    if kind == "vni-windows":
        return (
            "Hoäi ñoàng nhaân daân xaõ hoïp saùng nay, "
            "quyeát ñònh söûa caây caàu goã baéc qua suoái."
        )
    return "".join(letter if letter <= "z" else latin_1(letter, kind) for letter in SENTENCE)


@pytest.mark.parametrize("kind", ENCODINGS)
def test_a_line_in_a_legacy_encoding_is_read(kind: str) -> None:
    repaired = repair(disguised(kind))
    assert repaired.text == SENTENCE
    assert [(repair.kind, repair.changed) for repair in repaired.repairs] == [(kind, True)]


@pytest.mark.parametrize("kind", ["tcvn3", "viscii"])
def test_a_table_has_every_small_letter(kind: str) -> None:
    assert [TABLES[kind](latin_1(letter, kind)) for letter in LETTERS] == LETTERS
    assert all(latin_1(letter, kind) != letter for letter in "ạảấầặẽẹếệỉịọỏốộớợụủứựỳỵỷỹ")


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("TRÖÔØNG ÑAÏI HOÏC", "TRƯỜNG ĐẠI HỌC"),
        ("Ngöôøi daân ôû Vónh Long", "Người dân ở Vĩnh Long"),
        ("kyø thi, quyù, myõ, tyû", "kỳ thi, quý, mỹ, tỷ"),
        ("ñaëc bieät", "đặc biệt"),
    ],
)
def test_vni_windows_spells_letters_with_two_bytes(shown: str, meant: str) -> None:
    assert from_vni_windows(shown) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Viá»‡t Nam", "Việt Nam"),
        ("HÃ Ná»™i", "Hà Nội"),
        ("thÃ nh phá»‘ HÃ\xa0 Ná»™i", "thành phố Hà Nội"),
        ("ViÃ¡Â»â€¡t Nam", "Việt Nam"),
        ("Tin tá»©c â€œmá»›iâ€\x9d", "Tin tức “mới”"),
    ],
)
def test_utf8_read_as_windows_1252_is_read_again(text: str, meant: str) -> None:
    assert repair(text).text == meant


def test_one_file_may_hold_several_encodings() -> None:
    lines = [disguised(kind) for kind in ENCODINGS] + [SENTENCE, "", "plain ASCII"]
    repaired = repair("\n".join(lines))
    assert repaired.text.split("\n") == [SENTENCE] * (len(ENCODINGS) + 1) + ["", "plain ASCII"]


def test_a_line_too_short_to_tell_follows_its_neighbours() -> None:
    short = "L" + "".join(latin_1(letter, "viscii") for letter in "ãnh đạo tỉnh nói gì")
    assert repair(short + "\n" + disguised("viscii")).text == "Lãnh đạo tỉnh nói gì\n" + SENTENCE


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        SENTENCE.upper(),
        "Nguyễn Ngọc Ngạn gặp Citroën, Müller và Besançon ở Curaçao",
        "Crème brûlée, façade, naïve, Zürich, São Paulo, Málaga",
        "50 µg/m³ ở 30 °C, § 5, ½ lít, ©2020 ®",
        "Giá 20 € hay £15",
        "“Đẹp quá…”, chị nói",
        "Москва, Αθήνα, 東京",
        "hòa òa oà uý",
    ],
)
def test_a_text_that_was_read_well_stays(text: str) -> None:
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("text", "kind", "places"),
    [
        ("ho\u0300a bi\u0300nh", "marks not composed", 2),
        ("ng\u00adười k\u200by", "invisible characters", 2),
        ("phí ВОТ và Москва", "look-alike letters", 1),
        ("Ðà Nẵng", "look-alike letters", 1),
        ("ＶＴＶ và Ｈ", "full-width characters", 2),
        ("a\0b", "control characters", 1),
    ],
)
def test_what_matching_takes_care_of_is_only_noticed(text: str, kind: str, places: int) -> None:
    assert repair(text) == (text, ((kind, places, False),))


@pytest.mark.parametrize("kind", ENCODINGS)
def test_repairing_twice_changes_nothing_more(kind: str) -> None:
    once = repair(disguised(kind))
    assert repair(once.text) == (once.text, ())


@given(st.text(max_size=200))
def test_any_text_is_read_and_what_was_changed_is_reported(text: str) -> None:
    repaired = repair(text)
    assert any(repair.changed for repair in repaired.repairs) == (repaired.text != text)


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    assert isinstance(read_text(data).text, str)


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        SENTENCE.encode("utf-8-sig"),
        SENTENCE.encode("utf-16"),
        b"\xfe\xff" + SENTENCE.encode("utf-16-be"),
        as_windows_1258(SENTENCE),
        disguised("tcvn3").encode("latin-1"),
        disguised("vni-windows").encode("latin-1"),
        disguised("viscii").encode("latin-1"),
        disguised("utf-8 read as windows-1252").encode(),
    ],
)
def test_bytes_are_read_whatever_their_encoding(data: bytes) -> None:
    assert read_text(data).text == SENTENCE
