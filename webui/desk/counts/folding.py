"""What a query is counted under, and which queries are not kept since they may be somebody's data.

Kept is the folded form (lower case, without accents and signs). Not kept is what holds an address
of the web or of mail, six digits or more whatever stands between them (phones, identity cards, bank
cards, dates of birth), a number plate, a house number in a lane, numbers spelled out one by one, or
more words than anybody searches by. Rather too much is left out than too little.
"""

from __future__ import annotations

import re
import unicodedata

from unidecode import unidecode

LONGEST = 80
MOST_WORDS = 10

_ADDRESS = re.compile(
    r"@|[\[({<]\s*at\s*[\])}>]|://|www\.|[a-z0-9-]{3,}\.[a-z]{2,}(?:[/?:]|$|\s)|[?&]\w+="
    r"|\b(?:at|a cong)\W+\w+\W*(?:\.|dot|cham)\W*\w+"
    r"|\b(?:gmail|yahoo|hotmail|outlook|icloud|proton(?:mail)?)\W*(?:dot|cham)?\W*com\b"
)
_DIGITS = re.compile(r"[0-9](?:[^0-9a-z]*[0-9]){5}")
_LANE = re.compile(r"[0-9]\W*[a-z]?\W+(?:ngo|ngach|hem|kiet)\W+[0-9]|\bso\W+nha\W+[0-9]")
_SPELLED = re.compile(
    r"(?:\b(?:khong|mot|hai|ba|bon|tu|nam|lam|sau|bay|tam|chin)\b\W*){6}", re.ASCII
)
_PLATE = re.compile(r"(?<![0-9])[0-9]{2}[a-z][a-z0-9]?([0-9]{4,5})(?![0-9])")
"""Without what stands between its parts: 51F-123.45, 29-X1 2345."""

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


def folded_form(query: str) -> str:
    """What a query is counted under; "" where it is not to be kept."""
    plain = _plain(query)
    folded = _words(plain)
    if len(folded) > LONGEST or folded.count(" ") >= MOST_WORDS or may_be_somebodys(plain):
        return ""
    return folded


def folded(query: str) -> str:
    """The words of a query in lower case and without accents, whatever they are."""
    return _words(_plain(query))


def may_be_somebodys(plain: str) -> bool:
    """Whether a query in ASCII may hold somebody's data."""
    if any(rule.search(plain) for rule in (_ADDRESS, _DIGITS, _LANE, _SPELLED)):
        return True
    plates = _PLATE.finditer(_NOT_WORDS.sub("", plain))
    return any(not _YEAR.fullmatch(plate[1]) for plate in plates)


def shown_spelling(query: str) -> str:
    """A query as its commonest spelling is told: lower case, single spaces, nothing unseen."""
    return " ".join(_visible(query).casefold().split())


def _words(plain: str) -> str:
    return " ".join(_NOT_WORDS.sub(" ", plain).split())


def _visible(query: str) -> str:
    normal = unicodedata.normalize("NFKC", query)
    if normal.isprintable():  # as nearly all are
        return normal
    return "".join(sign for sign in normal if unicodedata.category(sign) != "Cf")


def _plain(query: str) -> str:
    """A query in ASCII: no characters without width, all widths, styles and scripts of digits."""
    return unidecode(_OTHER_DIGIT.sub(_as_digit, _visible(query))).lower()


def _as_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found[0]))
