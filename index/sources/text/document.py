"""A file that is one article: its text, and the named values that may stand above it.

Front matter is YAML between lines of ``---``, or simple ``name = "value"`` lines of TOML between
lines of ``+++``. What should be YAML and is not (``title: Giá vàng: tăng``, as people write it) is
read line by line too. It knows nothing of what the text below looks like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import yaml

from index.errors import RecordError
from index.sources.files.decoding import decode
from index.sources.files.stream import Stream
from index.sources.records.fields import Record, Value, article_from_record, canonical
from index.sources.records.outcome import Found, Outcome, Remark, SkipReason, skip

_FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\n(?P<fields>.*?)^(?P=fence)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_FRONT_MATTER_LIMIT = 64 << 10
# What PyYAML 6 lets out besides its own errors: ValueError and OverflowError for a date such as
# 2022-02-31, IndexError for !!int "", KeyError for !!bool x, AttributeError for !!timestamp x.
_LEAKED_BY_YAML = (ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
_FIELD_LINE = re.compile(r"^([A-Za-z_]\w*)[ \t]*[:=][ \t]*(.*)$")


class Document(NamedTuple):
    """The text of a file and what was said above it.

    Attributes:
        name: of the file, for reports.
        front: front matter, under the canonical names of fields.
        text: what follows it, lines ending in a newline.
        remarks: on how it was decoded.
    """

    name: str
    front: Mapping[str, Value]
    text: str
    remarks: tuple[Remark, ...]


def read_document(stream: Stream) -> Document | RecordError:
    """Read a whole file as text."""
    decoded = decode(stream.read_all(), stream.charset)
    if decoded is None:
        return skip(
            stream.name,
            SkipReason.UNKNOWN_ENCODING,
            "is neither UTF-8 nor in a Vietnamese encoding that can be told; save it as UTF-8",
        )
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    front, rest = split_front_matter(text)
    return Document(stream.name, front, rest, decoded.remarks)


def article_of(document: Document, record: Record, remarks: tuple[Remark, ...] = ()) -> Outcome:
    """The article of a document: what its front matter says, else what was found in its text."""
    outcome = article_from_record({**record, **document.front}, document.name)
    if isinstance(outcome, Found):
        return outcome._replace(remarks=(*document.remarks, *outcome.remarks, *remarks))
    return outcome


def split_front_matter(text: str) -> tuple[Mapping[str, Value], str]:
    """The fields above a text, under their canonical names, and the text."""
    match = _FRONT_MATTER.match(text)
    if match is None or len(match["fields"]) > _FRONT_MATTER_LIMIT:
        return {}, text
    read = _read_yaml if match["fence"] == "---" else _read_lines
    fields = read(match["fields"])
    if not fields:
        return {}, text  # a text that begins with a rule
    return canonical(fields), text[match.end() :]


def _read_yaml(text: str) -> Record:
    try:
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, *_LEAKED_BY_YAML):
        return _read_lines(text)
    return fields if isinstance(fields, dict) else {}


def _read_lines(text: str) -> Record:
    lines = (_FIELD_LINE.match(line) for line in text.splitlines())
    return {line[1]: line[2].strip().strip("\"'") for line in lines if line}
