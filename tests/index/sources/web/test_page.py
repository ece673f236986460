"""Feeds, sitemaps and pages from a real server: read whole, and asked for politely."""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import orjson
import pytest

from index.article import Article
from index.sources import FetchRules, Found
from tests.index.sources.reading import headlines, read_source, skips
from tests.index.sources.web.newspaper import Answer, Newspaper, Request

FORMATS = Path(__file__).parents[4] / "examples" / "formats"
QUICK = FetchRules(delay=0.0, allow_private=True)
PARAGRAPHS = (
    "Sáng sớm hôm ấy, người dân trong xóm kéo nhau ra bờ sông xem chiếc đò mới đóng của ông Tư.",
    "Chiếc đò dài mười hai mét, chở được hai mươi người, chạy bằng mô tơ điện nên không có khói.",
    "Ông Tư nói đã để dành tiền suốt bốn năm, phần còn lại do bà con góp mỗi nhà một ít.",
)


def page(headline: str, **meta: str) -> str:
    metas = "".join(f'<meta property="{name}" content="{value}">' for name, value in meta.items())
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<!doctype html><html><head><title>{headline}</title>{metas}</head><body>"
        f"<nav><a href='/'>Trang chủ</a></nav><article><h1>{headline}</h1>{text}</article>"
        "</body></html>"
    )


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>Báo Bến Đò</title>{''.join(items)}</channel></rss>"


def item(link: str, headline: str = "Tựa trong nguồn tin") -> str:
    return (
        f"<item><title>{headline}</title><link>{link}</link><category>Đời sống</category>"
        "<pubDate>Sat, 25 May 2019 06:10:00 +0700</pubDate>"
        "<description>Tóm tắt ngắn.</description></item>"
    )


def sitemap(*urls: str, modified: str = "") -> str:
    lastmod = f"<lastmod>{modified}</lastmod>" if modified else ""
    entries = "".join(f"<url><loc>{url}</loc>{lastmod}</url>" for url in urls)
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"


def only(source: str, rules: FetchRules = QUICK) -> Article:
    (outcome,) = read_source(source, rules)
    assert isinstance(outcome, Found), outcome
    return outcome.article


@pytest.mark.parametrize("name", ["nhat-bao-cuu-long.rss.xml", "nam-chau-bon-bien.atom.xml"])
def test_a_feed_with_whole_articles_is_read_without_asking_for_pages(
    name: str, newspaper: Newspaper
) -> None:
    newspaper.put("/feed", (FORMATS / name).read_bytes())
    outcomes = read_source(f"{newspaper.address}/feed", QUICK)
    assert len(headlines(outcomes)) == 2
    assert headlines(outcomes) == headlines(read_source(FORMATS / name, QUICK))
    assert newspaper.asked() == ["/feed"]
    for outcome in outcomes:
        assert isinstance(outcome, Found)
        article = outcome.article
        assert all((article.author, article.published, article.section, article.source))
        assert "<" not in article.body
        assert article.body.count("\n") == 2


def test_an_entry_that_is_a_summary_has_its_page_fetched(newspaper: Newspaper) -> None:
    newspaper.put("/feed", feed(item("/bai/do-moi.html")))
    newspaper.put("/bai/do-moi.html", page("Chiếc đò mới của xóm Cồn"))
    article = only(f"{newspaper.address}/feed")
    assert article.headline == "Chiếc đò mới của xóm Cồn"
    assert article.body == "\n".join(PARAGRAPHS)
    assert article.url == f"{newspaper.address}/bai/do-moi.html"
    assert (article.section, article.source) == ("Đời sống", "Báo Bến Đò")
    assert article.published is not None
    assert article.published.year == 2019


def test_a_sitemap_of_sitemaps_leads_to_every_page_once(newspaper: Newspaper) -> None:
    urls = [f"{newspaper.address}/{n}.html" for n in range(3)]
    index = f"<sitemapindex><sitemap><loc>{newspaper.address}/a.xml</loc></sitemap></sitemapindex>"
    newspaper.put("/sitemap.xml", index)
    newspaper.put("/a.xml", gzip.compress(sitemap(*urls, urls[0]).encode()))
    for number in range(3):
        newspaper.put(f"/{number}.html", page(f"Bài viết số {number} trong sơ đồ"))
    outcomes = read_source(f"{newspaper.address}/sitemap.xml", QUICK)
    assert headlines(outcomes) == [f"Bài viết số {n} trong sơ đồ" for n in range(3)]
    assert len(newspaper.asked()) == 5


def test_what_robots_forbid_is_not_asked_for(newspaper: Newspaper) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /kin/*.html$\n")
    newspaper.put("/map", sitemap(f"{newspaper.address}/kin/1.html", f"{newspaper.address}/2.html"))
    newspaper.put("/kin/1.html", page("Bài kín không ai được đọc"))
    newspaper.put("/2.html", page("Bài ai cũng được đọc cả"))
    outcomes = read_source(f"{newspaper.address}/map", QUICK)
    assert headlines(outcomes) == ["Bài ai cũng được đọc cả"]
    assert skips(outcomes) == ["refused-by-robots"]
    assert newspaper.asked("/kin/1.html") == []


def test_nothing_is_asked_of_a_site_whose_robots_cannot_be_read(newspaper: Newspaper) -> None:
    newspaper.put("/robots.txt", "", status=503)
    newspaper.put("/1.html", page("Bài không được đọc vì robots"))
    rules = FetchRules(delay=0.0, retries=1, allow_private=True)
    assert skips(read_source(f"{newspaper.address}/1.html", rules)) == ["not-fetched"]
    assert newspaper.asked() == []


@pytest.mark.parametrize("asked_by", ["rules", "robots"])
def test_requests_keep_their_distance(asked_by: str, newspaper: Newspaper) -> None:
    delay = 0.15
    if asked_by == "robots":
        newspaper.put("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}\n")
    newspaper.put("/map", sitemap(*(f"{newspaper.address}/{n}.html" for n in range(3))))
    own = delay if asked_by == "rules" else 0.0
    read_source(f"{newspaper.address}/map", FetchRules(delay=own, allow_private=True))
    times = [r.time for r in newspaper.requests if r.path != "/robots.txt"]
    assert len(times) == 4
    assert all(later - earlier >= delay * 0.9 for earlier, later in pairwise(times))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_fault_that_passes_is_asked_again(status: int, newspaper: Newspaper) -> None:
    answers = iter([Answer(b"", status), Answer(b"", status, {"Retry-After": "0"})])
    good = Answer(page("Bài đến sau hai lần hỏng").encode())
    newspaper.answers["/1.html"] = lambda _: next(answers, good)
    assert only(f"{newspaper.address}/1.html").headline == "Bài đến sau hai lần hỏng"
    assert len(newspaper.asked("/1.html")) == 3


@pytest.mark.parametrize(("status", "times"), [(404, 1), (410, 1), (403, 1), (503, 4)])
def test_a_page_that_is_not_there_is_told(status: int, times: int, newspaper: Newspaper) -> None:
    newspaper.put("/1.html", "", status=status)
    (outcome,) = read_source(f"{newspaper.address}/1.html", QUICK)
    assert not isinstance(outcome, Found)
    assert outcome.reason == "not-fetched"
    assert str(status) in outcome.message
    assert len(newspaper.asked("/1.html")) == times


def with_marks(content: str) -> Answer:
    return Answer(content.encode(), 200, {"ETag": '"mot"', "Last-Modified": "x"})


def test_what_has_not_changed_is_not_sent_again(newspaper: Newspaper, tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        if request.headers.get("If-None-Match") == '"mot"':
            return Answer(b"", 304)
        return with_marks(page("Bài chỉ gửi một lần thôi"))

    newspaper.answers["/1.html"] = answer
    rules = FetchRules(delay=0.0, fresh=0.0, allow_private=True)
    for _ in range(3):
        outcomes = read_source(f"{newspaper.address}/1.html", rules, tmp_path / "cache")
        assert headlines(outcomes) == ["Bài chỉ gửi một lần thôi"]
    marks = [request.headers.get("If-None-Match") for request in newspaper.requests]
    assert [mark for mark in marks if mark] == ['"mot"', '"mot"']


def test_a_crawl_that_was_cut_goes_on_where_it_was(newspaper: Newspaper, tmp_path: Path) -> None:
    newspaper.put("/map", sitemap(*(f"{newspaper.address}/{n}.html" for n in range(4))))
    for number in range(2):
        newspaper.put(f"/{number}.html", page(f"Bài lấy được lần đầu, số {number}"))
    read_source(f"{newspaper.address}/map", QUICK, tmp_path / "cache")
    newspaper.requests.clear()
    for number in range(2, 4):
        newspaper.put(f"/{number}.html", page(f"Bài lấy được lần sau, số {number}"))
    outcomes = read_source(f"{newspaper.address}/map", QUICK, tmp_path / "cache")
    assert len(headlines(outcomes)) == 4
    assert newspaper.asked() == ["/map", "/2.html", "/3.html"]


def test_a_page_changed_since_is_asked_for_again(newspaper: Newspaper, tmp_path: Path) -> None:
    url = f"{newspaper.address}/1.html"
    newspaper.put("/map", sitemap(url, modified="2020-01-01"))
    newspaper.put("/1.html", page("Bài viết khi chưa được sửa"))
    rules = FetchRules(delay=0.0, fresh=0.0, allow_private=True)
    read_source(f"{newspaper.address}/map", rules, tmp_path / "cache")
    read_source(f"{newspaper.address}/map", rules, tmp_path / "cache")
    assert len(newspaper.asked("/1.html")) == 1
    newspaper.put("/map", sitemap(url, modified="2099-01-01"))
    read_source(f"{newspaper.address}/map", rules, tmp_path / "cache")
    assert len(newspaper.asked("/1.html")) == 2


def test_a_damaged_cache_is_begun_anew(newspaper: Newspaper, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"khong phai co so du lieu" * 100)
    newspaper.put("/1.html", page("Bài đọc được dù bộ nhớ hỏng"))
    outcomes = read_source(f"{newspaper.address}/1.html", QUICK, tmp_path / "cache")
    assert headlines(outcomes) == ["Bài đọc được dù bộ nhớ hỏng"]


def test_pages_of_one_host_are_limited(newspaper: Newspaper) -> None:
    newspaper.put("/map", sitemap(*(f"{newspaper.address}/{n}.html" for n in range(9))))
    for number in range(9):
        newspaper.put(f"/{number}.html", page(f"Bài trong giới hạn, số {number}"))
    rules = FetchRules(delay=0.0, most_pages=4, allow_private=True)
    outcomes = read_source(f"{newspaper.address}/map", rules)
    assert len(headlines(outcomes)) == 3
    assert len(newspaper.asked()) == 4


def test_a_site_on_wordpress_gives_all_its_posts(newspaper: Newspaper) -> None:
    def post(number: int) -> dict[str, object]:
        return {
            "id": number,
            "date_gmt": "2024-05-01T03:00:00",
            "link": f"{newspaper.address}/?p={number}",
            "title": {"rendered": f"Bài &#8220;số {number}&#8221;"},
            "excerpt": {"rendered": "<p>Tóm tắt&hellip;</p>"},
            "content": {
                "rendered": "<p>Đoạn một.</p><script>x()</script><p>Đoạn <b>hai</b>.</p>"
                "<figure><img><figcaption>Chú thích.</figcaption></figure>"
            },
            "_embedded": {
                "author": [{"name": "Lê Thị Mận"}],
                "wp:term": [[{"taxonomy": "category", "name": "Kinh tế"}]],
                "wp:featuredmedia": [{"source_url": f"{newspaper.address}/a.jpg"}],
            },
        }

    for number in (1, 2):
        path = f"/wp-json/wp/v2/posts?per_page=100&page={number}&orderby=date&order=asc&_embed=1"
        newspaper.put(path, orjson.dumps([post(number)]), X_WP_TotalPages="2")
    outcomes = read_source(newspaper.address, QUICK, kind="wordpress")
    assert headlines(outcomes) == ["Bài “số 1”", "Bài “số 2”"]
    (first, _) = outcomes
    assert isinstance(first, Found)
    article = first.article
    assert article.body == "Đoạn một.\nĐoạn hai."
    assert article.captions == ("Chú thích.",)
    assert (article.author, article.section) == ("Lê Thị Mận", "Kinh tế")
    assert article.published is not None
    assert article.published.isoformat() == "2024-05-01T03:00:00+00:00"
