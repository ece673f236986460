"""What an article is: the one value that every source makes and every index takes.

It holds text as the newspaper wrote it. Nothing here normalises or folds: that is the business of
:mod:`index.analysis`, and readers are always shown what came in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Where newspapers' days begin and end. Vietnam has had this offset, without summer time, since
1975, so no time zone database is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article.

    Attributes:
        id: unique in an index, at most 200 characters; it stands in URLs.
        headline: the title; never empty (sources skip a record without one).
        body: paragraphs separated by newlines.
        url: where readers find the original, or "" where unknown.
        summary: the lead (sapo).
        captions: picture captions, searched with the body.
        author: as printed, or "".
        published: with time zone, or None where unknown.
        section: such as "Thời sự", or "".
        source: the newspaper's name, or "".
        image: URL of a picture, or "".
    """

    id: str
    headline: str
    body: str
    url: str = ""
    summary: str = ""
    captions: tuple[str, ...] = ()
    author: str = ""
    published: datetime | None = None
    section: str = ""
    source: str = ""
    image: str = ""


def derive_id(url: str, headline: str, body: str) -> str:
    """The id of an article that came without one: from its URL, else from its text.

    The same input gives the same id on every machine, so that a rebuild replaces and never doubles.

    Returns:
        16 hexadecimal digits (64 bits of SHA-256: at ten million articles the chance of any
        collision is below 3e-6).
    """
    seed = url.strip() or f"{headline}\n{body}"
    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:16]
