"""Any search as a feed, for readers that ask again every so often: what is new about it.

The parameters are those of the results page; the order is newest first unless the address says
otherwise. Entries are articles about the query; those that only have its words are left out unless
the address asks for them (``match=all``). An article without a date is dated to the build of the
index, the moment it was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote

from search import Hit, Matching, SearchPage, SearchRequest
from webui.parameters import feed_url, search_url
from webui.rendering.dates import now
from webui.rendering.markup import web_address
from webui.settings import Site

_BUILD_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class SearchFeed:
    """A search and what it found, as every kind of feed tells it.

    Attributes:
        asked: the search.
        page: what it found.
        site: whose feed it is.
        root: where the site is, without a slash at the end.
    """

    asked: SearchRequest
    page: SearchPage
    site: Site
    root: str

    @property
    def title(self) -> str:
        """What was asked for, and of whom."""
        asked = self.asked
        wanted = (asked.query, *asked.sections, *asked.sources, *asked.authors)
        title = " · ".join(filter(None, (" ".join(piece.split()) for piece in wanted)))
        return f"{title} – {self.site.name}" if title else self.site.name

    @property
    def hits(self) -> list[Hit]:
        """The entries."""
        return [hit for hit in self.page.hits if hit.about or self.asked.match is Matching.ALL]

    @property
    def results_address(self) -> str:
        """Of the page with the same search."""
        return self.root + search_url(self.asked)

    def own_address(self, path: str) -> str:
        """Of the feed at a path with the same search."""
        return self.root + feed_url(self.asked, path)

    def stored_address(self, hit: Hit) -> str:
        """Of an entry on this site."""
        return f"{self.root}/article/{quote(hit.id)}"

    def address(self, hit: Hit) -> str:
        """Where an entry is read: where it was published, or else on this site."""
        return web_address(hit.url) or self.stored_address(hit)

    def dated(self, hit: Hit) -> datetime:
        """When an entry was published, or else found."""
        return hit.published or self.built

    @property
    def built(self) -> datetime:
        """When the build was made, which its name begins with."""
        try:
            began = self.page.build.partition("-")[0]
            return datetime.strptime(began, _BUILD_TIME).replace(tzinfo=timezone.utc)
        except ValueError:  # a directory that somebody named
            return now()
