"""A table of contents names segments and runs no code; what is damaged is named."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh.fields import ID, Schema
from whoosh.index import TOC

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.codec.table_of_contents import INDEX_NAME, read_contents, write_contents
from index.codec.whoosh_codec import ArraySegment
from index.errors import IndexDamaged, IndexMissing
from index.schema import make_schema
from index.snapshot import Snapshot


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.add(Article(id="1", headline="Tin", body="nội dung"))
    return tmp_path


def test_where_there_is_no_index_that_is_said(tmp_path):
    with pytest.raises(IndexMissing, match=str(tmp_path)):
        Snapshot.open(tmp_path)
    with pytest.raises(IndexMissing):
        Snapshot.open(tmp_path / "nowhere")


class _Evil:
    def __reduce__(self):
        return (Path.touch, (Path("touched"),))


def test_a_crafted_table_of_contents_runs_nothing(directory, monkeypatch):
    monkeypatch.chdir(directory)
    toc = TOC(make_schema(), [_Evil()], 2)  # type: ignore[list-item]
    toc.write(whoosh_index.open_dir(str(directory)).storage, INDEX_NAME)
    with pytest.raises(IndexDamaged, match=r"_MAIN_2\.toc.*has no place"):
        Snapshot.open(directory)
    assert not Path("touched").exists()


def test_segments_of_stock_whoosh_are_refused(tmp_path):
    with whoosh_index.create_in(str(tmp_path), Schema(id=ID(stored=True))).writer() as writer:
        writer.add_document(id="1")
    with pytest.raises(IndexDamaged, match="toc"):
        Snapshot.open(tmp_path)


@pytest.mark.parametrize("keep", [0, 5, 40, -20])
def test_a_table_of_contents_cut_short_is_named(directory, keep):
    (toc,) = directory.glob("*.toc")
    toc.write_bytes(toc.read_bytes()[:keep])
    with pytest.raises(IndexDamaged, match=toc.name):
        Snapshot.open(directory)


def test_a_missing_segment_is_named(directory):
    (segment,) = directory.glob("*.timbao")
    segment.unlink()
    with pytest.raises(IndexDamaged, match=segment.name):
        Snapshot.open(directory)


def test_deletions_come_back(directory):
    segment = ArraySegment(INDEX_NAME)
    segment.set_doc_count(5)
    segment.delete_document(3)
    segment.delete_document(1)
    write_contents(directory, make_schema(), [segment], 7)
    contents = read_contents(directory)
    assert contents.generation == 7
    assert contents.deleted[0].tolist() == [1, 3]
    assert contents.paths == [segment.path(directory)]
    assert pickle.loads(pickle.dumps(segment)).segment_id() == segment.segment_id()
