"""Whatever is asked, and whatever stands in the articles, nothing breaks and nothing runs."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from index.build.rebuild import rebuild
from search import IndexUnavailable, SearchEngine, SearchPage, SearchRequest
from tests.webui.conftest import ATTRIBUTE, AWKWARD, SCRIPT
from webui import create_app

PARAMETERS = (
    *("q", "page", "per_page", "sort", "from", "to", "section", "source", "author"),
    *("accents", "duplicates", "verbatim", "khac"),
)
ODD_TEXTS = [
    "",
    " ",
    "\0",
    "\x1b[31mtin\x7f",
    '"',
    '"thông tin',
    "((((",
    "a OR",
    "-tin",
    "NOT",
    "*",
    "~",
    "=",
    "tieude:",
    "tieude:tieude:x",
    "ngay:9999-99..",
    "ngay:9999..0001",
    "🐉🇻🇳👩‍👩‍👧",
    SCRIPT,
    ATTRIBUTE,
    "{{7*7}}",
    "%00%ff",
    "%",
    "\ufffd\ufffe\uffff",
    "ấ" * 1000,
    "a\u0301" * 400,
    "đ " * 499,
    "=" * 999 + "a",
    "tieude:" * 142 + "a",
    "=(" * 499 + "a",
    "('" * 400,
    '"a" ' * 250,
    "z̸̡̢̛͎͓̱̖" * 40,
    "\u202etin\u2066",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("path", ["/search", "/api/v1/search", "/article/khong-co-gi-them"])
def test_any_text_gets_a_response(awkward_client: FlaskClient, path: str, text: str) -> None:
    response = awkward_client.get(f"{path}?{urlencode({'q': text})}")
    assert response.status_code == 200


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60) | st.text("\"()-:*~=|& aĐđ<>'", max_size=60))
def test_any_text_at_all_gets_a_response(awkward_client: FlaskClient, text: str) -> None:
    query = quote(text, errors="surrogatepass")
    for path in ("/search", "/api/v1/search", "/article/khong-co-gi-them"):
        assert awkward_client.get(f"{path}?q={query}").status_code == 200


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(PARAMETERS),
    value=st.text(max_size=20) | st.integers().map(str) | st.dates().map(str),
)
def test_any_value_of_any_parameter_gets_a_response_or_a_named_error(
    awkward_client: FlaskClient, name: str, value: str
) -> None:
    query = f"q=mua&{name}={quote(value, errors='surrogatepass')}"
    response = awkward_client.get(f"/api/v1/search?{query}")
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        assert response.get_json()["error"]["field"] == name
    # What is no day is said on the page beside its field.
    days = {200} if name in ("from", "to") else {response.status_code}
    assert awkward_client.get(f"/search?{query}").status_code in {response.status_code, *days}


@pytest.mark.parametrize("raw", [b"q=\xff\xfe", b"q=%ED%A0%80", b"q=%F0%9F", b"\xff=\xff", b"&&=&"])
def test_bytes_that_are_no_text_get_a_response(awkward_client: FlaskClient, raw: bytes) -> None:
    for path in ("/search", "/api/v1/search", "/article/khong-co-gi-them", "/"):
        environ = {"QUERY_STRING": raw.decode("latin-1")}
        response = awkward_client.open(path, environ_overrides=environ)
        assert response.status_code == 200


@pytest.mark.parametrize("path", ["/article/%FF", "/%FF%FE", "/article/%00", "/article/..%2f.."])
def test_paths_that_lead_nowhere_are_not_found(awkward_client: FlaskClient, path: str) -> None:
    assert awkward_client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["//bao.example/", "/article//x", "/api//v1/search", "/search/"])
def test_slashes_too_many_are_no_page_and_no_redirect(
    awkward_client: FlaskClient, path: str
) -> None:
    response = awkward_client.open(environ_overrides={"PATH_INFO": path})
    assert response.status_code == 404
    assert "Location" not in response.headers


@pytest.mark.parametrize("host", ["a" * 300, "a..b", "a b", '"><script>', "bao:99999"])
def test_an_odd_host_is_refused_and_not_repeated(awkward_client: FlaskClient, host: str) -> None:
    for path in ("/", "/search?q=mua", "/khong-co", "/api/v1/search?q=mua"):
        response = awkward_client.get(path, headers={"Host": host})
        assert response.status_code == 400
        assert host not in response.get_data(as_text=True)
    api = awkward_client.get("/api/v1/search?q=mua", headers={"Host": "a" * 300})
    assert api.get_json()["error"]["code"] == "bad_request"


@pytest.mark.parametrize("parameter", ["q", "section", "source", "author"])
@pytest.mark.parametrize("payload", [SCRIPT, ATTRIBUTE, "'\"><svg/onload=alert(1)>", "&#60;b&#62;"])
def test_markup_in_a_parameter_stays_text(
    awkward_client: FlaskClient, parameter: str, payload: str
) -> None:
    query = urlencode({"q": "mua", parameter: payload})
    body = awkward_client.get(f"/search?{query}").get_data(as_text=True)
    assert only_our_elements(body)
    assert payload in html.document_fromstring(body).text_content() + " ".join(
        field.get("value", "") for field in html.document_fromstring(body).cssselect("input")
    )


def test_markup_in_an_article_stays_text(awkward_client: FlaskClient) -> None:
    for url in ("/", "/search?q=mua+lon", article_url(AWKWARD[0]["id"])):
        body = awkward_client.get(url).get_data(as_text=True)
        assert only_our_elements(body), url
        text = html.document_fromstring(body).text_content()
        assert f"Mưa lớn {SCRIPT} R&D" in text
        assert ATTRIBUTE in text


def test_links_never_lead_to_scripts(awkward_client: FlaskClient) -> None:
    page = html.document_fromstring(awkward_client.get(article_url(AWKWARD[0]["id"])).data.decode())
    assert not page.cssselect(".original")
    schemes = {urlsplit(link.get("href")).scheme for link in page.cssselect("[href]")}
    assert schemes <= {"", "http"}
    hit = awkward_client.get("/api/v1/search?q=gạch+miền+núi").get_json()["hits"][0]
    assert (hit["id"], hit["url"], hit["image"]) == (AWKWARD[0]["id"], "", "")


def test_an_id_of_any_letters_has_an_address_that_works(awkward_client: FlaskClient) -> None:
    page = html.document_fromstring(awkward_client.get("/search?q=mua+lon").data.decode())
    links = [link.get("href") for link in page.cssselect(".card h3 a")]
    assert len(links) == len(AWKWARD)
    for link in links:
        assert awkward_client.get(link).status_code == 200
    stored = awkward_client.get("/api/v1" + article_url(AWKWARD[0]["id"]).replace("le/", "les/"))
    assert stored.get_json()["id"] == AWKWARD[0]["id"]


def test_a_value_too_long_to_ask_for_is_shown_but_no_filter(awkward_client: FlaskClient) -> None:
    page = html.document_fromstring(awkward_client.get("/search?q=mua+lon").data.decode())
    assert not [link for link in page.cssselect("aside a") if "Dài Dài" in link.text_content()]
    assert [card for card in page.cssselect(".card .section") if "Dài Dài" in card.text_content()]


def test_an_index_that_is_gone_is_503_and_names_no_folder(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "Tin", "body": "Tin."}), "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "a.jsonl"])

    class Gone(SearchEngine):
        """An engine whose index cannot be read any more."""

        def search(self, request: SearchRequest) -> SearchPage:
            raise IndexUnavailable(f"{tmp_path}: rebuild the index")

    with Gone.open(tmp_path / "index") as engine:
        site = create_app(engine).test_client()
        with caplog.at_level(logging.ERROR):
            response = site.get("/api/v1/search?q=tin")
            page = site.get("/search?q=tin")
    assert (response.status_code, response.get_json()["error"]["code"]) == (503, "unavailable")
    assert response.headers["Retry-After"] == "10"
    assert page.status_code == 503
    assert str(tmp_path) not in response.get_data(as_text=True) + page.get_data(as_text=True)
    assert str(tmp_path) in caplog.text


def test_what_was_not_foreseen_is_logged_and_answered_without_a_trace(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": "Tin", "body": "Tin."}), "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "a.jsonl"])

    class Broken(SearchEngine):
        """An engine with a mistake in it."""

        def search(self, request: SearchRequest) -> SearchPage:
            raise ZeroDivisionError("secret")

    with Broken.open(tmp_path / "index") as engine:
        site = create_app(engine).test_client()
        response, page = site.get("/api/v1/search?q=tin"), site.get("/search?q=tin")
    assert response.status_code == page.status_code == 500
    assert response.get_json()["error"]["code"] == "internal_error"
    for shown in (response, page):
        assert "secret" not in shown.get_data(as_text=True)
        assert "Traceback" not in shown.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text


def article_url(article_id: str | list[str]) -> str:
    return f"/article/{quote(str(article_id))}"


DATA = "application/ld+json"


def only_our_elements(body: str) -> bool:
    page = html.document_fromstring(body)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    handlers = [name for element in page.iter() for name in element.attrib if name.startswith("on")]
    data = [script for script in page.iter("script") if script.get("type") == DATA]
    assert all(json.loads(script.text) and "<" not in script.text for script in data)
    programs = [script for script in page.iter("script") if script.get("type") != DATA]
    scripts = [s for s in programs if s.text or not str(s.get("src")).startswith("/static/")]
    return not tags & {"img", "b>", "iframe", "object", "style"} and not handlers and not scripts
