"""How newspapers sign: a line that is the name of a person, or of several, and nothing else."""

from __future__ import annotations

import re
import unicodedata

_ROLE = re.compile(
    r"^(?:tác giả|bài và ảnh|bài, ảnh|bài|thực hiện|phóng viên|pv|nhóm pv|by|author|người viết)"
    r"\s*[:\-–]?\s+|^(?:by|theo)\s+",
    re.IGNORECASE,
)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|/|\s[-–]\s|\s(?:và|and)\s)\s*")
_INSIDE_NAMES = str.maketrans("", "", ".-'’")
"""H'Bia is a name too: the languages of the Central Highlands write so."""

_NAME_LENGTH = 40
_NO_NAMES = frozenset(
    re.split(
        r",\s+",
        "thời sự, thế giới, kinh tế, văn hóa, pháp luật, giáo dục, đời sống, thể thao, sức khỏe, "
        "trang chủ, chính trị, xã hội, giải trí, du lịch, công nghệ, việt nam, hà nội, đà nẵng, "
        "cần thơ, hải phòng, đọc thêm, bình luận, chia sẻ, tin tức, google news, đăng nhập, "
        "đăng ký, liên hệ, quảng cáo, bạn đọc, tin mới, mới nhất, đọc nhiều, xem thêm",
    )
)
"""Capitalised like names, but parts of a page or places."""


def byline_names(line: str) -> str:
    """The names on a line that says who wrote an article (without "Tác giả:" and so on), or ""."""
    line = unicodedata.normalize("NFC", line).strip().rstrip(".")
    names = _ROLE.sub("", line)
    parts = [part for part in _BETWEEN_NAMES.split(names) if part]
    if not parts or len(parts) > 4 or not all(map(_is_name, parts)):
        return ""
    return ", ".join(parts)


def is_byline(line: str) -> bool:
    """Whether a line is nothing but the name of who wrote an article."""
    return bool(byline_names(line))


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        2 <= len(words) <= 5
        and len(text) <= _NAME_LENGTH
        and text.lower() not in _NO_NAMES
        and all(word.translate(_INSIDE_NAMES).isalpha() for word in words)
        and all(word[0].isupper() for word in words)
    )
