"""The one place that makes HTML out of text and spans.

Escaping happens as the pieces are joined, after the text has been cut at its spans: an entity is
never cut in two and nothing of an article is ever read as markup. The result holds escaped text and
``<mark>`` elements only (in :func:`trail` with a link in each); taking them away and unescaping
gives back the text, whatever the spans.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import count
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from search.page import Excerpt, Span

_MARK = Markup("<mark>{}</mark>")
_STOP = Markup('<mark id="khop-{0}"><a href="#khop-{1}">{2}</a></mark>')
_ONLY_STOP = Markup('<mark id="khop-{0}">{2}</mark>')
_ELLIPSIS = Markup("…")
_NEVER_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f\"<>]")


def mark(text: str, marks: Sequence[Span]) -> Markup:
    """``text`` as HTML with the ``marks`` wrapped in ``<mark>``.

    Args:
        text: any text.
        marks: in order. One that is empty, overlaps the one before or reaches beyond the text is
            cut to what is left of it, so that every character is shown exactly once.
    """
    return _joined(text, marks, _MARK.format)


def excerpt(piece: Excerpt) -> Markup:
    """A piece as HTML, with an ellipsis on each side where its text goes on."""
    before = Markup("") if piece.opens else _ELLIPSIS
    after = Markup("") if piece.closes else _ELLIPSIS
    return before + mark(piece.text, piece.marks) + after


def trail(pieces: Sequence[Excerpt]) -> tuple[Markup, ...]:
    """Pieces of one page as HTML, each mark a link to the next and the last to the first.

    The marks are numbered through all pieces, ``id="khop-1"`` and on: no script is needed to go
    from one to the next.
    """
    total = sum(len(piece.marks) for piece in pieces)
    stop = _STOP if total > 1 else _ONLY_STOP
    numbers = count(1)

    def linked(text: str) -> Markup:
        number = next(numbers)
        return stop.format(number, number % total + 1, text)

    return tuple(_joined(piece.text, piece.marks, linked) for piece in pieces)


def _joined(text: str, marks: Sequence[Span], wrap: Callable[[str], Markup]) -> Markup:
    """``text`` escaped, its marks by ``wrap``, which escapes what it is given."""
    pieces: list[Markup] = []
    shown = 0
    for start, end in marks:
        start, end = max(start, shown), min(end, len(text))
        if start >= end:
            continue
        pieces += (escape(text[shown:start]), wrap(text[start:end]))
        shown = end
    pieces.append(escape(text[shown:]))
    return Markup("").join(pieces)


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
