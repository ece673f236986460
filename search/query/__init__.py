"""The query language: from typed text to a tree of nodes, and back to canonical text.

No text a person can type is an error: what does not parse is searched as words.
"""

from search.query.nodes import (
    AllOf,
    AnyOf,
    DateFilter,
    Fuzzy,
    Node,
    Phrase,
    Prefix,
    Scope,
    Scoped,
    ValueField,
    ValueFilter,
    Without,
    Words,
    plain_runs,
    render,
)
from search.query.parser import Parsed, parse
from search.query.remarks import Remark, RemarkReason

__all__ = [
    "AllOf",
    "AnyOf",
    "DateFilter",
    "Fuzzy",
    "Node",
    "Parsed",
    "Phrase",
    "Prefix",
    "Remark",
    "RemarkReason",
    "Scope",
    "Scoped",
    "ValueField",
    "ValueFilter",
    "Without",
    "Words",
    "parse",
    "plain_runs",
    "render",
]
