"""JSON in every layout that crawlers, dumps and interfaces write, and the shapes inside it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import RecordError
from index.sources import Found
from index.sources.tables.json_pieces import path_of_records, pieces
from tests.index.sources.reading import articles, only_article, read, reasons

BODY = "Sen nở kín hồ từ đầu tháng. Người làng chèo thuyền hái sớm."
TWO = [{"title": "Mùa sen", "content": BODY}, {"title": "Mùa cốm", "content": BODY}]


def dumped(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


LAYOUTS = {
    "an array": dumped(TWO),
    "an indented array": dumped(TWO, 2),
    "an array of lines": "[\n" + ",\n".join(map(dumped, TWO)) + "\n]\n",
    "lines": "\n".join(map(dumped, TWO)),
    "lines with commas": ",\n".join(map(dumped, TWO)) + ",\n",
    "indented objects on end": "\n".join(dumped(record, 2) for record in TWO),
    "wrapped": dumped({"status": "ok", "articles": TWO}),
    "wrapped twice": dumped({"data": {"page": 1, "list": TWO}}, 1),
    "pages on lines": "\n".join(dumped({"page": 1, "items": [record]}) for record in TWO),
    "Elasticsearch": dumped({"hits": {"hits": [{"_id": "1", "_source": r} for r in TWO]}}),
    "elasticdump": "\n".join(dumped({"_index": "bai", "_source": record}) for record in TWO),
    "Firebase": dumped({"posts": {"-Na": TWO[0], "-Nb": TWO[1]}, "users": {"u": {"name": "An"}}}),
    "by day": dumped({"2024-03-01": TWO[:1], "2024-03-02": TWO[1:]}),
    "GraphQL": dumped({"data": {"posts": {"edges": [{"node": record} for record in TWO]}}}),
    "Strapi": dumped({"data": [{"id": 1, "attributes": record} for record in TWO], "meta": {}}),
    "a broken record between": dumped(TWO[:1])[:-1]
    + ', {"title": "Hỏng", "content": "nói "vâng" rồi"}, '
    + dumped(TWO[1:])[1:],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "with a mark"])
def test_every_layout_gives_every_article(layout: str, mark: bytes, tmp_path: Path) -> None:
    (tmp_path / "bai.json").write_bytes(mark + LAYOUTS[layout].encode())
    assert [(a.headline, a.body) for a in articles(tmp_path / "bai.json")] == [
        ("Mùa sen", BODY),
        ("Mùa cốm", BODY),
    ]


def test_an_array_that_is_called_lines_is_an_array(tmp_path: Path) -> None:
    (tmp_path / "bai.jsonl").write_text(dumped(TWO, 1), encoding="utf-8")
    assert len(articles(tmp_path / "bai.jsonl", "jsonl")) == 2


def test_an_article_with_others_inside_is_one(tmp_path: Path) -> None:
    (tmp_path / "bai.json").write_text(dumped({**TWO[0], "related": TWO[1:]}), encoding="utf-8")
    assert only_article(tmp_path / "bai.json").headline == "Mùa sen"


def test_a_document_that_is_cut_gives_what_is_whole(tmp_path: Path) -> None:
    (tmp_path / "bai.json").write_text(dumped(TWO)[:-20], encoding="utf-8")
    assert reasons(tmp_path / "bai.json") == ["", "broken-json"]


def test_lines_of_the_bulk_format_give_ids(tmp_path: Path) -> None:
    lines = [{"index": {"_index": "bai", "_id": "7"}}, TWO[0]]
    (tmp_path / "bai.ndjson").write_text("\n".join(map(dumped, lines)), encoding="utf-8")
    assert only_article(tmp_path / "bai.ndjson").id == "7"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('ab"\\{}[]:,é\n', max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('a"{[', max_size=3), inner),
    max_leaves=8,
)


@given(records=st.lists(st.dictionaries(st.text("xyz", min_size=1), JSON, min_size=1), max_size=4))
def test_the_pieces_of_an_array_are_its_records(
    records: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("pieces") / "a.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    with path.open("rb") as file:
        cut = [json.loads(piece.content or b"") for piece in pieces(file, ("[]",))]
    assert cut == records


@given(st.binary(max_size=60) | st.text('{}[]":,\\ab', max_size=60).map(str.encode))
def test_no_bytes_raise(content: bytes) -> None:
    list(pieces(io.BytesIO(content), path_of_records(content) or ()))


RICH = {
    "Strapi": [
        {"type": "paragraph", "children": [{"text": "Đoạn "}, {"text": "một.", "bold": True}]},
        {"type": "list", "children": [{"type": "list-item", "children": [{"text": "Hai."}]}]},
    ],
    "Editor.js": {
        "time": 1,
        "blocks": [
            {"type": "paragraph", "data": {"text": "Đoạn <b>một</b>."}},
            {"type": "list", "data": {"items": ["Hai."]}},
        ],
    },
    "ProseMirror": {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": "Đoạn một."}]},
            {"type": "paragraph", "content": [{"type": "text", "text": "Hai."}]},
        ],
    },
    "Contentful": {
        "nodeType": "document",
        "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "Đoạn một."}]},
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "Hai."}]},
        ],
    },
    "Drupal": [{"value": "<p>Đoạn một.</p><p>Hai.</p>", "format": "full_html"}],
}


@pytest.mark.parametrize("editor", RICH)
def test_texts_that_editors_keep_as_blocks_are_read(editor: str, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(dumped({"title": "Sen", "body": RICH[editor]}), "utf-8")
    assert only_article(tmp_path / "a.json").body == "Đoạn một.\nHai."


def test_values_of_mongodb_are_read(tmp_path: Path) -> None:
    record = {
        "_id": {"$oid": "65e2a0f0c0ffee0000000000"},
        "title": "Sen",
        "content": BODY,
        "date": {"$date": {"$numberLong": "1655177400000"}},
    }
    (tmp_path / "a.json").write_text(dumped(record), encoding="utf-8")
    article = only_article(tmp_path / "a.json")
    assert article.id == "65e2a0f0c0ffee0000000000"
    assert article.published is not None
    assert article.published.isoformat() == "2022-06-14T10:30:00+07:00"


def test_a_post_of_wordpress_is_read_with_the_names_embedded_in_it(tmp_path: Path) -> None:
    post = {
        "id": 5,
        "date": "2022-06-14T10:30:00",
        "date_gmt": "2022-06-14T03:30:00",
        "link": "https://bao.example/sen/",
        "status": "publish",
        "type": "post",
        "title": {"rendered": "Sen &#8211; đầu mùa"},
        "content": {"rendered": f"<p>{BODY}</p>", "protected": False},
        "excerpt": {"rendered": "<p>Tóm tắt.</p>"},
        "author": 2,
        "categories": [3],
        "_embedded": {
            "author": [{"id": 2, "name": "Lê Sen"}],
            "wp:term": [[{"taxonomy": "category", "name": "Đời sống"}]],
        },
    }
    held = {**post, "content": {"rendered": "x", "protected": True}}
    (tmp_path / "a.json").write_text(dumped([post, held]), encoding="utf-8")
    found, error = read(tmp_path / "a.json")
    assert isinstance(found, Found)
    article = found.article
    assert (article.headline, article.author, article.section) == (
        "Sen – đầu mùa",
        "Lê Sen",
        "Đời sống",
    )
    assert article.published is not None
    assert article.published.isoformat() == "2022-06-14T03:30:00+00:00"
    assert found.remarks == ()
    assert isinstance(error, RecordError)
    assert error.reason == "password-protected"


def test_an_export_of_ghost_has_its_authors_and_sections(tmp_path: Path) -> None:
    shown = {"status": "published", "type": "post", "visibility": "public"}
    post = {"id": "g1", "title": "Sen", "html": f"<p>{BODY}</p>", **shown}
    tables = {
        "posts": [post, {**post, "id": "g2", "status": "draft"}, {**post, "visibility": "paid"}],
        "posts_authors": [{"post_id": "g1", "author_id": "a", "sort_order": 0}],
        "posts_tags": [
            {"post_id": "g1", "tag_id": "t2", "sort_order": 1},
            {"post_id": "g1", "tag_id": "t1", "sort_order": 0},
        ],
        "tags": [{"id": "t1", "name": "Đời sống"}, {"id": "t2", "name": "Hồ"}],
        "users": [{"id": "a", "name": "Lê Sen"}],
    }
    export = {"db": [{"meta": {"version": "5"}, "data": tables}]}
    (tmp_path / "a.json").write_text(dumped(export), encoding="utf-8")
    assert reasons(tmp_path / "a.json") == ["", "draft", "private"]
    (article,) = articles(tmp_path / "a.json")
    assert (article.author, article.section) == ("Lê Sen", "Đời sống")
