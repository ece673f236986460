"""The words of the query language as the help page shows them: an example of each, and its meaning.

Every example is one that can be followed, so a test sees that the search understands it.
"""

from __future__ import annotations

from webui.rendering.languages import gettext, to_translate

_SYNTAX = (
    ('"thông tin đối ngoại"', to_translate("đúng cụm từ, các chữ đứng liền nhau")),
    ("bão -lũ", to_translate("có từ trước, không có từ sau")),
    ("lúa OR ngô", to_translate("có một trong hai")),
    ("(lúa OR ngô) xuất khẩu", to_translate("ngoặc đơn gom các từ lại")),
    ("tieude:giá", to_translate("chỉ tìm trong tiêu đề; tomtat: chỉ trong tóm tắt")),
    (
        'chuyenmuc:"Kinh tế" giá',
        to_translate("trong một chuyên mục; nguon: một báo, tacgia: một tác giả"),
    ),
    ("ngay:2021..2022 giá", to_translate("trong một khoảng thời gian: năm, tháng hoặc ngày")),
    ("=đối ngoại", to_translate("“đối” phải đúng dấu như đã gõ; thêm dau:dung cho cả câu")),
    ("ngh*", to_translate("mọi từ bắt đầu như thế")),
    ("thông~", to_translate("cả những từ viết gần giống")),
)


def syntax() -> tuple[tuple[str, str], ...]:
    """Each example and what it means, in the language of the page."""
    return tuple((query, gettext(meaning)) for query, meaning in _SYNTAX)
