"""The one place that makes HTML out of text and spans.

Escaping happens as the pieces are joined, after the text has been cut at its spans: an entity is
never cut in two and nothing of an article is ever read as markup. The result holds escaped text and
``<mark>`` elements only; taking the marks away and unescaping gives back the text, whatever the
spans.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from search.page import Excerpt, Span

_OPEN = Markup("<mark>")
_CLOSE = Markup("</mark>")
_ELLIPSIS = Markup("…")
_NEVER_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f\"<>]")


def mark(text: str, marks: Sequence[Span]) -> Markup:
    """``text`` as HTML with the ``marks`` wrapped in ``<mark>``.

    Args:
        text: any text.
        marks: in order. One that is empty, overlaps the one before or reaches beyond the text is
            cut to what is left of it, so that every character is shown exactly once.
    """
    pieces: list[Markup] = []
    shown = 0
    for start, end in marks:
        start, end = max(start, shown), min(end, len(text))
        if start >= end:
            continue
        pieces += (escape(text[shown:start]), _OPEN, escape(text[start:end]), _CLOSE)
        shown = end
    pieces.append(escape(text[shown:]))
    return Markup("").join(pieces)


def excerpt(piece: Excerpt) -> Markup:
    """A piece as HTML, with an ellipsis on each side where its text goes on."""
    before = Markup("") if piece.opens else _ELLIPSIS
    after = Markup("") if piece.closes else _ELLIPSIS
    return before + mark(piece.text, piece.marks) + after


def web_address(url: str) -> str:
    """``url`` where a link may safely lead: an absolute http or https address, else "".

    What no address may hold and what could end an attribute or a header (spaces, line ends, quotes,
    angle brackets) is escaped, so that it is safe wherever a program puts it.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return _NEVER_IN_AN_ADDRESS.sub(lambda found: quote(found[0]), url.strip())
