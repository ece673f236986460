"""From what was typed to what is searched for, and what to tell the reader about it.

A query in raw Telex or VNI is decoded; everything else is left as it is. Nothing is changed without
saying so, and ``verbatim`` in the request turns it off: "search instead for what I typed".
"""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis import Lexicon, decode_typing
from search.page import TypedAs
from search.query import Parsed, parse
from search.request import Accents, SearchRequest


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as it will be searched.

    Attributes:
        parsed: its tree.
        typed_as: how it was typed; if not as text, the tree is of the decoded text.
        exact: whether only the accents as typed match.
    """

    parsed: Parsed
    typed_as: TypedAs
    exact: bool


def understand(request: SearchRequest, lexicon: Lexicon | None) -> Understood:
    """Read a request's query; never raises, whatever the text.

    Args:
        request: the search.
        lexicon: counts of the index's words, where it has them; spelling alone decides otherwise.
    """
    text, typed_as = request.query, TypedAs.TEXT
    if not request.verbatim:
        decoded = decode_typing(request.query, lexicon)
        text, typed_as = decoded.text, TypedAs(decoded.typed_as)
    parsed = parse(text)
    return Understood(parsed, typed_as, parsed.exact or request.accents is Accents.EXACT)
