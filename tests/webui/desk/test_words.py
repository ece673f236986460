"""An editor changes names and chat spellings: tried, kept, undone; a broken line never gets in."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from lxml import html

from index.build.rebuild import rebuild
from search import SearchEngine
from tests.webui.conftest import SCRIPT
from tests.webui.desk.conftest import Editor, Newsroom
from webui import Settings, create_app
from webui.http.keys.key_file import Scope, make_key

DEFINED = "Công tác thông tin đối ngoại (TTĐN) được đẩy mạnh ở nhiều tỉnh trong năm nay. "
ARTICLES = [
    *(
        {"id": f"tau-{n}", "title": f"Tàu điện số {n} chạy thử", "body": "Tàu điện."}
        for n in range(7)
    ),
    {"id": "metro", "title": "Metro chạy thử", "body": "Metro."},
    *({"id": f"ttdn-{n}", "title": f"Tin {n} của tỉnh", "body": DEFINED * 2} for n in range(6)),
]


@pytest.fixture
def own(tmp_path: Path) -> Newsroom:
    """A site with a desk over an index of its own."""
    lines = [json.dumps(article, ensure_ascii=False) for article in ARTICLES]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    rebuild(tmp_path / "index", [tmp_path / "articles.jsonl"])
    keys = tmp_path / "keys.json"
    key = make_key(keys, "tòa soạn", (Scope.ADMIN,))
    app = create_app(
        SearchEngine.open(tmp_path / "index"), Settings(desk=tmp_path / "desk.db", key_file=keys)
    )
    return Newsroom(app.test_client(), tmp_path / "desk.db", keys, key)


def form(editor: Editor, name: str = "aliases.txt") -> dict[str, str]:
    """The form of a file as it is shown."""
    page = html.document_fromstring(editor.client.get("/desk/words").text)
    (field,) = page.cssselect(f"input[name=name][value='{name}']")
    shown = field.getparent()
    return {
        "name": name,
        "seen": shown.cssselect("[name=seen]")[0].get("value"),
        "text": shown.cssselect("textarea")[0].text.removeprefix("\n"),
    }


def total(own: Newsroom, query: str) -> int:
    return int(own.reader.get("/api/v1/search", query_string={"q": query}).json["total"])


def test_a_name_is_tried_kept_and_undone(own: Newsroom) -> None:
    editor = own.enter()
    file = own.keys.parent / "index" / "aliases.txt"
    tag = own.reader.get("/search?q=metro").headers["ETag"]
    tried = editor.send("/desk/words", **{**form(editor), "text": "metro = tàu điện", "try": "1"})
    assert "Tìm “metro” ra thêm 7 bài nhờ “tàu điện”" in unescape(tried.text)
    assert tried.text.count("chạy thử") >= 5
    assert not file.exists()
    assert total(own, "metro") == 1

    assert (
        editor.send("/desk/words", **{**form(editor), "text": "metro = tàu điện"}).status_code
        == 303
    )
    assert file.read_text("utf-8") == "metro = tàu điện"
    assert total(own, "metro") == 8
    fresh = own.reader.get("/search?q=metro", headers={"If-None-Match": tag})
    assert fresh.status_code == 200

    page = editor.client.get("/desk/words").text
    number = re.search(r'name="number" value="(\d+)"', page)
    assert number
    assert "tòa soạn sửa lúc" in page
    assert editor.send("/desk/words/undo", number=number[1]).status_code == 303
    assert file.read_text("utf-8") == ""
    assert total(own, "metro") == 1
    log = editor.client.get("/desk/log").text
    assert log.index("lấy lại bản từ ngữ cũ") < log.index("sửa từ ngữ")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("aliases.txt", "một tên", "aliases.txt, line 1: only one name"),
        ("aliases.txt", "a = b\n= c", "line 2: a name is missing"),
        ("chat.txt", "k = không", "chat.txt, line 1: write WORD => WHAT IS MEANT"),
        ("aliases.txt", "x" * 100_001, "Dài nhất"),
    ],
)
def test_a_broken_line_is_told_and_nothing_is_kept(
    own: Newsroom, name: str, text: str, told: str
) -> None:
    editor = own.enter()
    for also in ({}, {"try": "1"}):
        response = editor.send("/desk/words", **{**form(editor, name), "text": text, **also})
        if name == "chat.txt" and also:
            continue
        assert response.status_code == 400
        assert told in unescape(response.text)
        assert not (own.keys.parent / "index" / name).exists()


def test_of_two_editors_the_second_is_told(own: Newsroom) -> None:
    first, second = own.enter(), own.enter()
    seen = form(second)
    first.send("/desk/words", **{**form(first), "text": "metro = tàu điện"})
    late = second.send("/desk/words", **{**seen, "text": "metro = xe điện"})
    assert late.status_code == 400
    assert "Có người vừa sửa" in late.text
    assert "metro = xe điện" in late.text
    assert form(first)["text"] == "metro = tàu điện"


def test_a_mined_acronym_is_refused_for_good_and_taken_back(own: Newsroom) -> None:
    editor = own.enter()
    page = editor.client.get("/desk/words").text
    assert "TTĐN" in page
    assert total(own, "ttđn") == 6
    assert editor.send("/desk/words/acronym", acronym="TTĐN").status_code == 303
    rebuild(own.keys.parent / "index", [own.keys.parent / "articles.jsonl"])
    page = editor.client.get("/desk/words").text
    assert "<s>thông tin đối ngoại</s>" in page
    assert "Đã bỏ, và còn bỏ" in page
    editor.send("/desk/words/acronym", acronym="TTĐN")
    assert "<s>" not in editor.client.get("/desk/words").text
    assert editor.send("/desk/words/acronym", acronym="").status_code == 400


def test_chat_spellings_are_used_at_once(own: Newsroom) -> None:
    editor = own.enter()
    sent = {**form(editor, "chat.txt"), "text": "tdien => tàu điện\r\n"}
    assert editor.send("/desk/words", **sent).status_code == 303
    assert total(own, "tdien chạy thử") == 7


def test_markup_is_text_and_unknown_files_and_numbers_are_refused(own: Newsroom) -> None:
    editor = own.enter()
    text = f"# {SCRIPT}</textarea>\nmetro = {SCRIPT}\n"
    for also in ({"try": "1"}, {}):
        editor.send("/desk/words", **{**form(editor), "text": text, **also})
    page = editor.client.get("/desk/words").text
    assert "<script>alert" not in page
    assert form(editor)["text"].splitlines()[0] == f"# {SCRIPT}</textarea>"
    assert editor.send("/desk/words", name="../x", text="", seen="").status_code == 400
    assert editor.send("/desk/words/undo", number="x").status_code == 400
