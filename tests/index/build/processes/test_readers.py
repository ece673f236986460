"""Documents are read elsewhere, in their order, and one that takes too much costs itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build.processes import readers
from index.build.processes.readers import Readers
from index.build.rebuild import rebuild
from index.errors import RecordError
from index.sources import Document, Found


def document(name: str, size: int = 0) -> Document:
    body = "Nước lũ về sớm, người dân thấp thỏm chờ tin từ thượng nguồn.\n\n" * (size // 60 + 2)
    return Document("text", f"Lũ về {name}\n\n{body}".encode(), name, {}, "", "")


@pytest.fixture
def pool() -> Iterator[Readers]:
    made = Readers()
    yield made
    made.close()


def test_large_documents_are_read_in_other_processes(pool: Readers) -> None:
    names = [f"{number}.txt" for number in range(20)]
    waiting = [pool.read(document(name, 100_000)) for name in names]
    for name, later in zip(names, waiting, strict=True):
        (outcome,) = later.outcomes()
        assert isinstance(outcome, Found)
        assert (outcome.where, outcome.article.headline) == (name, f"Lũ về {name}")


@pytest.mark.parametrize("lines", [1, 2_000], ids=["short", "long"])
def test_pages_are_indexed_whichever_process_reads_them(tmp_path: Path, lines: int) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    text = "<p>Nước lũ về sớm, người dân thấp thỏm chờ tin từ thượng nguồn số {}.</p>"
    for number in range(6):
        body = "".join(text.format(f"{number}-{line}") for line in range(lines + 3))
        page = f"<html><h1>Lũ về lần thứ {number} trong năm</h1>{body}</html>"
        (folder / f"{number}.html").write_text(page)
    (folder / "x.html").write_text("<html><p>Không có tiêu đề.</p></html>")
    report = rebuild(tmp_path / "index", [folder])
    assert report.indexed == 6
    assert {reason: tally.count for reason, tally in report.skipped.items()} == {"no-headline": 1}


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGPROF])
def test_a_document_on_which_its_reader_ends_costs_itself(end: int, pool: Readers) -> None:
    pool.read(document("a.txt", 100_000)).outcomes()
    for _ in range(pool._idle.qsize()):
        reader = pool._idle.get()
        os.kill(reader._process.pid, end)
        reader._process.wait()
        pool._idle.put(reader)
    (outcome,) = pool.read(document("b.txt", 100_000)).outcomes()
    assert isinstance(outcome, RecordError)
    assert ("processor time" in outcome.message) is (end == signal.SIGPROF)
    assert outcome.where == "b.txt"


def test_a_document_has_so_much_time_as_it_is_large() -> None:
    assert readers._seconds(document("a.txt")) == readers.SECONDS_AT_LEAST
    assert readers._seconds(document("a.txt", 10_000_000)) == pytest.approx(
        readers.SECONDS_A_MEGABYTE * 12, rel=0.3
    )


def test_articles_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(30):
        content = document(f"{number:02}", 90_000 if number % 3 else 0).content
        (folder / f"{number:02}.txt").write_bytes(content)
    assert rebuild(tmp_path / "index", [folder]).indexed == 30
