"""Builds are switched under searches that never pause; the new one shows at once."""

from __future__ import annotations

import gc
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from index.build.publishing.applying import serve_former
from index.build.rebuild import rebuild, update
from index.storage.builds import current_build, current_id, locked_for_rebuilding
from index.storage.journal import Change, Journal, Request
from search import IndexUnavailable, SearchEngine, SearchRequest

MAPS = Path("/proc/self/maps")

PATIENCE = 60
"""Seconds; nothing takes so long but on a machine that is busy with something else."""


def write(path: Path, *words: str) -> Path:
    records = [
        {"id": word, "title": f"Bản tin {word}", "body": f"Tin về {word}."} for word in words
    ]
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


@contextmanager
def searches(engine: SearchEngine) -> Iterator[list[BaseException]]:
    """Search from four threads meanwhile; what raised."""
    wrong: list[BaseException] = []
    stop, answered = threading.Event(), [0]

    def search() -> None:
        try:
            while not stop.is_set():
                assert engine.search(SearchRequest(query="bản tin")).total > 0
                answered[0] += 1
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        assert answered[0] > 0


def found(engine: SearchEngine, word: str) -> int:
    return engine.search(SearchRequest(query=word, verbatim=True)).total


def wait_for(engine: SearchEngine, build: str) -> None:
    """Until a build answers."""
    pause = threading.Event()
    for _ in range(PATIENCE * 100):
        if engine.build == build:
            return
        pause.wait(0.01)
    raise AssertionError(f"still build {engine.build}")


def test_a_server_takes_another_build_by_itself_and_ready(tmp_path: Path) -> None:
    index_dir, source = tmp_path / "index", tmp_path / "a.jsonl"
    rebuild(index_dir, [write(source, "một", "hai")])
    with SearchEngine.open(index_dir) as engine:
        engine.follow()
        with searches(engine) as wrong:
            for words in (("hai", "ba"), ("ba", "bốn"), ("bốn", "năm")):
                update(index_dir, [write(source, *words)])
                wait_for(engine, current_id(index_dir))
                assert [found(engine, f'"về {word}"') for word in words] == [1, 1]
    assert wrong == []


def test_switches_fail_no_search_and_show_at_once(tmp_path: Path) -> None:
    index_dir, source = tmp_path / "index", tmp_path / "a.jsonl"
    rebuild(index_dir, [write(source, "một", "hai")])
    with SearchEngine.open(index_dir) as engine, searches(engine) as wrong:
        for words in (("hai", "ba"), ("ba", "bốn"), ("bốn", "năm")):
            update(index_dir, [write(source, *words)])
            assert engine.build == current_id(index_dir)
            assert [found(engine, f'"về {word}"') for word in words] == [1, 1]
            rebuild(index_dir, [source])
            assert engine.build == current_id(index_dir)
        with locked_for_rebuilding(index_dir):
            serve_former(index_dir)
        assert engine.build == current_id(index_dir)
        assert found(engine, '"về năm"') == 1
    assert wrong == []


def test_a_damaged_build_is_not_followed_and_the_next_whole_one_is(tmp_path: Path) -> None:
    index_dir, source = tmp_path / "index", tmp_path / "a.jsonl"
    rebuild(index_dir, [write(source, "một")])
    served = current_build(index_dir)
    with SearchEngine.open(index_dir) as engine, searches(engine) as wrong:
        for number, damage in enumerate(
            (lose_a_segment, cut_a_segment, garble_the_contents, flip_a_suggestion)
        ):
            broken = index_dir / "builds" / f"9999010{number + 1}T000000Z-broken"
            shutil.copytree(served.path, broken)
            damage(broken)
            (index_dir / "current").write_text(broken.name, "utf-8")
            assert engine.build == served.id
            assert found(engine, '"về một"') == 1
            shutil.rmtree(broken)
        (index_dir / "current").write_text(served.id, "utf-8")
        rebuild(index_dir, [write(source, "hai")])
        assert engine.build == current_id(index_dir)
    assert wrong == []


def lose_a_segment(build: Path) -> None:
    next(build.glob("*.timbao")).unlink()


def cut_a_segment(build: Path) -> None:
    segment = next(build.glob("*.timbao"))
    segment.write_bytes(segment.read_bytes()[:-100])


def garble_the_contents(build: Path) -> None:
    contents = next(build.glob("*.toc"))
    contents.write_bytes(bytes(len(contents.read_bytes())))


def flip_a_suggestion(build: Path) -> None:
    content = bytearray((build / "suggestions").read_bytes())
    content[-65] ^= 0x20
    (build / "suggestions").write_bytes(content)


@pytest.fixture
def no_garbage_collection() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.skipif(not MAPS.exists(), reason="tells of open files on Linux only")
@pytest.mark.usefixtures("no_garbage_collection")
def test_files_of_builds_no_longer_served_are_let_go_at_once(tmp_path: Path) -> None:
    index_dir, source = tmp_path / "index", tmp_path / "a.jsonl"
    queries = ("bản tin", "ban tin", "bna tin", '"về một"', "một -hai", "m*", "một~", "tieude:hai")
    rebuild(index_dir, [write(source, "một", "hai")])
    with SearchEngine.open(index_dir) as engine:
        for _ in range(3):
            for query in queries:
                engine.search(SearchRequest(query=query))
            engine.suggest("bản")
            engine.related("một", 3)
            rebuild(index_dir, [source])
        engine.search(SearchRequest(query="bản tin"))
        # The current one, and the one before for readers on their second page.
        builds = index_dir / "builds"
        open_builds = set(re.findall(re.escape(f"{builds}/") + "([^/]+)/", MAPS.read_text()))
        assert engine.build in open_builds
        assert len(open_builds) == 2


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_server_settles_for_the_build_before_unless_that_shows_what_was_withdrawn(
    withdrawn: bool, tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    rebuild(index_dir, [write(tmp_path / "a.jsonl", "mot", "hai")])
    former = current_id(index_dir)
    if withdrawn:
        Journal(index_dir).take(Request("withdraw", [Change("mot", None)], 0, b"[]"))
    rebuild(index_dir, [write(tmp_path / "a.jsonl", "mot", "hai", "ba")])
    shutil.rmtree(current_build(index_dir).path)
    with pytest.raises(IndexUnavailable):
        SearchEngine.open(index_dir)
    with SearchEngine.open(index_dir, settles=True) as engine:
        if withdrawn:
            for _ in range(2):
                with pytest.raises(IndexUnavailable, match=r"manifest\.json"):
                    engine.search(SearchRequest(query="tin"))
        else:
            page = engine.search(SearchRequest(query="tin"))
            assert (page.build, page.total) == (former, 2)
        rebuild(index_dir, [write(tmp_path / "a.jsonl", "mot", "hai", "ba", "bon")])
        page = engine.search(SearchRequest(query="tin"))
        assert (page.build, page.total) == (current_id(index_dir), 3 if withdrawn else 4)
