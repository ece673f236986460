"""A rebuild goes on where a killed one was, whatever has changed in between."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from index.analysis import FINGERPRINT
from index.build.rebuild import RebuildOptions, rebuild, update
from index.build.writing.writer import BATCH_ARTICLES
from index.snapshot import Snapshot
from index.storage.builds import UNFINISHED_NAME, current_build, current_id, verify_checksums
from index.stored import load_article

ARTICLES = BATCH_ARTICLES + 500
KILLED_WHEN_A_SEGMENT_IS_WHOLE = """
import os, signal, sys, threading
from pathlib import Path
from index.codec.segment.file import SegmentFile
from index.errors import IndexDamaged
from index.build.rebuild import rebuild
from index.build.source_reader import Stage

def is_whole(segment):
    try:
        return SegmentFile(segment).doc_count > 1000
    except IndexDamaged:
        return False

def kill(progress):
    if progress.stage is Stage.WRITING:
        while not any(map(is_whole, Path(sys.argv[1]).glob("builds/*/MAIN_*.timbao"))):
            threading.Event().wait(0.01)
        os.kill(os.getpid(), signal.SIGKILL)

rebuild(Path(sys.argv[1]), [Path(sys.argv[2])], progress=kill)
"""


def line(number: int, text: str = "như cũ") -> bytes:
    record = {"id": f"bai-{number}", "title": f"Bài {number}", "body": f"{text} {number}"}
    return orjson.dumps(record) + b"\n"


def ids(index_dir: Path) -> set[str]:
    build = current_build(index_dir)
    verify_checksums(build)
    snapshot = Snapshot.open(build.path)
    assert build.manifest.articles == snapshot.doc_count
    return {
        leaf.segment.values("id").value(doc)
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    }


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source and an index whose first rebuild was killed."""
    folder = tmp_path_factory.mktemp("killed")
    (folder / "a.jsonl").write_bytes(b"".join(map(line, range(ARTICLES))))
    arguments = [str(folder / "index"), str(folder / "a.jsonl")]
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WHEN_A_SEGMENT_IS_WHOLE, *arguments], check=False
    )
    assert done.returncode == -signal.SIGKILL
    return folder


def copy(killed: Path, to: Path) -> Path:
    """The same for one test; names the source as it was named."""
    shutil.copytree(killed / "index", to / "index")
    return to / "index"


def test_what_was_finished_is_taken_over(killed: Path, tmp_path: Path) -> None:
    index_dir = copy(killed, tmp_path)
    report = rebuild(index_dir, [killed / "a.jsonl"])
    assert 1000 < report.resumed < ARTICLES
    assert report.read == report.indexed == ARTICLES
    assert ids(index_dir) == {f"bai-{number}" for number in range(ARTICLES)}
    left = [path.name for path in (index_dir / "builds").iterdir()]
    assert left == [current_id(index_dir)]
    assert update(index_dir, [killed / "a.jsonl"]).unchanged == ARTICLES


def test_a_source_that_has_changed_is_read_as_it_is(killed: Path, tmp_path: Path) -> None:
    index_dir = copy(killed, tmp_path)
    source = killed / "a.jsonl"
    before = source.read_bytes()
    try:
        source.write_bytes(b"".join(line(n, "nay đã khác") for n in range(5, 300)))
        report = rebuild(index_dir, [source])
    finally:
        source.write_bytes(before)
    assert 1000 < report.resumed < ARTICLES
    assert report.indexed == 295
    assert ids(index_dir) == {f"bai-{number}" for number in range(5, 300)}
    snapshot = Snapshot.open(current_build(index_dir).path)
    doc = snapshot.find_id("bai-7")
    assert doc is not None
    assert load_article(snapshot.stored(doc)).body == "nay đã khác 7"


@pytest.mark.parametrize("what", ["other sources", "other analysis", "no note"])
def test_what_does_not_fit_is_removed(what: str, killed: Path, tmp_path: Path) -> None:
    index_dir = copy(killed, tmp_path)
    source = killed / "a.jsonl"
    (note,) = index_dir.glob(f"builds/*/{UNFINISHED_NAME}")
    if what == "other sources":
        source = tmp_path / "b.jsonl"
        source.write_bytes(line(1))
    elif what == "other analysis":
        note.write_bytes(note.read_bytes().replace(FINGERPRINT.encode(), b"other"))
    else:
        note.unlink()
    report = rebuild(index_dir, [source], RebuildOptions(limit=10))
    assert report.resumed == 0
    assert [path.name for path in (index_dir / "builds").iterdir()] == [current_id(index_dir)]


def test_a_segment_with_a_wrong_byte_is_not_taken_over(killed: Path, tmp_path: Path) -> None:
    index_dir = copy(killed, tmp_path)
    for segment in index_dir.glob("builds/*/MAIN_*.timbao"):
        with segment.open("r+b") as file:
            file.seek(200)
            byte = file.read(1)
            file.seek(200)
            file.write(bytes([byte[0] ^ 1]))
    assert rebuild(index_dir, [killed / "a.jsonl"], RebuildOptions(limit=10)).resumed == 0
