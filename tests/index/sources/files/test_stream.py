"""Streams are decompressed in bounded memory, and damage is told from an end."""

from __future__ import annotations

import fcntl
import gzip
import lzma
import os
import termios
import threading
import tracemalloc
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from index.sources.files.stream import (
    DOCUMENT_LIMIT,
    LINE_LIMIT,
    DamagedStreamError,
    Meter,
    Stream,
    TooLargeError,
    decompressed,
    file_blocks,
)


@contextmanager
def open_stream(path: Path, meter: Meter) -> Iterator[Stream]:
    yield Stream(str(path), decompressed(file_blocks(path, meter)))


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(content)


COMPRESSIONS = [lzma.compress, gzip.compress, zstd]


def lines(path: Path) -> list[tuple[int, bytes | None]]:
    with open_stream(path, Meter()) as stream:
        return [tuple(line) for line in stream.lines()]


@pytest.mark.parametrize("compress", [bytes, *COMPRESSIONS])
def test_lines_are_numbered_and_blank_ones_left_out(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(compress("\ufeffmột\r\n\n  \nhai".encode()))
    assert lines(path) == [(1, "một".encode()), (4, b"hai")]


@pytest.mark.parametrize("compress", COMPRESSIONS)
def test_streams_one_after_another_are_one(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(compress(b"a\n") + compress(b"b\n"))
    assert lines(path) == [(1, b"a"), (2, b"b")]


@pytest.mark.parametrize("compress", COMPRESSIONS)
def test_what_stands_before_damage_is_read_and_the_damage_is_raised(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "file"
    whole = compress(b"".join(b"%d\n" % number for number in range(200_000)))
    path.write_bytes(whole[:-9])
    numbers: list[int] = []
    with open_stream(path, Meter()) as stream, pytest.raises(DamagedStreamError):
        numbers.extend(line.number for line in stream.lines())
    assert len(numbers) > 1000


def test_rubbish_after_a_stream_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(lzma.compress(b"a\n") + b"rubbish")
    with pytest.raises(DamagedStreamError):
        lines(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_with_a_mark_becomes_utf8(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes("\ufeffĐà Nẵng\nHuế\n".encode(encoding))
    assert lines(path) == [(1, "Đà Nẵng".encode()), (2, "Huế".encode())]


def test_a_line_of_two_gigabytes_is_skipped_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zst"
    with (
        path.open("wb") as file,
        zstandard.ZstdCompressor().stream_writer(file) as writer,
    ):
        writer.write(b"before\n")
        block = bytes(16 << 20)
        for _ in range(128):
            writer.write(block)
        writer.write(b"\nafter\n")
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    try:
        read = lines(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == [(1, b"before"), (2, None), (3, b"after")]
    assert peak < 200 << 20


def test_a_line_at_the_limit_is_read_and_one_beyond_is_not(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * (LINE_LIMIT - 1) + b"\n" + b"y" * (LINE_LIMIT + 1) + b"\nz")
    assert [(number, content and len(content)) for number, content in lines(path)] == [
        (1, LINE_LIMIT - 1),
        (2, None),
        (3, 1),
    ]


def test_a_whole_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    path.write_bytes(gzip.compress(bytes(DOCUMENT_LIMIT + 1)))
    with open_stream(path, Meter()) as stream, pytest.raises(TooLargeError):
        stream.read_all()


def test_progress_counts_the_bytes_of_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "file.xz"
    path.write_bytes(lzma.compress(b"a\n" * 1_000_000))
    meter = Meter()
    with open_stream(path, meter) as stream:
        assert sum(1 for _ in stream.lines()) == 1_000_000
    assert meter.bytes_read == path.stat().st_size


@given(st.binary(max_size=3000), st.sampled_from(COMPRESSIONS))
def test_what_was_compressed_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    content: bytes,
    compress: Callable[[bytes], bytes],
) -> None:
    path = tmp_path_factory.mktemp("stream") / "file"
    path.write_bytes(compress(b"." + content))
    with open_stream(path, Meter()) as stream:
        assert stream.read_all() == b"." + content


@pytest.mark.parametrize(
    "compress", [*COMPRESSIONS, lambda content: content.decode().encode("utf-16")]
)
def test_a_pipe_may_hand_over_its_first_bytes_one_by_one(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = compress("một\nhai".encode())

    def write() -> None:
        with pipe.open("wb", buffering=0) as file:
            for position in range(4):
                file.write(content[position : position + 1])
                while _waiting(file):
                    pass
            file.write(content[4:])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert lines(pipe) == [(1, "một".encode()), (2, b"hai")]
    finally:
        writer.join()


def _waiting(pipe: FileIO) -> int:
    """How many bytes of a pipe nobody has read yet."""
    count = array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]
