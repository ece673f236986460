"""HTML pages in the layouts newspapers have: the article, the whole article, nothing else."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest

from index.errors import RecordError
from tests.index.sources.reading import only_article, read, reasons, remarks

HEADLINE = "Xưởng đóng ghe cuối cùng bên kênh Xáng"
LEAD = "Ở tuổi bảy mươi, ông Tám Ghe vẫn ngày ngày đẽo từng thanh gỗ sao cho khít như vảy cá."
BODY = [
    (
        "Tiếng đục vang từ sáng sớm. Trong xưởng lợp lá, ba người thợ già cúi trên mạn chiếc ghe "
        "dài mười hai thước, mồ hôi nhỏ xuống mùn cưa."
    ),
    (
        "Ngày trước cả xóm sống bằng nghề này, mỗi mùa nước nổi xuất xưởng hơn trăm chiếc. Nay "
        "đường sá mở tới tận vườn, người ta đi xe máy nhiều hơn đi ghe."
    ),
    (
        "“Còn người đặt thì tôi còn làm”, ông nói, tay vuốt dọc sống gỗ. Đơn hàng mới nhất đến từ "
        "một khu du lịch muốn có đội ghe chở khách."
    ),
    (
        "Con trai ông học cơ khí, hè nào cũng về phụ cha dựng khung. Anh tính làm thêm loại ghe "
        "nhỏ lắp máy điện, chạy êm và không khói."
    ),
]
CAPTION = "Ông Tám Ghe kiểm tra mối ghép. Ảnh: Út Lành"
AUTHOR = "Lê Út Lành"
OTHERS = [
    (
        "Chợ hoa xuân mở cửa sớm hơn mọi năm",
        "Tiểu thương kỳ vọng sức mua tăng nhờ nắng ấm kéo dài.",
    ),
    (
        "Hai anh em cứu người đuối nước giữa đêm",
        "Nghe tiếng kêu, họ chèo xuồng ra giữa dòng nước xiết.",
    ),
    (
        "Trường vùng sâu có phòng đọc sách mới",
        "Hơn hai nghìn cuốn sách do cựu học sinh gom góp gửi về.",
    ),
]
LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Báo Miệt Vườn"},
        {
            "@type": ["NewsArticle"],
            "headline": HEADLINE,
            "description": LEAD,
            "author": [{"@type": "Person", "name": AUTHOR}],
            "datePublished": "2023-05-16T07:10:00+07:00",
            "publisher": {"@type": "Organization", "name": "Báo Miệt Vườn"},
            "articleSection": "Đời sống",
            "image": {"url": "https://mietvuon.example/ghe.jpg"},
            "mainEntityOfPage": {"@id": "https://mietvuon.example/ghe"},
        },
    ],
}


def paragraphs(texts: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)


def head(linked: dict[str, object] | None = None, meta: str = "") -> str:
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>' if linked else ""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        f"<title>{HEADLINE} | Báo Miệt Vườn</title>{script}{meta}</head>"
    )


META = (
    f'<meta property="og:title" content="{HEADLINE}">'
    f'<meta property="og:description" content="{LEAD[:60]}...">'
    '<meta property="og:site_name" content="Báo Miệt Vườn">'
    '<meta property="article:section" content="Đời sống">'
    '<meta property="article:published_time" content="2023-05-16T07:10:00+07:00">'
)
NAV = "<nav><ul><li><a href=/a>Thời sự</a></li><li><a href=/b>Kinh tế</a></li></ul></nav>"
FOOT = "<footer><p>© Báo Miệt Vườn. Giấy phép số 1. Tòa soạn: số 2 đường Bờ Kênh.</p></footer>"


def semantic() -> str:
    related = "".join(f"<div><h4><a href=/x>{t}</a></h4><p>{s}</p></div>" for t, s in OTHERS)
    return (
        f"{head(LINKED)}<body>{NAV}<article><h1>{HEADLINE}</h1><p class=author>{AUTHOR}</p>"
        f"<p class=sapo>{LEAD}</p>{paragraphs(BODY[:2])}<figure><img src=a.jpg><figcaption>"
        f"{CAPTION}</figcaption></figure>{paragraphs(BODY[2:])}</article><aside>{related}</aside>{FOOT}</body>"
    )


def with_article_body() -> str:
    linked = dict(LINKED["@graph"][1], articleBody="\n".join(BODY))  # type: ignore[index]
    comments = paragraphs([f"Bạn đọc: {teaser} Bài viết rất hay." for _, teaser in OTHERS])
    return (
        f"{head(linked)}<body>{NAV}<div id=c><h1>{HEADLINE}</h1><p><b>{LEAD}</b></p>"
        f"{paragraphs(BODY)}<p>{CAPTION}</p></div><div id=d><p>Ý kiến</p>{comments}</div></body>"
    )


def teasers_inside() -> str:
    title, teaser = OTHERS[0]
    box = f"<div class=z><a href=/x><img src=b.jpg></a><a href=/x>{title}</a><p>{teaser}</p></div>"
    more = "".join(f"<div><a href=/x>{t}</a><p>{s}</p></div>" for t, s in OTHERS)
    return (
        f"{head(None, META)}<body>{NAV}<div class=w><h1>{HEADLINE}</h1><div class=author>{AUTHOR}"
        f"</div><h2 class=sapo>{LEAD}</h2><div class=content>{paragraphs(BODY[:1])}{box}"
        f"<div class=img><img src=a.jpg><div class=img-caption>{CAPTION}</div></div>"
        f"{paragraphs(BODY[1:2])}<p>&gt;&gt; <a href=/y>{OTHERS[1][0]}</a></p>"
        f"{paragraphs(BODY[2:])}</div></div><div class=q><h2>Đọc thêm</h2>{more}</div>{FOOT}</body>"
    )


def old_tables() -> str:
    side = "".join(f"<p><a href=/x><b>{t}</b></a><br>{s}</p>" for t, s in OTHERS)
    return (
        f"<html><head><meta charset=utf-8><title>{HEADLINE}</title></head><body><table><tr>"
        f"<td colspan=2><a href=/>Trang nhất</a> | <a href=/k>Kinh tế</a></td></tr><tr><td>"
        f"<h1>{HEADLINE}</h1><p><i>16/5/2023 - {AUTHOR}</i></p><p><b>{LEAD}</b></p>"
        f"{paragraphs(BODY[:2])}<p><img src=a.jpg><br><i>{CAPTION}</i></p>{paragraphs(BODY[2:])}"
        f"</td><td>{side}</td></tr></table></body></html>"
    )


def loose_lines() -> str:
    links = "".join(f"<li><a href=/x>{t}</a> (1/5)</li>" for t, _ in OTHERS)
    return (
        f"{head(None, META)}<body><h1>{HEADLINE}</h1><div><div class=tacgia>Tác giả: {AUTHOR}</div>"
        f"<b>{LEAD}</b><br><br>{'<br><br>'.join(BODY[:3])}<br><div><img src=a.jpg><br>"
        f"<em>{CAPTION}</em></div><br>{BODY[3]}</div><div>Các tin khác<ul>{links}</ul></div></body>"
    )


def capitals_and_open_paragraphs() -> str:
    links = "".join(f"<LI><A HREF=/x>{t}</A>" for t, _ in OTHERS)
    return (
        f"<HTML><HEAD><META CHARSET=UTF-8><TITLE>Báo Miệt Vườn: {HEADLINE}</TITLE></HEAD><BODY>"
        f"<H1>{HEADLINE}</H1><P>Cập nhật lúc 07:10, 16/5/2023<P><B>{LEAD}</B>"
        + "".join(f"<P>{text}" for text in BODY[:2])
        + f"<DIV ALIGN=CENTER><IMG SRC=a.jpg><BR><I>{CAPTION}</I></DIV>"
        + "".join(f"<P>{text}" for text in BODY[2:])
        + f"<P ALIGN=RIGHT><B>{AUTHOR}</B><HR><B>Các tin khác:</B><UL>{links}</UL></BODY></HTML>"
    )


LAYOUTS = [
    semantic,
    with_article_body,
    teasers_inside,
    old_tables,
    loose_lines,
    capitals_and_open_paragraphs,
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_article_is_found_whole_and_alone(layout, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(layout())
    article = only_article(tmp_path / "a.html")
    assert article.headline == HEADLINE
    assert article.author == AUTHOR
    assert article.summary == LEAD
    assert article.body.split("\n") == BODY
    assert article.published is not None
    assert article.published.date().isoformat() == "2023-05-16"
    if layout is not with_article_body:
        assert article.captions == (CAPTION,)


def test_json_ld_gives_section_source_image_and_address(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(semantic())
    article = only_article(tmp_path / "a.html")
    assert (article.section, article.source) == ("Đời sống", "Báo Miệt Vườn")
    assert article.image == "https://mietvuon.example/ghe.jpg"
    assert article.url == "https://mietvuon.example/ghe"


def test_json_ld_with_raw_newlines_or_nonsense_does_no_harm(tmp_path: Path) -> None:
    page = semantic().replace("</head>", '<script type="application/ld+json">{"a</script></head>')
    page = page.replace('"headline"', '"x": "dòng một\n dòng hai", "headline"')
    (tmp_path / "a.html").write_text(page)
    assert only_article(tmp_path / "a.html").author == AUTHOR


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1258"])
def test_valid_utf8_is_believed_over_a_wrong_declaration(declared: str, tmp_path: Path) -> None:
    page = semantic().replace('charset="utf-8"', f'charset="{declared}"')
    (tmp_path / "a.html").write_bytes(page.encode())
    assert only_article(tmp_path / "a.html").headline == HEADLINE
    assert remarks(tmp_path / "a.html") == []


def test_utf16_pages_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(semantic().encode("utf-16"))
    assert only_article(tmp_path / "a.html").headline == HEADLINE


def test_script_and_style_are_never_text(tmp_path: Path) -> None:
    page = semantic().replace(
        "<article>", "<article><script>alert('kẻ gian')</script><style>p { color: red }</style>"
    )
    (tmp_path / "a.html").write_text(page)
    assert only_article(tmp_path / "a.html").body.split("\n") == BODY


PROSE = paragraphs(BODY)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><body><h1>Chỉ có tiêu đề</h1></body></html>", "no-body"),
        ("<!-- không có gì -->", "unreadable-markup"),
        ("<html><body><h1>Sâu</h1>" + "<div>" * 100_000 + PROSE, "no-body"),
        ("<html><body><h1>Nhiều</h1>" + "<p>x</p>" * 40_000 + PROSE, "unreadable-markup"),
        ("<html><body>" + "x" * (17 << 20), "file-too-large"),
        ("<html><frameset><frame src=x></frameset></html>", "no-headline"),
    ],
    ids=["no text", "comment", "deep", "many elements", "large", "frames"],
)
def test_a_page_without_a_readable_article_is_named(page: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page)
    assert reasons(tmp_path / "a.html") == [reason]


def test_deeply_nested_json_ld_is_passed_over(tmp_path: Path) -> None:
    nested = '<script type="application/ld+json">' + "[" * 100_000 + "</script>"
    (tmp_path / "a.html").write_text(f"<html><head>{nested}</head><h1>{HEADLINE}</h1>{PROSE}")
    assert only_article(tmp_path / "a.html").headline == HEADLINE


def page_of(inside: str, more: str = "") -> str:
    return f"{head(None, more)}<body>{NAV}<h1>{HEADLINE}</h1><div>{inside}</div>{FOOT}</body>"


def test_short_items_and_subheadings_between_paragraphs_are_text(tmp_path: Path) -> None:
    items = "<ul><li>Ghe tam bản</li><li>Ghe lườn</li></ul>"
    inside = f"{paragraphs(BODY[:2])}<h3>Các loại ghe</h3>{items}{paragraphs(BODY[2:])}"
    (tmp_path / "a.html").write_text(page_of(inside))
    lines = only_article(tmp_path / "a.html").body.split("\n")
    assert lines == [*BODY[:2], "Các loại ghe", "Ghe tam bản", "Ghe lườn", *BODY[2:]]


def test_lists_of_links_beside_paragraphs_are_none(tmp_path: Path) -> None:
    items = "".join(f"<li><a href=/x>{title}</a></li>" for title, _ in OTHERS)
    (tmp_path / "a.html").write_text(page_of(f"{paragraphs(BODY)}<ul>{items}</ul>"))
    assert only_article(tmp_path / "a.html").body.split("\n") == BODY


def test_text_that_stands_there_twice_is_taken_once(tmp_path: Path) -> None:
    whole = f"<div class=print>{' '.join(BODY)}</div>"
    (tmp_path / "a.html").write_text(page_of(paragraphs(BODY) + whole))
    article = only_article(tmp_path / "a.html")
    assert f"{article.summary}\n{article.body}".count(BODY[1]) == 1


def test_a_description_that_is_the_beginning_of_the_text_is_no_second_one(tmp_path: Path) -> None:
    stated = f'<meta property="og:description" content="{escape(" ".join(BODY[:3]))[:420]}">'
    (tmp_path / "a.html").write_text(page_of(paragraphs(BODY), stated))
    article = only_article(tmp_path / "a.html")
    assert [article.summary, *article.body.split("\n")] == BODY


def test_a_list_of_articles_is_told_from_one_with_where_they_are(tmp_path: Path) -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="https://bao.example/rss">'
    cards = "".join(
        f"<div><h3><a href=/{n}>{title}</a></h3><p>{teaser}</p></div>"
        for n in range(3)
        for title, teaser in OTHERS
    )
    (tmp_path / "a.html").write_text(f"{head(None, feed)}<body>{NAV}<h1>Báo Miệt Vườn</h1>{cards}")
    (outcome,) = read(tmp_path / "a.html")
    assert isinstance(outcome, RecordError)
    assert outcome.reason == "front-page"
    assert "its feed https://bao.example/rss" in outcome.message
