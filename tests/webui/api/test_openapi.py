"""The description of the API says what the API does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from flask.testing import FlaskClient
from lxml import html
from openapi_spec_validator import OpenAPIV31SpecValidator

from search import RequestError
from webui.api.completions import COMPLETION_PARAMETERS, CompletionsAnswer
from webui.api.operations import OPERATIONS
from webui.api.responses import ArticleAnswer, RelatedAnswer, SearchAnswer
from webui.api.write_operations import WRITE_OPERATIONS
from webui.http.problems import CODES, ErrorAnswer
from webui.parameters import API_PREFIX, SEARCH_PARAMETERS, Parameter, Parameters, parse_search

WRONG = {"integer": ["0", "-1", "x", "1.5"], "array": []}


@pytest.fixture(scope="module")
def description(client: FlaskClient) -> Mapping[str, Any]:
    return client.get("/api/v1/openapi.json").get_json()


def test_the_description_is_openapi_3_1(description: Mapping[str, Any]) -> None:
    assert description["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_every_address_of_the_api_is_described_and_no_other(
    client: FlaskClient, description: Mapping[str, Any]
) -> None:
    served = {
        re.sub(r"<.*?>", "{id}", rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith(API_PREFIX)
    }
    assert set(description["paths"]) == served - {f"{API_PREFIX}/openapi.json"}


class Recorded(Parameters):
    """Parameters that remember which were asked for."""

    def __init__(self) -> None:
        super().__init__(b"")
        self.asked: set[str] = set()

    def text(self, name: str) -> str:
        self.asked.add(name)
        return super().text(name)

    def several(self, name: str) -> tuple[str, ...]:
        self.asked.add(name)
        return super().several(name)


@pytest.mark.parametrize(
    "parameter",
    [
        parameter
        for operation in OPERATIONS
        for parameter in (*operation.parameters, operation.fields)
    ],
    ids=lambda parameter: parameter.name,
)
def test_a_parameter_reads_what_it_is_named_for(parameter: Parameter[object]) -> None:
    given = Recorded()
    parameter.read(given)
    assert given.asked == {parameter.name}
    assert parameter.about


def test_a_search_reads_every_parameter_that_is_described_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = Recorded()
    monkeypatch.setattr("webui.parameters.Parameters", lambda _: given)
    parse_search(b"")
    assert given.asked == {parameter.name for parameter in SEARCH_PARAMETERS}


def bounds(parameters: Iterable[Parameter[object]]) -> Iterator[tuple[str, str, bool]]:
    """For each parameter, values on both sides of what its schema allows."""
    for parameter in parameters:
        name, schema = parameter.name, parameter.schema
        if "enum" in schema:
            yield from ((name, str(value), True) for value in schema["enum"])  # type: ignore[union-attr]
            yield name, "khác", False
        elif schema["type"] == "integer":
            smallest, largest = int(str(schema["minimum"])), int(str(schema["maximum"]))
            yield from ((name, str(value), True) for value in (smallest, largest))
            yield from ((name, str(value), False) for value in (smallest - 1, largest + 1, "x"))
        elif schema.get("format") == "date":
            yield from ((name, "2022-06-14", True), (name, "2022-06-31", False))
        elif schema["type"] == "array":
            longest, most = int(str(schema["items"]["maxLength"])), int(str(schema["maxItems"]))  # type: ignore[index,call-overload]
            yield from ((name, "ấ" * longest, True), (name, "ấ" * (longest + 1), False))
            yield name, f"&{name}=".join(map(str, range(most))), True
            yield name, f"&{name}=".join(map(str, range(most + 1))), False
        else:
            longest = int(str(schema["maxLength"]))
            yield from ((name, "ấ" * longest, True), (name, "ấ" * (longest + 1), False))


@pytest.mark.parametrize(("name", "value", "allowed"), [*bounds(SEARCH_PARAMETERS)])
def test_what_a_schema_allows_is_accepted_and_what_it_forbids_refused(
    name: str, value: str, allowed: bool
) -> None:
    # The largest page number there is holds for pages of one result.
    query = f"{'' if name == 'per_page' else 'per_page=1&'}{name}={value}".encode()
    if allowed:
        parse_search(query)
    else:
        with pytest.raises(RequestError) as refused:
            parse_search(query)
        assert refused.value.field == name


@pytest.mark.parametrize(("name", "value", "allowed"), [*bounds(COMPLETION_PARAMETERS)])
def test_what_is_being_typed_has_the_same_bounds(
    client: FlaskClient, name: str, value: str, allowed: bool
) -> None:
    response = client.get(f"/api/v1/suggest?{name}={value}")
    assert response.status_code == (200 if allowed else 400)
    assert allowed or response.get_json()["error"]["field"] == name


@pytest.mark.parametrize(
    ("url", "response"),
    [
        ("/api/v1/suggest?q=thong+tin", CompletionsAnswer),
        ("/api/v1/search?q=thong+tin&per_page=50", SearchAnswer),
        ("/api/v1/search?q=zzzqqq", SearchAnswer),
        ("/api/v1/search?page=0", ErrorAnswer),
        ("/api/v1/articles/khong-co", ErrorAnswer),
    ],
)
def test_responses_are_of_the_types_they_are_described_by(
    client: FlaskClient, url: str, response: type
) -> None:
    decoded = msgspec.json.decode(client.get(url).data, type=response, strict=True)
    assert msgspec.to_builtins(decoded) == client.get(url).get_json() | took(decoded)


def took(decoded: Mapping[str, Any]) -> dict[str, float]:
    """The one field that differs between two responses to the same search."""
    return {"took_ms": decoded["took_ms"]} if "took_ms" in decoded else {}


def test_a_stored_article_is_of_the_type_it_is_described_by(client: FlaskClient) -> None:
    hit = client.get("/api/v1/search?q=tin").get_json()["hits"][0]
    data = client.get(f"/api/v1/articles/{hit['id']}").data
    assert msgspec.json.decode(data, type=ArticleAnswer, strict=True)["id"] == hit["id"]


def test_related_articles_are_of_the_type_they_are_described_by(client: FlaskClient) -> None:
    hit = client.get("/api/v1/search?q=tin").get_json()["hits"][0]
    url = f"/api/v1/articles/{hit['id']}/related"
    related = msgspec.json.decode(
        client.get(f"{url}?limit=3").data, type=RelatedAnswer, strict=True
    )
    assert related["id"] == hit["id"]
    assert 1 <= len(related["hits"]) <= 3
    assert hit["id"] not in [other["id"] for other in related["hits"]]
    assert "<mark>" not in "".join(hit["snippet_html"] for hit in related["hits"])
    for wrong in ("0", "21", "x"):
        refused = client.get(f"{url}?limit={wrong}")
        assert (refused.status_code, refused.get_json()["error"]["field"]) == (400, "limit")
    assert client.get("/api/v1/articles/khong-co/related").status_code == 404


def test_every_error_that_is_described_has_a_code(description: Mapping[str, Any]) -> None:
    operations = [one for path in description["paths"].values() for one in path.values()]
    for operation in operations:
        for status, response in operation["responses"].items():
            if status not in {"200", "202", "304"}:
                name = response["$ref"].rpartition("/")[2]
                assert name in description["components"]["responses"]
                assert int(status) in CODES


def test_the_page_for_people_names_every_operation_and_parameter(client: FlaskClient) -> None:
    response = client.get("/docs/api")
    page = html.document_fromstring(response.get_data(as_text=True))
    text = page.text_content()
    for writing in WRITE_OPERATIONS:
        assert f"{writing.method.upper()} {API_PREFIX}{writing.path}" in text
    for operation in OPERATIONS:
        assert f"GET {API_PREFIX}{operation.path}" in text
        described = {cell.text_content() for cell in page.cssselect("tbody th")}
        assert {parameter.name for parameter in operation.parameters} <= described
    assert not page.cssselect("script, style, [style]")
    links = [link.get("href") for link in page.cssselect("[href]")]
    assert not [link for link in links if "//" in link]
    for link in links:
        with client.get(link) as followed:
            assert followed.status_code == 200, link


def test_the_address_of_the_site_is_the_one_it_is_asked_at(client: FlaskClient) -> None:
    asked = client.get("/api/v1/openapi.json", headers={"Host": "tim-bao"})
    assert asked.get_json()["servers"] == [{"url": "http://tim-bao"}]
    again = client.get(
        "/api/v1/openapi.json",
        headers={"Host": "tim-bao", "If-None-Match": asked.headers["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["q", "fields"])
def test_a_value_given_twice_is_refused_by_name(client: FlaskClient, name: str) -> None:
    response = client.get(f"/api/v1/search?{urlencode([(name, 'total'), (name, 'page')])}")
    assert (response.status_code, response.get_json()["error"]["field"]) == (400, name)
