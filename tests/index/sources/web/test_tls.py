"""Servers that speak TLS: read if their certificate is good, and refused otherwise.

The certificates in ``tls`` are for these tests alone and good until 2126. They were made with
OpenSSL: an authority of its own, whose key was thrown away, and for ``localhost`` a certificate of
that authority, with its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import RecordError
from index.sources import FetchRules
from tests.index.sources.reading import headlines, read_source, skips
from tests.index.sources.web.newspaper import Newspaper, open_newspaper

CERTIFICATES = Path(__file__).with_name("tls")
RULES = FetchRules(delay=0.0, retries=0, allow_private=True)
PAGE = (
    "<!doctype html><html><head><title>Đò mới</title></head><body><article><h1>Đò mới</h1>"
    "<p>Sáng sớm hôm ấy, người dân trong xóm kéo nhau ra bờ sông xem chiếc đò mới đóng.</p>"
    "<p>Chiếc đò dài mười hai mét, chở được hai mươi người, chạy bằng mô tơ điện.</p>"
    "</article></body></html>"
)


@pytest.fixture
def newspaper() -> Iterator[Newspaper]:
    with open_newspaper(CERTIFICATES / "localhost.pem") as site:
        site.put("/robots.txt", "User-agent: *\nDisallow: /mat\n")
        site.put("/do.html", PAGE, Content_Type="text/html; charset=utf-8")
        site.put("/mat", PAGE)
        yield site


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))


@pytest.mark.usefixtures("trusted")
def test_a_server_with_a_good_certificate_is_read(newspaper: Newspaper) -> None:
    assert headlines(read_source(f"{newspaper.address}/do.html", RULES)) == ["Đò mới"]
    assert skips(read_source(f"{newspaper.address}/mat", RULES)) == ["refused-by-robots"]
    assert newspaper.asked() == ["/do.html"]


@pytest.mark.usefixtures("trusted")
def test_a_server_that_redirects_to_plain_http_is_followed(newspaper: Newspaper) -> None:
    with open_newspaper() as plain:
        plain.put("/do.html", PAGE, Content_Type="text/html; charset=utf-8")
        newspaper.put("/cu", "", 301, Location=f"{plain.address}/do.html")
        assert headlines(read_source(f"{newspaper.address}/cu", RULES)) == ["Đò mới"]


def assert_refused(address: str) -> None:
    (outcome,) = read_source(address, RULES)
    assert isinstance(outcome, RecordError)
    assert outcome.reason == "not-fetched"
    assert re.search("certificate verify failed|doesn't match", outcome.message)


def test_a_certificate_of_an_unknown_authority_is_refused(newspaper: Newspaper) -> None:
    assert_refused(f"{newspaper.address}/do.html")
    assert newspaper.requests == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused(newspaper: Newspaper) -> None:
    assert_refused(f"https://127.0.0.1:{newspaper.port}/do.html")
    assert newspaper.requests == []
