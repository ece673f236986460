"""Every error the read side raises on purpose, as one tree.

::

    SearchError
    ├── RequestError       a parameter is out of range or malformed; names the field
    ├── ArticleNotFound    no article has that id
    └── IndexUnavailable   there is no usable index in the directory; says what to do
"""

from __future__ import annotations


class SearchError(Exception):
    """What went wrong, where, and what to do about it."""


class RequestError(SearchError):
    """A parameter of a search is out of range or malformed.

    Attributes:
        field: the name of the parameter, as in a URL.
        message: what is allowed.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class ArticleNotFound(SearchError):
    """No article of the index has that id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article has the id {article_id!r}")
        self.article_id = article_id


class IndexUnavailable(SearchError):
    """There is no usable index in the directory; the message says why and what to do."""
