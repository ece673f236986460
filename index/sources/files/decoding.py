"""From the bytes of a text file to its text, whatever encoding it was saved in.

A byte order mark decides; then UTF-8, if the bytes are valid; then what the file declares; then
what makes Vietnamese of it, which finds windows-1258 and the old fonts' encodings (TCVN3, VNI,
VISCII). Text that fits none of these is refused rather than shown as gibberish. It knows nothing of
articles.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from index.analysis import read_text
from index.sources.records.outcome import Remark, Repair

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
_TOLERATED_SHARE = 0.01
_BROKEN_SHARE = 0.05
_NEITHER_PLAIN_NOR_MARK = re.compile(rb"[^\x00-\x7f\x85\x91-\x97]")


class Decoded(NamedTuple):
    """A text, and what had to be done to read it."""

    text: str
    remarks: tuple[Remark, ...] = ()


def decode(content: bytes, declared: str = "") -> Decoded | None:
    """The text of a file, or None if it is in no encoding that can be told.

    Args:
        content: the whole file.
        declared: an encoding that the file names itself, or "".
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(content.decode(encoding, "replace"))
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    if (utf16 := _utf16_without_mark(content)) is not None:
        return Decoded(utf16)
    return (
        _mostly_utf8(content)
        or _western(content)
        or _legacy(content)
        or _as_declared(content, declared)
    )


def sample_text(start: bytes) -> str:
    """The beginning of a file as text; a character cut in two at its end does not matter."""
    decoded = decode(start)
    return decoded.text if decoded else start.decode("latin-1")


def looks_like_text(start: bytes) -> bool:
    """Whether bytes are text of some encoding and not a picture or a program."""
    if any(start.startswith(mark) for mark, _ in _MARKS) or _utf16_without_mark(start) is not None:
        return True
    return len(_BINARY.findall(start)) <= len(start) * _TOLERATED_SHARE


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 shows by zero bytes in every other place, which no other text has."""
    head = content[:4096]
    if len(head) < 8:
        return None
    half = len(head) // 2
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > half * 0.55 and head.count(0) == zeros.count(0):
            return content.decode(encoding, "replace")
    return None


def _mostly_utf8(content: bytes) -> Decoded | None:
    """UTF-8 with a few broken bytes, as a cut or a bad copy leaves it."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    intact = sum(character > "\x7f" for character in text) - broken
    if broken > intact * _BROKEN_SHARE:
        return None
    return Decoded(
        text, (Remark(Repair.BROKEN_BYTES, f"{broken} broken characters replaced by �"),)
    )


def _legacy(content: bytes) -> Decoded | None:
    """An encoding from before Unicode, if the bytes read as Vietnamese in it."""
    text, repairs = read_text(content)
    kinds = [repair.kind for repair in repairs if repair.changed]
    if not kinds:
        return None
    return Decoded(text, (Remark(Repair.LEGACY_ENCODING, f"read as {', '.join(kinds)}"),))


def _western(content: bytes) -> Decoded | None:
    """Plain letters with the quotes, dashes and ellipses of windows-1252 among them."""
    if _NEITHER_PLAIN_NOR_MARK.search(content):
        return None
    remark = Remark(Repair.LEGACY_ENCODING, "read as windows-1252")
    return Decoded(content.decode("cp1252"), (remark,))


def _as_declared(content: bytes, declared: str) -> Decoded | None:
    try:
        encoding = codecs.lookup(declared).name
        text = content.decode(encoding)
    except (LookupError, UnicodeError):  # no such encoding, one not of text, or a wrong claim
        return None
    return Decoded(text, (Remark(Repair.LEGACY_ENCODING, f"read as {encoding}, as it declares"),))
