"""Numbers, clock times and counted things: two ways to write one quantity get one key.

Invariant: a key that these functions give is given back unchanged when it is read again.

Knows nothing of positions or offsets.
"""

from __future__ import annotations

import re

_DOT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_VIETNAMESE_FRACTION = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+),([0-9]+)")
_ENGLISH_FRACTION = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)\.([0-9]+)")
_THREE_DECIMALS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_FRACTION = re.compile(r"([0-9]+)[.,]([0-9]+)")
_DAY_AND_MONTH = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])\.0[1-9]")
_TELEPHONE = re.compile(r"0[0-9]{2,3}(?:[.,][0-9]{3,4}){2}")
_CLOCK = re.compile(r"0?([0-9]|1[0-9]|2[0-4])(?:[hg:]([0-5][0-9])(?:ph?)?|h)", re.IGNORECASE)
_COUNTED = re.compile(r"([0-9]+)([^\W\d_]+[0-9]?)")

_LONGEST_PADDED = 4

_UNIT_NAMES = """
kg mg g gr km m cm mm nm ha m2 m3 km2 km3 cm2 cm3 l ml lít tấn tạ đ đồng usd vnd vnđ eur ndt tỷ tỉ
triệu tr nghìn ngàn gb mb tb kw mw gw kwh mwh w v hz mhz ghz mah mp inch cc hp mph phút giây giờ
ngày tháng năm tuổi người
"""
_UNITS = frozenset(_UNIT_NAMES.split())
_GENERATION = "g"


def number_keys(digits: str) -> tuple[str, ...]:
    """Return the keys of a number written with dots or commas, the more exact one first.

    Vietnamese groups thousands with dots and English with commas, so "1,125" may be either: of 95
    such numbers in 6,000 articles most were decimals ("1,125 tỷ đồng"), some were not ("37,295
    USD"). It keeps its comma, because "1.125" would be read as thousands, and is found as 1125
    too.

    Returns:
        One or two keys, or nothing if the digits are no number: a date, a version, a list.
    """
    if _DAY_AND_MONTH.fullmatch(digits):
        return ()
    if any(p.fullmatch(digits) for p in (_DOT_GROUPS, _COMMA_GROUPS, _TELEPHONE)):
        return (digits.replace(".", "").replace(",", ""),)
    if match := _VIETNAMESE_FRACTION.fullmatch(digits):
        return (f"{match[1].replace('.', '')}.{match[2]}",)
    if match := _ENGLISH_FRACTION.fullmatch(digits):
        return (f"{match[1].replace(',', '')}.{match[2]}",)
    if _THREE_DECIMALS.fullmatch(digits):
        return digits, digits.replace(",", "")
    if match := _FRACTION.fullmatch(digits):
        return (f"{match[1]}.{match[2]}",)
    return ()


def plain_number(digits: str) -> str:
    """Return the key of digits alone: 02 is 2. Long ones are telephone numbers and keep zeros."""
    return digits.lstrip("0") or "0" if len(digits) <= _LONGEST_PADDED else digits


def clock_key(word: str) -> str | None:
    """Return the key of a time of day: 08h00, 8g00 and 8:00 are 8h; None for anything else."""
    match = _CLOCK.fullmatch(word)
    if match is None:
        return None
    minutes = match[2] or ""
    return f"{match[1]}h{'' if minutes == '00' else minutes}"


def is_unit(word: str) -> bool:
    """Whether a word is a unit of measure (km2)."""
    return word.lower() in _UNITS


def split_counted(word: str) -> tuple[int, bool] | None:
    """Take a number and the letters after it apart (121kg, 30shine).

    Returns:
        Where the letters begin, and whether they are a known unit; None if the word is one name
        (5G, 2D: a single letter that is no unit, or could be a generation).
    """
    match = _COUNTED.fullmatch(word)
    if match is None:
        return None
    number, letters = match[1], match[2].lower()
    if letters in _UNITS and not (letters == _GENERATION and len(number) == 1):
        return len(number), True
    return (len(number), False) if len(letters) > 1 and letters.isalpha() else None
