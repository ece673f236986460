"""Feeds and sitemaps as they are, broken and in any encoding: every entry counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources import FetchRules, Found
from tests.index.sources.reading import headlines, read, read_source, skips
from tests.index.sources.web.newspaper import Newspaper
from tests.index.sources.web.test_page import QUICK, page

BODY = "<description>&lt;p&gt;Bà con được mùa.&lt;/p&gt;</description>"


def entry(number: int, inside: str = "") -> str:
    return f"<item><title>Tin {number}</title>{inside}<guid>{number}</guid>{BODY}</item>"


FAULTS = {
    "a tag that nobody closes": "<b>x",
    "a raw sign": "<x>1 < 2 && 3</x>",
    "an open comment in a closed one": "<!-- x <!-- y -->",
    "half a character": "<x>&#xD83D;</x>",
    "a control character": "<x>\x0b</x>",
    "a prefix that nobody declared": "<media:title>Ảnh</media:title>",
    "an entity of nobody": "<x>&khong;</x>",
    "open character data": "<x><![CDATA[x</x>",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_costs_no_other_entry(name: str, tmp_path: Path) -> None:
    items = "".join(entry(n, FAULTS[name] if n == 2 else "") for n in range(1, 5))
    (tmp_path / "a.rss").write_text(
        f"<rss><channel><title>Báo</title>{items}</channel></rss>", encoding="utf-8"
    )
    outcomes = read(tmp_path / "a.rss")
    assert len(outcomes) == 4
    assert {"Tin 1", "Tin 3", "Tin 4"} <= set(headlines(outcomes))


def test_a_feed_that_breaks_off_says_which_entry_is_lost(tmp_path: Path) -> None:
    whole = f"<rss><channel>{entry(1)}{entry(2)}{entry(3)}"
    (tmp_path / "a.rss").write_text(whole[:-30], encoding="utf-8")
    outcomes = read(tmp_path / "a.rss")
    assert headlines(outcomes) == ["Tin 1", "Tin 2"]
    assert skips(outcomes) == ["damaged-file"]


def test_addresses_keep_their_raw_signs(tmp_path: Path) -> None:
    item = (
        f"<item><title>M&A: R&amp;D</title><link>https://a.example/?a=1&muc=2</link>{BODY}</item>"
    )
    (tmp_path / "a.rss").write_text(f"<rss><channel>{item}</channel></rss>", encoding="utf-8")
    (outcome,) = read_source(tmp_path / "a.rss", FetchRules())
    assert isinstance(outcome, Found)
    assert (outcome.article.headline, outcome.article.url) == (
        "M&A: R&D",
        "https://a.example/?a=1&muc=2",
    )


@pytest.mark.parametrize(
    ("said", "real"), [("utf-16", "utf-16"), ("utf-16", "utf-8"), ("utf-8", "utf-8-sig")]
)
def test_the_encoding_is_what_the_bytes_say(said: str, real: str, tmp_path: Path) -> None:
    text = f"<?xml version='1.0' encoding='{said}'?><rss><channel>{entry(1)}</channel></rss>"
    (tmp_path / "a.xml").write_bytes(text.encode(real))
    assert headlines(read(tmp_path / "a.xml")) == ["Tin 1"]


def test_a_sitemap_may_be_mere_text(newspaper: Newspaper) -> None:
    newspaper.put("/1.html", page("Bài thứ nhất trong danh sách"))
    newspaper.put("/2.html", page("Bài thứ hai trong danh sách"))
    newspaper.put(
        "/sitemap.txt", f"\ufeff{newspaper.address}/1.html\r\n{newspaper.address}/2.html\n"
    )
    outcomes = read_source(f"{newspaper.address}/sitemap.txt", QUICK)
    assert headlines(outcomes) == ["Bài thứ nhất trong danh sách", "Bài thứ hai trong danh sách"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_robots_forbid_counts_behind_a_mark(encoding: str, newspaper: Newspaper) -> None:
    newspaper.put("/robots.txt", "User-agent: *\nDisallow: /\n".encode(encoding))
    newspaper.put("/1.html", page("Bài không được đọc"))
    assert skips(read_source(f"{newspaper.address}/1.html", QUICK)) == ["refused-by-robots"]


@pytest.mark.parametrize("lead", ["<!---->" * 30_000, "<!DOCTYPE[" * 10_000, "<?x?>" * 30_000])
@pytest.mark.parametrize("kind", ["feed", "sitemap", None])
def test_what_stands_before_a_document_takes_no_time(
    lead: str, kind: str | None, tmp_path: Path
) -> None:
    (tmp_path / "a.xml").write_text(lead + "<x/>", encoding="utf-8")
    assert read(tmp_path / "a.xml", kind)
