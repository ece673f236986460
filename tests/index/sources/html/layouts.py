"""Ten ways in which newspapers lay out a page, written for the tests: what a reader sees of an
article stands among navigation, advertisements, other articles, comments and scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

AD = "Khai trương cửa hàng thứ mười, giảm giá đến năm mươi phần trăm cho khách mua trước ngày 30!"
COMMENTS = (
    "Bài viết rất hay, cảm ơn tòa soạn đã nói hộ lòng dân chúng tôi ở vùng xa xôi này.",
    "Tôi không đồng ý với ý kiến trên, cần xem xét lại số liệu cho đầy đủ và khách quan hơn nữa.",
)


class Story(NamedTuple):
    headline: str
    lead: str
    paragraphs: Sequence[str]
    captions: Sequence[str]
    author: str
    published: datetime
    section: str


class Teaser(NamedTuple):
    headline: str
    lead: str


def _paragraphs(story: Story, tag: str = "p", attributes: str = "") -> str:
    return "".join(f"<{tag}{attributes}>{escape(text)}</{tag}>" for text in story.paragraphs)


def _menu() -> str:
    names = ("Thời sự", "Kinh tế", "Thế giới", "Văn hóa", "Thể thao", "Giáo dục", "Pháp luật")
    return "".join(f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(names))


def _links(others: Sequence[Teaser]) -> str:
    return "".join(
        f'<li><a href="/{n}.html">{escape(other.headline)}</a></li>'
        for n, other in enumerate(others)
    )


def _cards(others: Sequence[Teaser]) -> str:
    return "".join(
        f'<div class="item-news"><a href="/{n}.html"><img src="/{n}.jpg" alt=""></a>'
        f'<h3><a href="/{n}.html">{escape(other.headline)}</a></h3>'
        f'<p class="description">{escape(other.lead)}</p></div>'
        for n, other in enumerate(others)
    )


def _figures(story: Story) -> str:
    return "".join(
        f'<figure><img src="/anh.jpg" alt=""><figcaption>{escape(text)}</figcaption></figure>'
        for text in story.captions
    )


def _page(head: str, body: str, title: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"{head}<script>var quang_cao = 'x';</script><style>p {{}}</style></head>"
        f"<body>{body}</body></html>"
    )


def _json_ld(story: Story, **more: object) -> str:
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        **more,
    }
    return f'<script type="application/ld+json">{json.dumps(stated, ensure_ascii=False)}</script>'


def semantic(story: Story, others: Sequence[Teaser]) -> str:
    """HTML5 as the standard has it, JSON-LD in the head."""
    body = (
        f"<header><nav><ul>{_menu()}</ul></nav></header><main><article><h1>{escape(story.headline)}"
        f'</h1><p class="sapo">{escape(story.lead)}</p>{_figures(story)}{_paragraphs(story)}'
        f"</article><aside><h2>Tin liên quan</h2><ul>{_links(others)}</ul></aside></main>"
        f"<footer><p>Giấy phép số 1. Tổng biên tập: Một Người. {AD}</p></footer>"
    )
    return _page(_json_ld(story), body, f"{story.headline} - Báo Mẫu")


def divs_with_classes(story: Story, others: Sequence[Teaser]) -> str:
    """Classes in English as large sites have them; related links in the middle of the text."""
    half = len(story.paragraphs) // 2
    first = story._replace(paragraphs=story.paragraphs[:half])
    second = story._replace(paragraphs=story.paragraphs[half:])
    meta = (
        f'<meta property="og:title" content="{escape(story.headline)}">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
        f'<meta name="author" content="{escape(story.author)}">'
    )
    body = (
        f'<div class="main-menu"><ul>{_menu()}</ul></div><div class="container">'
        f'<h1 class="title-detail">{escape(story.headline)}</h1>'
        f'<div class="description">{escape(story.lead)}</div>'
        f'<div class="fck_detail">{_paragraphs(first, attributes=" class=Normal")}'
        f'<div class="related-news"><strong>Tin liên quan</strong><ul>{_links(others)}</ul></div>'
        f"{_figures(story)}{_paragraphs(second, attributes=' class=Normal')}</div>"
        f'<div class="box-comment">{"".join(f"<p>{text}</p>" for text in COMMENTS)}</div></div>'
    )
    return _page(meta, body, f"{story.headline} | Trang Mẫu")


def vietnamese_classes(story: Story, others: Sequence[Teaser]) -> str:
    """Classes in Vietnamese, date and author in words on the page and nothing in the head."""
    date = story.published.strftime("%d/%m/%Y %H:%M")
    body = (
        f'<div id="menu"><ul>{_menu()}</ul></div><div class="chi-tiet-bai">'
        f"<h1>{escape(story.headline)}</h1>"
        f'<div class="ngay-dang date">{date}</div><div class="tom-tat">{escape(story.lead)}</div>'
        f'<div class="noi-dung">{_figures(story)}{_paragraphs(story)}</div>'
        f'<p class="tac-gia">{escape(story.author)}</p></div>'
        f'<div class="tin-lien-quan"><h4>Cùng chuyên mục</h4>{_cards(others)}</div>'
        f'<div class="quang-cao">{AD}</div>'
    )
    return _page("", body, story.headline)


def tables(story: Story, others: Sequence[Teaser]) -> str:
    """A page of 2005: tables in tables, captions in cells under pictures."""
    pictures = "".join(
        f'<table class="image"><tr><td><img src="/a.jpg"></td></tr>'
        f'<tr><td class="caption">{escape(text)}</td></tr></table>'
        for text in story.captions
    )
    date = story.published.strftime("Thứ Ba, %d/%m/%Y, %H:%M (GMT+7)")
    body = (
        f'<table width="100%"><tr><td colspan="3"><ul>{_menu()}</ul></td></tr><tr>'
        f'<td width="160"><ul>{_links(others)}</ul></td><td><h1>{escape(story.headline)}</h1>'
        f'<p class="date">{date}</p><p><b>{escape(story.lead)}</b></p>{pictures}'
        f'{_paragraphs(story)}<p class="author" align="right"><b>{escape(story.author)}</b></p>'
        f"</td><td>{_cards(others)}</td></tr></table>"
    )
    return _page("", body, f"{story.headline} - Báo Mẫu")


def line_breaks(story: Story, others: Sequence[Teaser]) -> str:
    """Text in one block, broken by <br>, as old editors write it."""
    text = "<br><br>".join(escape(paragraph) for paragraph in story.paragraphs)
    body = (
        f'<nav>{_menu()}</nav><div id="article"><h1>{escape(story.headline)}</h1>'
        f'<time datetime="{story.published.isoformat()}">{story.published:%d/%m/%Y}</time>'
        f'<p class="lead">{escape(story.lead)}</p>{_figures(story)}'
        f'<div class="article-body">{text}</div><div class="byline">{escape(story.author)}</div>'
        f'</div><section class="more-news">{_cards(others)}</section>'
    )
    return _page("", body, story.headline)


def microdata(story: Story, others: Sequence[Teaser]) -> str:
    """schema.org in attributes; share buttons and tags around the text."""
    body = (
        f'<ul class="navbar">{_menu()}</ul>'
        '<div itemscope itemtype="https://schema.org/NewsArticle">'
        f'<h1 itemprop="headline">{escape(story.headline)}</h1>'
        f'<meta itemprop="datePublished" content="{story.published.isoformat()}">'
        f'<span itemprop="author">{escape(story.author)}</span>'
        '<div class="social-share"><a>Facebook</a> <a>Zalo</a></div>'
        f'<h2 class="sapo" itemprop="description">{escape(story.lead)}</h2>'
        f'<div itemprop="articleBody">{_figures(story)}{_paragraphs(story)}</div>'
        '<div class="tags">Từ khóa: <a>giá cả</a>, <a>đời sống</a></div></div>'
        f'<div class="popular"><h3>Đọc nhiều</h3><ul>{_links(others)}</ul></div>'
    )
    return _page("", body, f"{story.headline} — Tạp chí Mẫu")


def cards_below(story: Story, others: Sequence[Teaser]) -> str:
    """Other articles as cards with pictures and leads right below the text, in the same block."""
    body = (
        f'<div class="topbar"><ul>{_menu()}</ul></div><div class="detail-page"><div class="left">'
        f"<h1>{escape(story.headline)}</h1>"
        f'<div class="meta"><span class="author">{escape(story.author)}</span>'
        f'<span class="time">{story.published:%d/%m/%Y - %H:%M}</span></div>'
        f'<h2 class="sapo">{escape(story.lead)}</h2><div class="content">{_figures(story)}'
        f'{_paragraphs(story)}</div><div class="list-news">{_cards(others)}</div></div></div>'
        f'<div class="ads">{AD}</div>'
    )
    return _page("", body, f"{story.headline} | Báo Mẫu")


def stated_body(story: Story, others: Sequence[Teaser]) -> str:
    """JSON-LD with the whole text, nested in a graph; the page full of frames and forms."""
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Báo Mẫu"},
            {
                "@type": ["NewsArticle"],
                "headline": story.headline[:60],
                "datePublished": story.published.isoformat(),
                "author": [{"@type": "Person", "name": story.author}],
                "articleBody": "\n".join(story.paragraphs),
            },
        ],
    }
    stated = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    body = (
        f'<form><input name="q"><button>Tìm</button></form><ul class="menu">{_menu()}</ul>'
        f'<section><h1>{escape(story.headline)}</h1><p class="intro">{escape(story.lead)}</p>'
        f'{_paragraphs(story, "div")}<iframe src="//ads.example"></iframe></section>'
        f'<section class="recommended">{_cards(others)}</section>'
        f'<section class="comments">{"".join(f"<p>{text}</p>" for text in COMMENTS)}</section>'
    )
    return _page(stated, body, f"{story.headline} - Báo Mẫu")


def amp(story: Story, others: Sequence[Teaser]) -> str:
    """A light page for telephones: almost no classes, teasers between paragraphs."""
    pieces = [f"<p>{escape(text)}</p>" for text in story.paragraphs]
    for number, other in enumerate(others[:2]):
        place = min(len(pieces), 2 * number + 2)
        teaser = f'<p>&gt;&gt; <a href="/{number}.html">{escape(other.headline)}</a></p>'
        pieces.insert(place, teaser)
    captions = "".join(
        f'<amp-img src="/a.jpg"></amp-img><p class="photo-caption">{escape(text)}</p>'
        for text in story.captions
    )
    body = (
        f"<header><a href='/'>Báo Mẫu</a></header><h1>{escape(story.headline)}</h1>"
        f"<p><strong>{escape(story.lead)}</strong></p>{captions}{''.join(pieces)}"
        f"<footer>{_cards(others)}<p>Bản quyền thuộc về Báo Mẫu</p></footer>"
    )
    return _page(_json_ld(story), body, story.headline)


def wordpress(story: Story, others: Sequence[Teaser]) -> str:
    """A site on WordPress: a side bar with widgets, comments, the next and the last post."""
    replies = "".join(f'<li class="comment"><p>{text}</p></li>' for text in COMMENTS)
    body = (
        f'<header class="site-header"><nav><ul>{_menu()}</ul></nav></header>'
        f'<div class="site-content"><article class="post"><header class="entry-header">'
        f'<h1 class="entry-title">{escape(story.headline)}</h1>'
        f'<time class="entry-date published" datetime="{story.published.isoformat()}"></time>'
        f'<span class="author vcard"><a class="url fn n" href="/tg">{escape(story.author)}</a>'
        f'</span></header><div class="entry-content"><p><strong>{escape(story.lead)}</strong></p>'
        f"{_figures(story)}{_paragraphs(story)}</div></article>"
        f'<nav class="post-navigation"><a>{escape(others[0].headline)}</a></nav>'
        f'<div id="comments"><ol class="comment-list">{replies}</ol></div></div>'
        f'<div class="widget-area sidebar"><div class="widget"><h2>Bài mới</h2>'
        f"<ul>{_links(others)}</ul></div></div>"
    )
    return _page("", body, f"{story.headline} – Trang Mẫu")


LAYOUTS: tuple[Callable[[Story, Sequence[Teaser]], str], ...] = (
    semantic,
    divs_with_classes,
    vietnamese_classes,
    tables,
    line_breaks,
    microdata,
    cards_below,
    stated_body,
    amp,
    wordpress,
)
