"""Whatever room a disk has: the new index is whole, or the old one serves on and the message helps.

On a real small disk where one may be mounted; elsewhere a limit on the size of every file stands in
for it: writing fails with an OSError, too.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from index.build.rebuild import RebuildOptions, rebuild, update
from index.build.report.report import Report
from index.build.writing import writer
from index.errors import BuildError
from index.sources.web.page_cache import CachedPage, PageCache
from index.storage.builds import BUILDS_NAME, current_build, current_id, verify_checksums
from index.storage.disk_space import MOST_AT_ONCE, RoomWatch, require_room, written
from index.storage.durable import reserve
from search import SearchEngine, SearchRequest

Work = Callable[[Path, list[Path]], Report]
KILOBYTE = 1_000
DISK = 6_000 * KILOBYTE
PAGE = CachedPage("https://bao.example/", 4e9, "", "", "", b"trang " * 9)


class Disk:
    """A small disk, and how much room it has."""

    def __init__(self, path: Path, *, mounted: bool) -> None:
        self.path = path
        self.mounted = mounted

    @contextmanager
    def left(self, room: int) -> Iterator[None]:
        """Leave no more than so many bytes meanwhile."""
        if not self.mounted:
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            return
        ballast = self.path / "ballast"
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(self.path).free - room)
        try:
            yield
        finally:
            ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() == 0 and mount is not None and unmount is not None:
        asked = [mount, "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(path)]
        if subprocess.run(asked, check=False, capture_output=True).returncode == 0:
            try:
                yield Disk(path, mounted=True)
            finally:
                subprocess.run([unmount, "-l", str(path)], check=True)
            return
    yield Disk(path, mounted=False)


def articles(count: int, seed: int = 1) -> dict[str, str]:
    chance = random.Random(seed)
    words = [
        f"{onset}{rime}" for onset in "bcdghlmnt" for rime in ("an", "eng", "ich", "ong", "ung")
    ]
    return {f"bai-{n}": " ".join(chance.choices(words, k=150)) for n in range(count)}


def write(path: Path, bodies: dict[str, str]) -> Path:
    records = [{"id": n, "title": f"Tin {t[:30]}", "body": t} for n, t in bodies.items()]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


def held(index_dir: Path) -> int:
    """How many articles the index holds, every byte of it checked."""
    build = current_build(index_dir)
    verify_checksums(build)
    return build.manifest.articles


BEFORE = articles(40)
SMALL = articles(3, 4)
STEPS = [0, *(int(4 * KILOBYTE * 1.25**step) for step in range(40))]
WORK = [
    pytest.param(rebuild, SMALL, {**BEFORE, **articles(60, 2)}, id="rebuild"),
    pytest.param(rebuild, BEFORE, articles(45, 2), id="rebuild that is no larger"),
    pytest.param(update, BEFORE, {**BEFORE, "moi": "vừa viết", "bai-3": "đã sửa"}, id="update"),
    pytest.param(update, BEFORE, {**articles(60, 3), "moi": "thêm"}, id="update that derives anew"),
]


@pytest.mark.parametrize(("work", "old", "new"), WORK)
def test_whatever_room_there_is_the_index_is_as_before_or_as_it_should_become(
    work: Work, old: dict[str, str], new: dict[str, str], disk: Disk, tmp_path: Path
) -> None:
    index_dir = disk.path / "index"
    rebuild(index_dir, [write(tmp_path / "before.jsonl", old)])
    source, before = write(tmp_path / "after.jsonl", new), current_id(index_dir)
    failures: list[str] = []
    with SearchEngine.open(index_dir) as engine:
        for room in STEPS:
            with disk.left(room):
                try:
                    work(index_dir, [source])
                except BuildError as error:
                    failures.append(str(error))
                assert engine.search(SearchRequest(query="tin")).build == current_id(index_dir)
            if current_id(index_dir) != before:
                break
            assert held(index_dir) == len(old)
            assert [path.name for path in (index_dir / BUILDS_NAME).iterdir()] == [before]
        assert held(index_dir) == len(new)
        assert engine.build == current_id(index_dir)
    assert failures
    for message in failures:
        assert re.search(r"[Mm]ake room", message)
    assert not [path for path in index_dir.rglob("*") if path.suffix in {".partial", ".new"}]


def test_processes_that_share_a_build_tell_of_a_full_disk_too(
    disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "BATCH_ARTICLES", 30)
    monkeypatch.setattr(writer, "processors", lambda: 2)
    index_dir = disk.path / "index"
    rebuild(index_dir, [write(tmp_path / "before.jsonl", SMALL)])
    source, before = write(tmp_path / "after.jsonl", articles(100)), current_id(index_dir)
    failures: list[str] = []
    for room in (10, 40, 160, 640, 2_560):
        with disk.left(room * KILOBYTE):
            try:
                rebuild(index_dir, [source])
            except BuildError as error:
                failures.append(str(error))
        if current_id(index_dir) != before:
            break
        assert held(index_dir) == len(SMALL)
        assert [path.name for path in (index_dir / BUILDS_NAME).iterdir()] == [before]
    assert failures
    for message in failures:
        assert re.search(r"[Mm]ake room|No space left|File too large", message)
    assert held(index_dir) == 100


def test_room_is_asked_for_before_it_is_used(disk: Disk, tmp_path: Path) -> None:
    if not disk.mounted:
        disk = Disk(tmp_path, mounted=False)
    free = shutil.disk_usage(disk.path).free
    require_room(disk.path, free // 2)
    with pytest.raises(BuildError, match=r"room for .* needs about 1,000,000\.0 MB"):
        require_room(disk.path, 10**12)


def test_what_is_written_counts_without_what_others_share(tmp_path: Path) -> None:
    (tmp_path / "build" / "folder").mkdir(parents=True)
    (tmp_path / "build" / "own").write_bytes(bytes(700))
    (tmp_path / "old").write_bytes(bytes(5_000))
    (tmp_path / "build" / "shared").hardlink_to(tmp_path / "old")
    assert written(tmp_path / "build") == 700


def test_a_build_that_would_not_fit_a_second_time_ends(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    room = RoomWatch(tmp_path)
    room.look()
    with (tmp_path / "run").open("wb") as file:
        file.truncate(2 * free)  # says that it is so long, and takes nothing
        with pytest.raises(BuildError, match="Make room"):
            room.insist()
        with pytest.raises(BuildError, match="Make room"):
            RoomWatch(tmp_path).look()


@pytest.mark.parametrize(
    ("limit", "share", "fits"),
    [(None, 0.9, False), (None, 1.1, True), (4, 0.2, True), (1_000, 0.9, False)],
    ids=["too little", "enough", "for a few articles", "for more than there are"],
)
def test_a_rebuild_asks_first_for_all_that_it_takes_for_a_while(
    limit: int | None,
    share: float,
    fits: bool,
    disk: Disk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index_dir = disk.path / "index"
    source = write(tmp_path / "a.jsonl", BEFORE)
    rebuild(index_dir, [source])
    size = sum(file.bytes for file in current_build(index_dir).manifest.files.values())
    room = int(size * MOST_AT_ONCE * share)
    usage = shutil.disk_usage(disk.path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=room))
    before = current_id(index_dir)
    options = RebuildOptions(limit=limit)
    if fits:
        rebuild(index_dir, [source], options)
        assert current_id(index_dir) != before
    else:
        with pytest.raises(BuildError, match="the build needs about"):
            rebuild(index_dir, [source], options)
        assert held(index_dir) == len(BEFORE)
        assert [path.name for path in (index_dir / BUILDS_NAME).iterdir()] == [before]


def test_a_merge_begins_only_where_its_result_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, texts = tmp_path / "a.jsonl", dict(BEFORE)
    rebuild(tmp_path / "index", [write(source, texts)])
    for number in range(2):
        texts[f"moi-{number}"] = "thêm một bài"
        update(tmp_path / "index", [write(source, texts)])
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=20_000))
    before = current_id(tmp_path / "index")
    with pytest.raises(BuildError, match="the build needs about"):
        update(tmp_path / "index", [write(source, {**texts, "moi-2": "bài làm đầy bậc"})])
    assert current_id(tmp_path / "index") == before
    assert held(tmp_path / "index") == len(texts)


def test_a_file_that_is_mapped_has_room_or_is_refused(disk: Disk) -> None:
    with disk.left(64 * KILOBYTE), (disk.path / "slots").open("w+b") as file:
        reserve(file, 30 * KILOBYTE)
        assert file.seek(0, os.SEEK_END) == 30 * KILOBYTE
        with pytest.raises(OSError, match=r"No space left|File too large"):
            reserve(file, 900 * KILOBYTE)


def test_without_the_system_s_help_a_file_is_reserved_by_writing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "posix_fallocate")
    with (tmp_path / "slots").open("w+b") as file:
        reserve(file, 2_500_000)
    assert (tmp_path / "slots").read_bytes() == bytes(2_500_000)


def test_a_page_that_cannot_be_kept_is_told_and_those_before_it_stay(disk: Disk) -> None:
    path = disk.path / "pages"
    cache = PageCache(path)
    cache.put("https://bao.example/1", PAGE)
    cache.close()
    with disk.left(40 * KILOBYTE):
        page = PAGE._replace(content=random.Random(1).randbytes(400 * KILOBYTE))
        with pytest.raises(BuildError, match="make room"):
            PageCache(path).put("https://bao.example/2", page)
    cache = PageCache(path)
    kept = cache.get("https://bao.example/1")
    assert kept is not None
    assert kept.content == PAGE.content
    assert cache.get("https://bao.example/2") is None
    cache.close()
