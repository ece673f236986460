"""Which fields a segment holds, by the way in which it holds them."""

from __future__ import annotations

from typing import NamedTuple


class Layout(NamedTuple):
    """The fields of a segment.

    Attributes:
        texts: text fields; each is searched as folded terms under its own name and as accent keys
            under the name that :func:`accents_name` gives.
        paired: those of them whose frequent neighbours are listed.
        values: fields of one exact value a document; the first is the unique id.
        moments: fields of one date a document.
        stored: the name under which Whoosh sees the stored article.
    """

    texts: tuple[str, ...]
    paired: tuple[str, ...]
    values: tuple[str, ...]
    moments: tuple[str, ...]
    stored: str

    @property
    def id(self) -> str:
        """The field that tells documents apart."""
        return self.values[0]


ARTICLES = Layout(
    texts=("headline", "summary", "body"),
    paired=("body",),
    values=("id", "section", "source", "author"),
    moments=("published",),
    stored="article",
)
"""The fields of this project's schema (:func:`index.schema.make_schema`)."""


def accents_name(text_field: str) -> str:
    """The field that holds the accent keys of a text field."""
    return f"{text_field}_accents"
