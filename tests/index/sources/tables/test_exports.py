"""Exports of whole sites: what was published is read, everything else is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources import FetchRules, Found, Meter, origin_of, read_sources
from tests.index.sources.reading import headlines, only_article, read_source, reasons, skips

WORDPRESS = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Báo Đầm Sen</title>
<wp:author><wp:author_login>btv</wp:author_login>
<wp:author_display_name><![CDATA[Lê Sen]]></wp:author_display_name></wp:author>
{items}</channel></rss>"""

ITEM = """<item><title>{title}</title><link>https://sen.example/{title}/</link>
<dc:creator>btv</dc:creator><content:encoded><![CDATA[{content}]]></content:encoded>
<excerpt:encoded><![CDATA[Sen về.]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>
<wp:post_date>2022-06-14 10:30:00</wp:post_date>
<wp:post_date_gmt>2022-06-14 03:30:00</wp:post_date_gmt>
<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>
<wp:post_password>{password}</wp:post_password>
<category domain="post_tag">hồ</category><category domain="category">Đời sống</category>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>
{more}</item>"""


def item(title: str, status: str = "publish", kind: str = "post", **more: str) -> str:
    filled = {"content": "<p>Sen nở.</p>", "number": "1", "password": "", "more": "", **more}
    return ITEM.format(title=title, status=status, kind=kind, **filled)


def wordpress(path: Path, *items: str) -> Path:
    path.write_text(WORDPRESS.format(items="\n".join(items)), encoding="utf-8")
    return path


def test_a_post_of_wordpress_is_read_as_its_readers_saw_it(tmp_path: Path) -> None:
    content = (
        "<!-- wp:paragraph --><p>Sen nở.</p><!-- /wp:paragraph -->"
        '[caption id="a"]<img src="https://sen.example/2.jpg" /> Ao sen.[/caption]\n\nHồ đầy.'
    )
    picture = "<wp:attachment_url>https://sen.example/9.jpg</wp:attachment_url>"
    path = wordpress(
        tmp_path / "sen.xml",
        item("sen", content=content),
        item("anh", "inherit", "attachment", number="9", more=picture),
    )
    (found, _) = read_source(path, FetchRules())
    assert isinstance(found, Found)
    article = found.article
    assert article.body == "Sen nở.\nHồ đầy."
    assert article.captions == ("Ao sen.",)
    assert (article.author, article.section, article.summary) == ("Lê Sen", "Đời sống", "Sen về.")
    assert (article.source, article.image) == ("Báo Đầm Sen", "https://sen.example/9.jpg")
    assert article.published is not None
    assert article.published.isoformat() == "2022-06-14T03:30:00+00:00"


@pytest.mark.parametrize(
    ("status", "kind", "password", "reason"),
    [
        ("draft", "post", "", "draft"),
        ("pending", "post", "", "draft"),
        ("auto-draft", "post", "", "draft"),
        ("private", "post", "", "private"),
        ("future", "post", "", "scheduled"),
        ("trash", "post", "", "trashed"),
        ("publish", "post", "abc", "password-protected"),
        ("publish", "page", "", "page"),
        ("draft", "page", "", "draft"),
        ("inherit", "attachment", "", "not-an-article"),
        ("publish", "nav_menu_item", "", "not-an-article"),
        ("publish", "wp_global_styles", "", "not-an-article"),
    ],
)
def test_what_wordpress_did_not_publish_is_left_out(
    status: str, kind: str, password: str, reason: str, tmp_path: Path
) -> None:
    path = wordpress(tmp_path / "a.xml", item("a", status, kind, password=password), item("b"))
    outcomes = read_source(path, FetchRules())
    assert skips(outcomes) == [reason]
    assert headlines(outcomes) == ["b"]


def test_pages_are_read_where_somebody_wants_them(tmp_path: Path) -> None:
    path = wordpress(tmp_path / "a.xml", item("a", kind="page"))
    origin = origin_of(path, includes_pages=True)

    def no_fetcher(_: FetchRules) -> object:
        raise AssertionError

    assert headlines(list(read_sources([origin], Meter(), no_fetcher))) == ["a"]  # type: ignore[arg-type]


BLOGGER = """<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'
 xmlns:app='http://purl.org/atom/app#' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<title>Blog Sen</title>{entries}</feed>"""
OLD = """<entry><category scheme='http://schemas.google.com/g/2005#kind'
 term='http://schemas.google.com/blogger/2008/kind#{kind}'/>
<category scheme='http://www.blogger.com/atom/ns#' term='Đời sống'/><title>{title}</title>
<content type='html'>&lt;p&gt;Sen nở.&lt;/p&gt;</content><author><name>Lê Sen</name></author>
<app:control><app:draft>{draft}</app:draft></app:control></entry>"""
NEW = """<entry><blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>
<title>{title}</title><content type='html'>&lt;p&gt;Sen nở.&lt;/p&gt;</content></entry>"""


def test_both_exports_of_blogger_are_read(tmp_path: Path) -> None:
    entries = [
        OLD.format(kind="template", title="Mẫu", draft="no"),
        OLD.format(kind="post", title="Sen", draft="no"),
        OLD.format(kind="post", title="Nháp", draft="yes"),
        OLD.format(kind="comment", title="Lời", draft="no"),
        NEW.format(kind="POST", status="LIVE", title="Cốm"),
        NEW.format(kind="POST", status="DRAFT", title="Nháp"),
        NEW.format(kind="COMMENT", status="LIVE", title="Lời"),
        NEW.format(kind="PAGE", status="LIVE", title="Về tôi"),
    ]
    (tmp_path / "a.xml").write_text(BLOGGER.format(entries="".join(entries)), encoding="utf-8")
    outcomes = read_source(tmp_path / "a.xml", FetchRules())
    assert headlines(outcomes) == ["Sen", "Cốm"]
    assert skips(outcomes) == [
        "not-an-article", "draft", "not-an-article", "draft", "not-an-article", "page",
    ]  # fmt: skip


XML = {
    "elements": "<bao><bai><tieu_de>Sen</tieu_de><noi_dung><p>Một.</p><p>Hai.</p></noi_dung>"
    "<tac_gia><ten>Lê Sen</ten></tac_gia></bai></bao>",
    "phpMyAdmin": '<database name="b"><table name="bai"><column name="tieu_de">Sen</column>'
    '<column name="noi_dung">&lt;p&gt;Một.&lt;/p&gt;&lt;p&gt;Hai.&lt;/p&gt;</column>'
    '<column name="tac_gia">Lê Sen</column></table></database>',
    "Solr": '<response><result><doc><str name="title">Sen</str><arr name="author"><str>Lê Sen</str>'
    '</arr><arr name="content"><str>Một.</str><str>Hai.</str></arr></doc></result></response>',
}


@pytest.mark.parametrize("writer", XML)
def test_records_in_xml_are_read(writer: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(f"<?xml version='1.0'?>{XML[writer]}", encoding="utf-8")
    article = only_article(tmp_path / "a.xml")
    assert (article.headline, article.body, article.author) == ("Sen", "Một.\nHai.", "Lê Sen")


def test_xml_without_records_says_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<?xml version='1.0'?><a><b><x>1</x><y>2</y></b></a>")
    assert reasons(tmp_path / "a.xml") == ["no-headline"]


def test_a_dump_of_mediawiki_gives_its_pages(tmp_path: Path) -> None:
    page = "<page><title>{}</title><ns>{}</ns>{}<revision><text>{}</text></revision></page>"
    text = (
        "'''Sen''' mọc ở [[hồ|ao hồ]].{{nguồn}}&lt;ref&gt;Sách&lt;/ref&gt;\n\n"
        "[[Tập tin:Sen.jpg|nhỏ|Ao sen.]]\n== Mùa ==\nHè.\n[[Thể loại:Hoa]]"
    )
    pages = page.format("Sen", 0, "", text) + page.format("Thảo luận:Sen", 1, "", "x")
    pages += page.format("Hoa sen", 0, '<redirect title="Sen"/>', "x")
    (tmp_path / "a.xml").write_text(f"<mediawiki>{pages}</mediawiki>", encoding="utf-8")
    outcomes = read_source(tmp_path / "a.xml", FetchRules())
    assert skips(outcomes) == ["not-an-article", "not-an-article"]
    assert isinstance(outcomes[0], Found)
    article = outcomes[0].article
    assert article.body == "Sen mọc ở ao hồ.\nMùa\nHè."
    assert (article.captions, article.section) == (("Ao sen.",), "Hoa")
