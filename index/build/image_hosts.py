"""On which hosts the pictures of an index's articles are: pages may load pictures from these only.

Invariant: a host is an origin as browsers write it, such as ``https://anh.bao.example``, so that it
can stand in a Content-Security-Policy as it is. Knows nothing of pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from index.article import Article
from index.snapshot import Snapshot
from index.stored import load_article

MOST_HOSTS = 20
"""They stand in a header of every response; a newspaper has a few, a feed reader's archive many."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?")


class ImageHosts:
    """Counts the hosts of pictures as articles go by."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()

    def noted(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The articles, each counted as it is taken."""
        for article in articles:
            self.add(article.image)
            yield article

    def add_stored(self, directory: Path) -> None:
        """Count the articles that an index holds already."""
        for leaf in Snapshot.open(directory).leaves:
            for doc in range(leaf.segment.doc_count):
                if leaf.alive is None or leaf.alive[doc]:
                    self.add(load_article(leaf.segment.stored(doc)).image)

    def add_known(self, hosts: Iterable[str]) -> None:
        """Add hosts of articles that are not read again."""
        self._articles.update(hosts)

    def most_named(self) -> tuple[str, ...]:
        """The hosts, those of most articles first: at most :data:`MOST_HOSTS`."""
        return tuple(host for host, _ in self._articles.most_common(MOST_HOSTS))

    def add(self, image: str) -> None:
        """Count an article's picture, or "" for none."""
        if not image:
            return
        try:
            parts = urlsplit(image)
        except ValueError:
            return
        origin = f"{parts.scheme}://{parts.netloc}".lower()
        if _ORIGIN.fullmatch(origin):
            self._articles[origin] += 1
