"""A saved page gives its own article and nothing of the others on it; plain text stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.sources.reading import only_article, remarks

HEADLINE = "Làng gốm bên sông đỏ lửa trở lại sau ba mươi năm"
LEAD = (
    "Ngày 5/3, mẻ gốm đầu tiên ra lò tại làng bên sông, khép lại ba mươi năm những chiếc bàn xoay "
    "nằm phủ bụi dưới gầm nhà sàn."
)
BODY = [
    (
        "Từ mờ sáng, cụ Tạ Văn Nung đã ngồi canh cửa lò. Khói trắng rồi khói xanh, cụ chỉ cần "
        "ngửi là biết đất bên trong đã chín tới đâu."
    ),
    (
        "Lớp học nghề mở từ mùa thu năm ngoái có mười bốn học viên, người trẻ nhất mới mười sáu "
        "tuổi, người lớn tuổi nhất là một bà giáo đã nghỉ hưu."
    ),
    (
        "Theo hợp tác xã, mẻ đầu được hơn hai trăm chiếc bình, hỏng chừng một phần tư. Con số ấy "
        "khiến cả làng mừng, vì các cụ từng dặn: mẻ đầu được nửa đã là trời thương."
    ),
    (
        "Mùa hè này, làng sẽ đón khách đến nặn thử, mỗi người mang về một chiếc chén do chính "
        "tay mình làm ra."
    ),
]
CAPTIONS = ["Cụ Nung bên cửa lò. (Ảnh: Hoài Nam)", "Những chiếc bình chờ vào lò."]
OTHERS = [
    ("Giá cá rô đồng hôm nay tăng nhẹ ở chợ đầu mối", "Thương lái cho biết nguồn hàng về ít ..."),
    (
        "Đội bóng phường thắng trận thứ năm liên tiếp",
        "Bàn thắng đến ở phút cuối cùng của trận đấu.",
    ),
    (
        "Cầu treo mới nối hai bờ suối đã thông xe",
        "Học sinh hai bản không còn phải lội nước đến lớp.",
    ),
    (
        "Lịch cắt điện ngày 9/9/2031 tại các phường",
        "Thời gian dự kiến từ 8 giờ đến 11 giờ 30 phút.",
    ),
]


def teasers(gap: str = "\n\n", between: str = "\n") -> str:
    return between.join(f"{title}{gap}{title}{gap}{teaser}" for title, teaser in OTHERS)


def page_with_spaced_blocks() -> str:
    return "\n".join(
        [HEADLINE, "", "Mai Thu Hiền", LEAD, "Theo dõi Bencat.example trên", "", BODY[0], "",
         HEADLINE, CAPTIONS[0], "", BODY[1], "", BODY[2], "", HEADLINE, CAPTIONS[1], "", BODY[3],
         "", teasers(), "Phiên bản di động"]
    )  # fmt: skip


def page_with_navigation() -> str:
    return "\n".join(
        ["Trang chủ", "Thời sự", "Kinh tế", "Thể thao", "Thứ Hai, 23/11/2026", "",
         "Thời sự Địa phương", HEADLINE, "10:15 | 05/03/2024", "Chia sẻ", "Facebook", "", LEAD, "",
         *BODY[:2], HEADLINE, "", CAPTIONS[0], "", *BODY[2:], "", "Tác giả: Mai Thu Hiền", "",
         "Tin liên quan", "", teasers("\n"), "", "Bình luận (3)",
         "Bạn đọc Tí: Mong làng mình sớm có khách đến thăm, tôi sẽ đưa các con về học nặn gốm."]
    )  # fmt: skip


def page_with_a_box_inside() -> str:
    box = "\n\n".join(f"{title}\n\n{title}\n\n{teaser}" for title, teaser in OTHERS[:1])
    return "\n\n".join(
        [f"{HEADLINE} | Báo Bến Cát", "Đăng nhập", HEADLINE, "Mai Thu Hiền", "5/3/2024", LEAD,
         BODY[0], CAPTIONS[0], BODY[1], box, *BODY[2:], "Đọc thêm", teasers()]
    )  # fmt: skip


def page_without_blank_lines() -> str:
    return "\n".join(
        ["Menu", HEADLINE, "Mai Thu Hiền", LEAD, *BODY[:3], CAPTIONS[0], BODY[3], "Đọc nhiều nhất",
         teasers("\n"), "© 2024 Báo Bến Cát. Ghi rõ nguồn khi dùng lại."]
    )  # fmt: skip


PAGES = [
    page_with_spaced_blocks,
    page_with_navigation,
    page_with_a_box_inside,
    page_without_blank_lines,
]


@pytest.mark.parametrize("page", PAGES)
def test_the_article_is_found_whole(page, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(page())
    article = only_article(tmp_path / "page.txt")
    assert article.headline == HEADLINE
    assert article.author == "Mai Thu Hiền"
    assert article.summary == LEAD
    assert article.body.split("\n") == BODY
    assert CAPTIONS[0] in article.captions


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_other_articles_is_in_it(page, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(page())
    article = only_article(tmp_path / "page.txt")
    texts = "\n".join((article.headline, article.summary, article.body, *article.captions))
    for title, teaser in OTHERS:
        assert title not in texts
        assert teaser not in texts


@pytest.mark.parametrize(
    ("page", "published", "source"),
    [
        (page_with_spaced_blocks, None, "Bencat.example"),
        (page_with_navigation, "2024-03-05T10:15:00+07:00", ""),
        (page_with_a_box_inside, "2024-03-05T00:00:00+07:00", ""),
    ],
)
def test_the_date_is_what_the_article_itself_states(
    page, published: str | None, source: str, tmp_path: Path
) -> None:
    (tmp_path / "page.txt").write_text(page())
    article = only_article(tmp_path / "page.txt")
    assert (article.published and article.published.isoformat()) == published
    assert article.source == source
    undated = ["date-without-year"] if published is None else []
    assert remarks(tmp_path / "page.txt") == undated


@pytest.mark.parametrize(
    ("lead", "published"),
    [
        (LEAD.replace("5/3", "5/3/2024"), "2024-03-05T00:00:00+07:00"),
        (LEAD.replace("Ngày 5/3", "Sáng 5/3/2024"), "2024-03-05T00:00:00+07:00"),
        (LEAD.replace("5/3", "5/3/1954"), None),
        (LEAD.replace("5/3", "5/3/2004").replace("khép", "sau lễ ngày 1/2/2024, khép"), None),
    ],
)
def test_a_lead_that_opens_with_a_day_of_news_dates_the_article(
    lead: str, published: str | None, tmp_path: Path
) -> None:
    body = BODY if "1/2/2024" not in lead else [BODY[0], "Lễ mở lò diễn ra ngày 1/2/2024.", *BODY]
    text = (
        page_with_spaced_blocks().replace(LEAD, lead).replace("\n".join(BODY[:1]), "\n".join(body))
    )
    (tmp_path / "page.txt").write_text(text)
    article = only_article(tmp_path / "page.txt")
    assert (article.published and article.published.isoformat()) == published


def test_front_matter_says_what_the_page_does_not(tmp_path: Path) -> None:
    front = "---\npublished: 2022-03-05\nsource: Báo Bến Cát\n---\n"
    (tmp_path / "page.txt").write_text(front + page_with_spaced_blocks())
    article = only_article(tmp_path / "page.txt")
    assert article.published is not None
    assert article.published.isoformat() == "2022-03-05T00:00:00+07:00"
    assert article.source == "Báo Bến Cát"
    assert article.author == "Mai Thu Hiền"
    assert remarks(tmp_path / "page.txt") == []


def test_a_lead_of_plain_text_with_a_refrain_stays_in_the_body(tmp_path: Path) -> None:
    song = ["Ơi con sông quê ta nước chảy,", "Ơi con sông quê ta nước chảy,",
            "Thuyền ai về trong nắng mai,", "Thuyền ai về trong nắng mai,"]  # fmt: skip
    text = "\n\n".join(["Bài hát của người lái đò", *BODY[:2], "\n".join(song), *BODY[2:]])
    (tmp_path / "a.txt").write_text(text)
    article = only_article(tmp_path / "a.txt")
    assert article.body.split("\n") == [*BODY[:2], *song, *BODY[2:]]
    assert article.summary == ""
