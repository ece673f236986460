"""Markup without what costs parsers more than its size.

Parsers take the square of the number of attributes of one element; so an element that has more of
them than any page needs loses them all.
"""

from __future__ import annotations

import re

_MOST_ATTRIBUTES = 200
_VALUE = r"""\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>][^\s<>]*)"""
_OVERLOADED = re.compile(
    rf"(<[A-Za-z][\w:-]*)(?:[\s/]+[^\s=/<>]+(?:{_VALUE})?){{{_MOST_ATTRIBUTES},}}"
)


def tame(text: str) -> str:
    """The text of a page without null characters and without what costs parsers their time."""
    return _OVERLOADED.sub(r"\1", text.replace("\0", ""))
