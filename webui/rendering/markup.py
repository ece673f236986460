"""The one place that makes HTML out of text and spans.

Escaping happens as the pieces are joined, after the text has been cut at its spans: an entity is
never cut in two and nothing of an article is ever read as markup. The result holds escaped text and
``<mark>`` elements only (in :func:`trail` with a link in each); taking them away and unescaping
gives back the text, whatever the spans.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from search.page import Excerpt, Span

_MARK = "<mark>{}</mark>"
_STOP = '<mark id="khop-{0}"><a href="#khop-{1}" tabindex="-1">{2}</a></mark>'
_ONLY_STOP = '<mark id="khop-{0}">{2}</mark>'
_ELLIPSIS = Markup("…")
_SPECIAL = re.compile("[&<>\"']")
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

    def linked(escaped: str) -> str:
        number = next(numbers)
        return stop.format(number, number % total + 1, escaped)

    return tuple(_joined(piece.text, piece.marks, linked) for piece in pieces)


def _joined(text: str, marks: Sequence[Span], wrap: Callable[[str], str]) -> Markup:
    """``text`` escaped, its marks wrapped by ``wrap``, which gets them escaped.

    Joined as plain strings, and what has nothing to escape is not escaped piece by piece: ten
    results take a quarter of what they take with ``Markup`` throughout.
    """
    safe = _as_it_is if _SPECIAL.search(text) is None else _escaped
    length = len(text)
    pieces: list[str] = []
    shown = 0
    for start, end in marks:
        if start < shown:
            start = shown
        if end > length:
            end = length
        if start < end:
            pieces += (safe(text[shown:start]), wrap(safe(text[start:end])))
            shown = end
    pieces.append(safe(text[shown:]))
    return Markup("".join(pieces))  # noqa: S704  # every piece has been escaped


def _escaped(text: str) -> str:
    return str(escape(text))


def _as_it_is(text: str) -> str:
    return text


def picture(url: str, hosts: Iterable[str]) -> str:
    """The address of a picture, or "" where it is on none of the hosts that a page may load from.

    Args:
        url: as an article has it.
        hosts: origins, in lower case.
    """
    address = web_address(url)
    parts = urlsplit(address)
    return address if f"{parts.scheme}://{parts.netloc}".lower() in hosts else ""


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
    return _NEVER_IN_AN_ADDRESS.sub(lambda match: quote(match[0]), url.strip())
