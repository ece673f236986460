"""What the executor raises on purpose."""

from __future__ import annotations

from search.errors import SearchError


class UnsupportedQuery(SearchError):
    """The executor has no node for a Whoosh query of this kind; stock Whoosh may run it."""
