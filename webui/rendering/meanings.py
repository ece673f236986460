"""What the parts of a score mean, in words; docs/ranking.md says how they are reckoned."""

from __future__ import annotations

from webui.rendering.languages import gettext, to_translate

MEANINGS = {
    "accented": to_translate("những từ đúng dấu"),
    "folded": to_translate("những từ không kể dấu"),
    "coverage": to_translate("các từ có trong tiêu đề hay tóm tắt, gần nhau"),
    "headline": to_translate("các từ có trong tiêu đề"),
    "nearness": to_translate("các từ liền nhau đứng gần nhau, đúng thứ tự"),
    "phrase": to_translate("cả cụm từ đứng liền nhau"),
    "recency": to_translate("bài mới"),
    "pairs": to_translate("các từ liền nhau đứng sát nhau, càng nhiều lần càng tốt"),
    "passage": to_translate("một đoạn có nhiều từ nhất"),
}


def meaning(part: str) -> str:
    """A part of a score by its name."""
    return gettext(MEANINGS[part])
