"""Who may ask, and how often: other sites' pages, holders of keys, everybody."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search import SearchEngine
from webui import Settings, SettingsError, create_app
from webui.http import limits

URL = "/api/v1/search?q=tin&per_page=1"
OURS, THEIRS = "https://bao.example", "https://khac.example"
KEY = "khoa-cua-bao-A"

Site = Callable[..., FlaskClient]


@pytest.fixture
def site(engine: SearchEngine) -> Site:
    """A maker of sites over the sample newsroom, each with its own settings."""

    def make(**settings: object) -> FlaskClient:
        return create_app(engine, Settings(**settings)).test_client()  # type: ignore[arg-type]

    return make


def preflight(client: FlaskClient, origin: str, url: str = URL) -> TestResponse:
    return client.options(
        url,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-api-key",
        },
    )


@pytest.mark.parametrize(
    ("allowed", "origin", "let_in"),
    [
        ((), OURS, ""),
        ((OURS,), OURS, OURS),
        ((OURS,), THEIRS, ""),
        ((OURS,), "null", ""),
        ((OURS,), f"{OURS}.evil.example", ""),
        ((OURS,), OURS.upper(), ""),
        ((OURS, THEIRS), THEIRS, THEIRS),
        (("*",), THEIRS, "*"),
    ],
)
def test_only_pages_of_the_list_are_let_in(
    site: Site, allowed: tuple[str, ...], origin: str, let_in: str
) -> None:
    client = site(allowed_origins=allowed)
    for url in (URL, "/api/v1/search?page=0", "/api/v1/articles/khong-co"):
        response = client.get(url, headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin", "") == let_in
        assert ("Origin" in response.vary) == (allowed not in {(), ("*",)})
    asked = preflight(client, origin)
    if let_in:
        assert (asked.status_code, asked.data) == (204, b"")
        assert asked.headers["Access-Control-Allow-Origin"] == let_in
        assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        assert "X-API-Key" in asked.headers["Access-Control-Allow-Headers"]
        assert int(asked.headers["Access-Control-Max-Age"]) > 0
    else:
        assert asked.status_code == 403
        assert asked.get_json()["error"]["code"] == "origin_not_allowed"
        assert "Access-Control-Allow-Origin" not in asked.headers


def test_caches_keep_the_responses_for_different_pages_apart(site: Site) -> None:
    client = site(allowed_origins=(OURS,))
    without = client.get(URL)
    assert "Origin" in without.vary
    assert "Access-Control-Allow-Origin" not in without.headers
    unchanged = client.get(URL, headers={"If-None-Match": without.headers["ETag"], "Origin": OURS})
    assert unchanged.status_code == 304
    assert unchanged.headers["Access-Control-Allow-Origin"] == OURS
    assert "Origin" in unchanged.vary


def test_credentials_are_never_let_in_and_pages_are_not_shared(site: Site) -> None:
    client = site(allowed_origins=("*",))
    assert "Access-Control-Allow-Credentials" not in client.get(URL).headers
    for url in ("/", "/search?q=tin", "/healthz"):
        response = client.get(url, headers={"Origin": OURS})
        assert "Access-Control-Allow-Origin" not in response.headers


def test_options_without_a_preflight_names_the_methods(site: Site) -> None:
    response = site().options(URL)
    assert response.status_code == 200
    assert "GET" in response.headers["Allow"]


def test_who_asks_too_often_is_told_when_to_come_back(site: Site) -> None:
    client = site(rate_limit="3/minute", allowed_origins=("*",))
    statuses = [client.get(url).status_code for url in (URL, "/search?q=tin", "/")]
    assert statuses == [200] * 3
    refused = client.get(URL)
    assert refused.status_code == 429
    assert refused.get_json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    page = client.get("/search?q=tin")
    assert page.status_code == 429
    assert "Retry-After" in page.headers
    assert "<html" in page.get_data(as_text=True)


def test_what_costs_no_search_is_not_counted(site: Site) -> None:
    client = site(rate_limit="1/minute", allowed_origins=(OURS,))
    for _ in range(3):
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/v1/openapi.json").status_code == 200
        assert preflight(client, OURS).status_code == 204
    assert [client.get(URL).status_code for _ in range(2)] == [200, 429]


def test_one_client_does_not_use_up_what_another_may(site: Site) -> None:
    client = site(rate_limit="1/minute")
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1"):
        response = client.get(URL, environ_overrides={"REMOTE_ADDR": address})
        assert response.status_code == 200
    neighbour = client.get(URL, environ_overrides={"REMOTE_ADDR": "2001:db8::2"})
    assert neighbour.status_code == 429


def test_a_forged_address_counts_for_nothing_unless_a_proxy_is_trusted(site: Site) -> None:
    direct, behind = site(rate_limit="1/minute"), site(rate_limit="1/minute", trusted_proxies=1)
    for client, expected in ((direct, 429), (behind, 200)):
        client.get(URL, headers={"X-Forwarded-For": "192.0.2.1"})
        second = client.get(URL, headers={"X-Forwarded-For": "192.0.2.2"})
        assert second.status_code == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "network 20010db800000000"),
        ("", "unknown"),
        ("x", "unknown"),
    ],
)
def test_a_client_is_an_address_or_a_network(
    client: FlaskClient, address: str, expected: str
) -> None:
    environ = {"REMOTE_ADDR": address}
    with client.application.test_request_context(URL, environ_overrides=environ):
        assert limits.client() == expected


def test_where_redis_cannot_be_reached_requests_are_counted_all_the_same(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = site(rate_limit="2/minute", rate_limit_storage=f"redis://127.0.0.1:{port}")
    assert [client.get(URL).status_code for _ in range(3)] == [200, 200, 429]


def test_a_known_key_lifts_the_limit_and_an_unknown_one_is_refused(site: Site) -> None:
    client = site(rate_limit="1/minute", api_keys=(KEY, "khoa-khac"))
    for _ in range(3):
        assert client.get(URL, headers={"X-API-Key": KEY}).status_code == 200
    for sent in ("khong-phai", KEY.upper(), f"{KEY}x", "ổ khóa".encode().decode("latin-1")):
        refused = client.get(URL, headers={"X-API-Key": sent})
        assert refused.status_code == 401
        assert refused.get_json()["error"]["code"] == "key_required"
        assert refused.headers["WWW-Authenticate"] == "Api-Key"
    assert [client.get(URL).status_code for _ in range(2)] == [200, 429]


def test_where_keys_are_required_only_holders_and_our_own_pages_are_answered(site: Site) -> None:
    client = site(api_keys=(KEY,), keys_required=True, allowed_origins=(OURS,))
    assert client.get(URL).status_code == 401
    assert client.get(URL, headers={"X-API-Key": KEY}).status_code == 200
    assert client.get(URL, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert client.get(URL, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 401
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/search?q=tin").status_code == 200
    assert preflight(client, OURS).status_code == 204


def test_a_key_sent_to_a_site_without_keys_counts_for_nothing(site: Site) -> None:
    assert site().get(URL, headers={"X-API-Key": KEY}).status_code == 200


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"allowed_origins": ("bao.example",)}, "https://bao.example"),
        ({"allowed_origins": ("https://bao.example/",)}, "allowed_origins"),
        ({"allowed_origins": ("https://a.example https://b.example",)}, "no origin"),
        ({"allowed_origins": ("https://bao.example:443",)}, "as they do: https://bao.example"),
        ({"frame_ancestors": ("http://bao.example:80",)}, "as they do: http://bao.example"),
        ({"frame_ancestors": ("javascript:alert(1)",)}, "frame_ancestors"),
        ({"frame_ancestors": ("https://a.example; script-src *",)}, "no origin"),
        ({"rate_limit": "often"}, "120/minute"),
        ({"rate_limit": "1/minute", "rate_limit_storage": "x://y"}, "redis://"),
        ({"keys_required": True}, "api_keys"),
        ({"api_keys": ("two words",)}, "visible ASCII"),
        ({"api_keys": ("khóa",)}, "visible ASCII"),
    ],
)
def test_a_setting_that_is_not_possible_says_what_is(
    settings: dict[str, object], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings(**settings)  # type: ignore[arg-type]
