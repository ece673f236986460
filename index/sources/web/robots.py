"""robots.txt: what a site asks programs not to fetch, and how much time to leave between requests.

It knows nothing of how the file is fetched.
"""

from __future__ import annotations

from index.sources.extras import needing
from index.sources.files.decoding import decode

NAME = "TimBao"
"""What we call ourselves to servers, and look for in robots.txt."""

_LONGEST_DELAY = 60.0


class Robots:
    """The rules of one host.

    Args:
        content: the file, in whatever encoding an editor saved it.

    Raises:
        SourceError: the library that reads them is not installed.
    """

    LIMIT = 512 << 10
    """Bytes of the file, as RFC 9309 asks for."""

    def __init__(self, content: bytes) -> None:
        with needing("protego", "web"):
            from protego import Protego
        decoded = decode(content)
        text = decoded.text if decoded else content.decode("utf-8", "replace")
        self._rules = Protego.parse(text.lstrip("\ufeff"))

    def allows(self, url: str) -> bool:
        """Whether a page may be fetched."""
        return bool(self._rules.can_fetch(url, NAME))

    @property
    def delay(self) -> float:
        """Seconds between requests that the site asks for, within reason."""
        asked = self._rules.crawl_delay(NAME)
        return min(float(asked), _LONGEST_DELAY) if asked else 0.0
