"""The indexer: applies what comes, derives beside it, and is alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.article import Article
from index.build.publishing import applying, indexer
from index.build.publishing.indexer import DERIVING_NAME, Indexer
from index.language.files import MODEL_NAME
from index.storage.builds import (
    BUILDS_NAME,
    current_build,
    locked_for_rebuilding,
    served_id,
    verify_checksums,
)
from index.storage.journal import JOURNAL_NAME, Change, Journal, Request
from index.stored import dump_article
from search import SearchEngine, SearchRequest

PATIENCE = 120
"""Seconds until something that must happen is given up: no measure of anything."""


def put(index_dir: Path, *names: str) -> None:
    changes = [
        Change(
            name,
            dump_article(
                Article(id=name, headline=f"Phiên chợ {name}", body=f"Người {name} đi chợ phiên.")
            ),
        )
        for name in names
    ]
    Journal(index_dir).take(Request("put", changes, 0, b"[]"))


def wait_until(happened: Callable[[], object]) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE * 20):
        if happened():
            return
        pause.wait(0.05)
    raise AssertionError("it never happened")


@contextmanager
def indexing(index_dir: Path) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=Indexer(index_dir).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def total(index_dir: Path, query: str = "chợ phiên") -> int:
    if not served_id(index_dir):
        return 0
    with SearchEngine.open(index_dir) as engine:
        return engine.search(SearchRequest(query=query)).total


def test_it_begins_an_index_and_goes_on(tmp_path: Path) -> None:
    put(tmp_path, "a")
    with indexing(tmp_path):
        wait_until(lambda: total(tmp_path) == 1)
        put(tmp_path, "b", "c")
        wait_until(lambda: total(tmp_path) == 3)


def test_a_second_one_waits_for_the_first(tmp_path: Path) -> None:
    with indexing(tmp_path):
        put(tmp_path, "a")
        wait_until(lambda: total(tmp_path) == 1)
        with indexing(tmp_path):
            put(tmp_path, "b")
            wait_until(lambda: total(tmp_path) == 2)
    with indexing(tmp_path):
        put(tmp_path, "c")
        wait_until(lambda: total(tmp_path) == 3)


def test_a_rebuild_does_not_keep_it_waiting(tmp_path: Path) -> None:
    put(tmp_path, "a")
    with locked_for_rebuilding(tmp_path), indexing(tmp_path):
        wait_until(lambda: total(tmp_path) == 1)


def test_what_changes_little_is_derived_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "DERIVED_AT_ONCE", 0)
    monkeypatch.setattr(indexer, "DERIVED_AT_ONCE", 0)

    def model() -> int:
        return (current_build(tmp_path).path / MODEL_NAME).stat().st_ino

    with indexing(tmp_path):
        put(tmp_path, "a")
        wait_until(lambda: total(tmp_path) == 1)
        before = model()
        put(tmp_path, *map(str, range(30)))
        wait_until(lambda: model() != before)
        assert current_build(tmp_path).manifest.changed_since_derived < 30
        assert total(tmp_path) == 31
        with SearchEngine.open(tmp_path) as engine:
            assert engine.suggest("phiên chợ")
    verify_checksums(current_build(tmp_path))
    assert not (tmp_path / DERIVING_NAME).exists()
    assert len(list((tmp_path / BUILDS_NAME).iterdir())) == 2


def test_trouble_is_told_once_and_outlasted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer, "_AFTER_TROUBLE", 0.05)
    put(tmp_path, "a")
    good = {path: path.read_bytes() for path in tmp_path.glob(f"{JOURNAL_NAME}*")}
    (tmp_path / JOURNAL_NAME).write_bytes(b"hong " * 999)
    with caplog.at_level(logging.ERROR), indexing(tmp_path):
        wait_until(lambda: caplog.records)
        for path, content in good.items():
            path.write_bytes(content)
        wait_until(lambda: total(tmp_path) == 1)
    assert [record.message.partition(" ")[2][:10] for record in caplog.records] == ["is damaged"]
