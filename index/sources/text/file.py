"""A text file that is one article: Markdown, plain text, or HTML below front matter.

In Markdown the first heading is the headline and pictures give captions; in plain text the first
line is the headline, and short lines after the last paragraph may sign and date it. Everything else
is the body. It knows nothing of saved pages, whose text is mostly not the article's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.errors import RecordError
from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample, content_suffix
from index.sources.records.bylines import is_byline
from index.sources.records.dates import parse_date_line
from index.sources.records.fields import Value
from index.sources.records.markup import read_fragment
from index.sources.records.outcome import Outcome
from index.sources.text.document import Document, article_of, read_document, split_front_matter
from index.sources.text.markdown import read_markdown, without_codes

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_SUFFIXES = _MARKDOWN_SUFFIXES | {".txt", ".text", ""}
_HTML_SUFFIXES = frozenset({".html", ".htm"})
_SIGNATURE_LINES = 3
_SIGNATURE_LENGTH = 80
_WRAPPED = range(50, 101)  # characters of a line that an editor broke


def _recognises(sample: Sample) -> bool:
    return sample.suffix in _SUFFIXES and sample.is_text


def _read(stream: Stream) -> Iterator[Outcome]:
    document = read_document(stream)
    if isinstance(document, RecordError):
        yield document
    elif content_suffix(stream.name) in _MARKDOWN_SUFFIXES:
        yield article_of(document, read_markdown(document.text, "headline" in document.front))
    else:
        yield article_of(document, read_plain(document))


def read_plain(document: Document) -> dict[str, Value]:
    """The fields that a plain text gives: the first line is its headline, the last may sign it."""
    text = document.text.strip()
    fields: dict[str, Value] = {}
    if not text:
        return fields  # nothing below the front matter, or nothing but spaces
    blocks = [[line.strip() for line in block.splitlines()] for block in re.split(r"\n\s*\n", text)]
    if len(blocks) > 2 and (signature := _signature(blocks[-1])):
        fields.update(signature)
        blocks.pop()
    if "headline" not in document.front:
        fields["headline"] = blocks[0].pop(0)
    elif blocks[0][0] == document.front["headline"]:
        blocks[0].pop(0)
    wrapped = all(len(line) <= _WRAPPED[-1] for block in blocks for line in block)
    paragraphs = [p for block in blocks for p in _paragraphs(block, wrapped)]
    fields["body"] = "\n".join(paragraphs)
    return fields


def _signature(block: list[str]) -> dict[str, Value]:
    """Author, source and date from the last lines, or nothing if any line says something else."""
    fields: dict[str, Value] = {}
    if len(block) > _SIGNATURE_LINES:
        return fields
    for line in block:
        source, _, day = line.rpartition(", ")
        if len(line) > _SIGNATURE_LENGTH:
            return {}
        if parse_date_line(line):
            fields["published"] = line
        elif "author" not in fields and is_byline(line):
            fields["author"] = line
        elif source and parse_date_line(day) and not source.endswith((".", "!", "?")):
            fields["source"], fields["published"] = source, day
        else:
            return {}
    return fields


def _paragraphs(block: list[str], wrapped: bool) -> list[str]:
    """The paragraphs of a block: its lines, or one if an editor has wrapped them."""
    if wrapped and len(block) > 1 and all(len(line) in _WRAPPED for line in block[:-1]):
        return [" ".join(block)]
    return block


def _recognises_post(sample: Sample) -> bool:
    if sample.suffix not in _HTML_SUFFIXES or not sample.start.startswith((b"---", b"+++")):
        return False
    return bool(split_front_matter(sample.text.replace("\r\n", "\n"))[0])


def _read_post(stream: Stream) -> Iterator[Outcome]:
    document = read_document(stream)
    if isinstance(document, RecordError):
        yield document
        return
    fragment = read_fragment(without_codes(document.text))
    fields: dict[str, Value] = {"body": fragment.text, "image": fragment.image}
    yield article_of(document, {**fields, "captions": list(fragment.captions)})


POST = Kind("post", _recognises_post, _read_post)
KIND = Kind("text", _recognises, _read)
