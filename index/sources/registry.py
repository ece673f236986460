"""Every kind of source, in the order in which they are asked whether one is theirs.

A new kind is a module in the room of its kind (``archives``, ``html``, ``tables``, ``text`` or
``web``), listed here. Containers are asked before all others, so a kind whose files are ZIP
archives inside must be listed before ``ZIP`` in :data:`CONTAINERS`, or they are taken for archives.
"""

from __future__ import annotations

from index.errors import SourceError
from index.sources.archives.tar import KIND as TAR
from index.sources.archives.warc import KIND as WARC
from index.sources.archives.zip import KIND as ZIP
from index.sources.html.page import KIND as HTML
from index.sources.kind import Kind, Sample
from index.sources.origin import Origin
from index.sources.tables.delimited import CSV, TSV
from index.sources.tables.jsonl import KIND as JSONL
from index.sources.tables.sql import KIND as SQL
from index.sources.text.file import KIND as TEXT
from index.sources.text.saved_page import KIND as SAVED_PAGE
from index.sources.web.address import AddressKind
from index.sources.web.feed import KIND as FEED
from index.sources.web.page import KIND as WEB
from index.sources.web.sitemap import KIND as SITEMAP
from index.sources.web.wordpress import KIND as WORDPRESS

CONTAINERS: tuple[Kind, ...] = (ZIP, TAR, WARC)
"""Kinds whose records are files of other kinds; asked first, even where a kind is named."""

KINDS: tuple[Kind, ...] = (
    *CONTAINERS,
    JSONL,
    CSV,
    TSV,
    FEED,
    SITEMAP,
    HTML,
    SAVED_PAGE,
    TEXT,
)
"""Kinds of files, wherever they come from."""

DOCUMENTS = frozenset({HTML, SAVED_PAGE, TEXT})
"""Kinds whose files are one article each, and are read apart from each other."""

ADDRESS_KINDS: tuple[AddressKind, ...] = (
    WORDPRESS,
    SQL,
    WEB,
)
"""Kinds of what stands behind an address."""

KIND_NAMES: tuple[str, ...] = (
    *(kind.name for kind in KINDS),
    *(kind.name for kind in ADDRESS_KINDS),
)
"""What ``--kind`` may say."""


def kind_named(name: str) -> Kind:
    """The kind of files of that name.

    Raises:
        KeyError: there is none.
    """
    return {kind.name: kind for kind in KINDS}[name]


def recognise(sample: Sample) -> Kind | None:
    """The first kind that takes a file for its own, or None."""
    return next((kind for kind in KINDS if kind.recognises(sample)), None)


def address_kind(origin: Origin) -> AddressKind:
    """The kind of an address: the one named, or the first that takes it for its own.

    Raises:
        SourceError: nothing here can ask such an address.
    """
    for kind in ADDRESS_KINDS:
        if kind.name == origin.kind or (kind.recognises(origin) and not _is_address(origin.kind)):
            return kind
    raise SourceError(f"{origin.shown}: addresses of {origin.scheme}: cannot be read")


def _is_address(name: str) -> bool:
    return any(kind.name == name for kind in ADDRESS_KINDS)
