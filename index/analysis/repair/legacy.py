"""Vietnamese encodings from before Unicode, and UTF-8 that was read as something else.

Every function here takes text whose characters are bytes in disguise: somebody read the file as
Latin-1 or windows-1252. It gives the text that was meant, or None where the text cannot come from
that encoding.

Sources: TCVN 5712:1993 (VN1), RFC 1456 (VISCII), the windows-1258 table of Python's own codec,
and the key map of the VNI-Windows fonts. Which encoding a text is in is not known here: see
``repairs``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from index.analysis.characters.normalization import VIETNAMESE_LETTERS
from index.analysis.syllables import parse_syllable

_TCVN_FROM_A1 = (
    "ĂÂÊÔƠƯĐăâêôơưđẶ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉ"
    "ỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵ"
)
_VISCII_FROM_80 = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_CONTROLS = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_VNI_LETTERS = dict(zip("ñôöæóòî", "đơưỉĩịỵ", strict=True))
_VNI_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_VNI_CIRCUMFLEXED = dict(zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True))
_VNI_BREVED = dict(zip("êéèúüë", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True))


def _seen_as(byte: int) -> set[str]:
    """The characters a byte looks like in Latin-1 and in windows-1252."""
    return {chr(byte), bytes([byte]).decode("cp1252", "ignore") or chr(byte)}


def _table(letters: Mapping[int, str]) -> dict[int, str]:
    return {
        ord(character): letter for byte, letter in letters.items() for character in _seen_as(byte)
    }


_TCVN = _table(dict(enumerate(_TCVN_FROM_A1, 0xA1)))
_VISCII = _table({**dict(enumerate(_VISCII_FROM_80, 0x80)), **_VISCII_CONTROLS})


def _vni_pairs() -> dict[str, str]:
    pairs = {}
    for base, shown in (
        ("a", "a"),
        ("e", "e"),
        ("o", "o"),
        ("u", "u"),
        ("y", "y"),
        ("ô", "ơ"),
        ("ö", "ư"),
    ):
        pairs.update({base + key: shown + tone for key, tone in _VNI_TONES.items()})
        if base in "aeo":
            circumflexed = _VNI_CIRCUMFLEXED.items()
            pairs.update({base + key: f"{shown}\u0302{tone}" for key, tone in circumflexed})
    pairs.update({f"a{key}": f"a\u0306{tone}" for key, tone in _VNI_BREVED.items()})
    pairs.update(_VNI_LETTERS)
    composed = {keys: unicodedata.normalize("NFC", shown) for keys, shown in pairs.items()}
    capitals = {
        variant: shown.upper()
        for keys, shown in composed.items()
        for variant in (keys.upper(), keys[0].upper() + keys[1:])
    }
    return {**capitals, **composed}


_VNI = _vni_pairs()
_VNI_PAIR = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))
_BYTE_OF = {character: byte for byte in range(0x80, 0x100) for character in _seen_as(byte)}
_RUN_OF_BYTES = re.compile(f"[{re.escape(''.join(_BYTE_OF))}]+")
_EXPECTED = re.compile(
    f"[{VIETNAMESE_LETTERS}\u0080-\u00ff\u0300-\u0323\u0152\u0153\u0160-\u017e\u0192\u02c6\u02dc"
    "\u2000-\u206f\u20a0-\u20bf\u2122\ufeff\U0001f300-\U0001faff]+"
)
_HALF_AN_A = re.compile(r"(\w{0,8})Ã (\w{0,8})")


def from_tcvn3(text: str) -> str | None:
    """Read TCVN3 (ABC, the .VnTime fonts)."""
    return unicodedata.normalize("NFC", text.translate(_TCVN))


def from_viscii(text: str) -> str | None:
    """Read VISCII."""
    return text.translate(_VISCII)


def from_vni_windows(text: str) -> str | None:
    """Read VNI-Windows: a letter, then a second byte with its marks."""
    return _VNI_PAIR.sub(lambda match: _VNI[match[0]], text)


def from_windows_1258(text: str) -> str | None:
    """Read windows-1258: letters with shapes, tones as combining bytes."""
    try:
        shown = _RUN_OF_BYTES.sub(lambda m: _bytes_of(m[0]).decode("cp1258"), text)
    except UnicodeDecodeError:
        return None
    return unicodedata.normalize("NFC", shown)


def from_misread_utf8(text: str) -> str | None:
    """Read UTF-8 that was read as windows-1252, even twice; what is no UTF-8 stays.

    So does what would give letters that have no business here: "quá…”" happens to be valid UTF-8.
    """
    changed = False

    def decoded(match: re.Match[str]) -> str:
        nonlocal changed
        try:
            shown = _bytes_of(match[0]).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]
        if not _EXPECTED.fullmatch(shown):
            return match[0]
        changed = True
        return shown

    twice = _RUN_OF_BYTES.sub(decoded, _RUN_OF_BYTES.sub(decoded, text))
    return _HALF_AN_A.sub(_whole_a, twice) if changed else None


def _whole_a(match: re.Match[str]) -> str:
    """Restore an à whose second byte, a no-break space, became a space or joined the next one."""
    before, after = match.groups()
    joined = f"{before}à{after}"
    return joined if parse_syllable(joined.lower()) else f"{before}à {after}"


def _bytes_of(characters: str) -> bytes:
    return bytes(_BYTE_OF[character] for character in characters)


MISREAD_UTF8 = "utf-8 read as windows-1252"

ENCODINGS: Mapping[str, Callable[[str], str | None]] = {
    MISREAD_UTF8: from_misread_utf8,
    "tcvn3": from_tcvn3,
    "vni-windows": from_vni_windows,
    "viscii": from_viscii,
    "windows-1258": from_windows_1258,
}
"""Readers by the name of the fault they repair, the most certain first."""
