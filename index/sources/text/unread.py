"""Files that hold articles and cannot be read as they are: what to do with each.

Dumps of databases must be loaded, old formats saved anew, templates and settings are none. Such a
file costs one line of the summary, which says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample
from index.sources.records.names import field_of
from index.sources.records.outcome import Outcome, SkipReason, skip

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STATEMENT = re.compile(
    r"^(?:--.*|/\*!?.*|\s*|SET\b.*|USE\b.*|START\b.*|BEGIN\b.*|PRAGMA\b.*|LOCK\b.*|DROP\b.*)$"
    r"|^\s*(?:CREATE\s+(?:TABLE|DATABASE|SCHEMA)|INSERT\s+INTO|COPY\s+\S+\s+\(?)\b",
    re.IGNORECASE,
)
_DUMP = re.compile(
    r"^\s*(?:CREATE\s+TABLE|INSERT\s+INTO|COPY\s+\S+.*FROM\s+stdin)\b", re.IGNORECASE | re.MULTILINE
)
_TABLE = re.compile(
    r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[`\"\[]?(?:\w+[`\"\]]?\.[`\"\[]?)?(\w+)[`\"\]]?\s*"
    r"\(((?:(?!CREATE\s+TABLE).)*?)\)\s*"
    r"(?:ENGINE|;|$)",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_COLUMN = re.compile(r"[`\"\[]?(\w+)[`\"\]]?\s+\w+")
_TEMPLATE_FOLDERS = frozenset(
    ("_layouts", "_includes", "_sass", "layouts", "archetypes", "themes", "partials", "_partials",
     "_templates", "templates")
)  # fmt: skip
_TEMPLATES = frozenset((".html", ".htm", ".xml", ".md", ".njk", ".liquid"))
_SETTINGS = frozenset((".yml", ".yaml", ".toml"))
_TEMPLATE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}|\{%(?:(?!\{%).)*?%\}", re.DOTALL)


def _is_dump(sample: Sample) -> bool:
    if not sample.is_text or sample.suffix not in (".sql", ".dump", ""):
        return False
    first = [line for line in sample.text[:4096].splitlines()[:5] if line.strip()]
    starts = bool(first) and all(_STATEMENT.match(line) for line in first[:1])
    return starts and bool(_DUMP.search(sample.text))


def _read_dump(stream: Stream) -> Iterator[Outcome]:
    text = stream.sample.decode("utf-8", "replace")
    table = _article_table(text)
    if "PostgreSQL" in text[:4096] or re.search(r"^COPY .* FROM stdin", text, re.MULTILINE):
        name, load = "PostgreSQL", f"createdb bao && psql bao < {PurePath(stream.name).name}"
        address = "postgresql://localhost/bao"
    elif "PRAGMA foreign_keys" in text[:4096]:
        name, load = "SQLite", f"sqlite3 bao.db < {PurePath(stream.name).name}"
        address = "bao.db"
    else:
        file = PurePath(stream.name).name
        name, load = "MySQL", f"mysql -e 'CREATE DATABASE bao' && mysql bao < {file}"
        address = "mysql://user:password@localhost/bao"
    message = (
        f"is a dump of {name}; load it ({load}) and index the database: "  # noqa: S608
        f'--query "SELECT * FROM {table}" {address}'
    )
    yield skip(stream.name, SkipReason.DATABASE_DUMP, message)


def _article_table(text: str) -> str:
    """The table of a dump that holds articles, as far as its columns say."""
    best, fields = "articles", 0
    for table in _TABLE.finditer(text):
        named = {field_of(column) for column in _COLUMN.findall(table[2])}
        if "headline" in named and len(named) > fields:
            best, fields = table[1], len(named)
    return best


def _is_foreign(sample: Sample) -> bool:
    return bool(_advice(sample.start, sample.suffix))


def _read_foreign(stream: Stream) -> Iterator[Outcome]:
    advice = _advice(stream.sample, Sample(stream.name, b"").suffix)
    yield skip(stream.name, SkipReason.FOREIGN_FORMAT, advice)


def _advice(start: bytes, suffix: str) -> str:
    if start.startswith(_OLE):
        return "is a document of old Word; save it as DOCX"
    if start.startswith(b"{\\rtf"):
        return "is RTF; save it as DOCX"
    if suffix in (".doc", ".wps", ".pages"):
        return "is a document that is not read; save it as DOCX"
    return ""


def _is_no_article(sample: Sample) -> bool:
    if sample.suffix in _SETTINGS and sample.is_text:
        return True
    if sample.suffix not in _TEMPLATES or _TEMPLATE_FOLDERS.isdisjoint(sample.folders):
        return False
    return bool(_TEMPLATE.search(sample.text))


def _read_no_article(stream: Stream) -> Iterator[Outcome]:
    message = "is a template or a setting of a site, and no article"
    yield skip(stream.name, SkipReason.NOT_AN_ARTICLE, message)


DUMP = Kind("dump", _is_dump, _read_dump)
FOREIGN = Kind("foreign", _is_foreign, _read_foreign)
NO_ARTICLE = Kind("no-article", _is_no_article, _read_no_article)
