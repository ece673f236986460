"""JSON Lines: one object a line, in UTF-8, named as in `ALIASES`.

Lines are read one at a time and never held if they are over the limit, so a file may be of any
size. A line that is no article costs nothing but itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import orjson

from index.sources.files.stream import LINE_LIMIT, Stream
from index.sources.kind import Kind, Sample
from index.sources.records.fields import article_from_record
from index.sources.records.outcome import Outcome, SkipReason, skip

_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jsonlines", ".jl"})


def _recognises(sample: Sample) -> bool:
    if sample.suffix in _SUFFIXES:
        return True
    first_line = sample.start.lstrip(b"\xef\xbb\xbf\t\r\n ").partition(b"\n")[0].rstrip()
    return first_line.startswith(b"{") and b'"' in first_line and first_line.endswith(b"}")


def _read(stream: Stream) -> Iterator[Outcome]:
    for number, line in stream.lines():
        where = f"{stream.name}:{number}"
        yield _too_long(where) if line is None else _read_line(line, where, stream.names)


def _read_line(line: bytes, where: str, names: Mapping[str, str]) -> Outcome:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        # Half surrogate pairs and NaN are no JSON, but Python's own json wrote them.
        try:
            record = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            return skip(
                where,
                SkipReason.NOT_UTF8,
                f"byte {error.start + 1} of the line is not UTF-8; convert the file, for example "
                "with iconv",
            )
        except json.JSONDecodeError as error:
            return skip(
                where,
                SkipReason.BROKEN_JSON,
                f"is not JSON: {error.msg} at column {error.colno}; one whole object must stand "
                "on each line",
            )
        except (ValueError, RecursionError):
            return skip(
                where, SkipReason.BROKEN_JSON, "is JSON that nests too deeply or has huge numbers"
            )
    if not isinstance(record, dict):
        return skip(
            where,
            SkipReason.NOT_AN_OBJECT,
            "is not an object; one article must stand on each line (a list can be "
            "converted with: jq -c '.[]')",
        )
    return article_from_record(record, where, names)


def _too_long(where: str) -> Outcome:
    return skip(
        where,
        SkipReason.LINE_TOO_LONG,
        f"is longer than {LINE_LIMIT >> 20} MiB; one article must stand on each line",
    )


KIND = Kind("jsonl", _recognises, _read)
