"""Every kind of source, in the order in which they are asked whether a file is theirs.

A new kind is one file beside this one, and one line here.
"""

from __future__ import annotations

from index.sources import html, jsonl, saved_page, text
from index.sources.kind import Kind, Sample

KINDS: tuple[Kind, ...] = (
    jsonl.KIND,
    html.KIND,
    saved_page.KIND,
    text.KIND,
)


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        KeyError: there is none.
    """
    return {kind.name: kind for kind in KINDS}[name]


def recognise(sample: Sample) -> Kind | None:
    """The first kind that takes a file for its own, or None."""
    return next((kind for kind in KINDS if kind.recognises(sample)), None)
