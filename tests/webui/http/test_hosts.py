"""Under which names the site answers, and what its absolute addresses begin with."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from search import SearchEngine
from webui import Settings, SettingsError, create_app
from webui.http.hosts import is_local

WITH_ADDRESSES = (
    "/",
    "/search?q=thông+tin",
    "/article/sh-014",
    "/search.atom?q=tin",
    "/opensearch.xml",
    "/api/v1/openapi.json",
)
FOREIGN = "bao.example"


def served(engine: SearchEngine, settings: Settings) -> FlaskClient:
    return create_app(engine, settings).test_client()


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("LOCALHOST:8000", True),
        ("bao.localhost:8000", True),
        ("tim-bao:8000", True),
        ("127.0.0.1:8000", True),
        ("192.168.1.20", True),
        ("[::1]:8000", True),
        ("[fd00::1]", True),
        ("1.1.1.1", False),
        ("[2606:4700::1111]:80", False),
        ("[::ffff:1.1.1.1]", False),
        ("bao.example", False),
        ("bao.example:8000", False),
        ("localhost.bao.example", False),
        ("bao.example.", False),
        ("bao。example", False),
        ("localhost@bao.example", False),
        ("localhost/bao.example", False),
        ("[bao]", False),
        ("[", False),
        ("1.2.3", False),
        ("", False),
    ],
)
def test_a_host_is_local_if_it_is_nobody_elses_on_the_web(host: str, local: bool) -> None:
    assert is_local(host) is local


@pytest.mark.parametrize("path", WITH_ADDRESSES)
def test_a_foreign_name_is_refused_and_never_repeated(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": FOREIGN, "X-Forwarded-Host": FOREIGN})
    assert response.status_code == 400
    assert FOREIGN not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_supervisors_may_ask_under_any_name(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Host": FOREIGN})
    assert response.status_code == 200
    assert FOREIGN not in response.get_data(as_text=True)


@pytest.mark.parametrize("path", WITH_ADDRESSES)
@pytest.mark.parametrize("public", ["https://tim.bao.example", "https://bao.example:8443/tim/"])
def test_addresses_begin_with_what_the_owner_said_whatever_is_asked_for(
    engine: SearchEngine, path: str, public: str
) -> None:
    site = served(engine, Settings(public_url=public, trusted_proxies=1))
    forged = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/x",
    }
    response = site.get(path, headers=forged).get_data(as_text=True)
    assert "evil.example" not in response
    assert "localhost" not in response
    links = re.findall(rf"{re.escape(public.rstrip('/'))}\b", response)
    assert links or path.startswith("/article/")  # its canonical address is that of the original


def test_a_trusted_proxy_names_the_site(engine: SearchEngine) -> None:
    site = served(engine, Settings(trusted_proxies=2))
    named = {"Host": "inside.example", "X-Forwarded-Host": f"{FOREIGN}, between.example"}
    response = site.get("/", headers=named)
    assert f'href="http://{FOREIGN}/"' in response.get_data(as_text=True)
    # Less than the proxies that there are have passed a name on: it is the client's own.
    forged = {"Host": "inside.example", "X-Forwarded-Host": FOREIGN}
    assert site.get("/", headers=forged).status_code == 400


@pytest.mark.parametrize(
    "public",
    ["bao.example", "ftp://bao.example", "https://", "https://bao.example/?q=1", "https://a b"],
)
def test_what_is_no_address_of_a_site_is_refused(public: str) -> None:
    with pytest.raises(SettingsError, match=r"public_url: .*write it like"):
        Settings(public_url=public)
