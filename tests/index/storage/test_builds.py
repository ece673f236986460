"""Builds: only whole ones are served, a switch is one step, and nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from index.errors import BuildError, BuildLocked, IndexDamaged, IndexIncompatible, IndexMissing
from index.storage.builds import (
    Build,
    clean_up,
    current_build,
    current_id,
    finish_build,
    finished_builds,
    former_build,
    link_build,
    locked_for_rebuilding,
    switch_to,
    unfinished_build,
    verify_checksums,
)
from index.storage.manifest import MANIFEST_NAME, _checksum


def make_build(index_dir: Path, content: bytes = b"terms") -> Build:
    (index_dir / "builds").mkdir(parents=True, exist_ok=True)
    with unfinished_build(index_dir) as path:
        (path / "terms").write_bytes(content)
        (path / "inner").mkdir()
        (path / "inner" / "more").write_bytes(b"")
        build = finish_build(path, articles=3, sources=["bai.jsonl"])
    switch_to(index_dir, build)
    return build


def edit_manifest(build: Build, **changes: object) -> None:
    path = build.path / MANIFEST_NAME
    fields = {**orjson.loads(path.read_bytes()), **changes}
    del fields["sha256"]
    path.write_bytes(orjson.dumps({**fields, "sha256": _checksum(fields)}))


def test_a_finished_build_is_served(tmp_path: Path) -> None:
    build = make_build(tmp_path)
    served = current_build(tmp_path)
    assert served == build
    assert served.manifest.articles == 3
    assert served.manifest.sources == ("bai.jsonl",)
    assert set(served.manifest.files) == {"terms", "inner/more"}
    verify_checksums(served)


def test_nothing_is_served_where_nothing_was_built(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="rebuild_index"):
        current_build(tmp_path)
    with pytest.raises(IndexMissing):
        current_build(tmp_path / "missing")


@pytest.mark.parametrize("content", [b"", b"..", b"../../etc", b"\xff\xfe", b"a/b"])
def test_a_current_that_names_no_build_is_damage(content: bytes, tmp_path: Path) -> None:
    make_build(tmp_path)
    (tmp_path / "current").write_bytes(content)
    with pytest.raises(IndexDamaged):
        current_build(tmp_path)


@pytest.mark.parametrize("name", ["terms", "inner/more", MANIFEST_NAME])
def test_a_missing_file_is_damage(name: str, tmp_path: Path) -> None:
    (make_build(tmp_path).path / name).unlink()
    with pytest.raises(IndexDamaged, match="rebuild"):
        current_build(tmp_path)


def test_a_file_cut_short_is_damage(tmp_path: Path) -> None:
    (make_build(tmp_path).path / "terms").write_bytes(b"ter")
    with pytest.raises(IndexDamaged, match="3 bytes, should be 5"):
        current_build(tmp_path)


def test_a_changed_byte_is_found_by_its_checksum(tmp_path: Path) -> None:
    build = make_build(tmp_path)
    (build.path / "terms").write_bytes(b"tarms")
    with pytest.raises(IndexDamaged, match="checksum"):
        verify_checksums(current_build(tmp_path))
    (build.path / "terms").unlink()
    with pytest.raises(IndexDamaged):
        verify_checksums(build)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"magic": "other"}'])
def test_a_torn_manifest_is_damage(content: bytes, tmp_path: Path) -> None:
    (make_build(tmp_path).path / MANIFEST_NAME).write_bytes(content)
    with pytest.raises(IndexDamaged):
        current_build(tmp_path)


def test_an_edited_manifest_is_damage(tmp_path: Path) -> None:
    path = make_build(tmp_path).path / MANIFEST_NAME
    path.write_bytes(path.read_bytes().replace(b'"articles": 3', b'"articles": 4'))
    with pytest.raises(IndexDamaged, match="checksum"):
        current_build(tmp_path)


@pytest.mark.parametrize("changes", [{"format": 999}, {"analysis": "another"}])
def test_a_build_of_another_version_is_incompatible(
    changes: dict[str, object], tmp_path: Path
) -> None:
    edit_manifest(make_build(tmp_path), **changes)
    with pytest.raises(IndexIncompatible, match="rebuild"):
        current_build(tmp_path)


def test_a_failed_build_leaves_nothing_and_the_old_one_serving(tmp_path: Path) -> None:
    old = make_build(tmp_path)

    def fail() -> None:
        with unfinished_build(tmp_path) as path:
            (path / "half").write_bytes(b"x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert [path.name for path in (tmp_path / "builds").iterdir()] == [old.id]
    assert current_id(tmp_path) == old.id


def test_cleaning_keeps_the_newest_and_the_served_and_removes_unfinished(tmp_path: Path) -> None:
    builds = [make_build(tmp_path, str(number).encode()) for number in range(3)]
    names = sorted(build.id for build in builds)
    by_name = {build.id: build for build in builds}
    (tmp_path / "builds" / "20990101T000000Z-killed").mkdir()
    (tmp_path / "current.0123.new").write_text("half")
    switch_to(tmp_path, by_name[names[0]])
    clean_up(tmp_path, keep=2)
    left = sorted(path.name for path in (tmp_path / "builds").iterdir())
    assert left == [names[0], names[2]]
    assert current_id(tmp_path) == names[0]
    assert not list(tmp_path.glob("*.new"))
    clean_up(tmp_path, keep=1)
    assert [path.name for path in (tmp_path / "builds").iterdir()] == [names[0]]


def test_two_rebuilds_cannot_run_at_once_and_a_dead_one_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from index.storage.builds import locked_for_rebuilding\n"
        "with locked_for_rebuilding(pathlib.Path(sys.argv[1])):\n"
        "    print('locked', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        with (
            pytest.raises(BuildLocked, match="another rebuild"),
            locked_for_rebuilding(tmp_path),
        ):
            pass
        holder.kill()
    with locked_for_rebuilding(tmp_path):
        pass


def test_a_lock_whose_file_is_removed_is_still_held(tmp_path: Path) -> None:
    with locked_for_rebuilding(tmp_path):
        (tmp_path / "rebuild.lock").unlink()
        with pytest.raises(BuildLocked), locked_for_rebuilding(tmp_path):
            pass


def test_a_build_does_not_begin_with_damaged_files(tmp_path: Path) -> None:
    build = make_build(tmp_path)
    (build.path / "terms").write_bytes(b"tarms")
    (tmp_path / "next").mkdir()
    with pytest.raises(IndexDamaged, match=r"terms: its checksum"):
        link_build(build, tmp_path / "next")
    assert not [*(tmp_path / "next").iterdir()]


def test_builds_go_by_their_numbers_and_not_by_the_clock(tmp_path: Path) -> None:
    first = make_build(tmp_path, b"one")
    ahead = first.path.with_name("20990101T000000Z-00000000")
    first.path.rename(ahead)  # as if the clock had been wrong when it was begun
    second, third = make_build(tmp_path, b"two"), make_build(tmp_path, b"three")
    assert finished_builds(tmp_path) == [third.id, second.id, ahead.name]
    assert former_build(tmp_path).id == second.id
    clean_up(tmp_path, keep=2)
    assert finished_builds(tmp_path) == [third.id, second.id]


def test_an_empty_pointer_is_repaired_by_going_to_the_newest_build(tmp_path: Path) -> None:
    make_build(tmp_path, b"one")
    newest = make_build(tmp_path, b"two")
    (tmp_path / "current").write_bytes(b"")
    assert former_build(tmp_path).id == newest.id


def test_a_directory_that_cannot_be_made_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(BuildError, match="cannot hold an index"),
        locked_for_rebuilding(tmp_path / "file" / "index"),
    ):
        pass


def test_a_build_that_was_switched_to_outlives_an_interruption(tmp_path: Path) -> None:
    make_build(tmp_path)
    served: list[Build] = []

    def switch_and_be_interrupted() -> None:
        with unfinished_build(tmp_path) as path:
            served.append(finish_build(path, articles=3, sources=[]))
            switch_to(tmp_path, served[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        switch_and_be_interrupted()
    assert [current_build(tmp_path)] == served


@pytest.mark.parametrize("name", ["builds", "rebuild.lock"])
def test_what_stands_in_the_way_of_an_index_is_named(name: str, tmp_path: Path) -> None:
    if name == "builds":
        (tmp_path / name).write_bytes(b"")
    else:
        (tmp_path / name).mkdir()
    with pytest.raises(BuildError, match=name), locked_for_rebuilding(tmp_path):
        pass


def test_a_current_that_cannot_be_read_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(IndexDamaged, match=r"current: cannot be read \(Is a directory\)"):
        current_id(tmp_path)
