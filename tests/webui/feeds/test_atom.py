"""Feeds and the browser's search: valid for those who read them, whatever stands in articles."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import etree, html

from index.build.rebuild import rebuild
from search import SearchEngine
from tests.webui.conftest import AWKWARD, SCRIPT
from webui import Settings, create_app

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = etree.RelaxNG(file=str(Path(__file__).parent / "atom.rng"))
REQUIRED = ("id", "title", "updated")
ONCE = {*REQUIRED, "summary", "published", "subtitle", "rights", "generator"}


def feed_of(client: FlaskClient, url: str) -> etree._Element:
    response = client.get(url)
    assert response.status_code == 200
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.data)


def check(feed: etree._Element) -> None:
    """What RFC 4287 asks of a feed and of each entry: its grammar, and what no grammar can say."""
    assert SCHEMA.validate(feed), SCHEMA.error_log
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for part in (feed, *entries):
        names = [str(child.tag).removeprefix(ATOM) for child in part]
        for name in REQUIRED:
            assert name in names
        assert not [name for name in ONCE if names.count(name) > 1]
        for date in (*part.findall(f"{ATOM}updated"), *part.findall(f"{ATOM}published")):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", date.text or "")
            datetime.fromisoformat(date.text or "")
        for address in (*part.findall(f"{ATOM}id"), *part.findall(f"{ATOM}link")):
            assert urlsplit(address.get("href") or address.text or "").scheme in {"http", "https"}
        alternates = [
            link for link in part.findall(f"{ATOM}link") if link.get("rel") == "alternate"
        ]
        assert len(alternates) == 1
        for author in part.findall(f"{ATOM}author"):
            assert [child.tag for child in author] == [f"{ATOM}name"]
            assert author[0].text
    identities = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(identities)) == len(identities)
    assert feed.find(f"{ATOM}author") is not None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<id>", "<id>/"),
        ("</title>", "</title><title>x</title>"),
        ("<updated>", "<updated>x"),
        ("T", "t"),
        ("<name>", "<name/><name>"),
        ('href="', 'hreff="'),
        ("<entry>", "<entry><x/>"),
        ("<entry>", "<entry>x"),
    ],
)
def test_the_grammar_refuses_what_is_no_feed(client: FlaskClient, right: str, wrong: str) -> None:
    feed = client.get("/search.atom?q=tin").get_data(as_text=True)
    assert SCHEMA.validate(etree.fromstring(feed.encode()))
    assert right in feed
    broken = re.sub(r"(?<=\d)T(?=\d)", wrong, feed) if right == "T" else feed.replace(right, wrong)
    assert not SCHEMA.validate(etree.fromstring(broken.encode()))


@pytest.mark.parametrize(
    "query", ["q=thong+tin", "q=tin&section=Đối+ngoại&per_page=50", "q=zzzqqq", "", "q=%00%ff"]
)
def test_any_search_is_a_valid_feed(client: FlaskClient, query: str) -> None:
    feed = feed_of(client, f"/search.atom?{query}")
    check(feed)
    assert feed.xpath("string(*[local-name()='link' and @rel='self']/@href)")


def test_a_feed_has_the_articles_of_the_search_newest_first(client: FlaskClient) -> None:
    feed = feed_of(client, "/search.atom?q=thong+tin")
    page = client.get("/api/v1/search?q=thong+tin&sort=newest").get_json()
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == [hit["headline"] for hit in page["hits"]]
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)
    oldest = feed_of(client, "/search.atom?q=thong+tin&sort=oldest")
    assert oldest.findtext(f"{ATOM}entry/{ATOM}title") != titles[0]


@pytest.mark.parametrize("more", ["", "&sort=relevance"])
def test_a_feed_has_no_article_that_only_has_the_words_unless_all_are_asked_for(
    client: FlaskClient, more: str
) -> None:
    def entries(query: str) -> int:
        feed = feed_of(client, f"/search.atom?q={quote(query)}&per_page=50{more}")
        check(feed)
        return len(feed.findall(f"{ATOM}entry"))

    page = client.get("/api/v1/search?q=giá+vàng").get_json()
    assert entries("giá vàng") == page["total"]
    assert entries("tai nạn giao thông") == 0
    more += "&match=all"
    assert entries("giá vàng") == page["total"] + page["partly"]
    assert entries("tai nạn giao thông") == 1  # all words, wherever they stand


def test_a_feed_is_kept_and_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/search.atom?q=tin")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get("/search.atom?q=tin", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=300"


def test_a_wrong_parameter_is_refused(client: FlaskClient) -> None:
    assert client.get("/search.atom?page=0").status_code == 400
    assert client.get("/search.atom?sort=newest&sort=newest").status_code == 400


def test_markup_and_odd_ids_of_articles_do_no_harm(awkward_client: FlaskClient) -> None:
    feed = feed_of(awkward_client, "/search.atom?q=mua+lon")
    check(feed)
    entry = next(
        entry
        for entry in feed.iter(f"{ATOM}entry")
        if SCRIPT in (entry.findtext(f"{ATOM}title") or "")
    )
    assert entry.findtext(f"{ATOM}id") == f"http://localhost/article/{quote(str(AWKWARD[0]['id']))}"
    assert {child.tag for child in feed.iter() if "script" in str(child.tag)} == set()
    assert not [element for element in feed.iter() if "javascript" in "".join(element.values())]


@pytest.fixture(scope="module")
def controls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A site over an article with every kind of character that XML forbids, as far as they stay."""
    folder = tmp_path_factory.mktemp("controls")
    odd = "Mưa \x00\x0b\x1f\ufffe\uffff lớn 🐉"
    line = json.dumps({"id": "a\x01b", "title": odd, "body": odd, "section": odd, "author": odd})
    (folder / "a.jsonl").write_text(line, "utf-8")
    rebuild(folder / "index", [folder / "a.jsonl"])
    with SearchEngine.open(folder / "index") as engine:
        yield create_app(engine).test_client()


def test_characters_that_xml_forbids_do_not_break_a_feed(controls: FlaskClient) -> None:
    feed = feed_of(controls, "/search.atom?q=mua+lon+%00%0b%ef%bf%be")
    check(feed)
    assert "🐉" in (feed.findtext(f"{ATOM}entry/{ATOM}title") or "")


def test_below_a_path_addresses_stay_below_it(engine: SearchEngine) -> None:
    site = create_app(engine, Settings(trusted_proxies=1)).test_client()
    headers = {"X-Forwarded-Prefix": "/bao", "X-Forwarded-Host": "tim.bao.example"}
    for path in ("/search.atom?q=tin", "/opensearch.xml"):
        root = etree.fromstring(site.get(path, headers=headers).data)
        addresses = [
            value
            for element in root.iter()
            for value in (*element.values(), element.text or "")
            if value.startswith("http://tim.bao.example")
        ]
        assert addresses
        assert [to for to in addresses if not to.startswith("http://tim.bao.example/bao/")] == []


def test_the_results_page_names_its_feed(client: FlaskClient) -> None:
    page = html.document_fromstring(client.get("/search?q=thông+tin&page=2").data.decode())
    (feed,) = page.cssselect('link[rel=alternate][type="application/atom+xml"]')
    assert parse_qs(urlsplit(feed.get("href")).query) == {"q": ["thông tin"]}
    check(feed_of(client, feed.get("href")))


def test_browsers_can_add_the_site_as_a_search_engine(client: FlaskClient) -> None:
    home = html.document_fromstring(client.get("/").data.decode())
    (link,) = home.cssselect("link[rel=search]")
    response = client.get(link.get("href"))
    assert response.mimetype == link.get("type") == "application/opensearchdescription+xml"
    description = etree.fromstring(response.data)
    opensearch = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert 0 < len(description.findtext(f"{opensearch}ShortName") or "") <= 16
    assert 0 < len(description.findtext(f"{opensearch}Description") or "") <= 1024
    for url in description.findall(f"{opensearch}Url"):
        followed = client.get((url.get("template") or "").replace("{searchTerms}", "thong+tin"))
        assert followed.status_code == 200
        assert followed.mimetype == url.get("type")


def test_suggestions_for_browsers_are_the_text_and_a_list(client: FlaskClient) -> None:
    response = client.get("/opensearch/suggest?q=thong+tin+d")
    typed, completions = json.loads(response.data)
    assert typed == "thong tin d"
    assert completions
    assert all(isinstance(text, str) for text in completions)
