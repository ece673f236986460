"""Transactions on an index: what is committed stays, what is not never shows."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh.index import LockError

from index.analysis import Analyser
from index.article import Article
from index.build.writing import runs
from index.build.writing import writer as writer_module
from index.build.writing.writer import IndexWriter
from index.errors import BuildError, BuildLocked
from index.snapshot import Snapshot
from index.stored import load_article


def article(number: int, body: str = "") -> Article:
    body = body or f"nội dung {number}"
    return Article(id=f"bai-{number}", headline=f"Tin số {number}", body=body)


def ids(directory: Path) -> list[str]:
    snapshot = Snapshot.open(directory)
    return sorted(
        load_article(leaf.segment.stored(doc)).id
        for leaf in snapshot.leaves
        for doc in range(leaf.segment.doc_count)
        if leaf.alive is None or leaf.alive[doc]
    )


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir() if not path.name.endswith("WRITELOCK")}


def add(directory: Path, *numbers: int) -> None:
    with IndexWriter(directory, workers=1) as writer:
        for number in numbers:
            writer.add(article(number))


def test_what_is_added_is_there_after_the_commit_and_not_before(tmp_path):
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.add(article(1))
        assert not list(tmp_path.glob("*.toc"))
    assert ids(tmp_path) == ["bai-1"]


def test_an_article_takes_the_place_of_the_one_with_its_id(tmp_path):
    add(tmp_path, 1, 2)
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.add(article(1, "bản cũ"))
        writer.add(article(1, "bản mới"))
    assert ids(tmp_path) == ["bai-1", "bai-2"]
    snapshot = Snapshot.open(tmp_path)
    doc = snapshot.find_id("bai-1")
    assert doc is not None
    assert load_article(snapshot.stored(doc)).body == "bản mới"


def test_deleting_says_whether_there_was_such_an_article(tmp_path):
    add(tmp_path, 1, 2)
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.add(article(3))
        assert writer.delete("bai-1")
        assert writer.delete("bai-3")
        assert not writer.delete("bai-1")
        assert not writer.delete("bai-9")
    assert ids(tmp_path) == ["bai-2"]


def test_an_index_may_become_empty_and_grow_again(tmp_path):
    add(tmp_path, 1)
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.delete("bai-1")
    assert ids(tmp_path) == []
    assert Snapshot.open(tmp_path).doc_count == 0
    add(tmp_path, 2)
    assert ids(tmp_path) == ["bai-2"]


def test_a_reader_keeps_the_state_that_it_opened(tmp_path):
    add(tmp_path, 1, 2)
    before = Snapshot.open(tmp_path)
    with IndexWriter(tmp_path, workers=1) as writer:
        writer.delete("bai-1")
        writer.add(article(3))
    assert before.doc_count == 2
    assert load_article(before.stored(0)).id == "bai-1"
    assert ids(tmp_path) == ["bai-2", "bai-3"]


@pytest.mark.parametrize("how", ["cancel", "exception"])
def test_what_is_given_up_leaves_nothing_behind(tmp_path, how):
    add(tmp_path, 1)
    before = names(tmp_path)
    if how == "cancel":
        writer = IndexWriter(tmp_path, workers=1)
        writer.add(article(2))
        writer.cancel()
    else:
        with pytest.raises(ZeroDivisionError):
            _fail_in_a_transaction(tmp_path)
    assert names(tmp_path) == before
    assert ids(tmp_path) == ["bai-1"]
    add(tmp_path, 3)
    assert ids(tmp_path) == ["bai-1", "bai-3"]


def _fail_in_a_transaction(directory: Path) -> None:
    with IndexWriter(directory, workers=1) as writer:
        writer.add(article(2))
        writer.delete("bai-1")
        raise ZeroDivisionError


def test_one_writer_at_a_time_and_stock_whoosh_keeps_out_too(tmp_path):
    add(tmp_path, 1)
    with IndexWriter(tmp_path, workers=1):
        with pytest.raises(BuildLocked):
            IndexWriter(tmp_path)
        with pytest.raises(LockError):
            whoosh_index.open_dir(str(tmp_path)).writer()
    IndexWriter(tmp_path).cancel()


def test_many_updates_leave_few_segments_and_no_litter(tmp_path):
    for number in range(40):
        add(tmp_path, number, number + 1)
        assert len(Snapshot.open(tmp_path).leaves) <= 4
    assert ids(tmp_path) == sorted(f"bai-{number}" for number in range(41))
    snapshot = Snapshot.open(tmp_path)
    kept = {leaf.segment.path.name for leaf in snapshot.leaves}
    assert names(tmp_path) == {*kept, f"_MAIN_{snapshot.generation}.toc"}


def test_worker_processes_make_the_same_index(tmp_path, monkeypatch):
    monkeypatch.setattr(writer_module, "BATCH_ARTICLES", 7)
    for name, workers in (("one", 1), ("two", 2)):
        with IndexWriter(tmp_path / name, workers=workers) as writer:
            for number in range(40):
                writer.add(article(number, "tin tức " * (number % 5)))
            writer.add(article(3, "sửa lại"))
    (leaf,), (other,) = (Snapshot.open(tmp_path / name).leaves for name in ("one", "two"))
    assert ids(tmp_path / "one") == ids(tmp_path / "two")
    channels = [each.segment.channel("body") for each in (leaf, other)]
    assert [each.segment.doc_count for each in (leaf, other)] == [40, 40]
    for fold in range(len(leaf.segment.terms.folds)):
        first, second = (channel.postings(fold) for channel in channels)
        assert first.docs.tolist() == second.docs.tolist()
        assert first.tf.tolist() == second.tf.tolist()


def _build_with_workers(directory: Path) -> None:
    with IndexWriter(directory, workers=2) as writer:
        for number in range(20):
            writer.add(article(number))


def test_a_worker_that_dies_fails_the_build_and_frees_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(writer_module, "BATCH_ARTICLES", 3)
    monkeypatch.setattr(runs._Worker, "_SERVE", "raise SystemExit(1)")
    with pytest.raises(BuildError, match="worker"):
        _build_with_workers(tmp_path)
    assert names(tmp_path) == set()
    IndexWriter(tmp_path).cancel()


def test_a_worker_that_was_dead_before_it_was_told_anything_is_named_and_ended(monkeypatch):
    monkeypatch.setattr(runs._Worker, "_SERVE", "raise SystemExit(1)")
    worker = runs._Worker(runs.train_profile([], Analyser()))
    worker._process.wait()
    with pytest.raises(BuildError, match="has died"):
        worker.make(runs.Run(Path("run"), [b"{}"], statistics=None, number=0))
    worker.end()
    assert worker._send.closed
    assert worker._receive.closed


def test_a_full_disk_is_said_and_the_old_index_goes_on_serving(tmp_path):
    """A limit on the size of files stands in for the disk: writing fails with an OSError, too."""
    add(tmp_path, 1, 2)
    before = names(tmp_path)
    script = """
        import resource, signal, sys
        from pathlib import Path
        from index.article import Article
        from index.errors import BuildError
        from index.build.writing.writer import IndexWriter
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
        try:
            with IndexWriter(Path(sys.argv[1]), workers=1) as own:
                own.add(Article(id="3", headline="Tin", body="mới"))
        except BuildError as error:
            print(error)
    """
    said = _python(script, tmp_path)
    assert "cannot be written" in said
    assert names(tmp_path) == before
    assert ids(tmp_path) == ["bai-1", "bai-2"]
    add(tmp_path, 3)
    assert ids(tmp_path) == ["bai-1", "bai-2", "bai-3"]


KILLED = int(os.environ.get("TIMBAO_KILLS", "12"))


def test_a_writer_killed_at_any_moment_loses_nothing_and_shows_nothing_unfinished(tmp_path):
    """A dozen kills here; ``TIMBAO_KILLS=200`` tries more (docs/index-format.md)."""
    script = """
        import sys
        from pathlib import Path
        from index.article import Article
        from index.build.writing.writer import IndexWriter
        for number in range(10_000):
            with IndexWriter(Path(sys.argv[1]), workers=1) as own:
                own.delete(f"bai-{number - 5}")
                for copy in range(2):
                    own.add(Article(id=f"bai-{number}", headline="Tin", body="chữ " * number))
            print(number, flush=True)
    """
    source = random.Random(1)
    for _ in range(KILLED):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or "." for entry in sys.path)},
        )
        assert process.stdout is not None
        last = -1
        for _ in range(source.randrange(2, 9)):
            last = int(process.stdout.readline())
        # Wait for no line more: somewhere in the next transaction.
        for _ in range(source.randrange(20_000)):
            pass
        os.kill(process.pid, signal.SIGKILL)
        rest = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        last = max([last, *map(int, rest)])
        held = ids(tmp_path)
        committed = [f"bai-{number}" for number in range(max(0, last - 4), last + 1)]
        uncommitted = [f"bai-{number}" for number in range(max(0, last - 3), last + 2)]
        # The last transaction may have been committed and not yet have said so.
        assert held in (sorted(committed), sorted(uncommitted))
        IndexWriter(tmp_path).cancel()
        kept = {leaf.segment.path.name for leaf in Snapshot.open(tmp_path).leaves}
        assert {name for name in names(tmp_path) if not name.endswith(".toc")} == kept
        for path in list(tmp_path.iterdir()):
            path.unlink()


def _python(script: str, *arguments: object) -> str:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or "." for entry in sys.path)},
        check=True,
    ).stdout
