"""An address of the web: a feed, a sitemap, one article's page, or any file that articles come in.

What it is shows in the answer, which is read as a file would be.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.sources.kind import Item, Part
from index.sources.origin import Origin
from index.sources.web.address import AddressKind
from index.sources.web.fetcher import Fetcher


def _recognises(origin: Origin) -> bool:
    return origin.scheme in ("http", "https")


def _read(origin: Origin, fetcher: Fetcher) -> Iterator[Item]:
    page = fetcher.page(origin.place, is_list=True)
    yield Part(origin.shown, iter((page.content,)), page.url, page.charset)


KIND = AddressKind("web", _recognises, _read)
