"""A build killed at any moment: the old index serves, no process goes on, the next one cleans up.

Twenty kills here; ``TIMBAO_KILLS=200 pytest tests/index/build/test_kills.py`` tries more.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from index.build.rebuild import rebuild
from index.snapshot import Snapshot
from index.storage.builds import BUILDS_NAME, current_build, verify_checksums
from index.storage.manifest import MANIFEST_NAME, build_files
from index.stored import load_article

KILLS = int(os.environ.get("TIMBAO_KILLS", "20"))
LONGEST_MS = 300
"""A kill comes up to so long after the operation on files that it was meant for."""

BUILD = """
import os, signal, sys, threading
from pathlib import Path
from index.build.writing import writer
from index.build.rebuild import rebuild

writer.BATCH_ARTICLES = 30
index_dir, source, workers, last, delay = sys.argv[1:]
writer.processors = lambda: int(workers)
events = 0

def watch(event, arguments):
    global events
    if event in {"open", "os.rename", "os.remove", "os.mkdir", "subprocess.Popen"}:
        events += 1
        if events == int(last):
            kill = lambda: os.kill(os.getpid(), signal.SIGKILL)
            threading.Timer(int(delay) / 1e3, kill).start()

sys.addaudithook(watch)
rebuild(Path(index_dir), [Path(source)])
print(events)
os._exit(0)
"""


def write_source(path: Path, name: str, count: int) -> set[str]:
    ids = [f"{name}-{number}" for number in range(count)]
    lines = (
        orjson.dumps(
            {"id": article_id, "title": f"Tin {article_id}", "body": "Nội dung bài viết. " * 9}
        )
        for article_id in ids
    )
    path.write_bytes(b"\n".join(lines))
    return set(ids)


def run_build(index_dir: Path, source: Path, last: int, delay: int) -> str:
    """Build in a process of its own; returns when it and all its children have ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, index_dir, source, "2", str(last), str(delay)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or "." for entry in sys.path)},
    )
    # Its children share its standard error, so this ends when the last of them does.
    said, problems = process.communicate(timeout=60)
    assert not problems
    return said


def served_ids(index_dir: Path) -> set[str]:
    build = current_build(index_dir)
    verify_checksums(build)
    snapshot = Snapshot.open(build.path)
    return {load_article(snapshot.stored(doc)).id for doc in range(snapshot.doc_count_all)}


def assert_no_litter(index_dir: Path) -> None:
    for build in (index_dir / BUILDS_NAME).iterdir():
        assert (build / MANIFEST_NAME).is_file()
        kept = {name for name, _ in build_files(build)}
        assert kept <= {*orjson.loads((build / MANIFEST_NAME).read_bytes())["files"]}
        assert not [path for path in build.rglob("*") if path.is_dir()]


@pytest.fixture
def operations(tmp_path) -> int:
    """How many operations on files the parent makes in a whole build."""
    write_source(tmp_path / "whole.jsonl", "whole", 150)
    return int(run_build(tmp_path / "whole", tmp_path / "whole.jsonl", 0, 0))


def test_a_build_killed_at_any_moment_leaves_the_old_index_or_the_new_one(tmp_path, operations):
    index_dir, small, large = tmp_path / "index", tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    source = random.Random(KILLS)
    outcomes = {"old": 0, "new": 0}
    for number in range(KILLS):
        old = write_source(small, f"cu{number}", 3)
        rebuild(index_dir, [small])
        assert_no_litter(index_dir)
        new = write_source(large, f"moi{number}", 150)
        run_build(
            index_dir, large, source.randrange(1, operations + 1), source.randrange(LONGEST_MS)
        )
        held = served_ids(index_dir)
        assert held in (old, new)
        outcomes["old" if held == old else "new"] += 1
    rebuild(index_dir, [small])
    assert_no_litter(index_dir)
    assert outcomes["old"]
