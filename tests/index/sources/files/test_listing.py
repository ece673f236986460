"""Folders are walked in a fixed order, and what is odd in them is reported or left out."""

from __future__ import annotations

import gzip
import os
import subprocess
import threading
from pathlib import Path

import pytest

from index.errors import RecordError
from index.sources import SourceFile, find_files
from tests.index.sources.reading import articles, reasons

TEXT = "Tiêu đề bài\n\nNội dung của bài."


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT)


def listed(root: Path) -> list[str]:
    return [
        item.path.relative_to(root).as_posix() if isinstance(item, SourceFile) else item.reason
        for item in find_files([root])
    ]


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    make(tmp_path, "b/2.txt", "b/10.txt", "a.txt", "c.txt")
    assert listed(tmp_path) == ["a.txt", "b/10.txt", "b/2.txt", "c.txt"]


def test_hidden_files_and_notes_about_a_folder_are_left_out(tmp_path: Path) -> None:
    make(
        tmp_path, ".git/x.txt", ".an.txt", "README.md", "readme", "LICENSE", "License.txt", "a.txt"
    )
    assert listed(tmp_path) == ["a.txt"]


def test_loops_of_links_are_reported_and_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert listed(tmp_path) == ["a/1.txt", "link-loop", "link-loop"]


def test_no_file_is_read_twice_by_two_ways(tmp_path: Path) -> None:
    make(tmp_path, "a/1.txt")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    (tmp_path / "c.txt").symlink_to(tmp_path / "a" / "1.txt")
    assert listed(tmp_path) == ["a/1.txt"]
    assert len(list(find_files([tmp_path, tmp_path / "a", tmp_path / "a" / "1.txt"]))) == 1


def test_a_link_to_nothing_and_an_empty_folder_are_reported(tmp_path: Path) -> None:
    assert listed(tmp_path) == ["no-files"]
    (tmp_path / "a").symlink_to(tmp_path / "missing")
    assert listed(tmp_path) == ["unreadable"]


def test_what_is_not_a_file_is_left_alone_in_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    os.mkfifo(tmp_path / "pipe")
    assert listed(tmp_path) == ["a.txt"]


def test_a_folder_nested_a_thousand_deep_is_walked(tmp_path: Path) -> None:
    home = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            Path("d").mkdir()
            os.chdir("d")
        Path("a.txt").write_text(TEXT)
        files = list(find_files([tmp_path]))
    finally:
        os.chdir(home)
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # too deep for pytest to remove
    assert len(files) == 1


def test_a_pipe_that_a_person_names_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(
        target=lambda: pipe.write_bytes(b'{"title": "A", "text": "B"}\n{"title": "C"}\n')
    )
    writer.start()
    outcomes = reasons(pipe)
    writer.join()
    assert outcomes == ["", "no-body"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"", "empty-file"),
        ("a.txt", b" \n\n", "empty-file"),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "unknown-kind"),
        ("a.css", b"body { color: red }", "unknown-kind"),
        ("a.html", b"\0\1\2\3" * 50, "unknown-kind"),
        ("a.txt", b"Ti\xf1\xe9u \xa8\xb0 \x81\x8d\x90 b\xe0i \xff\xfe" * 40, "unknown-encoding"),
        ("a.txt.gz", b"\x1f\x8b\x08\0\0\0", "damaged-file"),
        ("a.md", "# Chỉ có tiêu đề\n".encode(), "no-body"),
    ],
)
def test_a_file_that_holds_no_article_is_named(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    make(tmp_path, "good.txt")
    (tmp_path / name).write_bytes(content)
    assert sorted(reasons(tmp_path)) == ["", reason]


def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    outcomes = [
        item for item in find_files([tmp_path / "a.txt" / "below"]) if isinstance(item, RecordError)
    ]
    assert [error.reason for error in outcomes] == ["unreadable"]


@pytest.mark.parametrize("suffix", ["", ".gz", ".GZ"])
def test_a_compressed_file_is_of_the_kind_it_would_be(suffix: str, tmp_path: Path) -> None:
    content = "# Bài Markdown\n\nNội **dung**.".encode()
    (tmp_path / f"a.md{suffix}").write_bytes(gzip.compress(content) if suffix else content)
    assert [article.body for article in articles(tmp_path)] == ["Nội dung."]


def test_kinds_are_told_apart_in_one_folder(tmp_path: Path) -> None:
    make(tmp_path, "plain.txt")
    (tmp_path / "a.md").write_text("# Bài Markdown\n\nNội dung.")
    (tmp_path / "b.html").write_text(
        "<html><body><h1>Bài trên trang mạng</h1><p>Nội dung của bài, đủ dài để là một đoạn văn "
        "mà người đọc nhận ra.</p></body></html>"
    )
    (tmp_path / "unnamed").write_text('{"title": "Bài JSON", "text": "Nội dung."}\n')
    assert [article.headline for article in articles(tmp_path)] == [
        "Bài Markdown",
        "Bài trên trang mạng",
        "Tiêu đề bài",
        "Bài JSON",
    ]


def test_a_path_that_the_system_refuses_is_reported(tmp_path: Path) -> None:
    assert listed(tmp_path / ("d" * 300)) == ["unreadable"]
