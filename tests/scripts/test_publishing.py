"""The verbs of who publishes, and what docs/publishing.md says, against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from index.build.rebuild import rebuild
from index.storage.journal import Journal
from scripts.timbao import PUBLISHING_VERBS, main
from search import ArticleNotFound, SearchEngine
from tests.webui.conftest import serving

ROOT = Path(__file__).resolve().parents[2]
DOCS = (ROOT / "docs" / "publishing.md").read_text("utf-8")


def called(*arguments: str) -> str:
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0, shown.output
    return shown.output


class Site(NamedTuple):
    url: str
    index: Path
    key: str


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publishing")
    (folder / "a.jsonl").write_text('{"id": "a", "title": "Cầu mới", "body": "Cầu mới thông xe."}')
    rebuild(folder / "index", [folder / "a.jsonl"])
    return folder / "index"


@pytest.fixture(scope="module")
def site(index: Path) -> Iterator[Site]:
    key = called("keys", "add", "wordpress", "--index", str(index), "--scope", "write").strip()
    with serving(index) as url:
        yield Site(url, index, key)


def code(heading: str) -> str:
    block = re.search(rf"## {heading}\n+```\w+\n(.*?)```", DOCS, re.DOTALL)
    assert block is not None
    return block[1]


def test_the_client_of_the_docs_puts_an_article_and_waits_until_it_is_found(site: Site) -> None:
    program = code("From Python").replace("http://127.0.0.1:8000", site.url)
    assert len(program.splitlines()) <= 20
    program = program.replace("tb_…", site.key)
    run = [sys.executable, "-c", program]
    said = subprocess.run(run, capture_output=True, encoding="utf-8", check=True).stdout
    assert said == "[('lua-1', 'accepted', None)]\n"
    with SearchEngine.open(site.index) as engine:
        assert engine.article("lua-1").headline == "Lúa chín sớm"


def test_the_commands_of_the_docs_work(site: Site) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    script = code("With curl").replace("curl ", "curl -sS --fail-with-body ")
    environment = {**os.environ, "SITE": site.url, "KEY": site.key}
    run = ["sh", "-e", "-c", script]
    said = subprocess.run(run, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert said.stdout.count('"fate":"accepted"') == 2
    assert [entry.id for entry in Journal(site.index).withdrawn()] == ["cho-noi-1"]


def test_keys_are_listed_and_revoked(index: Path) -> None:
    at = ("--index", str(index))
    called("keys", "add", "tam", *at, "--scope", "admin")
    assert re.search(r"^tam\tadmin\t20", called("keys", "list", *at), re.MULTILINE)
    called("keys", "revoke", "tam", *at)
    assert "tam\t" not in called("keys", "list", *at)
    assert CliRunner().invoke(main, ["keys", "revoke", "tam", *at]).exit_code == 1


def test_a_withdrawn_article_is_gone_and_listed_without_a_server(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "a", "title": "Một", "body": "Một."}\n{"id": "b", "title": "Hai", "body": "Hai."}'
    )
    index = tmp_path / "index"
    rebuild(index, [tmp_path / "a.jsonl"])
    at = ("--index", str(index))
    assert called("withdraw", *at, "a", "--reason", "nhầm") == "Đã gỡ a\n"
    rebuild(index, [tmp_path / "a.jsonl"])
    with SearchEngine.open(index) as engine, pytest.raises(ArticleNotFound):
        engine.article("a")
    assert re.fullmatch(r"a\t\d{4}-\d\d-\d\d\tnhầm\n", called("withdraw", *at, "--list"))
    assert CliRunner().invoke(main, ["withdraw", *at]).exit_code == 2


@pytest.mark.parametrize("verb", PUBLISHING_VERBS)
def test_each_verb_shows_its_help(verb: str) -> None:
    assert f"Usage: main {verb} " in called(verb, "--help")
    asked = [sys.executable, str(ROOT / "scripts/timbao.py"), verb, "--help"]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
