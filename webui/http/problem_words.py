"""What went wrong, in the words of the pages. Vietnamese here, English in ``translations``."""

from __future__ import annotations

from search.request import (
    MAX_DEPTH,
    MAX_FILTER_LENGTH,
    MAX_FILTER_VALUES,
    MAX_PER_PAGE,
    MAX_QUERY_LENGTH,
)
from webui.rendering.dates import count
from webui.rendering.languages import gettext, to_translate

_TITLES = {
    400: to_translate("Địa chỉ này có chỗ chưa đúng"),
    401: to_translate("Cần có khóa truy cập"),
    403: to_translate("Trang này không được gọi từ nơi khác"),
    404: to_translate("Không có trang này"),
    405: to_translate("Không làm được như vậy ở đây"),
    413: to_translate("Yêu cầu quá lớn"),
    429: to_translate("Xin chậm lại một chút"),
    500: to_translate("Có lỗi ở phía chúng tôi"),
    503: to_translate("Chưa tìm được lúc này"),
}

_EXPLANATIONS = {
    400: to_translate("Có thể đường dẫn đã bị cắt hoặc bị sửa."),
    401: to_translate("Chủ trang chỉ cho phép người có khóa."),
    403: to_translate("Chủ trang chưa cho phép trang bạn đang xem gọi tới đây."),
    404: to_translate("Có thể bài đã được gỡ, hoặc đường dẫn đã bị cắt hay bị sửa."),
    405: to_translate("Trang này chỉ để xem."),
    413: to_translate("Trang này không nhận dữ liệu gửi kèm lớn như vậy."),
    429: to_translate(
        "Máy của bạn gửi quá nhiều yêu cầu trong thời gian ngắn. Hãy thử lại sau ít phút."
    ),
    500: to_translate("Lỗi đã được ghi lại. Hãy thử lại sau ít phút."),
    503: to_translate("Kho bài báo chưa sẵn sàng. Hãy thử lại sau ít phút."),
}

_FIELDS = {
    "q": to_translate("Câu tìm chỉ được gửi một lần và dài nhất %(query_length)s ký tự."),
    "page": to_translate(
        "Số trang là số nguyên từ 1 trở lên; chỉ xem được tới kết quả thứ %(depth)s."
    ),
    "per_page": to_translate("Mỗi trang có từ 1 đến %(per_page)s kết quả."),
    "sort": to_translate(
        "Chỉ sắp xếp được theo relevance (phù hợp nhất), newest (mới nhất) hoặc oldest (cũ nhất)."
    ),
    "from": to_translate("Ngày phải có thật và viết theo dạng năm-tháng-ngày, ví dụ 2022-06-14."),
    "to": to_translate(
        "Ngày phải có thật, viết theo dạng năm-tháng-ngày, ví dụ 2022-06-14,"
        " và không trước ngày bắt đầu."
    ),
    "section": to_translate(
        "Chuyên mục: chọn nhiều nhất %(values)s giá trị, mỗi giá trị không quá %(length)s ký tự."
    ),
    "source": to_translate(
        "Nguồn báo: chọn nhiều nhất %(values)s giá trị, mỗi giá trị không quá %(length)s ký tự."
    ),
    "author": to_translate(
        "Tác giả: chọn nhiều nhất %(values)s giá trị, mỗi giá trị không quá %(length)s ký tự."
    ),
    "accents": to_translate(
        "Về dấu chỉ chọn được any (mọi cách bỏ dấu) hoặc exact (đúng dấu đã gõ)."
    ),
    "duplicates": to_translate(
        "Về bài trùng chỉ chọn được collapse (gộp lại) hoặc show (hiện hết)."
    ),
    "match": to_translate(
        "Về độ khớp chỉ chọn được about (bài nói đúng về điều tìm) hoặc all (cả bài chỉ có các từ)."
    ),
    "lang": to_translate("Về ngôn ngữ chỉ chọn được vi (tiếng Việt) hoặc en (tiếng Anh)."),
    "build": to_translate("Mã bản chỉ mục (build) không dài hơn mã mà máy chủ đã trả về."),
    "explain": to_translate(
        "Muốn biết điểm của mỗi kết quả từ đâu ra thì ghi 1, không thì ghi 0 hoặc bỏ trống."
    ),
    "verbatim": to_translate("Muốn tìm nguyên văn thì ghi 1, không thì ghi 0 hoặc bỏ trống."),
}


def title(status: int) -> str:
    """A heading for an HTTP status that tells of an error."""
    return gettext(_TITLES.get(status, _TITLES[_kind(status)]))


def explanation(status: int, field: str) -> str:
    """What happened and what to do.

    Args:
        status: of HTTP.
        field: the parameter that is wrong, or "".
    """
    if field in _FIELDS:
        return gettext(
            _FIELDS[field],
            query_length=count(MAX_QUERY_LENGTH),
            depth=count(MAX_DEPTH),
            per_page=MAX_PER_PAGE,
            values=MAX_FILTER_VALUES,
            length=MAX_FILTER_LENGTH,
        )
    return gettext(_EXPLANATIONS.get(status, _EXPLANATIONS[_kind(status)]))


def _kind(status: int) -> int:
    return 400 if status < 500 else 500
