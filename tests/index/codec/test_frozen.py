"""An index of every format version so far opens and answers, for ever.

``frozen/<version>/`` was written by the program of its time and is never written again. A new
version of the format adds a folder beside it (``python tests/index/codec/test_frozen.py FOLDER``);
this one stays readable, or the program says that it must be rebuilt.
"""

from __future__ import annotations

import shutil
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh import query as wq

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.codec.container import VERSION
from index.schema import make_schema
from index.snapshot import Snapshot
from index.stored import load_article
from search.backends.whoosh.execution import Executor

FROZEN = Path(__file__).parent / "frozen"
FOLDERS = sorted(path for path in FROZEN.iterdir() if path.is_dir())

ARTICLES = [
    Article(
        id=f"bai-{number}",
        headline=headline,
        summary="Tin mẫu viết cho bài kiểm tra.",
        body=body,
        captions=("Ảnh minh họa.",),
        section="Thời sự" if number % 2 else "Kinh tế",
        published=datetime(2022, 1, 1 + number, 8, 30, tzinfo=timezone.utc),
    )
    for number, (headline, body) in enumerate(
        [
            ("Giá vàng hôm nay tăng", "Giá vàng trong nước tăng nhẹ. Giá bán ra vẫn cao."),
            ("Bão số 3 đổi hướng", "Bão số 3 đổi hướng, mưa lớn ở Hà Nội."),
            ("Má và mà", "Má đi chợ mà chưa về. " * 300),
            ("Trường học mở cửa", "Trường học ở TP.HCM mở cửa sau dịch Covid-19."),
            ("Lúa được mùa", "Nông dân được mùa lúa."),
        ]
    )
]


def write(folder: Path) -> None:
    """Two segments and a deletion."""
    with IndexWriter(folder, workers=1) as writer:
        for article in ARTICLES[:4]:
            writer.add(article)
    with IndexWriter(folder, workers=1) as writer:
        writer.add(ARTICLES[4])
        writer.delete("bai-1")


QUERIES = [
    (wq.Term("body", "gia"), ["bai-0"]),
    (wq.Term("body", "ma"), ["bai-2"]),
    (wq.Term("body_accents", "mà"), ["bai-2"]),
    (wq.Phrase("body", ["gia", "vang"]), ["bai-0"]),
    (wq.Phrase("body_accents", ["má", "đi", "chợ"]), ["bai-2"]),
    (wq.Term("headline", "truong"), ["bai-3"]),
    (wq.Term("body", "bao"), []),
    (wq.Term("section", "Kinh tế"), ["bai-0", "bai-2", "bai-4"]),
    (wq.Term("id", "bai-3"), ["bai-3"]),
    (wq.Prefix("body", "tru"), ["bai-3"]),
    (wq.Every(), ["bai-0", "bai-2", "bai-3", "bai-4"]),
]


def test_this_version_of_the_format_is_frozen():
    assert f"version-{VERSION}" in [folder.name for folder in FOLDERS]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_frozen_index_opens_and_answers(folder, tmp_path):
    directory = shutil.copytree(folder, tmp_path / "index")
    snapshot = Snapshot.open(directory)
    for leaf in snapshot.leaves:
        leaf.segment.verify()
    executor = Executor(snapshot, make_schema())
    with whoosh_index.open_dir(str(directory), schema=make_schema()).searcher() as stock:
        for query, expected in QUERIES:
            docs = executor.matching(query).tolist()
            articles = [load_article(snapshot.stored(doc)) for doc in docs]
            assert [article.id for article in articles] == expected, query
            assert articles == [article for article in ARTICLES if article.id in expected]
            hits = stock.search(query, limit=None)
            assert sorted(hit.docnum for hit in hits) == docs, query


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_frozen_index_takes_new_articles(folder, tmp_path):
    directory = shutil.copytree(folder, tmp_path / "index")
    with IndexWriter(directory, workers=1) as writer:
        writer.add(Article(id="bai-9", headline="Giá xăng", body="Giá xăng giảm."))
    snapshot = Snapshot.open(directory)
    matching = Executor(snapshot, make_schema()).matching(wq.Term("body", "gia")).tolist()
    assert [load_article(snapshot.stored(doc)).id for doc in matching] == ["bai-0", "bai-9"]


if __name__ == "__main__":
    write(Path(sys.argv[1]))
