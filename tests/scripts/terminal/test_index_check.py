"""Updating, watching, checking and going back, as a person does it at the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from index.build.rebuild import rebuild
from index.snapshot import Snapshot
from index.storage.builds import current_build, current_id

SCRIPT = Path(__file__).parents[3] / "scripts" / "rebuild_index.py"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *map(str, arguments), "--lang", "en"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def write(path: Path, **bodies: str) -> Path:
    records = [{"id": name, "title": f"Bài {name}", "body": text} for name, text in bodies.items()]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    rebuild(tmp_path / "index", [write(tmp_path / "a.jsonl", mot="Một.", hai="Hai.")])
    return tmp_path / "index"


def test_an_update_tells_what_it_did(index_dir: Path, tmp_path: Path) -> None:
    source, report = write(tmp_path / "a.jsonl", mot="Một!", ba="Ba."), tmp_path / "report.json"
    done = run("--index", index_dir, "--update", source, "--report", report)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Updated: 1 added, 1 changed, 1 deleted, 0 unchanged")
    counts = {"added": 1, "changed": 1, "unchanged": 0, "deleted": 1, "kept": 0}
    counts |= {"kept_because": None}
    assert orjson.loads(report.read_bytes())["update"] == counts
    done = run("--index", index_dir, "--update", source)
    assert done.stdout.startswith("Updated: 0 added, 0 changed, 0 deleted, 2 unchanged")


def test_a_whole_index_is_found_whole_and_a_damaged_one_is_not(index_dir: Path) -> None:
    done = run("--index", index_dir, "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "is whole: 2 articles, 2 searched for" in done.stdout
    (file,) = current_build(index_dir).path.glob("*.timbao")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = run("--index", index_dir, "--check")
    assert done.returncode == 1
    assert "checksum" in done.stderr


def test_going_back_serves_the_build_before(index_dir: Path, tmp_path: Path) -> None:
    first = current_id(index_dir)
    rebuild(index_dir, [write(tmp_path / "a.jsonl", bon="Bốn.")])
    assert current_id(index_dir) != first
    done = run("--index", index_dir, "--rollback")
    assert (done.returncode, done.stderr) == (0, "")
    assert first in done.stdout
    assert current_id(index_dir) == first
    done = run("--index", index_dir, "--rollback")
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert current_id(index_dir) == first


@pytest.mark.parametrize(
    "arguments",
    [["--check", "."], ["--rollback", "."], ["--watch", "https://bao.example/"], ["--update"]],
)
def test_modes_refuse_sources_that_they_cannot_use(arguments: list[str], index_dir: Path) -> None:
    assert run("--index", index_dir, *arguments).returncode == 2


def ids(index_dir: Path) -> set[str]:
    snapshot = Snapshot.open(current_build(index_dir).path)
    known = ("mot", "hai", "ba", "bon")
    return {name for name in known if snapshot.find_id(name) is not None}


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None
        threading.Event().wait(0.05)


def test_a_watched_folder_is_followed_until_ctrl_c(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "in", tmp_path / "in" / "index"
    folder.mkdir()
    write(folder / "a.jsonl", mot="Một.")
    command = [sys.executable, str(SCRIPT), "--index", str(index_dir), "--watch", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    try:
        wait_for(lambda: (index_dir / "current").exists(), process)
        assert ids(index_dir) == {"mot"}
        write(folder / "b.jsonl", hai="Hai.")
        wait_for(lambda: ids(index_dir) == {"mot", "hai"}, process)
        (folder / "a.jsonl").unlink()
        wait_for(lambda: ids(index_dir) == {"hai"}, process)
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.wait()
    assert process.returncode == 0
