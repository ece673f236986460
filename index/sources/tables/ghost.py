"""The export of a site on Ghost: its posts, with names of authors and tags from elsewhere in it.

It knows nothing of other JSON.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from index.sources.records.names import Record, Value
from index.sources.tables.json_pieces import pieces

_SITE = "__GHOST_URL__"
"""What stands for the site's address, which the export does not say."""

_POSTS = ("posts", "[]")


def is_ghost(path: tuple[str, ...]) -> bool:
    """Whether records that stand at this path of a document are posts of Ghost."""
    return path[:1] == ("db",) and path[-2:] == _POSTS


class GhostSite:
    """What stands once for all posts of an export.

    Args:
        file: the export.
        path: of its posts.
    """

    def __init__(self, file: Path, path: tuple[str, ...]) -> None:
        self._file = file
        self._tables = path[:-2]
        self._authors = self._linked("users", "posts_authors", "author_id")
        self._sections = self._linked("tags", "posts_tags", "tag_id")

    def completed(self, post: Record) -> dict[str, Value]:
        """A post with what belongs to it."""
        number = str(post.get("id"))
        completed = {
            name: value.replace(_SITE, "") if isinstance(value, str) else value
            for name, value in post.items()
        }
        image = completed.get("feature_image")
        if isinstance(image, str) and image.startswith("/"):
            del completed["feature_image"]
        return {
            **completed,
            "authors": self._authors.get(number),
            "tags": None,
            "category": self._sections.get(number),
        }

    def _linked(self, table: str, links: str, key: str) -> Mapping[str, list[Value]]:
        """Names by the post that they belong to, in the order in which the site shows them."""
        names = {str(row.get("id")): row.get("name") for row in self._rows(table)}
        found: dict[str, list[tuple[int, Value]]] = defaultdict(list)
        for row in self._rows(links):
            order = row.get("sort_order")
            name = names.get(str(row.get(key)))
            place = order if isinstance(order, int) else 0
            if isinstance(name, str) and not name.startswith("#"):  # which is a tag for themes
                found[str(row.get("post_id"))].append((place, name))
        return {
            post: [name for _, name in sorted(rows, key=lambda row: row[0])]
            for post, rows in found.items()
        }

    def _rows(self, table: str) -> Iterator[Record]:
        with self._file.open("rb") as file:
            for piece in pieces(file, (*self._tables, table, "[]")):
                try:
                    row = orjson.loads(piece.content or b"")
                except orjson.JSONDecodeError:
                    continue
                if isinstance(row, dict):
                    yield row
