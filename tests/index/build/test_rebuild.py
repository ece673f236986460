"""A rebuild indexes what it can, names what it cannot, and never harms what is being served."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from whoosh import index as whoosh_index

from index.build.rebuild import RebuildOptions, rebuild
from index.build.report.report import EXAMPLES, Report
from index.build.source_reader import Progress, Stage
from index.errors import BuildError, NothingToIndex, SourceError
from index.storage.builds import current_build, current_id, verify_checksums


def articles_file(path: Path, count: int, start: int = 0) -> Path:
    with path.open("wb") as file:
        for number in range(start, start + count):
            record = {
                "id": f"bai-{number}",
                "title": f"Bài số {number}",
                "body": f"Nội dung của bài thứ {number}, viết để thử.",
            }
            file.write(orjson.dumps(record) + b"\n")
    return path


def ids(index_dir: Path) -> set[str]:
    opened = whoosh_index.open_dir(str(current_build(index_dir).path))
    with opened.searcher() as searcher:
        return {fields["id"] for fields in searcher.all_stored_fields()}


def test_all_articles_are_indexed_and_served(tmp_path: Path) -> None:
    source = articles_file(tmp_path / "a.jsonl", 30)
    report = rebuild(tmp_path / "index", [source])
    assert ids(tmp_path / "index") == {f"bai-{number}" for number in range(30)}
    assert (report.read, report.indexed, report.skipped_total, report.files) == (30, 30, 0, 1)
    assert report.bytes_read == source.stat().st_size
    build = current_build(tmp_path / "index")
    assert report.build == build.id
    assert build.manifest.articles == 30
    assert build.manifest.sources == (str(source),)
    verify_checksums(build)


def test_the_bad_are_named_and_the_rest_is_indexed(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    articles_file(source / "a.jsonl", 3)
    with (source / "a.jsonl").open("ab") as file:
        file.write(b'{"id": "bai-1", "title": "x", "body": "y"}\n{broken\n')
    (source / "empty.txt").touch()
    (source / "loop").symlink_to(source)
    report = rebuild(tmp_path / "index", [source])
    assert ids(tmp_path / "index") == {"bai-0", "bai-1", "bai-2"}
    assert {code: tally.count for code, tally in report.skipped.items()} == {
        "link-loop": 1,
        "duplicate-id": 1,
        "broken-json": 1,
        "empty-file": 1,
    }
    where, message = report.skipped["duplicate-id"].examples[0]
    assert where == f"{source / 'a.jsonl'}:4"
    assert "bai-1" in message
    assert report.read == report.indexed + report.skipped_total


def test_counts_are_exact_and_examples_few(tmp_path: Path) -> None:
    source = articles_file(tmp_path / "a.jsonl", 1)
    with source.open("ab") as file:
        file.write(b"{\n" * 1000)
    report = rebuild(tmp_path / "index", [source])
    assert report.skipped["broken-json"].count == 1000
    assert len(report.skipped["broken-json"].examples) == EXAMPLES


def test_a_limit_stops_reading(tmp_path: Path) -> None:
    source = articles_file(tmp_path / "a.jsonl", 30)
    report = rebuild(tmp_path / "index", [source], RebuildOptions(limit=7))
    assert report.read == report.indexed == 7
    assert len(ids(tmp_path / "index")) == 7


def test_nothing_to_index_changes_nothing(tmp_path: Path) -> None:
    rebuild(tmp_path / "index", [articles_file(tmp_path / "a.jsonl", 2)])
    before = current_id(tmp_path / "index")
    (tmp_path / "bad.jsonl").write_bytes(b"{\n")
    report = Report()
    with pytest.raises(NothingToIndex):
        rebuild(tmp_path / "index", [tmp_path / "bad.jsonl"], report=report)
    assert current_id(tmp_path / "index") == before
    assert [path.name for path in (tmp_path / "index" / "builds").iterdir()] == [before]
    assert report.skipped_total == 1


def test_a_missing_source_is_an_error_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        rebuild(tmp_path / "index", [tmp_path / "missing"])
    assert not (tmp_path / "index").exists()


def test_old_builds_beyond_those_to_keep_are_removed(tmp_path: Path) -> None:
    for number in range(4):
        rebuild(tmp_path / "index", [articles_file(tmp_path / "a.jsonl", 1, number)])
    assert len(list((tmp_path / "index" / "builds").iterdir())) == 2
    rebuild(tmp_path / "index", [tmp_path / "a.jsonl"], RebuildOptions(keep=1))
    assert [path.name for path in (tmp_path / "index" / "builds").iterdir()] == [
        current_id(tmp_path / "index")
    ]


def test_progress_goes_through_its_stages_to_the_end(tmp_path: Path) -> None:
    source = articles_file(tmp_path / "a.jsonl", 50)
    told: list[Progress] = []
    rebuild(tmp_path / "index", [source], progress=told.append)
    stages = [progress.stage for progress in told]
    assert stages == sorted(stages, key=list(Stage).index)
    assert set(stages) == set(Stage)
    assert told[-1].bytes_read == told[-1].bytes_total == source.stat().st_size
    assert told[-1].indexed == 50


def raising(error: BaseException) -> Callable[[Progress], None]:
    def stop(progress: Progress) -> None:
        if progress.stage is not Stage.READING:
            raise error

    return stop


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("x")])
def test_an_interrupted_rebuild_leaves_the_old_one_and_nothing_else(
    error: BaseException, tmp_path: Path
) -> None:
    source = articles_file(tmp_path / "a.jsonl", 5)
    rebuild(tmp_path / "index", [source])
    before = current_id(tmp_path / "index")
    with pytest.raises(type(error)):
        rebuild(tmp_path / "index", [source], progress=raising(error))
    assert [path.name for path in (tmp_path / "index" / "builds").iterdir()] == [before]
    assert len(ids(tmp_path / "index")) == 5


def test_a_killed_rebuild_leaves_the_old_one_serving_and_the_next_cleans_up(tmp_path: Path) -> None:
    index_dir, pipe = tmp_path / "index", tmp_path / "pipe"
    rebuild(index_dir, [articles_file(tmp_path / "a.jsonl", 3)])
    before = current_id(index_dir)
    os.mkfifo(pipe)
    code = (
        "import sys, pathlib; from index.build.rebuild import rebuild\n"
        "rebuild(pathlib.Path(sys.argv[1]), [pathlib.Path(sys.argv[2])])"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(index_dir), str(pipe)])
    with process, pipe.open("wb", buffering=0) as writer:
        line = articles_file(tmp_path / "b.jsonl", 4000, 10).read_bytes()
        writer.write(line)  # more than a pipe holds: when this returns, articles are being indexed
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert len(list((index_dir / "builds").iterdir())) == 2
    assert current_id(index_dir) == before
    assert ids(index_dir) == {"bai-0", "bai-1", "bai-2"}
    rebuild(index_dir, [tmp_path / "b.jsonl"], RebuildOptions(limit=5))
    left = {path.name for path in (index_dir / "builds").iterdir()}
    assert left == {before, current_id(index_dir)}
    assert len(ids(index_dir)) == 5


def small_disk(path: Path) -> bool:
    """Mount a disk of 2 MiB, where that is allowed."""
    path.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        return False
    asked = [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(path)]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def test_a_full_disk_is_told_and_the_old_index_serves_on(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    mounted = small_disk(disk)
    limited = (
        ""
        if mounted
        else "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200000,) * 2)"
    )
    code = (
        f"{limited}\n"
        "import sys, pathlib, signal; from index.errors import BuildError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "from index.build.rebuild import rebuild\n"
        "try:\n"
        "    rebuild(pathlib.Path(sys.argv[1]), [pathlib.Path(sys.argv[2])])\n"
        "except BuildError as error:\n"
        "    print(error); sys.exit(1)"
    )
    try:
        rebuild(disk / "index", [articles_file(tmp_path / "a.jsonl", 3)])
        before = current_id(disk / "index")
        big = tmp_path / "big.jsonl"
        with big.open("wb") as file:
            for number in range(500):
                text = f"{number} " + os.urandom(4000).hex()
                file.write(orjson.dumps({"title": f"Bài {number}", "body": text}) + b"\n")
        command = [sys.executable, "-c", code, str(disk / "index"), str(big)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 1, done.stderr
        assert "room" in done.stdout  # the message says what to do
        assert [path.name for path in (disk / "index" / "builds").iterdir()] == [before]
        assert ids(disk / "index") == {"bai-0", "bai-1", "bai-2"}
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(disk)], check=True)


def test_another_fault_of_the_disk_is_told_with_its_reason(tmp_path: Path) -> None:
    source = articles_file(tmp_path / "a.jsonl", 3)
    fault = OSError(errno.EIO, os.strerror(errno.EIO))
    with pytest.raises(BuildError, match="Input/output error"):
        rebuild(tmp_path / "index", [source], progress=raising(fault))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("b\udce0i.jsonl", "b\\udce0i.jsonl"),  # as Python reads a name that is not UTF-8
        ("b\x1b[31m\ni.jsonl", "b\\x1b[31m\\ni.jsonl"),
        ("b\u202ei.jsonl", "b\\u202ei.jsonl"),
    ],
)
def test_a_file_may_have_any_name(name: str, shown: str, tmp_path: Path) -> None:
    source = articles_file(tmp_path / name, 1)
    with source.open("ab") as file:
        file.write(b"{broken\n")
    report = rebuild(tmp_path / "index", [source])
    assert current_build(tmp_path / "index").manifest.sources == (str(tmp_path / shown),)
    assert report.skipped["broken-json"].examples[0].where == f"{tmp_path / shown}:2"
    assert orjson.loads(report.to_json())["indexed"] == 1


def test_a_value_that_no_utf_8_can_hold_may_stand_in_the_report(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(b'{"title": "x", "body": "y", "date": "\\ud800\\u001b"}\n')
    report = rebuild(tmp_path / "index", [source])
    (example,) = orjson.loads(report.to_json())["incomplete"]["reasons"]["unreadable-date"][
        "examples"
    ]
    assert "\\ud800\\x1b" in example["message"]
