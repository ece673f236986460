"""What lets us in is used and never written: nothing that a run leaves behind has it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.sources import FetchRules, origin_of
from scripts.rebuild_index import main
from tests.index.sources.web.newspaper import Answer, Newspaper, Request
from tests.index.sources.web.test_page import feed, item, page

NAME, PASSWORD, KEY = "to-a-soan", "Mật@Khẩu/123", "khoa-rieng-77"
WRITTEN = f"{NAME}:M%E1%BA%ADt%40Kh%E1%BA%A9u%2F123"
HEADER = "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
SECRETS = (NAME, PASSWORD, WRITTEN.partition(":")[2], KEY, HEADER[6:])


def guarded(body: str, **headers: str) -> object:
    def answer(request: Request) -> Answer:
        if request.headers.get("Authorization") != HEADER:
            return Answer(b"", 401)
        moved = 302 if "Location" in headers else 200
        return Answer(body.encode(), moved, headers)

    return answer


@pytest.fixture
def site(newspaper: Newspaper) -> Newspaper:
    answers = newspaper.answers
    query = f"?api_key={KEY}&trang=1"
    answers["/robots.txt"] = Answer(b"", 404)
    answers["/bai.html" + query] = guarded(page("Lũ về sớm hơn mọi năm"))  # type: ignore[assignment]
    answers["/bai.html"] = guarded(page("Lũ về sớm hơn mọi năm"))  # type: ignore[assignment]
    answers["/feed" + query] = guarded(feed(item("/bai.html")))  # type: ignore[assignment]
    answers["/cam" + query] = guarded("", Location="ftp://x/")  # type: ignore[assignment]
    return newspaper


@pytest.mark.parametrize("path", ["bai.html", "feed", "cam", "khong-co"])
def test_nothing_that_a_run_leaves_behind_has_it(
    path: str, site: Newspaper, tmp_path: Path
) -> None:
    address = f"http://{WRITTEN}@127.0.0.1:{site.port}/{path}?api_key={KEY}&trang=1"
    (tmp_path / "out").mkdir()
    arguments = ["--index", f"{tmp_path}/out/index", "--allow-private", "--lang", "en"]
    arguments += ["--progress", "--report", f"{tmp_path}/out/report.json", address]
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code == 0) is (path in ("bai.html", "feed"))
    left = [done.output.encode()]
    left += [each.read_bytes() for each in (tmp_path / "out").rglob("*") if each.is_file()]
    for secret in SECRETS:
        assert not any(secret.encode() in content for content in left), secret
    assert HEADER in [request.headers.get("Authorization") for request in site.requests]


def test_another_server_is_not_shown_it(site: Newspaper) -> None:
    rules = origin_of(f"http://{WRITTEN}@127.0.0.1:{site.port + 1}/", rules=FetchRules()).rules
    assert rules.login is not None
    assert rules.login.server == f"http://127.0.0.1:{site.port + 1}"
    assert rules.login.password == PASSWORD


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://bao:p@ss/w:rd@may/kho?password=x", "postgresql://may/kho"),
        ("mysql://bao@may/kho", "mysql://may/kho"),
        ("sqlite:///kho.db", "sqlite:///kho.db"),
        ("https://bao.example/@tac-gia?key=v#1", "https://bao.example/@tac-gia#1"),
        ("https://bao.example/?monkey=v", "https://bao.example/?monkey=v"),
    ],
)
def test_a_source_is_shown_without_it(address: str, shown: str) -> None:
    assert origin_of(address).shown == shown


def test_what_a_driver_says_is_told_without_it() -> None:
    origin = origin_of("postgresql://bao:mat-khau@may/kho")
    said = 'password authentication failed for user "bao" with mat-khau at bao.example'
    assert origin.scrubbed(said) == (
        "password authentication failed for user *** with *** at bao.example"
    )
