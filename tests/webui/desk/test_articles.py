"""An editor is told why an article is not found, withdraws it, and puts it back as it was."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from index.build.publishing.applying import apply_journal
from index.build.rebuild import rebuild
from search import SearchEngine, SearchRequest
from tests.webui.conftest import ATTRIBUTE, SCRIPT, as_markup
from tests.webui.desk.conftest import Editor, Newsroom
from webui import Settings, create_app
from webui.desk.whereabouts import whereabouts
from webui.http.keys.key_file import Scope, make_key

BODY = "Ruộng lúa ven sông chín sớm hơn mọi năm, bà con gặt từ đầu tháng ba và bán được giá cao. "
ARTICLES = [
    {"id": "lua", "title": "Lúa chín sớm ven sông", "body": BODY * 4, "source": "Báo A"},
    {"id": "lua-2", "title": "Lúa chín sớm ven sông", "body": BODY * 4, "source": "Báo B"},
    {"id": "cam", "title": "Cam sành vào mùa", "body": "Cam sành chín. Lúa thì chưa."},
    {"id": "a/b?c", "title": f"Mưa {SCRIPT}", "summary": ATTRIBUTE, "body": f"Mưa {SCRIPT}"},
    {"id": "co-ngay", "title": "Chợ nổi họp sớm", "body": "Ghe về bến.", "author": "Lê An",
     "published": "2026-01-31T03:00:00+07:00", "url": "https://bao.example/cho",
     "captions": ["Ghe dưa"], "section": "Đời sống", "image": "https://anh.example/1.jpg"},
]  # fmt: skip


@pytest.fixture
def own_index(tmp_path: Path) -> Path:
    """An index of its own, to be written to."""
    lines = [json.dumps(as_markup(article), ensure_ascii=False) for article in ARTICLES]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "articles.jsonl"])
    return tmp_path / "index"


@pytest.fixture
def own(own_index: Path, tmp_path: Path) -> Newsroom:
    """A site with a desk over that."""
    keys = tmp_path / "keys.json"
    key = make_key(keys, "tòa soạn", (Scope.ADMIN,))
    app = create_app(
        SearchEngine.open(own_index), Settings(desk=tmp_path / "desk.db", key_file=keys)
    )
    return Newsroom(app.test_client(), tmp_path / "desk.db", keys, key)


def why(editor: Editor, article: str, query: str) -> str:
    return editor.client.get("/desk/article", query_string={"id": article, "q": query}).text


@pytest.mark.parametrize(
    ("article", "query", "told"),
    [
        ("lua", "lúa chín sớm", "Bài đứng thứ 1 trong"),
        ("cam", "lúa chín", "Bài đứng thứ 2 trong"),
        ("cam", "lúa chín sớm", "Bài không có: <s lang=\"vi\">sớm</s>"),
        ("cam", "cam sành zzqq", "Bài không có: <s lang=\"vi\">zzqq</s>"),
        ("khong-co", "lúa", "không có bài nào mang mã này"),
        ("co-ngay", "chợ nổi ngay:2020", "có điều kiện"),
    ],
)  # fmt: skip
def test_why_an_article_is_not_found(own: Newsroom, article: str, query: str, told: str) -> None:
    assert told in why(own.enter(), article, query)


def test_of_a_story_in_two_papers_one_stands_under_the_other(own: Newsroom) -> None:
    editor = own.enter()
    pages = [why(editor, article, "lúa chín sớm ven sông") for article in ("lua", "lua-2")]
    assert sum("được gộp vào bài ấy" in page for page in pages) == 1
    assert sum("Bài đứng thứ 1" in page for page in pages) == 1


def test_ranks_are_those_of_the_results(engine: SearchEngine) -> None:
    hits = engine.search(SearchRequest(query="thông tin", per_page=50)).hits
    for rank in (1, 7, len(hits)):
        where = whereabouts(engine, "thông tin", hits[rank - 1].id)
        assert where.rank == rank
        assert where.first
        assert where.first.id == hits[0].id
        assert where.hit
        assert where.hit.explanation


@pytest.mark.parametrize("article", ["co-ngay", "a/b?c"])
def test_an_article_is_withdrawn_and_put_back_as_it_was(
    own: Newsroom, own_index: Path, article: str
) -> None:
    editor = own.enter()
    address = f"/api/v1/articles/{quote(article)}"
    before = own.reader.get(address).json
    assert editor.send("/desk/article/withdraw", id=article, reason="sai").status_code == 303
    apply_journal(own_index, keep=3)
    assert own.reader.get(address).status_code == 404
    assert "Bài đã gỡ nên không câu nào tìm ra" in why(editor, article, "chợ nổi")
    assert editor.send("/desk/article/put-back", id=article).status_code == 303
    apply_journal(own_index, keep=3)
    assert own.reader.get(address).json == before
    log = editor.client.get("/desk/log").text
    assert f"{article}: sai" in log
    assert "đưa bài trở lại" in log


def test_what_was_not_withdrawn_here_cannot_be_put_back_here(own: Newsroom) -> None:
    editor = own.enter()
    for article in ("cam", "khong-co"):
        assert editor.send("/desk/article/put-back", id=article).status_code == 409
    editor.send("/desk/article/withdraw", id="cms-1")
    assert editor.send("/desk/article/put-back", id="cms-1").status_code == 409
    assert "gỡ ở nơi khác" in why(editor, "cms-1", "")


def test_articles_are_found_by_words_id_and_address(own: Newsroom) -> None:
    editor = own.enter()
    assert "Cam sành vào mùa" in editor.client.get("/desk/articles?q=cam+sanh").text
    for name in ("a/b?c", "http://localhost/article/a%2Fb%3Fc"):
        found = editor.client.get("/desk/articles", query_string={"q": name})
        assert found.headers["Location"] == "/desk/article?id=a/b?c"


def test_no_article_is_read_as_markup(own: Newsroom) -> None:
    editor = own.enter()
    for path in ("/desk/article?id=a/b?c&q=mua", "/desk/articles?q=mưa", "/desk/query?q=mua"):
        page = editor.client.get(path).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("path", ["/desk/article", "/desk/article?id=" + "x" * 2_000])
def test_an_article_without_a_usable_id_is_refused(own: Newsroom, path: str) -> None:
    assert own.enter().client.get(path).status_code == 400


def test_builds_are_listed_checked_and_gone_back_to(own: Newsroom, own_index: Path) -> None:
    editor = own.enter()
    first = own.reader.get("/api/v1/search?q=cam").json["build"]
    assert "Trở về bản trước" not in editor.client.get("/desk/builds").text
    assert editor.send("/desk/builds/roll-back").status_code == 409
    rebuild(own_index, [own_index.parent / "articles.jsonl"])
    second = own.reader.get("/api/v1/search?q=cam").json["build"]
    page = editor.client.get("/desk/builds").text
    assert page.index(second) < page.index(first)
    assert "đang trả lời" in page
    assert "Mọi byte" in editor.send("/desk/builds/check").text
    assert editor.send("/desk/builds/roll-back").status_code == 303
    assert own.reader.get("/api/v1/search?q=cam").json["build"] == first
    assert first in editor.client.get("/desk/log").text
    segment = next((own_index / "builds" / first).glob("*.timbao"))
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.unlink()
    segment.write_bytes(content)
    checked = editor.send("/desk/builds/check")
    assert checked.status_code == 409
    assert "its checksum is wrong" in checked.text


def test_what_waits_and_was_taken_is_listed(own: Newsroom, own_index: Path) -> None:
    editor = own.enter()
    editor.send("/desk/article/withdraw", id="cam")
    assert "đang chờ</td>" in editor.client.get("/desk/builds").text
    apply_journal(own_index, keep=3)
    assert "xong</td>" in editor.client.get("/desk/builds").text
