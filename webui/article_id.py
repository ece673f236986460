"""Article ids in addresses.

An id is any text of the index's making and may hold slashes, which an address cannot escape:
servers undo the escaping before routing. So an id takes all that is left of the path.
"""

from __future__ import annotations

from werkzeug.routing import BaseConverter


class ArticleIdConverter(BaseConverter):
    """``<article_id:name>`` in a route."""

    part_isolating = False
    regex = ".+?"
    weight = 200
