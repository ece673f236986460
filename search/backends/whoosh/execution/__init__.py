"""Running queries over the arrays of an index, many documents at a time."""

from search.backends.whoosh.execution.errors import UnsupportedQuery
from search.backends.whoosh.execution.executor import Executor, FoundDocs

__all__ = ["Executor", "FoundDocs", "UnsupportedQuery"]
