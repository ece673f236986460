"""The words of a rebuild's summary, in Vietnamese and English; a test sees that none is missing.

English phrases name a reason, since the messages beside them say what to do; Vietnamese ones say
both.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from index.sources import Gap, Repair, SkipReason


class Language(str, Enum):
    """The languages of the summary."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


class Words(NamedTuple):
    """The sentences of a summary in one language."""

    indexed: str
    updated: str
    nothing: str
    resumed: str
    kept: str
    too_few: str
    skipped: str
    repaired: str
    incomplete: str
    ignored: str
    proposed: str
    more: str


WORDS: Mapping[Language, Words] = {
    Language.VIETNAMESE: Words(
        indexed="Đã lập chỉ mục {indexed} bài trong {seconds} giây ({rate} bài/giây).",
        updated="Đã cập nhật: thêm {added}, sửa {changed}, xóa {deleted}, giữ nguyên {unchanged} "
        "bài, trong {seconds} giây.",
        nothing="Không có bài nào được lập chỉ mục; chỉ mục cũ (nếu có) vẫn được dùng.",
        resumed="Trong đó {count} bài lấy lại từ lần lập chỉ mục bị ngắt trước đó.",
        kept="Giữ lại {count} bài không gặp lại: nguồn không đọc được hết, hoặc chỉ nêu bài mới.",
        too_few="Giữ lại {count} bài không gặp lại: nguồn còn chưa tới một phần mười số bài đã có. "
        "Nếu muốn xóa thật, hãy thêm --allow-delete.",
        skipped="Bỏ qua {count} mục:",
        repaired="Đã sửa {count} mục:",
        incomplete="Thiếu thông tin ở {count} mục:",
        ignored="Không dùng đến các trường: {names}",
        proposed="Có lẽ trong đó có trường cần dùng; nếu đúng, hãy mô tả nguồn trong một tệp TOML "
        "(xem docs/indexing.md, hoặc chạy timbao inspect):",
        more="… và {count} trường hợp khác",
    ),
    Language.ENGLISH: Words(
        indexed="Indexed {indexed} articles in {seconds} seconds ({rate} articles/s).",
        updated="Updated: {added} added, {changed} changed, {deleted} deleted, {unchanged} "
        "unchanged, in {seconds} seconds.",
        nothing="No article was indexed; the old index, if there is one, stays in use.",
        resumed="{count} of them were taken over from a rebuild that was killed.",
        kept="Kept {count} that were not met again: not all sources could be read, or they show "
        "only some.",
        too_few="Kept {count} that were not met again: the sources have fewer than a tenth of what "
        "was there. If these are to go, say --allow-delete.",
        skipped="Skipped {count}:",
        repaired="Repaired {count}:",
        incomplete="Incomplete {count}:",
        ignored="Ignored these fields: {names}",
        proposed="Some of them may be wanted; if so, describe the source in a TOML file (see "
        "docs/indexing.md, or run timbao inspect):",
        more="… and {count} more",
    ),
}

PHRASES: Mapping[Language, Mapping[str, str]] = {
    Language.VIETNAMESE: {
        SkipReason.BROKEN_JSON: "dòng không phải JSON; mỗi dòng phải là một đối tượng trọn vẹn",
        SkipReason.NOT_AN_OBJECT: "dòng không phải một bài; mỗi dòng phải là một đối tượng { … }",
        SkipReason.NOT_UTF8: "không phải UTF-8; hãy chuyển tệp sang UTF-8",
        SkipReason.LINE_TOO_LONG: "dòng quá dài; mỗi bài phải nằm trên một dòng riêng",
        SkipReason.FILE_TOO_LARGE: "tệp lớn quá mức của một bài báo",
        SkipReason.NO_HEADLINE: "không có tiêu đề; hãy thêm headline hoặc title",
        SkipReason.NO_BODY: "không có nội dung; hãy thêm body, text hoặc content",
        SkipReason.FRONT_PAGE: "trang chủ hay trang chuyên mục, không phải bài; hãy nêu RSS hoặc "
        "sitemap của báo",
        SkipReason.WRONG_TYPE: "giá trị sai kiểu; tiêu đề, nội dung và mã bài phải là chữ",
        SkipReason.DUPLICATE_ID: "trùng mã với bài đã đọc trước; bài đọc trước được giữ",
        SkipReason.EMPTY_FILE: "tệp rỗng",
        SkipReason.NO_FILES: "thư mục không có tệp nào đọc được",
        SkipReason.UNKNOWN_KIND: "không nhận ra loại tệp; hãy nêu bằng --kind",
        SkipReason.UNKNOWN_ENCODING: "không nhận ra bảng mã; hãy lưu lại bằng UTF-8",
        SkipReason.UNREADABLE: "không đọc được; hãy xem quyền truy cập và liên kết",
        SkipReason.UNREADABLE_MARKUP: "HTML không đọc được",
        SkipReason.DAMAGED_FILE: "tệp hỏng hoặc bị cắt cụt; chỉ đọc được phần trước chỗ hỏng",
        SkipReason.LINK_LOOP: "liên kết vòng, không đi theo",
        SkipReason.BROKEN_ROW: "hàng không khớp với bảng; hãy xem lại dấu ngoặc kép",
        SkipReason.UNSAFE_MEMBER: "tệp nén dẫn ra ngoài, không đọc",
        SkipReason.NESTED_TOO_DEEP: "nằm quá sâu trong các tệp nén hoặc danh mục, không mở",
        SkipReason.REFUSED_ADDRESS: "địa chỉ không được phép; nếu là mạng của bạn: --allow-private",
        SkipReason.REFUSED_BY_ROBOTS: "robots.txt của trang không cho đọc",
        SkipReason.NOT_FETCHED: "không tải được trang",
        SkipReason.DRAFT: "bản nháp hoặc bài chờ duyệt, không lập chỉ mục",
        SkipReason.PRIVATE: "bài riêng tư, không lập chỉ mục",
        SkipReason.SCHEDULED: "bài hẹn giờ, chưa đến ngày đăng",
        SkipReason.PASSWORD_PROTECTED: "bài đặt mật khẩu, không lập chỉ mục",
        SkipReason.TRASHED: "bài đã xóa (trong thùng rác)",
        SkipReason.WITHDRAWN: "bài đã gỡ, đã lưu trữ hoặc hết hạn",
        SkipReason.PAGE: "trang, không phải bài; nếu cần: --include pages",
        SkipReason.NOT_AN_ARTICLE: "menu, tệp đính kèm, bình luận hoặc cấu hình, không phải bài",
        SkipReason.DATABASE_DUMP: "bản sao cơ sở dữ liệu; hãy nạp lại rồi dùng --query",
        SkipReason.FOREIGN_FORMAT: "định dạng không đọc được; hãy lưu lại dưới dạng khác",
        SkipReason.NO_TEXT_LAYER: "PDF chỉ có ảnh chụp trang; hãy nhận dạng chữ (OCR) trước",
        SkipReason.EMBARGO: "chưa đến giờ đăng; sẽ tự hiện khi đến giờ",
        SkipReason.PUT_SINCE: "đã được gửi qua API; bản gửi qua API được giữ",
        Repair.LEGACY_ENCODING: "bảng mã cũ",
        Repair.BROKEN_BYTES: "byte hỏng",
        Repair.CONTROL_CHARACTERS: "ký tự điều khiển",
        Repair.LONE_SURROGATES: "nửa ký tự",
        Repair.UNUSABLE_ID: "mã bài không dùng được trong URL",
        Gap.UNREADABLE_DATE: "ngày không đọc được; hãy viết như 2022-06-14",
        Gap.DATE_WITHOUT_YEAR: "ngày không ghi năm; nếu biết, hãy thêm published: 2022-06-14",
        Gap.UNUSABLE_URL: "địa chỉ không phải của web, đã bỏ",
        Gap.UNUSABLE_FIELD: "trường sai kiểu, đã bỏ",
        Gap.ONE_ARTICLE: "tệp PDF, mỗi tệp được coi là một bài",
    },
    Language.ENGLISH: {
        SkipReason.BROKEN_JSON: "lines that are not JSON",
        SkipReason.NOT_AN_OBJECT: "lines of JSON that are no article",
        SkipReason.NOT_UTF8: "not UTF-8",
        SkipReason.LINE_TOO_LONG: "lines too long",
        SkipReason.FILE_TOO_LARGE: "files too large",
        SkipReason.NO_HEADLINE: "without headline",
        SkipReason.NO_BODY: "without body",
        SkipReason.FRONT_PAGE: "front and section pages",
        SkipReason.WRONG_TYPE: "values of a wrong type",
        SkipReason.DUPLICATE_ID: "same id as an earlier article",
        SkipReason.EMPTY_FILE: "empty files",
        SkipReason.NO_FILES: "folders without files",
        SkipReason.UNKNOWN_KIND: "files of unknown kind",
        SkipReason.UNKNOWN_ENCODING: "unknown encoding",
        SkipReason.UNREADABLE: "not readable",
        SkipReason.UNREADABLE_MARKUP: "HTML that cannot be read",
        SkipReason.DAMAGED_FILE: "damaged or cut files",
        SkipReason.LINK_LOOP: "links in a loop",
        SkipReason.BROKEN_ROW: "rows that do not fit their table",
        SkipReason.UNSAFE_MEMBER: "members that lead out of their archive",
        SkipReason.NESTED_TOO_DEEP: "too deep in archives or lists",
        SkipReason.REFUSED_ADDRESS: "addresses that may not be asked",
        SkipReason.REFUSED_BY_ROBOTS: "forbidden by robots.txt",
        SkipReason.NOT_FETCHED: "pages that could not be fetched",
        SkipReason.DRAFT: "drafts and articles that wait for approval",
        SkipReason.PRIVATE: "private articles",
        SkipReason.SCHEDULED: "articles to be published later",
        SkipReason.PASSWORD_PROTECTED: "articles with a password",
        SkipReason.TRASHED: "articles in the trash",
        SkipReason.WITHDRAWN: "articles withdrawn, archived or expired",
        SkipReason.PAGE: "pages that are no articles; --include pages takes them",
        SkipReason.NOT_AN_ARTICLE: "menus, attachments, comments and settings",
        SkipReason.DATABASE_DUMP: "dumps of databases; load them and use --query",
        SkipReason.FOREIGN_FORMAT: "formats that are not read; save them in another",
        SkipReason.NO_TEXT_LAYER: "PDF files without text",
        SkipReason.EMBARGO: "dated in the future",
        SkipReason.PUT_SINCE: "put through the API",
        Repair.LEGACY_ENCODING: "legacy encoding",
        Repair.BROKEN_BYTES: "broken bytes",
        Repair.CONTROL_CHARACTERS: "control characters",
        Repair.LONE_SURROGATES: "half characters",
        Repair.UNUSABLE_ID: "ids unusable in a URL",
        Gap.UNREADABLE_DATE: "unreadable dates",
        Gap.DATE_WITHOUT_YEAR: "dates without a year",
        Gap.UNUSABLE_URL: "unusable addresses",
        Gap.UNUSABLE_FIELD: "unusable fields",
        Gap.ONE_ARTICLE: "PDF files, each taken for one article",
    },
}
"""What each code means, in the words of the summary."""
