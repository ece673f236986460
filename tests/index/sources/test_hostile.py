"""What strangers send: bounded, refused, reported, and never a way into the own network."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from index.errors import RecordError
from index.sources import FetchRules, Found
from index.sources.web.public_addresses import is_public
from tests.index.sources.reading import articles, headlines, read_source, reasons, skips
from tests.index.sources.web.newspaper import Newspaper
from tests.index.sources.web.test_page import QUICK, feed, item, page, sitemap

STRICT = FetchRules(delay=0.0)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_private_addresses_are_told_in_every_spelling(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "0x7f000001", "[::1]"])
def test_the_own_machine_is_not_asked(host: str, newspaper: Newspaper) -> None:
    newspaper.put("/1.html", page("Bài trong mạng nội bộ"))
    (outcome,) = read_source(f"http://{host}:{newspaper.port}/1.html", STRICT)
    assert isinstance(outcome, RecordError)
    assert outcome.reason in ("refused-address", "not-fetched")
    assert newspaper.requests == []


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://bao.example/", "gopher://bao.example/", "javascript:alert(1)"],
)
def test_only_the_web_is_fetched(target: str, newspaper: Newspaper) -> None:
    newspaper.put("/feed", feed(item(target)))
    newspaper.put("/moved", "", status=302, Location=target)
    for path in ("/feed", "/moved"):
        assert skips(read_source(newspaper.address + path, QUICK)) == ["refused-address"]


def test_a_redirect_is_checked_like_a_first_request(
    newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name that stands for a public server, which here is the one of the test.
    from index.sources.web import connection, public_addresses

    real = public_addresses.resolve

    def resolve(host: str, port: int, *, allow_private: bool) -> tuple[str, ...]:
        if host == "bao.example":
            return ("127.0.0.1",)
        return real(host, port, allow_private=allow_private)

    monkeypatch.setattr(connection, "resolve", resolve)
    inside = f"http://127.0.0.1:{newspaper.port}/inside.html"
    newspaper.put("/moved", "", status=302, Location=inside)
    newspaper.put("/inside.html", page("Bài trong mạng nội bộ"))
    newspaper.put("/map", sitemap(inside))
    for path in ("/moved", "/map"):
        outcomes = read_source(f"http://bao.example:{newspaper.port}{path}", STRICT)
        assert skips(outcomes) == ["refused-address"]
    assert newspaper.asked("/inside.html") == []


def test_redirects_in_a_circle_end(newspaper: Newspaper) -> None:
    newspaper.put("/1.html", "", status=301, Location="/2.html")
    newspaper.put("/2.html", "", status=301, Location="/1.html")
    assert skips(read_source(f"{newspaper.address}/1.html", QUICK)) == ["not-fetched"]
    assert len(newspaper.asked()) == 6


def test_an_answer_that_unpacks_to_too_much_is_refused(newspaper: Newspaper) -> None:
    newspaper.put("/map", sitemap(f"{newspaper.address}/1.html"))
    newspaper.put("/1.html", gzip.compress(b" " * (64 << 20)), Content_Encoding="gzip")
    rules = FetchRules(delay=0.0, retries=0, allow_private=True)
    assert skips(read_source(f"{newspaper.address}/map", rules)) == ["not-fetched"]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><rss><channel><item><title>T&j;</title><description>&j;</description></item>"
    + "</channel></rss>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><title>Tin</title><description>[&x;]</description></item></channel></rss>"
)


@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE])
def test_entities_of_a_feed_stand_for_nothing(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(content, encoding="utf-8")
    started = time.process_time()
    for article in articles(tmp_path / "a.xml", "feed"):
        assert "root:" not in article.body
        assert len(article.headline + article.body) < 200
    assert time.process_time() - started < 20  # a billion laughs take minutes


def test_a_feed_with_faults_gives_what_is_whole(tmp_path: Path) -> None:
    good = (
        "<item><title>Tin &nbsp; l&agrave;nh</title><guid isPermaLink='false'>1</guid>"
        "<description>A &amp; B</description></item>"
    )
    broken = "<item><title>Tin hỏng<title></item>"
    (tmp_path / "a.rss").write_text(feed(good, broken), encoding="utf-8")
    found = articles(tmp_path / "a.rss")
    assert (found[0].headline, found[0].body) == ("Tin lành", "A & B")


@pytest.mark.parametrize(
    "content",
    [
        "<rss", "<rss></rss>", "<feed/>", "<urlset>", "<sitemapindex><sitemap><loc>",
        "<?xml version='1.0' encoding='none'?><rss><channel/></rss>",
        "<rss>" + "<a>" * 100_000,
    ],
)  # fmt: skip
def test_xml_that_is_no_feed_costs_one_record(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(content, encoding="utf-8")
    (reason,) = reasons(tmp_path / "a.xml")
    assert reason in ("empty-file", "unreadable", "unknown-kind", "damaged-file")


PARAGRAPH = "<p>" + "Nước lũ về sớm, người dân vùng trũng thấp thỏm chờ tin từ thượng nguồn. " * 4
PAGES = {
    "deep nesting": f"<html><h1>Lũ về</h1>{'<div>' * 20_000}{PARAGRAPH}",
    "deep tables": f"<html><h1>Lũ về</h1>{'<table><tr><td>' * 3_000}{PARAGRAPH}",
    "many links": f"<html><h1>Lũ về</h1>{PARAGRAPH}{'<a href=x>Tin khác nữa</a>' * 29_000}",
    "an endless attribute": f"<html><h1>Lũ về</h1><p title='{'x' * 5_000_000}'>{PARAGRAPH}",
    "an unclosed script": f"<html><h1>Lũ về</h1>{PARAGRAPH}</p><script>{'var x;' * 100_000}",
    "an unclosed comment": f"<html><h1>Lũ về</h1>{PARAGRAPH}</p><!-- {'x ' * 100_000}",
    "one long word": f"<html><h1>Lũ về</h1>{PARAGRAPH}</p><p>{'x' * 2_000_000}",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read_or_refused_in_bounded_time(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGES[name], encoding="utf-8")
    started = time.process_time()
    found = reasons(tmp_path / "a.html")
    assert found in ([""], ["unreadable-markup"], ["no-body"])
    assert time.process_time() - started < 60
    for article in articles(tmp_path / "a.html"):
        assert "var x" not in article.body


def test_a_page_of_50_megabytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<html><h1>x</h1>" + b"<p>abc def</p>" * 3_700_000)
    assert reasons(tmp_path / "a.html") == ["file-too-large"]


def test_script_is_never_text(newspaper: Newspaper) -> None:
    content = "<p>Đoạn <script>xau()</script>lành.</p><style>p{}</style><iframe>xau()</iframe>"
    entry = (
        f"<item><title>Tin</title><link>/1</link><description><![CDATA[{content}]]></description>"
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        f"<![CDATA[{content}<p>Hai.</p>]]></content:encoded></item>"
    )
    newspaper.put("/feed", feed(entry))
    (outcome,) = read_source(f"{newspaper.address}/feed", QUICK)
    assert isinstance(outcome, Found)
    assert outcome.article.body == "Đoạn lành.\nHai."
    assert outcome.article.summary == "Đoạn lành."
    assert headlines([outcome]) == ["Tin"]
