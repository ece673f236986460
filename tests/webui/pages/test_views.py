"""The pages over real indexes, as a browser without JavaScript gets them."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from search import SearchEngine, SearchRequest, Sort

SPELLINGS = ("thông tin đối ngoại", "thong tin doi ngoai", "THÔNG TIN ĐỐI NGOẠI")


def get(client: FlaskClient, url: str, status: int = 200) -> html.HtmlElement:
    response = client.get(url)
    assert response.status_code == status
    assert response.content_type == "text/html; charset=utf-8"
    return html.document_fromstring(response.data.decode("utf-8"))


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def select_one(page: html.HtmlElement, selector: str) -> html.HtmlElement:
    (element,) = page.cssselect(selector)
    return element


def headlines(page: html.HtmlElement) -> list[str]:
    return [text(link) for link in page.cssselect(".card h3 a")]


def test_home_asks_and_lists_the_newest(client: FlaskClient, engine: SearchEngine) -> None:
    page = get(client, "/")
    assert select_one(page, "form[role=search] input[name=q]").get("value") == ""
    assert select_one(page, "form").get("action") == "/search"
    assert page.get("lang") == "vi"
    section = page.cssselect("nav .chip")[0].get("href")
    assert get(client, section).cssselect(".card")
    newest = engine.search(SearchRequest(sort=Sort.NEWEST, per_page=6))
    assert headlines(page) == [hit.headline for hit in newest.hits]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_any_spelling_finds_the_same_articles_marked_as_printed(
    client: FlaskClient, spelling: str
) -> None:
    usual = get(client, f"/search?q={quote(SPELLINGS[0])}&per_page=50")
    page = get(client, f"/search?q={quote(spelling)}&per_page=50")
    assert len(headlines(page)) >= 3
    assert sorted(headlines(page)) == sorted(headlines(usual))
    marked = {text(mark).lower() for mark in page.cssselect(".card mark")}
    assert "thông tin đối ngoại" in marked
    assert select_one(page, ".ask input[name=q]").get("value") == spelling


def test_a_result_leads_to_its_article_marked_and_back(client: FlaskClient) -> None:
    results = get(client, "/search?q=thong+tin+doi+ngoai")
    link = results.cssselect(".card h3 a")[0]
    article = get(client, link.get("href"))
    assert text(select_one(article, "h1")) == text(link)
    assert article.cssselect(".prose mark")
    back = select_one(article, ".back > a").get("href")
    assert headlines(get(client, back)) == headlines(results)


def test_an_article_without_a_query_has_no_marks_and_no_way_back(client: FlaskClient) -> None:
    results = get(client, "/search?q=thong+tin+doi+ngoai")
    path = urlsplit(results.cssselect(".card h3 a")[0].get("href")).path
    article = get(client, path)
    assert not article.cssselect("mark, .back")


def test_the_count_is_announced_politely(client: FlaskClient) -> None:
    page = get(client, "/search?q=thong+tin+doi+ngoai")
    assert re.fullmatch(r"[\d.]+ bài \(\d+,\d{3} giây\)", text(select_one(page, "p[role=status]")))
    nothing = get(client, "/search?q=zzzqqq+xxkk")
    assert (
        text(select_one(nothing, "p[role=status]")) == "Không tìm thấy bài nào cho “zzzqqq xxkk”."
    )


@pytest.mark.parametrize("query", ["OR", "(", "!!!", '""'])
def test_a_query_without_words_is_said_to_have_none(client: FlaskClient, query: str) -> None:
    page = get(client, f"/search?q={quote(query)}")
    assert text(select_one(page, "p[role=status]")) == f"Trong “{query}” không có từ nào để tìm."
    assert page.cssselect(".nothing a")


def test_every_page_has_one_heading_a_skip_link_and_landmarks(client: FlaskClient) -> None:
    article = get(client, "/search?q=tin").cssselect(".card h3 a")[0].get("href")
    for url, status in (
        ("/", 200),
        ("/search", 200),
        ("/search?q=tin", 200),
        ("/search?q=zzzqqq", 200),
        (article, 200),
        ("/about", 200),
        ("/khong-co", 404),
        ("/search?page=x", 400),
    ):
        page = get(client, url, status)
        assert len(page.cssselect("h1")) == 1, url
        assert select_one(page, "a.skip").get("href") == "#noi-dung"
        assert select_one(page, "main").get("id") == "noi-dung"
        assert len(page.cssselect("form[role=search]")) == 1, url
        assert text(select_one(page, "title")).endswith("Tìm Báo") or url == "/"
        ids = [element.get("id") for element in page.cssselect("[id]")]
        assert len(ids) == len(set(ids)), url
        for used in page.cssselect("[aria-labelledby]"):
            assert used.get("aria-labelledby") in ids


def test_every_link_of_the_results_page_works(client: FlaskClient) -> None:
    page = get(client, "/search?q=thông+tin&section=Đối+ngoại&per_page=2&page=2&sort=newest")
    addresses = {link.get("href") for link in page.cssselect("a[href^='/']:not(.feed)")}
    assert len(addresses) > 10
    for address in addresses:
        get(client, address)


def test_filters_narrow_and_say_how_many_remain(client: FlaskClient) -> None:
    page = get(client, "/search?q=thong+tin+doi+ngoai")
    for bar in page.cssselect(".bars a"):
        narrowed = get(client, bar.get("href"))
        assert text(select_one(narrowed, "p[role=status] b")) == text(select_one(bar, "b"))
        assert narrowed.cssselect(".chip.on")
    for link in page.cssselect("aside section a .number"):
        narrowed = get(client, link.getparent().get("href"))
        assert text(select_one(narrowed, "p[role=status] b")) == text(link)
        assert narrowed.cssselect(".chip.on")
        assert narrowed.cssselect("aside [aria-current=true] .number")


def test_a_new_query_keeps_the_filters_and_starts_at_the_first_page(client: FlaskClient) -> None:
    page = get(client, "/search?q=tin&section=Kinh+tế&from=2020-01-01&sort=oldest&page=1")
    kept = {
        (field.get("name"), field.get("value")) for field in page.cssselect(".ask [type=hidden]")
    }
    assert kept == {("section", "Kinh tế"), ("from", "2020-01-01"), ("sort", "oldest")}
    period = {(field.get("name"), field.get("value")) for field in page.cssselect(".period input")}
    assert period == {
        ("q", "tin"),
        ("section", "Kinh tế"),
        ("sort", "oldest"),
        ("from", "01/01/2020"),
        ("to", ""),
    }


def test_pages_follow_each_other_without_gap_or_repeat(client: FlaskClient) -> None:
    whole = headlines(get(client, "/search?q=tin&per_page=20"))
    url, followed = "/search?q=tin&per_page=5", []
    for number in range(1, 5):
        page = get(client, url)
        assert select_one(page, ".cards").get("start") == str(len(followed) + 1)
        assert text(select_one(page, ".pager [aria-current=page]")) == str(number)
        followed += headlines(page)
        url = select_one(page, ".pager a[rel=next]").get("href")
    assert followed == whole


def test_a_page_beyond_the_last_leads_to_the_first(client: FlaskClient) -> None:
    page = get(client, "/search?q=thong+tin+doi+ngoai&page=900")
    assert "trang 900" in text(select_one(page, ".nothing .lead"))
    assert headlines(get(client, select_one(page, ".nothing a").get("href")))


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    tips = text(select_one(get(client, '/search?q="zzzqqq+xxkk"'), ".try"))
    assert "gõ không dấu" in tips
    filtered = get(client, "/search?q=tin&section=Không+có")
    assert headlines(get(client, filtered.cssselect(".try a")[0].get("href")))
    empty = get(client, "/search?q=+")
    assert text(select_one(empty, "p[role=status]")) == ""
    for example in empty.cssselect(".try .example"):
        assert headlines(get(client, example.get("href")))


def test_the_operator_that_leaves_nothing_is_named_with_the_way_back(client: FlaskClient) -> None:
    page = get(client, "/search?q=vaccine+covid+-19&section=")
    told = select_one(page, ".reading")
    assert "Không bài nào hợp với “-19” ở đây." in text(told)
    found = get(client, select_one(told, "a").get("href"))
    assert f"{text(select_one(found, 'p[role=status] b'))} bài" in text(told)


def test_articles_with_some_of_the_words_are_said_to_be_so(client: FlaskClient) -> None:
    page = get(client, "/search?q=thông+tin+đối+ngoại+zzzqqq")
    assert headlines(page)
    status = text(select_one(page, "p[role=status]"))
    query = "thông tin đối ngoại zzzqqq"
    told = rf"Không có bài nào đủ các từ của “{query}”; \d+ bài chỉ có một phần các từ\."
    assert re.fullmatch(told, status)


TELEX, VNI = "thoong tin ddoois ngoaij", "tho6ng tin d9o61i ngoa5i"


@pytest.mark.parametrize(("keys", "method"), [(TELEX, "Telex"), (VNI, "VNI")])
def test_raw_keys_are_said_to_be_read_as_vietnamese_and_can_be_searched_as_typed(
    client: FlaskClient, keys: str, method: str
) -> None:
    page = get(client, f"/search?q={quote(keys)}&section=Đối+ngoại&per_page=20")
    reading = select_one(page, ".reading")
    assert text(reading) == (
        f"Đã hiểu là thông tin đối ngoại (gõ {method}) · Tìm nguyên văn “{keys}”"
    )
    usual = f"/search?q={quote(SPELLINGS[0])}&section=Đối+ngoại&per_page=20"
    assert headlines(page) == headlines(get(client, usual))
    as_typed = get(client, select_one(reading, "a").get("href"))
    assert "Đang tìm nguyên văn" in text(select_one(as_typed, ".reading"))
    assert select_one(as_typed, ".ask input[name=q]").get("value") == keys
    assert headlines(as_typed) == []  # only "tin" is a word of any article
    again = get(client, select_one(as_typed, ".reading a").get("href"))
    assert headlines(again) == headlines(page)


def test_verbatim_goes_with_its_query_to_filters_pages_and_articles(client: FlaskClient) -> None:
    page = get(client, "/search?q=thong+tin+ddoois&verbatim=1&per_page=2")
    for selector in (".switch a", "aside li a", ".pager a", ".card h3 a"):
        addresses = [link.get("href") for link in page.cssselect(selector)]
        assert addresses, selector
        assert all("verbatim=1" in address for address in addresses), selector
    article = get(client, page.cssselect(".card h3 a")[0].get("href"))
    assert "verbatim=1" in select_one(article, ".back > a").get("href")
    period = {field.get("name"): field.get("value") for field in page.cssselect(".period input")}
    assert period["verbatim"] == "1"
    # A new query is read anew.
    assert not page.cssselect(".ask input[name=verbatim]")


def test_the_notice_stands_on_every_page(client: FlaskClient) -> None:
    for url, status in (("/", 200), ("/search?q=tin", 200), ("/khong-co", 404)):
        assert "Mọi bài ở đây là bài mẫu." in text(select_one(get(client, url, status), "footer"))


@pytest.mark.parametrize(
    ("url", "status", "title", "told"),
    [
        ("/khong-co", 404, "Không có trang này", "gỡ"),
        ("/article/khong-co", 404, "Không có trang này", "gỡ"),
        ("/article/" + "a" * 3000, 404, "Không có trang này", "gỡ"),
        ("/search?q=tin&page=0", 400, "Địa chỉ này có chỗ chưa đúng", "Số trang"),
        ("/search?q=" + "a" * 10_000, 400, "Địa chỉ này có chỗ chưa đúng", "1.000 ký tự"),
        ("/search?" + "x=&" * 300, 400, "Địa chỉ này có chỗ chưa đúng", "cắt"),
        ("/article/x?q=" + "a" * 1001, 400, "Địa chỉ này có chỗ chưa đúng", "1.000 ký tự"),
    ],
)
def test_what_goes_wrong_is_told_in_vietnamese(
    client: FlaskClient, url: str, status: int, title: str, told: str
) -> None:
    page = get(client, url, status)
    assert text(select_one(page, "h1")) == title
    assert told in text(select_one(page, ".nothing .lead"))


def test_an_error_offers_the_query_without_what_was_wrong(client: FlaskClient) -> None:
    page = get(client, "/search?q=thong+tin&page=x", 400)
    assert headlines(get(client, page.cssselect(".try a")[0].get("href")))


def test_other_methods_are_refused(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_slip_of_the_finger_is_repaired_and_said_and_can_be_searched_as_typed(
    client: FlaskClient,
) -> None:
    page = get(client, "/search?q=htong+tin+doi+ngoai")
    reading = select_one(page, ".reading")
    assert "được đọc là thong tin doi ngoai" in text(reading)
    assert headlines(page) == headlines(get(client, "/search?q=thong+tin+doi+ngoai"))
    as_typed = get(client, select_one(reading, "a").get("href"))
    assert "Đang tìm nguyên văn" in text(select_one(as_typed, ".reading"))
    assert headlines(as_typed) != headlines(page)


def test_an_article_found_by_other_words_than_typed_has_those_marked(client: FlaskClient) -> None:
    page = get(client, "/search?q=thông+tni+đối+ngoại")
    article = get(client, page.cssselect(".card h3 a")[0].get("href"))
    assert "thông tin đối ngoại" in {text(mark).lower() for mark in article.cssselect("mark")}


def test_every_example_of_the_help_finds_something(client: FlaskClient) -> None:
    page = get(client, "/about")
    examples = page.cssselect("a.example")
    assert len(examples) > 10
    for example in examples:
        assert headlines(get(client, example.get("href"))), text(example)


def test_marks_of_an_article_are_a_ring_of_links_without_javascript(client: FlaskClient) -> None:
    page = get(client, "/article/sh-014?q=thong+tin")
    assert select_one(page, ".hop a").get("href") == "#khop-1"
    ids = [mark.get("id") for mark in page.cssselect(".prose mark")]
    to = [link.get("href") for link in page.cssselect(".prose mark a")]
    assert len(ids) > 1
    assert to == [f"#{name}" for name in (*ids[1:], ids[0])]
    assert not get(client, "/article/sh-014").cssselect(".hop")


def test_an_article_leads_to_the_results_beside_it_across_pages(client: FlaskClient) -> None:
    results = [
        address
        for number in (1, 2, 3)
        for address in (
            link.get("href")
            for link in get(
                client, f"/search?q=thong+tin&section=Đối+ngoại&per_page=2&page={number}"
            ).cssselect(".card h3 a")
        )
    ]
    assert len(results) == 6
    walked = [results[0]]
    for number in range(1, 6):
        page = get(client, walked[-1])
        assert text(select_one(page, ".place > span")).startswith(f"{number}/")
        walked.append(select_one(page, ".around [rel=next]").get("href"))
    assert [path.split("?")[0] for path in walked] == [path.split("?")[0] for path in results]
    back = [walked[-1]]
    for _ in range(5):
        back.append(select_one(get(client, back[-1]), ".around [rel=prev]").get("href"))
    assert [path.split("?")[0] for path in reversed(back)] == [
        path.split("?")[0] for path in results
    ]
    assert not get(client, "/article/sh-014").cssselect(".place")
    assert not get(client, f"{results[0].split('?')[0]}?q=zzzqqq").cssselect(".place")


def test_the_chart_over_time_is_a_list_of_links_with_names_and_counts(
    client: FlaskClient, engine: SearchEngine
) -> None:
    page = get(client, "/search?q=thong+tin+doi+ngoai")
    bars = page.cssselect("ol.bars a")
    assert len(bars) > 2
    assert all(re.search(r"\d: \d+ bài$", text(bar)) for bar in bars)
    years = engine.search(SearchRequest(query="thong tin doi ngoai")).facets.year
    assert sum(int(text(select_one(bar, "b"))) for bar in bars) == sum(year.count for year in years)


def test_pages_to_be_found_say_where_they_are_and_in_which_languages(client: FlaskClient) -> None:
    for path in ("/", "/about"):
        page = get(client, path)
        site = "http://localhost"
        assert select_one(page, "link[rel=canonical]").get("href") == site + path
        others = {
            link.get("hreflang"): link.get("href")
            for link in page.cssselect("link[rel=alternate][hreflang]")
        }
        assert others == {
            "vi": f"{site}{path}?lang=vi",
            "en": f"{site}{path}?lang=en",
            "x-default": site + path,
        }
        assert select_one(page, "meta[property='og:type']").get("content") == "website"
        assert select_one(page, "meta[name=description]").get("content")
    english = get(client, "/about?lang=en")
    assert (
        select_one(english, "link[rel=canonical]").get("href") == "http://localhost/about?lang=en"
    )


def test_an_article_says_what_it_is_and_where_it_came_from(client: FlaskClient) -> None:
    page = get(client, "/article/sh-014?q=thong+tin")
    original = select_one(page, ".original a").get("href")
    assert original.startswith("https://")
    assert select_one(page, "link[rel=canonical]").get("href") == original
    assert select_one(page, "meta[property='og:type']").get("content") == "article"
    assert select_one(page, "meta[property='og:title']").get("content") == text(
        select_one(page, "h1")
    )
    published = select_one(page, "meta[property='article:published_time']").get("content")
    assert published == select_one(page, "article.prose time").get("datetime")


def test_search_engines_may_list_what_a_plain_query_found(client: FlaskClient) -> None:
    page = get(client, "/search?q=thông+tin")
    assert not page.cssselect("meta[name=robots]")
    canonical = select_one(page, "link[rel=canonical]").get("href")
    assert canonical == "http://localhost/search?q=th%C3%B4ng+tin"
    english = get(client, "/search?lang=en&q=thông+tin")
    assert select_one(english, "link[rel=canonical]").get("href") == canonical


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/search", 200),
        ("/search?q=zzzzqqqq", 200),
        ("/search?q=thông+tin+zzzzqqqq", 200),  # some of the words
        ("/search?q=tai+nạn+giao+thông", 200),  # the words, but not about it
        ("/search?q=thông+tin&match=all", 200),
        ("/search?q=thoong+tinn", 200),  # other words
        ("/search?q=tin&page=2&per_page=5", 200),
        ("/search?q=tin&sort=newest", 200),
        ("/search?section=Đời+sống", 200),
        ("/khong-co", 404),
    ],
)
def test_search_engines_are_to_list_nothing_else(
    client: FlaskClient, url: str, status: int
) -> None:
    page = get(client, url, status)
    assert select_one(page, "meta[name=robots]").get("content") == "noindex"
    assert not page.cssselect("link[rel=canonical]")


def test_crawlers_are_told_which_searches_to_leave_alone(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    rules = response.get_data(as_text=True).splitlines()
    paths = ["/search?*&", "/search.atom", "/search.json", "/api/"]
    assert rules == [
        "User-agent: *",
        *(f"Disallow: {path}" for path in paths),
        "Sitemap: http://localhost/sitemap.xml",
    ]


def test_what_may_have_been_meant_is_offered_in_each_reading_with_the_filters(
    client: FlaskClient,
) -> None:
    page = get(client, "/search?q=duong&section=Đời+sống")
    offered = page.cssselect(".proposal .chip")
    assert {"đường", "dương"} <= {text(chip) for chip in offered}
    for chip in offered:
        followed = get(client, chip.get("href"))
        assert select_one(followed, ".ask input[name=q]").get("value") == text(chip)
        assert select_one(followed, ".ask input[name=section]").get("value") == "Đời sống"
    (whole,) = get(client, "/search?q=ha+noi").cssselect(".proposal .chip")
    assert text(whole) == "hà nội"
    assert not get(client, "/search?q=thông+tin").cssselect(".proposal")


def test_an_article_leads_on_to_others_that_are_like_it(
    client: FlaskClient, engine: SearchEngine
) -> None:
    page = get(client, "/article/sh-014?q=thong+tin")
    wanted = engine.related("sh-014", 5)
    assert [hit.headline for hit in wanted] == headlines(page)
    assert 1 < len(wanted) <= 5
    assert text(select_one(page, "h1")) not in headlines(page)
    for link in page.cssselect(".card h3 a"):
        assert "q=" not in link.get("href")
        get(client, link.get("href"))


def test_a_line_parts_results_with_the_accents_typed_from_the_others(client: FlaskClient) -> None:
    page = get(client, "/search?q=bão&per_page=50&match=all")
    upper, lower = page.cssselect("ol.cards")
    assert text(select_one(page, ".rung")) == "Gồm cả kết quả khác dấu"
    assert int(lower.get("start")) == 1 + len(upper.cssselect(".card"))
    assert {text(mark).lower() for mark in upper.cssselect(".card h3 mark")} == {"bão"}
    assert "bão" not in {text(mark).lower() for mark in lower.cssselect("mark")}
    assert not get(client, "/search?q=bao").cssselect(".rung")


def test_a_line_parts_articles_about_a_query_from_those_that_only_have_its_words(
    client: FlaskClient, engine: SearchEngine
) -> None:
    found = engine.search(SearchRequest(query="giá vàng"))
    url = "/search?q=giá+vàng&per_page=5"
    page = get(client, url)
    assert text(select_one(page, "p[role=status] b")) == str(found.total)
    upper, lower = page.cssselect("ol.cards")
    assert len(upper.cssselect(".card")) == found.total
    assert (upper.get("start"), lower.get("start")) == ("1", str(1 + found.total))
    told = f"… và {found.partly} bài chỉ có các từ rời rạc hoặc khác dấu"
    assert text(select_one(page, "h2.rung")) == told
    assert upper.getnext() is select_one(page, "h2.rung")
    second = get(client, select_one(page, ".pager a[rel=next]").get("href"))
    (rest,) = second.cssselect("ol.cards")
    assert rest.get("start") == "6"
    assert rest.getprevious() is select_one(second, "h2.rung")
    assert text(rest.getprevious()) == told
    english = text(select_one(get(client, f"{url}&lang=en"), "h2.rung"))
    assert english.endswith("articles with nothing but the words, scattered or in other accents")
    one_word = get(client, "/search?q=bão&per_page=50")
    assert re.fullmatch(r"… và \d+ bài chỉ có từ khác dấu", text(select_one(one_word, ".rung")))


def test_where_no_article_is_about_a_query_that_is_said_and_not_only_a_number(
    client: FlaskClient, engine: SearchEngine
) -> None:
    found = engine.search(SearchRequest(query="tai nạn giao thông"))
    assert found.total
    assert not found.about
    told = f"“tai nạn giao thông”; {found.total} bài chỉ có một phần các từ, hoặc có mà rời rạc."
    page = get(client, "/search?q=tai+nạn+giao+thông")
    status = text(select_one(page, "p[role=status]"))
    assert status == f"Không có bài nào nói đúng về {told}"
    assert len(headlines(page)) == min(10, found.listed)
    assert not page.cssselect(".rung, meta[name=description]")
    dated = engine.search(
        SearchRequest(query="tai nạn giao thông", published_from=date(2000, 1, 1))
    )
    told = told.replace(f"{found.total} bài", f"{dated.total} bài")
    filtered = get(client, "/search?q=tai+nạn+giao+thông&from=2000-01-01")
    status = text(select_one(filtered, "p[role=status]"))
    assert status == f"Trong các bài đã lọc, không có bài nào nói đúng về {told}"


def test_by_date_articles_that_only_have_the_words_are_one_link_away_and_back(
    client: FlaskClient, engine: SearchEngine
) -> None:
    found = engine.search(SearchRequest(query="giá vàng"))
    page = get(client, "/search?q=giá+vàng&sort=newest&per_page=20")
    assert len(headlines(page)) == found.total
    link = select_one(page, ".reading a")
    others = f"{found.partly} bài chỉ có các từ rời rạc hoặc khác dấu"
    assert text(link) == f"Xem cả {others}"
    whole = get(client, link.get("href"))
    assert len(headlines(whole)) == found.total + found.partly
    assert text(select_one(whole, ".switch [aria-current]")) == "Mới nhất"
    assert not whole.cssselect(".rung:not(.day)")
    back = select_one(whole, ".reading a")
    assert text(back) == "Chỉ xem bài nói đúng về “giá vàng”"
    assert headlines(get(client, back.get("href"))) == headlines(page)
    for selector in (".switch a", "aside li a"):
        addresses = [each.get("href") for each in whole.cssselect(selector)]
        assert addresses, selector
        assert all("match=all" in address for address in addresses), selector
    assert select_one(whole, ".period input[name=match]").get("value") == "all"
    # It was chosen for this query; another one is read anew.
    assert not whole.cssselect(".ask input[name=match]")


def test_other_papers_with_the_same_story_are_one_link_away(client: FlaskClient) -> None:
    page = get(client, "/search?q=bão&per_page=50")
    story = page.cssselect(".card .versions")[0]
    assert re.fullmatch(r"\d+ báo đưa tin", text(select_one(story, "summary")))
    *papers, apart_link = story.cssselect("li a")
    assert papers
    assert get(client, papers[0].get("href")).cssselect(".prose")
    apart = get(client, apart_link.get("href"))
    assert not apart.cssselect(".card .versions")
    assert len(headlines(apart)) > len(headlines(page))
    (chip,) = apart.cssselect(".chip.on")
    assert headlines(get(client, chip.get("href"))) == headlines(page)


def test_a_day_that_is_none_is_told_beside_its_field_and_keeps_the_filters(
    client: FlaskClient,
) -> None:
    page = get(client, "/search?q=tin&section=Kinh+tế&from=31/02/2022")
    assert select_one(page, ".period .wrong").get("role") == "alert"
    assert select_one(page, ".times details").get("open") is not None
    assert [text(chip) for chip in page.cssselect(".chip.on")] == ["Bỏ lọc Kinh tế"]


@pytest.mark.parametrize("kind", ["section", "source", "author"])
def test_sections_sources_and_authors_have_a_page_of_their_own_with_a_feed(
    client: FlaskClient, kind: str
) -> None:
    results = get(client, "/search?q=thong+tin+doi+ngoai")
    link = results.cssselect(f".card .about a[href^='/{kind}/']")[0]
    page = get(client, link.get("href"))
    assert text(select_one(page, "h1")) == text(link)
    assert headlines(page)
    feed = page.cssselect("link[type='application/atom+xml']")[0].get("href")
    assert client.get(feed).status_code == 200
    get(client, f"/{kind}/khong-co", 404)


def test_the_way_back_from_an_article_keeps_filters_and_order(client: FlaskClient) -> None:
    results = get(client, "/search?q=tin&section=Kinh+tế&sort=oldest")
    article = get(client, results.cssselect(".card h3 a")[0].get("href"))
    back = select_one(article, ".back > a").get("href")
    assert headlines(get(client, back)) == headlines(results)
    assert "sort=oldest" in back
    assert "section=" in back


def test_pages_say_what_they_are_to_machines(client: FlaskClient) -> None:
    kinds = []
    for url in ("/", "/article/sh-014", "/section/Đối ngoại"):
        facts = select_one(get(client, url), "script[type='application/ld+json']").text_content()
        kinds.append(json.loads(facts)["@type"])
    assert kinds == ["WebSite", "NewsArticle", "BreadcrumbList"]


@pytest.mark.parametrize(
    ("typed", "chip"),
    [
        ("thông tin ngay:2021", "Năm 2021"),
        ("ngay:2022-06-14 thông tin", "14/06/2022"),
        ("thông tin ngay:tháng 10/2021", "Tháng 10/2021"),
        ("thông tin ngay:2021-02-03..", "Từ 03/02/2021"),
    ],
)
def test_days_that_are_typed_are_a_chip_in_words(
    client: FlaskClient, typed: str, chip: str
) -> None:
    page = get(client, f"/search?q={quote(typed)}")
    shown = select_one(page, ".chip.on")
    assert text(shown).removeprefix("Bỏ lọc ") == chip
    assert "ngay:" not in "".join(text(line) for line in page.cssselect(".results > .reading"))
    without = get(client, shown.get("href"))
    assert select_one(without, "#q").get("value") == "thông tin"
    assert not without.cssselect(".chip.on")
