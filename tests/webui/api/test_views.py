"""The JSON API over real indexes: exactly the contract."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from index.build.rebuild import rebuild
from search import (
    VIETNAM,
    Accents,
    Choice,
    Excerpt,
    Explanation,
    Facets,
    FacetValue,
    Hit,
    Match,
    ScorePart,
    SearchEngine,
    SearchPage,
    Span,
    Suggestion,
    SuggestionReason,
    TypedAs,
    Understanding,
)
from tests.webui.conftest import AWKWARD
from webui import create_app
from webui.api.views import search_response


def test_a_response_has_every_field_of_the_contract() -> None:
    page = SearchPage(
        query=Understanding(
            text="tin dd",
            understood="tin đ",
            typed_as=TypedAs.TELEX,
            accents=Accents.EXACT,
            also=("tín dụng",),
        ),
        total=123,
        page=2,
        per_page=1,
        took_ms=1.8765,
        build="20261123T000000Z-0a1b2c3d",
        hits=(
            Hit(
                id="a",
                url="https://bao.example/a",
                headline="Tin R&D",
                headline_marks=(Span(0, 3),),
                snippet=Excerpt("một tin <b>", (Span(4, 7),), opens=False, closes=False),
                published=datetime(2022, 6, 14, tzinfo=VIETNAM),
                section="Thời sự",
                source="Báo A",
                author="Lê An",
                image="https://bao.example/a.jpg",
                score=12.345678,
                match=Match.PARTIAL,
                duplicates=4,
                explanation=Explanation("tin đ", (ScorePart("folded", 12.345678),)),
                about=False,
                lacking=("dùng",),
                summary="Một tin.",
            ),
        ),
        facets=Facets(
            section=(FacetValue("Thời sự", 3),),
            author=(FacetValue("Lê An", 1, selected=True),),
            year=(FacetValue("2022", 2),),
            cut=("author",),
        ),
        collapsed=8,
        suggestion=Suggestion(
            "tín", SuggestionReason.ACCENTS, (Choice("tín", "tín"), Choice("tin", "tin"))
        ),
        partly=45,
        listed=160,
    )
    assert search_response(page) == {
        "query": {
            "text": "tin dd",
            "understood": "tin đ",
            "typed_as": "telex",
            "accents": "exact",
            "relaxed": False,
            "respelled": False,
            "remarks": [],
            "also": ["tín dụng"],
        },
        "total": 123,
        "partly": 45,
        "about": True,
        "lacking": False,
        "listed": 160,
        "collapsed": 8,
        "pages": 160,
        "more": True,
        "page": 2,
        "per_page": 1,
        "took_ms": 1.88,
        "build": "20261123T000000Z-0a1b2c3d",
        "hits": [
            {
                "id": "a",
                "url": "https://bao.example/a",
                "headline": "Tin R&D",
                "headline_html": "<mark>Tin</mark> R&amp;D",
                "snippet_html": "một <mark>tin</mark> &lt;b&gt;",
                "published": "2022-06-14T00:00:00+07:00",
                "section": "Thời sự",
                "source": "Báo A",
                "author": "Lê An",
                "image": "https://bao.example/a.jpg",
                "score": 12.3457,
                "match": "partial",
                "duplicates": 4,
                "explanation": {
                    "searched_for": "tin đ",
                    "parts": [{"name": "folded", "value": 12.345678}],
                },
                "about": False,
                "missing": ["dùng"],
                "summary": "Một tin.",
                "pinned": False,
                "marks": None,
            }
        ],
        "facets": {
            "section": [{"value": "Thời sự", "count": 3, "selected": False}],
            "source": [],
            "author": [{"value": "Lê An", "count": 1, "selected": True}],
            "year": [{"value": "2022", "count": 2, "selected": False}],
            "month": [],
        },
        "facets_cut": ["author"],
        "suggestion": {
            "text": "tín",
            "reason": "accents",
            "alternatives": [{"text": "tín", "word": "tín"}, {"text": "tin", "word": "tin"}],
        },
        "relaxations": [],
        "notes": [],
    }


def test_marks_may_be_told_as_places_in_plain_text(client: FlaskClient) -> None:
    asked = "/api/v1/search?q=thông+tin&fields=hits&marks=offsets"
    hits = client.get(asked).get_json()["hits"]
    assert any(hit["marks"]["snippet_marks"] for hit in hits)
    for hit in hits:
        marks = hit["marks"]
        for text, marked, places in (
            (hit["headline"], hit["headline_html"], marks["headline"]),
            (marks["snippet"], hit["snippet_html"], marks["snippet_marks"]),
        ):
            drawn = [html.unescape(piece) for piece in re.findall("<mark>(.*?)</mark>", marked)]
            assert [text[start:end] for start, end in places] == drawn


def test_facets_are_chosen_searched_and_cut_with_a_flag(client: FlaskClient) -> None:
    def facets(more: str) -> tuple[dict[str, list[dict[str, object]]], list[str]]:
        body = client.get(f"/api/v1/search?sort=newest&{more}").get_json()
        return body["facets"], body["facets_cut"]

    whole, cut = facets("")
    assert len(whole["section"]) > 2
    assert cut == []
    few, cut = facets("facet_values=2&facets=section,year")
    assert (few["section"], few["year"]) == (whole["section"][:2], whole["year"])
    assert few["source"] == few["month"] == []
    assert cut == ["section"]
    sought, _ = facets("facet_query=THE+thao")
    assert [value["value"] for value in sought["section"]] == ["Thể thao"]
    refused = client.get("/api/v1/search?facets=sections")
    assert refused.get_json()["error"]["field"] == "facets"


def test_an_order_by_date_lists_everything_without_a_query(client: FlaskClient) -> None:
    newest = client.get("/api/v1/search?sort=newest&per_page=50").get_json()
    oldest = client.get("/api/v1/search?sort=oldest&per_page=50").get_json()
    assert newest["total"] == oldest["total"] > len(newest["hits"]) > 0
    days = [hit["published"] for hit in newest["hits"] if hit["published"]]
    assert days == sorted(days, reverse=True)
    assert client.get("/api/v1/search?q=").get_json()["total"] == 0


def test_whether_there_is_more_is_told(client: FlaskClient) -> None:
    first = client.get("/api/v1/search?q=tin&per_page=5").get_json()
    assert first["more"] is True
    last = client.get(f"/api/v1/search?q=tin&per_page=5&page={first['pages']}").get_json()
    assert last["hits"]
    assert last["more"] is False


def test_several_articles_are_read_at_once(client: FlaskClient) -> None:
    hits = client.get("/api/v1/search?q=tin&per_page=3&fields=hits.id").get_json()["hits"]
    ids = [hit["id"] for hit in hits][::-1]
    body = client.get("/api/v1/articles", query_string={"ids": [*ids, "không có"]}).get_json()
    assert [article["id"] for article in body["articles"]] == ids
    assert body["missing"] == ["không có"]
    assert body["articles"][0] == client.get(f"/api/v1/articles/{quote(ids[0])}").get_json()
    assert client.get("/api/v1/articles").status_code == 400


def test_a_search_is_answered_as_json(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=thong+tin+doi+ngoai&per_page=3")
    assert response.status_code == 200
    assert response.content_type == "application/json; charset=utf-8"
    body = response.get_json()
    assert body["query"]["text"] == "thong tin doi ngoai"
    assert body["total"] >= len(body["hits"]) == body["per_page"] == 3
    assert body["page"] == 1
    assert body["suggestion"] == {
        "text": "thông tin đối ngoại",
        "reason": "accents",
        "alternatives": [],
    }
    assert sum(value["count"] for value in body["facets"]["year"]) <= body["total"]
    for hit in body["hits"]:
        assert html.unescape(re.sub("</?mark>", "", hit["headline_html"])) == hit["headline"]


def test_a_snippet_without_its_marks_is_a_verbatim_piece_of_the_article(
    client: FlaskClient, awkward_client: FlaskClient
) -> None:
    for site, query in ((client, "thong tin"), (client, "Hà Nội"), (awkward_client, "mua lon")):
        hits = site.get("/api/v1/search", query_string={"q": query, "per_page": 50}).get_json()
        assert hits["hits"]
        for hit in hits["hits"]:
            plain = re.sub("</?mark>", "", hit["snippet_html"])
            assert not set(plain) & set("<>\"'")
            stored = site.get(f"/api/v1/articles/{quote(hit['id'])}").get_json()
            texts = [stored["summary"], stored["body"], *stored["captions"]]
            assert any(html.unescape(plain) in piece for piece in texts)


def test_articles_that_only_have_the_words_follow_uncounted_through_all_pages(
    client: FlaskClient,
) -> None:
    asked = {"q": "giá vàng", "per_page": "5"}
    first = client.get("/api/v1/search", query_string=asked).get_json()
    assert first["about"]
    assert 0 < first["total"] < first["per_page"]
    assert first["partly"] > 0
    assert sum(value["count"] for value in first["facets"]["year"]) == first["total"]
    hits = []
    for page in range(1, first["pages"] + 1):
        answer = client.get("/api/v1/search", query_string={**asked, "page": page}).get_json()
        hits += [(hit["id"], hit["about"]) for hit in answer["hits"]]
    assert len({each for each, _ in hits}) == len(hits) == first["listed"]
    assert [about for _, about in hits] == sorted((about for _, about in hits), reverse=True)
    assert first["listed"] == first["total"] + first["partly"]  # none is another's duplicate
    assert sum(about for _, about in hits) == first["total"]


def test_all_that_have_the_words_count_as_one_where_that_is_asked_for(client: FlaskClient) -> None:
    asked = {"q": "giá vàng", "per_page": "50", "sort": "newest"}
    about = client.get("/api/v1/search", query_string=asked).get_json()
    whole = client.get("/api/v1/search", query_string={**asked, "match": "all"}).get_json()
    assert [hit["about"] for hit in about["hits"]] == [True] * about["total"] != []
    assert whole["total"] == about["total"] + about["partly"]
    assert (whole["partly"], len(whole["hits"])) == (0, whole["total"])
    days = [hit["published"] for hit in whole["hits"]]
    assert days == sorted(days, reverse=True)


def test_that_no_article_is_about_a_query_is_told(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=tai+nạn+giao+thông").get_json()
    assert (body["about"], body["partly"]) == (False, 0)
    assert body["total"] == body["listed"] > 0
    assert not any(hit["about"] for hit in body["hits"])


def test_raw_keys_are_read_as_vietnamese_unless_asked_not_to(client: FlaskClient) -> None:
    read = client.get("/api/v1/search?q=thoong+tin+ddoois+ngoaij").get_json()
    assert read["query"]["text"] == "thoong tin ddoois ngoaij"
    assert read["query"]["understood"] == "thông tin đối ngoại"
    assert read["query"]["typed_as"] == "telex"
    typed = client.get("/api/v1/search?q=thoong+tin+ddoois+ngoaij&verbatim=1").get_json()
    assert typed["query"]["understood"] == "thoong tin ddoois ngoaij"
    assert typed["query"]["typed_as"] == "text"
    assert typed["total"] != read["total"]


def test_nothing_found_is_a_response_too(client: FlaskClient) -> None:
    for query in ("", "q=", "q=%20", "q=zzzqqq+xxkk"):
        body = client.get(f"/api/v1/search?{query}").get_json()
        assert body["total"] == 0
        assert body["hits"] == []
        assert body["facets"] == {
            name: [] for name in ("section", "source", "author", "year", "month")
        }


def test_a_stored_article_is_given_as_it_came_in(awkward_client: FlaskClient) -> None:
    article = AWKWARD[1]
    body = awkward_client.get("/api/v1/articles/khong-co-gi-them").get_json()
    assert body == {
        "id": article["id"],
        "url": article["url"],
        "headline": article["title"],
        "summary": "",
        "body": article["body"],
        "captions": [],
        "published": None,
        "section": "",
        "source": "",
        "author": "",
        "image": "",
    }


ERRORS = [
    ("/api/v1/search?page=0", 400, "invalid_parameter", "page"),
    ("/api/v1/search?q=" + "a" * 10_000, 400, "invalid_parameter", "q"),
    ("/api/v1/search?q=a&q=b", 400, "invalid_parameter", "q"),
    ("/api/v1/search?per_page=51", 400, "invalid_parameter", "per_page"),
    ("/api/v1/search?sort=x", 400, "invalid_parameter", "sort"),
    ("/api/v1/search?accents=x", 400, "invalid_parameter", "accents"),
    ("/api/v1/search?duplicates=x", 400, "invalid_parameter", "duplicates"),
    ("/api/v1/search?match=x", 400, "invalid_parameter", "match"),
    ("/api/v1/search?verbatim=x", 400, "invalid_parameter", "verbatim"),
    ("/api/v1/search?from=x", 400, "invalid_parameter", "from"),
    ("/api/v1/search?to=2022-02-30", 400, "invalid_parameter", "to"),
    ("/api/v1/articles/khong-co", 404, "article_not_found", None),
    ("/api/v1/khong-co", 404, "not_found", None),
    ("/api/", 404, "not_found", None),
]


@pytest.mark.parametrize(("url", "status", "code", "field"), ERRORS)
def test_errors_have_one_shape(
    client: FlaskClient, url: str, status: int, code: str, field: str | None
) -> None:
    response = client.get(url)
    assert response.status_code == status
    assert response.content_type == "application/json; charset=utf-8"
    error = response.get_json()["error"]
    assert set(response.get_json()) == {"error"}
    assert set(error) == {"code", "message", "field"}
    assert (error["code"], error["field"]) == (code, field)
    assert error["message"]


def test_a_large_body_and_another_method_are_refused_in_the_same_shape(client: FlaskClient) -> None:
    large = client.post("/api/v1/search", data=b"x" * 20_000)
    assert (large.status_code, large.get_json()["error"]["code"]) == (413, "too_large")
    posted = client.post("/api/v1/search", data=b"x")
    assert (posted.status_code, posted.get_json()["error"]["code"]) == (405, "method_not_allowed")
    assert "GET" in posted.headers["Allow"]


def test_scores_are_explained_where_that_is_asked_for(client: FlaskClient) -> None:
    plain = client.get("/api/v1/search", query_string={"q": "tin"}).get_json()
    asked = {"q": "tin", "explain": "1"}
    explained = client.get("/api/v1/search", query_string=asked).get_json()
    assert plain["hits"]
    assert all(hit["explanation"] is None for hit in plain["hits"])
    for hit in explained["hits"]:
        total = sum(part["value"] for part in hit["explanation"]["parts"])
        assert total == pytest.approx(hit["score"], abs=1e-4)


def test_an_article_whose_id_ends_like_another_address_is_reached(tmp_path: Path) -> None:
    ids = ("bao/1", "bao/2/related", "bao/3/related/related")
    lines = [json.dumps({"id": each, "title": f"Tin {each}", "body": "Tin."}) for each in ids]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "a.jsonl"])
    with SearchEngine.open(tmp_path / "index") as engine:
        site = create_app(engine).test_client()
        for each in ids:
            for path in (f"/api/v1/articles/{each}", f"/api/v1/articles/{quote(each, safe='')}"):
                response = site.get(path).get_json()
                assert (response["id"], response["headline"]) == (each, f"Tin {each}")
            assert site.get(f"/api/v1/articles/{each}/related").get_json()["hits"] is not None
            assert site.get(f"/article/{each}").status_code == 200
        for gone in ("bao/2", "bao/1/related/related", "bao/3/related"):
            assert site.get(f"/api/v1/articles/{gone}").status_code == 404
