"""Field selection: ``fields=total,hits.headline`` returns these fields and no others.

A name with a dot is a field of an object, or of every object of a list; a name without its dots
means all that is in it. What can be named follows from the types of the response, so a name that is
not there is an error and never an empty response.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias, get_args, get_type_hints, is_typeddict

from search import RequestError
from webui.parameters import Parameter, Parameters, Schema

Chosen: TypeAlias = Mapping[str, "Chosen"]
"""The fields to keep, each with those to keep inside it; empty where all of it is meant."""

EVERYTHING: Chosen = {}

LONGEST = 1_000
"""Characters; every field of the longest response written out has fewer."""


def fields_of(response: type) -> Parameter[Chosen]:
    """The parameter that chooses among the fields of a response.

    Args:
        response: a TypedDict.
    """
    names = tuple(_names(response, ""))
    known = frozenset(names)

    def read(given: Parameters) -> Chosen:
        listed = given.text("fields")
        if not listed:
            return EVERYTHING
        wanted = [name for name in listed[: LONGEST + 1].split(",") if name]
        if len(listed) > LONGEST or not known.issuperset(wanted):
            raise RequestError("fields", f"names out of {', '.join(names)}; commas between them")
        return _tree(wanted)

    about = f"Answer with these fields only, separated by commas: {', '.join(names)}."
    pattern = "|".join(name.replace(".", r"\.") for name in names)
    schema: Schema = {"type": "string", "maxLength": LONGEST, "pattern": f"^(({pattern})(,|$))*$"}
    return Parameter("fields", about, schema, read)


def select(response: Mapping[str, object], chosen: Chosen) -> Mapping[str, object]:
    """``response`` with the chosen fields only, in its own order."""
    if not chosen:
        return response
    return {
        name: _within(value, chosen[name]) for name, value in response.items() if name in chosen
    }


def _within(value: object, chosen: Chosen) -> object:
    if isinstance(value, dict):
        return select(value, chosen)
    if isinstance(value, list):
        return [_within(item, chosen) for item in value]
    return value


def _tree(names: list[str]) -> Chosen:
    """``["a.b", "a.c", "d"]`` as ``{"a": {"b": {}, "c": {}}, "d": {}}``; "a" beats "a.b"."""
    below: dict[str, list[str]] = {}
    whole = set()
    for name in names:
        first, dot, rest = name.partition(".")
        below.setdefault(first, [])
        if dot:
            below[first].append(rest)
        else:
            whole.add(first)
    return {first: EVERYTHING if first in whole else _tree(rests) for first, rests in below.items()}


def _names(response: type, prefix: str) -> Iterator[str]:
    """Every field of a TypedDict, and below those that are objects or lists of objects, theirs."""
    for name, kind in get_type_hints(response).items():
        yield prefix + name
        for part in (kind, *get_args(kind)):
            if is_typeddict(part):
                yield from _names(part, f"{prefix}{name}.")
