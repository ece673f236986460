"""Faults in the characters of an incoming text: of encoding, repaired, and others, counted.

Invariant: text is changed only where another reading of its bytes has more Vietnamese syllables.
Text without a suspicious character costs one search.

Knows nothing of articles or files.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import NamedTuple

from index.analysis.characters.normalization import clean, use_latin_letters
from index.analysis.keys import accent_key
from index.analysis.repair.legacy import ENCODINGS, MISREAD_UTF8
from index.analysis.syllables import bare_syllables, parse_syllable

_ACCENTED = 1.0
_PLAIN = 0.4
_BROKEN = -0.5
_MARGIN = 0.15
_CERTAIN = 0.3
_MOST_WORDS = 300
_LONGEST_SYLLABLE = 30
_NEVER_VIETNAMESE = (
    "ÄÅÆÇËÎÏÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþÿ¡¢£¤¥¦§¨©ª¬®¯±´µ¶·¸¹º»¼¾¿ƒˆ˜€‚„†‡‰Š‹ŒŽ™š›œžŸ\x80-\x9f"
)
_FAULTY = f"{_NEVER_VIETNAMESE}\\x02\\x05\\x06\\x14\\x19\\x1e"
_FAULTY_PAIR = re.compile(
    "[aeouyôAEOUYÔ][ùõâáàãÙÕÂÁÀÃ]|a[êéèú]|A[ÊÉÈÚ]|[aăâeêioôõuýyAĂÂEÊIOÔÕUÝY][ìòÌÒ]|Ã|á[º»]"
)
_READ_WELL = re.compile("[ĂăĐđƠơƯưẠ-ỹ]")  # no disguise has them
_SHORT = 400
_SOME = 4
_FINDINGS = {
    "marks not composed": re.compile("[\u0300-\u036f]+"),
    "invisible characters": re.compile(
        "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+"
    ),
    "look-alike letters": re.compile(
        "[ÐðƉɖ]|(?<![^\\W\\d_])[^\\W\\d_]*[\u0370-\u03ff\u0400-\u052f][^\\W\\d_]*"
    ),
    "full-width characters": re.compile("[\uff01-\uff5e]+"),
    "control characters": re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]+"),
}
_FOUND = (
    "\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeffÐðƉɖ\u0370-\u052f\uff01-\uff5e"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff"
)
_FAULT = re.compile(f"[{_FAULTY}]")
_NOTICED = re.compile(f"[{_FOUND}]")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_EDGES = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’…–"


class Repair(NamedTuple):
    """A kind of fault, how many places have it (for encodings: lines), if text was changed."""

    kind: str
    places: int
    changed: bool


class Repaired(NamedTuple):
    """A text with its encoding repaired, and what was found in it."""

    text: str
    repairs: tuple[Repair, ...]


def repair(text: str) -> Repaired:
    """Repair lines read in the wrong encoding, and count faults that only matter to matching.

    The counted ones (decomposed letters, invisible characters, look-alikes) are taken care of
    when the text is turned into terms, so the text that readers see keeps them.
    """
    text, repairs = repair_encoding(text)
    if _NOTICED.search(text) is None:
        return Repaired(text, repairs)
    return Repaired(text, (*repairs, *_findings(text)))


def repair_encoding(text: str) -> Repaired:
    """Repair lines read in the wrong encoding, and look for nothing else: for bulk.

    A text is looked at closely only if it has a character that no Vietnamese text has, or has at
    its beginning no letter that bytes in disguise never look like, but words that are no syllables
    and have letters side by side as such bytes would: one in a headline, some in a longer text.
    """
    if _FAULT.search(text) is None and not _begins_with_faulty_words(text):
        return Repaired(text, ())
    text, faults = _read_anew(text)
    return Repaired(text, tuple(Repair(kind, count, True) for kind, count in faults.items()))


def _begins_with_faulty_words(text: str) -> bool:
    if _READ_WELL.search(text, 0, _SHORT):
        return False
    wanted = 1 if len(text) <= _SHORT else _SOME
    for pair in _FAULTY_PAIR.finditer(text, 0, _SHORT):
        start, end = text.rfind(" ", 0, pair.start()) + 1, text.find(" ", pair.end())
        word = text[start:] if end < 0 else text[start:end]
        wanted -= _worth(word.strip(_EDGES)) < _ACCENTED
        if wanted == 0:
            return True
    return False


def _read_anew(text: str) -> tuple[str, dict[str, int]]:
    """Read every line in the encoding that makes sense of it.

    What one line says for certain decides for its neighbours that are too short to say anything.
    """
    lines = text.split("\n")
    faults: dict[str, int] = {}
    for margin in (_MARGIN, 0.0):
        kinds = list(ENCODINGS) if margin else list(faults)
        for index, line in enumerate(lines):
            reading = None if line.isascii() else _meant(line, kinds, margin)
            if reading is not None:
                kind, lines[index] = reading
                faults[kind] = faults.get(kind, 0) + 1
    return "\n".join(lines), faults


def _findings(text: str) -> list[Repair]:
    findings = []
    for kind, pattern in _FINDINGS.items():
        places = pattern.findall(text)
        if kind == "look-alike letters":
            places = [w for w in places if w in "ÐðƉɖ" or use_latin_letters(w) != w]
        if places:
            findings.append(Repair(kind, len(places), False))
    return findings


def _meant(line: str, kinds: list[str], margin: float) -> tuple[str, str] | None:
    """Return the encoding that makes the most Vietnamese of a line, and what it makes.

    A reading must be better than the line as it is by the margin; bytes that are UTF-8 are no
    accident and need none. It must make Vietnamese of most words that it changes: another language
    has single words that some reading makes a syllable of.
    """
    worths = {word: _worth(word) for word in _words(line)}
    if all(worth == _ACCENTED for word, worth in worths.items() if not word.isascii()):
        return None  # no reading changes ASCII words, and none makes the others worth more
    best, best_score = None, max(0.0, _score(line) + margin)
    for kind in kinds:
        shown = ENCODINGS[kind](line)
        if shown is None or shown == line:
            continue
        made = _words(shown)
        changed = [_worth(word) for word in made if not word.isascii()]
        if 2 * changed.count(_BROKEN) > len(changed):
            continue
        if kind != MISREAD_UTF8 and 2 * sum(_worth(word) > 0 for word in made) < len(made):
            continue  # most of the line is of another language
        score = _score(shown) + (_CERTAIN if kind == MISREAD_UTF8 else 0.0)
        if score > best_score:
            best, best_score = (kind, shown), score
    return best


def _words(line: str) -> list[str]:
    return [word for word in (w.strip(_EDGES) for w in line.split()[:_MOST_WORDS]) if word]


def _score(line: str) -> float:
    words = _words(line)
    return sum(map(_worth, words)) / max(1, len(words))


@lru_cache(maxsize=65_536)
def _worth(word: str) -> float:
    if len(word) > _LONGEST_SYLLABLE:
        return 0.0 if word.isascii() else _BROKEN
    if word.isascii():
        return _PLAIN if word.lower() in bare_syllables() else 0.0
    if len(word) == 1 or not any(map(str.isalpha, word)):
        return 0.0
    return _ACCENTED if parse_syllable(accent_key(clean(word).text)) else _BROKEN


def read_text(data: bytes) -> Repaired:
    """Turn the bytes of a file into text, line by line: UTF-8, else the encoding that fits.

    A byte order mark decides for the whole file. No bytes are an error.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return repair(data[len(mark) :].decode(encoding, "replace"))
    return repair("\n".join(map(_characters, data.split(b"\n"))))


def _characters(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")
