"""Where a text may be cut without parting a letter from its marks, or an emoji from its parts.

Knows nothing of words: ICU finds the boundaries.
"""

from __future__ import annotations

import icu

_WINDOW = 64
"""Code points looked at on either side: no letter of any language has so many marks."""


def grapheme_start(text: str, at: int) -> int:
    """Where the grapheme begins that code point ``at`` belongs to: ``at`` itself on a boundary."""
    if not 0 < at < len(text):
        return at
    first = max(0, at - _WINDOW)
    breaker = icu.BreakIterator.createCharacterInstance(icu.Locale("vi"))
    breaker.setText(icu.UnicodeString(text[first : at + _WINDOW]))
    before = text[first:at].encode("utf-16-le", "surrogatepass")  # ICU counts in these units
    units = len(before) // 2
    if not breaker.isBoundary(units):
        units = breaker.preceding(units)
    return first + len(before[: 2 * units].decode("utf-16-le", "surrogatepass"))
