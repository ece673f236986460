"""Cutting a JSON document into its records without holding it: arrays, wrapped or not.

Which objects are the records shows at the beginning of the document: those nearest its root that
have names of a headline and of a text. Only brackets and strings are looked at, so a record with a
fault inside costs nothing but itself. It knows nothing of what records mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import IO, NamedTuple

from index.sources.files.stream import LINE_LIMIT, DamagedStreamError
from index.sources.records.names import field_of
from index.sources.records.shapes import ENVELOPES

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*("?)|[{}\[\]]', re.DOTALL)
_COLON = re.compile(rb"\s*:")
_BLOCK = 256 << 10
_MOST_LEVELS = 100
"""Around a record; what lies deeper is looked for nowhere."""

_ELEMENT = "[]"
_ANY = "*"

Path = tuple[str, ...]


class Piece(NamedTuple):
    """The bytes of one record, None if it is over `LINE_LIMIT`, and the key it stands under."""

    content: bytes | None
    key: str


class _Frame:
    """An object or array that is open: its path, the key read last, and all of its keys."""

    __slots__ = ("is_object", "key", "keys", "path")

    def __init__(self, path: Path, *, is_object: bool) -> None:
        self.path = path
        self.is_object = is_object
        self.key = ""
        self.keys: set[str] = set()

    def inner_path(self) -> Path:
        return (*self.path, self.key if self.is_object else _ELEMENT)


def path_of_records(sample: bytes, names: Mapping[str, str] = MappingProxyType({})) -> Path | None:
    """Where in a document its records stand, or None if it has no object.

    Args:
        sample: how it begins; it may be cut anywhere.
        names: what this source calls some fields.
    """
    given = {called: field for field, called in names.items()}
    objects = [
        (path, {given.get(key) or field_of(key) for key in keys}) for path, keys in _objects(sample)
    ]
    if not objects:
        return None
    for wanted in ({"headline", "body"}, {"headline", "url"}, {"headline", "summary"}):
        having = [path for path, fields in objects if wanted <= fields]
        if having:
            return _common(having)
    elements = [path for path, _ in objects if path and path[-1] == _ELEMENT]
    return min(elements, key=len) if elements else ()


def pieces(file: IO[bytes], path: Path) -> Iterator[Piece]:
    """Every object that stands at a path of a document, or of several on end.

    Raises:
        DamagedStreamError: more brackets are open than around any record.
    """
    buffer, position, at_end = b"", 0, False
    stack: list[_Frame] = []
    start, outside = -1, 0  # where the record began, and how many objects are around it
    key, is_long = "", False
    while not at_end:
        block = file.read(_BLOCK)
        at_end = not block
        kept = position if start < 0 else start
        buffer = buffer[kept:] + block
        position -= kept
        start = 0 if start >= 0 else -1
        if start == 0 and position > LINE_LIMIT:
            buffer, position, is_long = buffer[position:], 0, True
        for token in _TOKEN.finditer(buffer, position):
            mark = token[0][0]
            if mark == 0x22:
                if not token[1] and not at_end:
                    position = token.start()
                    break
                if start < 0 and stack and stack[-1].is_object:
                    if token.end() + 64 > len(buffer) and not at_end:
                        position = (
                            token.start()
                        )  # whether a colon follows may be in what is to come
                        break
                    if _COLON.match(buffer, token.end()):
                        stack[-1].key = token[0][1:-1].decode("utf-8", "replace")
            elif mark in b"{[":
                if start < 0 and len(stack) >= _MOST_LEVELS:
                    raise DamagedStreamError(f"it nests more than {_MOST_LEVELS} levels deep")
                inner = stack[-1].inner_path() if stack else ()
                stack.append(_Frame(inner if start < 0 else (), is_object=mark == 0x7B))
                if start < 0 and mark == 0x7B and _matches(inner, path):
                    start, outside, is_long = token.start(), len(stack) - 1, False
                    key = inner[-1] if path and path[-1] == _ANY else ""
            elif stack:
                stack.pop()
                if start >= 0 and len(stack) == outside:
                    content = None if is_long else buffer[start : token.end()]
                    yield Piece(content, key)
                    start = -1
            position = token.end()
        else:
            position = max(position, len(buffer))
    if start >= 0:
        yield Piece(None if is_long else buffer[start:], key)


def _objects(sample: bytes) -> Iterator[tuple[Path, set[str]]]:
    """The path of every object and its own keys."""
    stack: list[_Frame] = []
    for token in _TOKEN.finditer(sample):
        mark = token[0][0]
        if mark == 0x22:
            if stack and stack[-1].is_object and _COLON.match(sample, token.end()):
                stack[-1].key = token[0][1:-1].decode("utf-8", "replace")
                stack[-1].keys.add(stack[-1].key)
        elif mark in b"{[":
            if len(stack) >= _MOST_LEVELS:
                break
            path = stack[-1].inner_path() if stack else ()
            stack.append(_Frame(path, is_object=mark == 0x7B))
        elif stack:
            frame = stack.pop()
            if frame.is_object:
                yield frame.path, frame.keys
    for frame in stack:
        if frame.is_object:
            yield frame.path, frame.keys


def _common(paths: list[Path]) -> Path:
    """The shortest of the paths, with "any" for what differs among those like it."""
    opened = [_without_envelopes(path) for path in paths]
    shortest = min(opened, key=len)
    alike = [
        path
        for path in opened
        if len(path) == len(shortest)
        and [part == _ELEMENT for part in path] == [part == _ELEMENT for part in shortest]
    ]
    parts = [part[0] if len(set(part)) == 1 else _ANY for part in zip(*alike, strict=True)]
    if parts and parts[-1] != _ELEMENT:
        parts[-1] = _ANY
    return tuple(parts)


def _without_envelopes(path: Path) -> Path:
    while path and path[-1] in ENVELOPES:
        path = path[:-1]
    return path


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(
        wanted in (part, _ANY) and (part == _ELEMENT) == (wanted == _ELEMENT)
        for part, wanted in zip(path, pattern, strict=True)
    )
