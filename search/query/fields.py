"""The field words of the query language: canonical names, and the spellings that mean them."""

from __future__ import annotations

from search.query.nodes import Scope, ValueField

SCOPES = {scope.value: scope for scope in Scope}
VALUES = {field.value: field for field in ValueField}
DATE, ACCENTS = "ngay", "dau"
_NAMES: dict[str, tuple[str, ...]] = {
    Scope.HEADLINE.value: ("tieu de", "title", "headline"),
    Scope.SUMMARY.value: ("tom tat", "sapo", "summary"),
    ValueField.AUTHOR.value: ("tac gia", "author"),
    ValueField.SOURCE.value: ("nguon", "source"),
    ValueField.SECTION.value: ("chuyen muc", "section"),
    DATE: ("ngay", "date"),
    ACCENTS: ("dau", "accents"),
}
FIELD_WORDS = {
    spelling: field
    for field, names in _NAMES.items()
    for name in names
    for spelling in (name, name.replace(" ", ""))
}
"""Each spelling of a field word, plain, and its canonical one."""
