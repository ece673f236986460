"""What a source says that lacks a library: which one, and how to install it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.errors import RecordError
from index.sources import FetchRules, origin_of
from index.sources.files.stream import Meter
from index.sources.reading import read_sources
from index.sources.records.outcome import Outcome
from index.sources.web.fetcher import Fetcher
from index.sources.web.page_cache import PageCache
from scripts.rebuild_index import main
from tests.index.sources.web.newspaper import open_newspaper

EXTRAS = [
    pytest.param("sqlalchemy", "sqlite:///bao.db", "timbao[sql]", id="SQLAlchemy"),
    pytest.param("psycopg", "postgresql://bao@127.0.0.1:1/bao", "install psycopg", id="PostgreSQL"),
    pytest.param("pymysql", "mysql://bao@127.0.0.1:1/bao", "install pymysql", id="MySQL"),
    pytest.param("pymysql", "mariadb://bao@127.0.0.1:1/bao", "install pymysql", id="MariaDB"),
]


def only(source: str, query: str = "", *, allow_private: bool = False) -> Outcome:
    rules = FetchRules(delay=0.0, retries=0, allow_private=allow_private)
    origin = origin_of(source, rules=rules, query=query)
    (outcome,) = read_sources([origin], Meter(), lambda own: Fetcher(own, PageCache(None)))
    return outcome


def without(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Python find nothing of a library, as if it were not installed."""
    loaded = [name for name in sys.modules if name.startswith(f"{library}.")]
    for name in (library, *loaded):
        monkeypatch.setitem(sys.modules, name, None)


def assert_says(outcome: Outcome, how: str) -> None:
    assert isinstance(outcome, RecordError)
    assert "not installed" in outcome.message
    assert how in outcome.message


@pytest.mark.parametrize(("library", "address", "how"), EXTRAS)
def test_a_database_without_its_library_says_so(
    library: str, address: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(library, monkeypatch)
    assert_says(only(address, "SELECT 1"), how)


@pytest.mark.parametrize(
    ("library", "name", "content", "extra"),
    [
        ("python_calamine", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "timbao[office]"),
        ("mammoth", "a.docx", b"PK\x03\x04", "timbao[office]"),
        ("pypdf", "a.pdf", b"%PDF-1.4", "timbao[office]"),
        ("pyarrow", "a.parquet", b"PAR1", "timbao[parquet]"),
        ("mwparserfromhell", "a.xml", b"<mediawiki></mediawiki>", "timbao[mediawiki]"),
    ],
)
def test_a_file_without_its_library_says_so(
    library: str,
    name: str,
    content: bytes,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without(library, monkeypatch)
    (tmp_path / name).write_bytes(content)
    assert_says(only(str(tmp_path / name)), extra)


def test_an_address_without_the_library_for_robots_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without("protego", monkeypatch)
    with open_newspaper() as site:
        site.put("/robots.txt", "User-agent: *\nDisallow:\n")
        assert_says(only(f"{site.address}/bai.html", allow_private=True), "timbao[web]")


def test_watching_without_its_library_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without("watchfiles", monkeypatch)
    (tmp_path / "in").mkdir()
    arguments = ["--index", str(tmp_path / "index"), "--watch", str(tmp_path / "in")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1
    assert "timbao[watch]" in done.output
    assert "Traceback" not in done.output


def test_other_sources_are_read_without_any_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("sqlalchemy", "psycopg", "pymysql", "protego", "watchfiles"):
        without(library, monkeypatch)
    (tmp_path / "a.jsonl").write_text('{"title": "Tin", "body": "Nội dung."}\n', encoding="utf-8")
    arguments = ["--index", str(tmp_path / "index"), "--quiet", str(tmp_path / "a.jsonl")]
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, done.output) == (0, "")
