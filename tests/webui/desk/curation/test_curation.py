"""What an editor says of a query holds alike on page, API, frame and feed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import html

from search import SearchEngine, SearchRequest
from tests.webui.conftest import ATTRIBUTE, SCRIPT
from tests.webui.desk.conftest import Editor, Newsroom
from webui.desk.curation import rules as rules_module
from webui.desk.curation.forms import named
from webui.rendering.dates import now

QUERY = "thông tin đối ngoại"


@pytest.fixture
def ids(engine: SearchEngine) -> list[str]:
    """What the query finds by itself."""
    return [hit.id for hit in engine.search(SearchRequest(query=QUERY)).hits]


@pytest.fixture
def stranger(engine: SearchEngine, ids: list[str]) -> str:
    """An article that the query does not find."""
    return next(
        hit.id for hit in engine.search(SearchRequest(query="giá vàng")).hits if hit.id not in ids
    )


def curate(editor: Editor, **fields: str) -> int:
    response = editor.send("/desk/curations/new", **{"query": QUERY, **fields})
    assert response.status_code == 303, response.text
    return int(response.headers["Location"].rpartition("/")[2].partition("?")[0])


def api(newsroom: Newsroom, query: str = QUERY, more: str = "") -> dict:
    return newsroom.reader.get(f"/api/v1/search?q={query}{more}").json


def shown(newsroom: Newsroom, path: str, selector: str) -> list[str]:
    page = html.document_fromstring(newsroom.reader.get(path).text)
    return [link.text_content() for link in page.cssselect(selector)]


def test_pins_stand_on_top_everywhere_and_nowhere_twice(
    newsroom: Newsroom, editor: Editor, engine: SearchEngine, ids: list[str], stranger: str
) -> None:
    curate(editor, pins=f"{stranger}\nhttp://localhost/article/{ids[2]}?q=x")
    hits = api(newsroom)["hits"]
    assert [hit["id"] for hit in hits] == [stranger, ids[2], *ids[:2], *ids[3:]]
    assert [hit["pinned"] for hit in hits[:3]] == [True, True, False]
    headlines = [hit["headline"] for hit in hits]
    assert shown(newsroom, f"/search?q={QUERY}", ".card h3 a") == headlines
    assert shown(newsroom, f"/embed?q={QUERY}", ".headline a") == headlines
    feed = newsroom.reader.get(f"/search.atom?q={QUERY}&sort=relevance").text
    assert feed.index(f"/article/{stranger}<") < feed.index(f"/article/{ids[0]}<")
    # Typed otherwise it is the same query; with a filter or by date there is nothing to pin to.
    assert api(newsroom, "THONG TIN doi ngoai")["hits"][0]["id"] == stranger
    for more in ("&sort=newest", "&from=1990-01-01"):
        assert not any(hit["pinned"] for hit in api(newsroom, more=more)["hits"])


def test_pages_after_the_first_have_neither_pins_nor_gaps(
    newsroom: Newsroom, editor: Editor, ids: list[str]
) -> None:
    curate(editor, pins=ids[4])
    pages = [api(newsroom, more=f"&per_page=3&page={number}")["hits"] for number in (1, 2, 3)]
    found = [hit["id"] for page in pages for hit in page]
    assert found[0] == ids[4]
    assert len(set(found)) == len(found)
    assert set(found) == set(ids[:9])


def test_what_is_hidden_is_nowhere_and_comes_back(
    newsroom: Newsroom, editor: Editor, ids: list[str]
) -> None:
    number = curate(editor, hidden=ids[0], pins=f"{ids[0]}\n{ids[1]}")
    assert api(newsroom)["hits"][0]["id"] == ids[1]
    for path in (f"/search?q={QUERY}", f"/search.atom?q={QUERY}", f"/embed?q={QUERY}"):
        assert f"article/{ids[0]}" not in newsroom.reader.get(path).text
    assert editor.send(f"/desk/curations/{number}/remove").status_code == 303
    assert [hit["id"] for hit in api(newsroom)["hits"]] == ids


def test_a_pin_is_found_where_nothing_is(newsroom: Newsroom, editor: Editor, stranger: str) -> None:
    curate(editor, query="zzqqxx", pins=stranger)
    found = api(newsroom, "zzqqxx")
    assert (found["total"], found["hits"][0]["id"]) == (1, stranger)
    assert len(shown(newsroom, "/search?q=zzqqxx", ".card h3 a")) == 1


def test_notes_are_above_the_results_and_in_the_api(newsroom: Newsroom, editor: Editor) -> None:
    curate(editor, address="https://bao.example/so", label="Xem chuyên trang", text="Đang cập nhật")
    assert api(newsroom)["notes"] == [
        {"text": "Xem chuyên trang", "url": "https://bao.example/so"},
        {"text": "Đang cập nhật", "url": ""},
    ]
    assert api(newsroom, more="&page=2")["notes"] == []
    for path in (f"/search?q={QUERY}", f"/embed?q={QUERY}"):
        page = html.document_fromstring(newsroom.reader.get(path).text)
        banner, text = page.cssselect(".note")
        assert banner.find("a").get("href") == "https://bao.example/so"
        assert text.text == "Đang cập nhật"


@pytest.mark.parametrize(
    ("query", "means"),
    [("thông tin", True), ("Thong Tin giả", True), ("thông báo tin", False), ("thôngtin", False)],
)
def test_a_rule_may_be_for_all_that_contain_it(
    newsroom: Newsroom, editor: Editor, query: str, means: bool
) -> None:
    curate(editor, query="thông tin", contains="1", text="Mọi câu")
    assert bool(api(newsroom, query)["notes"]) == means


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        (0, 0, True),
        (-3, 3, True),
        (1, 3, False),
        (-3, -1, False),
        (None, -1, False),
        (0, None, True),
    ],
)
def test_a_rule_holds_on_its_days(
    newsroom: Newsroom, editor: Editor, first: int | None, last: int | None, holds: bool
) -> None:
    today = now().date()
    day = {None: ""} | {ago: (today + timedelta(ago)).isoformat() for ago in range(-3, 4)}
    curate(editor, text="Có hạn", first=day[first], last=day[last])
    assert bool(api(newsroom)["notes"]) == holds
    assert ("hôm nay không áp dụng" in editor.client.get("/desk/curations").text) == (not holds)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"query": "???", "text": "x"}, "query"),
        ({"query": "", "text": "x"}, "query"),
        ({"query": "dài " * 40, "text": "x"}, "query"),
        ({}, "pins"),
        ({"pins": "\n".join(map(str, range(11)))}, "pins"),
        ({"hidden": "x" * 2_000}, "hidden"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "bao.example"}, "address"),
        ({"text": "x" * 501}, "text"),
        ({"text": "x", "first": "31/2/2026"}, "first"),
        ({"text": "x", "first": "2026-02-02", "last": "2026-02-01"}, "last"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    editor: Editor, fields: dict[str, str], wrong: str
) -> None:
    sent = {"query": QUERY, "note": "ghi lại", **fields}
    response = editor.send("/desk/curations/new", **sent)
    assert response.status_code == 400
    page = html.document_fromstring(response.text)
    assert page.cssselect(f"#sai-{wrong}[role=alert]")
    field = page.cssselect(f"#{wrong}")[0]
    assert field.get("aria-describedby") == f"sai-{wrong}"
    assert page.cssselect("#note")[0].get("value") == "ghi lại"
    assert "Chưa ghim" in editor.client.get("/desk/curations").text


def test_an_article_that_is_not_there_is_said_on_the_desk(
    newsroom: Newsroom, editor: Editor, ids: list[str]
) -> None:
    number = curate(editor, pins=f"khong-co\n{ids[1]}")
    assert [hit["id"] for hit in api(newsroom)["hits"]][:2] == [ids[1], ids[0]]
    for path in ("/desk/curations", f"/desk/curations/{number}"):
        page = editor.client.get(path).text
        assert "Độc giả không thấy bài đã ghim “khong-co”: không có trong chỉ mục" in page


def test_markup_in_any_field_is_text(newsroom: Newsroom, editor: Editor) -> None:
    number = curate(
        editor,
        query=f"{QUERY} {SCRIPT}",
        pins=SCRIPT + "\n" + ATTRIBUTE,
        text=SCRIPT,
        address='https://bao.example/"><script>',
        label=ATTRIBUTE,
        note=SCRIPT,
    )
    pages = [
        editor.client.get(path).text
        for path in ("/desk/curations", f"/desk/curations/{number}", "/desk/log")
    ]
    query = {"q": f"{QUERY} {SCRIPT}"}
    pages += [newsroom.reader.get(path, query_string=query).text for path in ("/search", "/embed")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert not html.document_fromstring(page).cssselect("[onerror], [href^=javascript]")
    assert api(newsroom, query["q"])["notes"][1]["text"] == SCRIPT


def test_one_press_pins_hides_and_takes_it_back(
    newsroom: Newsroom, editor: Editor, ids: list[str]
) -> None:
    def press(deed: str, article: str) -> None:
        response = editor.send("/desk/curate", q=QUERY, id=article, deed=deed)
        assert response.status_code == 303

    press("pin", ids[3])
    press("pin", ids[2])
    press("hide", ids[0])
    assert [hit["id"] for hit in api(newsroom)["hits"]][:3] == [ids[3], ids[2], ids[1]]
    page = editor.client.get("/desk/query?q=thong+tin+doi+ngoai").text
    assert "Bỏ ghim" in page
    press("none", ids[3])
    press("none", ids[2])
    press("none", ids[0])
    assert [hit["id"] for hit in api(newsroom)["hits"]] == ids
    assert "Chưa ghim" in editor.client.get("/desk/curations").text
    assert editor.send("/desk/curate", q="?", id=ids[0], deed="pin").status_code == 400


def test_a_page_that_a_browser_has_is_another_after_a_change(
    newsroom: Newsroom, editor: Editor
) -> None:
    for path in (f"/search?q={QUERY}", f"/api/v1/search?q={QUERY}", f"/search.atom?q={QUERY}"):
        tag = newsroom.reader.get(path).headers["ETag"]
        again = newsroom.reader.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 304
        curate(editor, text=f"Đổi {path}")
        changed = newsroom.reader.get(path, headers={"If-None-Match": tag})
        assert changed.status_code == 200


def test_another_process_follows(
    newsroom: Newsroom, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = rules_module.Rules(rules_module.DeskFile(newsroom.file))
    assert other.current() == ()
    curate(editor, text="Mới")
    monkeypatch.setattr(rules_module, "LOOK_SECONDS", 0)
    assert [rule.content.text for rule in other.current()] == ["Mới"]
    assert other.current()[0].editor == "tòa soạn"


def test_results_beside_an_article_are_those_that_readers_see(
    newsroom: Newsroom, editor: Editor, ids: list[str], stranger: str
) -> None:
    curate(editor, pins=stranger)
    page = html.document_fromstring(
        newsroom.reader.get(f"/article/{ids[0]}", query_string={"q": QUERY}).text
    )
    assert f"/article/{stranger}" in page.cssselect("nav.around a[rel=prev]")[0].get("href")


@pytest.mark.parametrize(
    ("line", "article"),
    [
        (" sh-014 ", "sh-014"),
        ("https://tim.example/article/sh-014?q=x#khop-1", "sh-014"),
        ("https://tim.example/tim/article/a%2Fb", "a/b"),
        ("https://bao.example/bai-1", "https://bao.example/bai-1"),
        ("http://[x/article/y", "http://[x/article/y"),
    ],
)
def test_an_article_is_named_by_id_or_address(line: str, article: str) -> None:
    assert named(line) == article
