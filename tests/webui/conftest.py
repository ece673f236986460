"""The site over real indexes: the sample newsroom, and articles that mean harm or try patience."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from index.build.rebuild import rebuild
from search import SearchEngine
from tests.webui.embed.hosting import OtherSite
from webui import Settings, create_app

# schemathesis needs Python 3.11.
collect_ignore = ["test_schemathesis.py"] if sys.version_info < (3, 11) else []

SERVE = Path(__file__).parents[2] / "scripts" / "serve.py"
NOTICE = "Mọi bài ở đây là bài mẫu."
SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = "\"><img src=x onerror='alert(1)'>"

AWKWARD: list[Mapping[str, str | list[str]]] = [
    {
        "id": "doc/một gạch?&#%",
        "title": f"Mưa lớn {SCRIPT} R&D",
        "summary": f"Mưa lớn {ATTRIBUTE} ở miền núi &amp; đồng bằng",
        "body": f"Mưa lớn {SCRIPT} kéo dài.\n\n  \nMưa  lớn]]> còn tiếp.",
        "captions": [f"Ảnh {SCRIPT} mưa lớn"],
        "url": "javascript:alert(1)",
        "image": "data:text/html,x",
        "section": ATTRIBUTE,
        "source": SCRIPT,
        "author": ATTRIBUTE,
        "published": "2022-06-14T08:30:00+07:00",
    },
    {
        "id": "khong-co-gi-them",
        "title": "Mưa lớn chưa rõ ngày",
        "body": "Mưa lớn.",
        "url": "https://bao.example/mua?a=1&b=2",
    },
    {
        "id": "chuyen-muc-dai",
        "title": "Mưa lớn trong chuyên mục tên dài",
        "body": "Mưa lớn.",
        "section": "Dài " * 60,
        "published": "0001-01-01T00:00:00+00:00",
    },
]


@pytest.fixture(scope="session")
def awkward_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the articles of `AWKWARD`, to be read only."""
    folder = tmp_path_factory.mktemp("awkward")
    lines = [json.dumps(as_markup(article), ensure_ascii=False) for article in AWKWARD]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rebuild(folder / "index", [folder / "articles.jsonl"])
    return folder / "index"


def as_markup(record: Mapping[str, object]) -> dict[str, object]:
    """A record whose texts say, as HTML, what they are: sources read markup as what it says."""
    return {
        name: escape(value, quote=False)
        if isinstance(value, str) and name not in ("id", "url", "image")
        else value
        for name, value in record.items()
    }


@pytest.fixture(scope="session")
def engine(newsroom_index: Path) -> Iterator[SearchEngine]:
    """The engine over the sample newsroom."""
    with SearchEngine.open(newsroom_index) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(engine: SearchEngine) -> FlaskClient:
    """The site over the sample newsroom, without a server."""
    return create_app(engine, Settings(notice=NOTICE)).test_client()


@pytest.fixture(scope="session")
def awkward_client(awkward_index: Path) -> Iterator[FlaskClient]:
    """The site over the awkward articles, without a server."""
    with SearchEngine.open(awkward_index) as opened:
        yield create_app(opened).test_client()


class RunningSite:
    """A server process that has said where it is."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(SERVE), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.url = next((word for word in self.said.split() if word.startswith("http://")), "")

    def end(self) -> str:
        """What it wrote to stderr, after ending it if it is still there."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=60)
        return errors


@contextmanager
def serving(index: Path, *arguments: str) -> Iterator[str]:
    """The address of a real server of one worker over an index, for as long as it is needed."""
    running = RunningSite("--index", str(index), "--port", "0", "--workers", "1", *arguments)
    try:
        assert running.url, running.end()
        yield running.url
    finally:
        running.end()


@pytest.fixture(scope="session")
def site(newsroom_index: Path) -> Iterator[str]:
    """The address of a real server over the sample newsroom."""
    with serving(newsroom_index) as url:
        yield url


@pytest.fixture(scope="module")
def other() -> Iterator[OtherSite]:
    """A site of another origin, whose pages embed the search."""
    with OtherSite() as running:
        yield running


@pytest.fixture(scope="module")
def open_site(newsroom_index: Path, other: OtherSite) -> Iterator[str]:
    """The address of a search site that lets the pages of the other site call and frame it."""
    with serving(newsroom_index, "--allow-origin", other.url, "--allow-frame", other.url) as url:
        yield url
