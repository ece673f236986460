"""Every kind of source, in the order in which they are asked whether one is theirs.

A new kind is a module in the room of its kind (``archives``, ``html``, ``tables``, ``text`` or
``web``), listed here. Containers are asked before all others, so a kind whose files are ZIP
archives inside must be listed before ``ZIP`` in :data:`CONTAINERS`, or they are taken for archives.
"""

from __future__ import annotations

from index.errors import SourceError
from index.sources.archives.mhtml import KIND as MHTML
from index.sources.archives.tar import KIND as TAR
from index.sources.archives.warc import KIND as WARC
from index.sources.archives.zip import KIND as ZIP
from index.sources.html.page import KIND as HTML
from index.sources.kind import Kind, Sample
from index.sources.origin import Origin
from index.sources.tables.blog_exports import BLOGGER, WORDPRESS_EXPORT
from index.sources.tables.delimited import CSV, TSV
from index.sources.tables.json import DOCUMENT as JSON
from index.sources.tables.json import LINES as JSONL
from index.sources.tables.mediawiki import KIND as MEDIAWIKI
from index.sources.tables.parquet import KIND as PARQUET
from index.sources.tables.spreadsheet import KIND as SPREADSHEET
from index.sources.tables.sql import KIND as SQL
from index.sources.tables.sqlite import KIND as SQLITE
from index.sources.tables.xml_records import KIND as XML
from index.sources.text.file import KIND as TEXT
from index.sources.text.file import POST
from index.sources.text.office import DOCX, ODT, PDF
from index.sources.text.saved_page import KIND as SAVED_PAGE
from index.sources.text.unread import DUMP, FOREIGN, NO_ARTICLE
from index.sources.web.address import AddressKind
from index.sources.web.feed import KIND as FEED
from index.sources.web.page import KIND as WEB
from index.sources.web.sitemap import KIND as SITEMAP
from index.sources.web.wordpress import KIND as WORDPRESS

CONTAINERS: tuple[Kind, ...] = (SPREADSHEET, DOCX, ODT, ZIP, TAR, WARC, MHTML)
"""Kinds whose records are files of other kinds, and those that could be taken for such; asked
first, even where a kind is named."""

KINDS: tuple[Kind, ...] = (
    *CONTAINERS,
    PARQUET,
    SQLITE,
    PDF,
    FOREIGN,
    NO_ARTICLE,
    POST,
    JSONL,
    JSON,
    CSV,
    TSV,
    DUMP,
    WORDPRESS_EXPORT,
    BLOGGER,
    MEDIAWIKI,
    FEED,
    SITEMAP,
    HTML,
    XML,
    SAVED_PAGE,
    TEXT,
)
"""Kinds of files, wherever they come from."""

DOCUMENTS = frozenset({HTML, SAVED_PAGE, TEXT, DOCX, ODT, PDF})
"""Kinds whose files are one article each, and are read apart from each other."""

ADDRESS_KINDS: tuple[AddressKind, ...] = (
    WORDPRESS,
    SQL,
    WEB,
)
"""Kinds of what stands behind an address."""

_UNREAD = (DUMP, FOREIGN, NO_ARTICLE)

KIND_NAMES: tuple[str, ...] = (
    *(kind.name for kind in KINDS if kind not in _UNREAD),
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
