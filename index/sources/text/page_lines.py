"""What single lines of a saved page are: prose, teasers, labels of blocks, or furniture.

Words that newspapers' pages share are listed here and nowhere else. It knows nothing of the order
of lines.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

CAPTION_LENGTH = 300
"""Characters beyond which a line is no caption."""

_PROSE_LENGTH = 60
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_TEASER_END = re.compile(r"(?:\.\s?\.\s?\.|…)$")
_SURELY_PROSE = 160
_LABELS = frozenset(
    re.split(
        r",\s+",
        "đọc thêm, xem thêm, tin liên quan, bài liên quan, bài viết liên quan, tin bài liên quan, "
        "tin cùng chuyên mục, cùng chuyên mục, tin cùng mục, bài cùng chuyên mục, tin khác, "
        "các tin khác, tin mới, tin mới nhất, tin mới hơn, tin cũ hơn, mới nhất, mới cập nhật, "
        "tin nổi bật, nổi bật, tiêu điểm, đọc nhiều, đọc nhiều nhất, tin đọc nhiều, xem nhiều, "
        "xem nhiều nhất, được quan tâm, có thể bạn quan tâm, bạn có thể quan tâm, dành cho bạn, "
        "đề xuất cho bạn, tin tài trợ, bình luận, ý kiến bạn đọc, ý kiến, phản hồi, gửi bình luận, "
        "từ khóa, từ khoá, chủ đề, tags, tag, video nổi bật, multimedia, quảng cáo, "
        "tin theo chủ đề, chủ đề liên quan, sự kiện",
    )
)
_LABEL_WITH_MORE = re.compile(
    r"^(?:từ kho[áa]|tags?|chủ đề|bình luận)\s*(?::|\(\d+\))\s*.{0,200}$", re.IGNORECASE
)
_FOLLOW = re.compile(r"^theo dõi (?:báo )?(.{2,60}?) trên\b.{0,30}$", re.IGNORECASE)
_FURNITURE = re.compile(
    r"""^(?:
        chia\ sẻ(?:\ (?:bài\ viết|qua|lên|trên)\b.{0,30})? | facebook | zalo | twitter | x | email |
        (?:sao\ chép|copy)\ (?:liên\ kết|link) | in(?:\ bài(?:\ (?:viết|này))?)? |
        lưu(?:\ bài(?:\ viết)?)? | nghe\ (?:đọc\ bài|audio|bài\ viết).{0,20} |
        \d{1,2}:\d{2}(?:\ ?/\ ?\d{1,2}:\d{2})? | a[-+]?(?:\ a[-+]?)* | google\ news |
        trang\ chủ | đăng\ (?:nhập|ký) | phiên\ bản\ (?:di\ động|desktop|máy\ tính) |
        về\ đầu\ trang | quay\ lại | menu | tìm\ kiếm | rss | thích | \d+\ bình\ luận |
        ©.* | copyright\b.* | bản\ quyền\ (?:thuộc|©).* | ®.* | tổng\ biên\ tập:?.* |
        tòa\ soạn:.* | (?:số\ )?giấy\ phép.{0,120} | cơ\ quan\ chủ\ quản\b.* |
        liên\ hệ\ quảng\ cáo.* | hotline:?.* |
        cỡ\ chữ.* | giọng\ (?:đọc|nam|nữ).*
    )$""",
    re.IGNORECASE | re.VERBOSE,
)


_CREDIT = re.compile(
    r"[(\[–-]\s*(?:ảnh|nguồn|photo|minh họa|đồ họa)\b[^()]*[)\]]?\.?$|\bảnh\s*:\s*[^.]{2,40}\.?$|"
    r"^ảnh\s*:",
    re.IGNORECASE,
)


class PageLine(NamedTuple):
    """A line that is not blank, and whether a blank one stands before it."""

    text: str
    after_blank: bool


def page_lines(text: str) -> list[PageLine]:
    """The lines of a page with their inner space evened out."""
    lines, after_blank = [], False
    for raw in text.split("\n"):
        line = " ".join(raw.split())
        if line:
            lines.append(PageLine(line, after_blank))
        after_blank = not line
    return lines


def is_prose(text: str) -> bool:
    """Whether a line is a paragraph: a sentence of some length, or too long for a headline."""
    if len(text) >= _SURELY_PROSE:
        return True
    return len(text) >= _PROSE_LENGTH and bool(_SENTENCE_END.search(text))


def is_teaser(text: str) -> bool:
    """Whether a line is a lead cut short, as below the headlines of other articles."""
    return bool(_TEASER_END.search(text)) and len(text) <= 300


def is_credited(text: str) -> bool:
    """Whether a line is a caption by what it ends with ("(Ảnh: …)")."""
    plain = unicodedata.normalize("NFC", text)
    return len(plain) <= CAPTION_LENGTH and bool(_CREDIT.search(plain))


def is_label(text: str) -> bool:
    """Whether a line is the heading of a block of other articles, keywords or comments."""
    plain = unicodedata.normalize("NFC", text).lower().rstrip(": ")
    return plain in _LABELS or bool(_LABEL_WITH_MORE.match(plain))


def followed_site(text: str) -> str:
    """The newspaper that a line asks to follow ("Theo dõi … trên"), or ""."""
    match = _FOLLOW.match(unicodedata.normalize("NFC", text))
    return match[1] if match else ""


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page and to no article: share, print, follow, copyright."""
    plain = unicodedata.normalize("NFC", text)
    return bool(_FURNITURE.match(plain)) or bool(_FOLLOW.match(plain))
