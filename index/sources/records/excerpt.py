"""What WordPress writes around an article in feeds and excerpts: taken away again.

It knows nothing of XML or HTML.
"""

from __future__ import annotations

import re

_FOOTER = re.compile(
    r"\s*(?:The post\b.{0,500}?\bappeared first on\b"
    r"|Bài viết\b.{0,500}?\bxuất hiện (?:đầu tiên|trước tiên|lần đầu)\b).{0,300}$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*\[\s*(?:…|\.{3})\s*\](?:\s*(?:Continue reading|Read more|Đọc tiếp|Xem thêm)\b.{0,300})?$",
    re.IGNORECASE,
)


def without_footer(text: str) -> str:
    """Paragraphs without the last one, if that only says where the article appeared first."""
    before, newline, last = text.rpartition("\n")
    return before + newline * bool(kept) + kept if (kept := _FOOTER.sub("", last)) != last else text


def lead_of(text: str) -> str:
    """An excerpt as one line, without the mark of where it was cut."""
    return _CUT.sub("", " ".join(without_footer(text).split()))
