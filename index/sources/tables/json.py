"""JSON: one object a line, an array of objects, or a document that holds them somewhere inside.

Lines are read one at a time, documents are cut into their records, and nothing is held that is over
the limit, so a file may be of any size. A record that is no article costs nothing but itself.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import IO

import orjson

from index.errors import RecordError
from index.sources.files.stream import LINE_LIMIT, Stream
from index.sources.kind import Kind, Sample, content_suffix
from index.sources.records.export import article_from_export
from index.sources.records.names import Record, Value, field_of
from index.sources.records.outcome import Outcome, SkipReason, skip
from index.sources.records.shapes import ENVELOPES
from index.sources.tables.ghost import GhostSite, is_ghost
from index.sources.tables.json_pieces import Piece, path_of_records, pieces

_LINE_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jsonlines", ".jl"})
_OTHER_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".html", ".htm", ".toml"})
_SPACE = b"\xef\xbb\xbf\t\r\n "
_LINES_LOOKED_AT = 8
_WHOLE_NUMBERS = 2.0**63
"""From here on orjson gives a whole number as a float, and digits are lost."""


def _recognises_lines(sample: Sample) -> bool:
    return sample.suffix in _LINE_SUFFIXES or (_recognises(sample) and _are_lines(sample.start))


def _recognises(sample: Sample) -> bool:
    if sample.suffix in _OTHER_SUFFIXES:
        return False
    start = sample.start.lstrip(_SPACE)
    if sample.suffix == ".json" and start[:1] in b"{[":
        return True
    return start[:1] in b"{[" and start[1:].lstrip()[:1] in (b'"', b"{", b"[", b"}", b"]")


def _are_lines(start: bytes) -> bool:
    """Whether at least half of the first lines are whole objects, and there are several."""
    lines = [line for line in start.lstrip(_SPACE).splitlines()[:_LINES_LOOKED_AT] if line.strip()]
    whole = [line for line in lines if line[:1] == b"{" and line.rstrip()[-1:] == b"}"]
    return len(lines) > 1 and len(whole) * 2 >= len(lines)


def _read(stream: Stream) -> Iterator[Outcome]:
    start = stream.sample.lstrip(_SPACE)
    is_indented = start.split(b"\n", 1)[0].strip() == b"{"
    is_lines = content_suffix(stream.name) in _LINE_SUFFIXES or _are_lines(stream.sample)
    if start[:1] == b"[" or is_indented or (start[:1] == b"{" and not is_lines):
        yield from _read_document(stream)
    else:
        yield from _read_lines(stream)


def _read_document(stream: Stream) -> Iterator[Outcome]:
    path = path_of_records(stream.sample, stream.names)
    if path is None:
        if stream.sample.strip(_SPACE):
            yield skip(stream.name, SkipReason.NOT_AN_OBJECT, "is JSON that holds no object")
    elif is_ghost(path):
        with stream.on_disk() as file, file.open("rb") as posts:
            yield from _read_pieces(posts, path, stream, GhostSite(file, path).completed)
    else:
        yield from _read_pieces(stream.file, path, stream)


def _read_pieces(
    file: IO[bytes],
    path: tuple[str, ...],
    stream: Stream,
    completed: Callable[[Record], Record] = dict,
) -> Iterator[Outcome]:
    for number, piece in enumerate(pieces(file, path), 1):
        where = f"{stream.name}#{number}" if path or number > 1 else stream.name
        yield _read_piece(piece, where, stream.names, completed)


def _read_lines(stream: Stream) -> Iterator[Outcome]:
    action: Value = None
    for number, line in stream.lines():
        where = f"{stream.name}:{number}"
        if line is None:
            yield _too_long(where)
            continue
        record = _parsed(line, where)
        if isinstance(record, RecordError):
            yield record
        elif (told := _bulk_action(record)) is not None:
            action = told.get("_id")
        elif isinstance(record, dict) and _is_record(record, stream.names):
            yield article_from_export(_with_id(record, action), where, stream.names)
            action = None
        elif path := path_of_records(line, stream.names):  # an interface's answer, for example
            for piece in pieces(io.BytesIO(line), path):
                yield _read_piece(piece, where, stream.names)
        elif isinstance(record, dict):
            yield article_from_export(record, where, stream.names)
        else:
            message = "is not an object; one article must stand on each line"
            yield skip(where, SkipReason.NOT_AN_OBJECT, message)


def _read_piece(
    piece: Piece,
    where: str,
    names: Mapping[str, str],
    completed: Callable[[Record], Record] = dict,
) -> Outcome:
    if piece.content is None:
        return _too_long(where)
    record = _parsed(piece.content, where)
    if isinstance(record, RecordError):
        return record
    if not isinstance(record, dict):
        return skip(where, SkipReason.NOT_AN_OBJECT, "is not an object")
    return article_from_export(_with_id(completed(record), piece.key), where, names)


def _is_record(record: Record, names: Mapping[str, str]) -> bool:
    if any(field_of(name) == "headline" or name in ENVELOPES[:4] for name in record):
        return True
    return names.get("headline", "") in record


def _bulk_action(record: Value) -> Record | None:
    """What a line of Elasticsearch's bulk format says of the next one, or None if it is no such."""
    if not isinstance(record, Mapping) or len(record) != 1:
        return None
    told = record.get("index") or record.get("create")
    return told if isinstance(told, Mapping) and ("_id" in told or "_index" in told) else None


def _with_id(record: Record, number: Value) -> Record:
    field = "url" if str(number).startswith("http") else "id"
    if not number or any(field_of(name) == field for name in record):
        return record
    return {**record, field: number}


def _parsed(content: bytes, where: str) -> Value | RecordError:
    try:
        record: Value = orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    else:
        if not isinstance(record, dict) or not any(
            isinstance(value, float) and abs(value) >= _WHOLE_NUMBERS for value in record.values()
        ):
            return record
    # Half surrogate pairs, NaN and line ends in strings are no JSON, but programs write them.
    try:
        record = json.loads(content.decode("utf-8"), strict=False)
    except UnicodeDecodeError as error:
        return skip(
            where,
            SkipReason.NOT_UTF8,
            f"byte {error.start + 1} of it is not UTF-8; convert the file, for example with iconv",
        )
    except json.JSONDecodeError as error:
        return skip(
            where, SkipReason.BROKEN_JSON, f"is not JSON: {error.msg} at column {error.colno}"
        )
    except (ValueError, RecursionError):
        return skip(
            where, SkipReason.BROKEN_JSON, "is JSON that nests too deeply or has huge numbers"
        )
    return record


def _too_long(where: str) -> Outcome:
    return skip(where, SkipReason.LINE_TOO_LONG, f"is longer than {LINE_LIMIT >> 20} MiB")


LINES = Kind("jsonl", _recognises_lines, _read)
DOCUMENT = Kind("json", _recognises, _read)
