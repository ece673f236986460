"""The fields of the index, and how an article's text is divided among them.

Each text is indexed twice at the same positions: as folded terms, which decide what is found, and
as accent keys (the ``*_accents`` fields), which decide what stands on top. Stock Whoosh can open
and search such an index: the analysers here give it the same terms as the bulk writer makes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import NamedTuple

from whoosh.analysis import Analyzer, Token
from whoosh.fields import DATETIME, ID, STORED, TEXT, FieldType, Schema

from index.analysis import Analyser
from index.article import Article

TEXT_FIELDS = ("headline", "summary", "body")
"""The searched parts of an article; ``body`` holds the captions too."""

VALUE_FIELDS = ("section", "source", "author")
"""Fields of exact values, for filters and facets."""


def accents_field(text_field: str) -> str:
    """The name of the field that holds the accent keys of ``text_field``."""
    return f"{text_field}_accents"


class FieldTexts(NamedTuple):
    """The texts of an article as they are indexed."""

    headline: str
    summary: str
    body: str


def field_texts(article: Article) -> FieldTexts:
    """Divide an article among the text fields."""
    return FieldTexts(
        article.headline, article.summary, "\n".join((article.body, *article.captions))
    )


_FIRST_MOMENT = datetime.min.replace(tzinfo=timezone.utc)
_LAST_MOMENT = datetime.max.replace(tzinfo=timezone.utc)


def utc_naive(moment: datetime) -> datetime:
    """The same moment as Whoosh's DATETIME stores it: UTC, without a zone.

    A moment that UTC puts outside the years 1 to 9999 becomes the nearest that is inside.
    """
    try:
        in_utc = moment.astimezone(timezone.utc)
    except OverflowError:
        in_utc = _FIRST_MOMENT if moment.year == 1 else _LAST_MOMENT
    return in_utc.replace(tzinfo=None)


_local = threading.local()


def _analyser() -> Analyser:
    """One analyser a thread: its memo is shared by all fields and is not locked."""
    analyser: Analyser | None = getattr(_local, "analyser", None)
    if analyser is None:
        analyser = _local.analyser = Analyser()
    return analyser


class VietnameseAnalyzer(Analyzer):
    """Whoosh's view of the analysis: folded terms, or accent keys.

    Whoosh pickles analysers into its table of contents by class path, so this name and module are
    part of the index format. The instance itself holds nothing but ``folded``.
    """

    def __init__(self, folded: bool) -> None:
        self.folded = folded

    def __call__(  # noqa: D102 - Whoosh's interface
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **_: object,
    ) -> Iterator[Token]:
        # Whoosh reuses one Token object and its consumers rely on that.
        token = Token(positions, chars, mode=mode)
        previous: tuple[int, str] = (-1, "")
        for term in _analyser().tokens(value):
            text = term.folded if self.folded else term.key
            if (term.position, text) == previous:
                continue  # two spellings stacked on one position that fold alike
            previous = (term.position, text)
            token.text = text
            token.boost = 1.0
            token.stopped = False
            if positions:
                token.pos = start_pos + term.position
            if chars:
                token.startchar = start_char + term.start
                token.endchar = start_char + term.end
            yield token


def make_schema() -> Schema:
    """The schema of an index."""
    fields: dict[str, FieldType] = {
        "id": ID(unique=True, stored=True),
        "article": STORED(),
        "published": DATETIME(sortable=True),
    }
    for name in VALUE_FIELDS:
        fields[name] = ID(sortable=True)
    for name in TEXT_FIELDS:
        fields[name] = TEXT(analyzer=VietnameseAnalyzer(folded=True))
        fields[accents_field(name)] = TEXT(analyzer=VietnameseAnalyzer(folded=False))
    schema = Schema()
    for name, field in fields.items():
        schema.add(name, field)
    return schema
