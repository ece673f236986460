"""Threads that search while a writer commits meet no error and no wrong answer."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from whoosh import query as wq

from index.article import Article
from index.build.writing.writer import IndexWriter
from index.schema import make_schema
from index.snapshot import Snapshot
from index.stored import load_article
from search.backends.whoosh.execution import Executor

THREADS = 8
SEARCHES = 1_000
STEADY = 60
"""Articles that stay as they are; others come and go around them."""

QUERIES = [
    wq.And([wq.Term("body", "gia"), wq.Term("body", "vang")]),
    wq.Or([wq.Term("body", "gia"), wq.Term("body", "bao"), wq.Term("body_accents", "bão")]),
    wq.Phrase("body", ["gia", "vang"]),
    wq.Prefix("body", "va"),
    wq.AndNot(wq.Term("body", "bao"), wq.Term("body", "gia")),
]


def _steady(number: int) -> Article:
    body = ["giá vàng tăng", "bão số ba", "giá của vàng", "bão giá vàng"][number % 4]
    return Article(id=f"co-dinh-{number}", headline="Tin", body=body)


def _answers(snapshot: Snapshot, executor: Executor) -> list[list[str]]:
    """For each query the steady articles found, which no commit of the writer changes."""
    found = []
    for query in QUERIES:
        docs = executor.search(query, limit=1_000).docs.tolist()
        names = (load_article(snapshot.stored(doc)).id for doc in docs)
        found.append(sorted(name for name in names if name.startswith("co-dinh")))
    return found


def _run_all(workers: list[Callable[[], None]]) -> list[BaseException]:
    errors: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.parametrize("shared", [True, False], ids=["one-executor", "the-newest"])
def test_threads_get_right_answers_while_a_writer_commits(tmp_path: Path, shared: bool):
    with IndexWriter(tmp_path, workers=1) as writer:
        for number in range(STEADY):
            writer.add(_steady(number))
    snapshot = Snapshot.open(tmp_path)
    executor = Executor(snapshot, make_schema())
    expected = _answers(snapshot, executor)
    assert all(expected)
    done = threading.Event()

    def write() -> None:
        source = random.Random(1)
        while not done.is_set():
            with IndexWriter(tmp_path, workers=1) as writer:
                for _ in range(5):
                    number = source.randrange(40)
                    writer.delete(f"di-{source.randrange(40)}")
                    writer.add(Article(id=f"di-{number}", headline="Tin", body="giá vàng bão"))

    def search() -> None:
        for number in range(SEARCHES // len(QUERIES)):
            if shared:
                assert _answers(snapshot, executor) == expected
            elif number % 20 == 0:
                newest = Snapshot.open(tmp_path)
                assert _answers(newest, Executor(newest, make_schema())) == expected

    def search_then_stop(barrier: threading.Barrier) -> Callable[[], None]:
        def work() -> None:
            try:
                search()
            finally:
                barrier.wait()
                done.set()

        return work

    barrier = threading.Barrier(THREADS)
    errors = _run_all([write, *(search_then_stop(barrier) for _ in range(THREADS))])
    assert not errors
