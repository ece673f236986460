"""Archives: every member is read as a file, none is trusted, and a bomb is told in time."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index.sources import Found
from tests.index.sources.reading import articles, read, reasons
from tests.index.sources.web.test_page import PARAGRAPHS, page

NEWSROOM = Path(__file__).parents[4] / "examples" / "newsroom"
LINE = b'{"id": "%d", "title": "B\xc3\xa0i %d", "body": "N\xe1\xbb\x99i dung."}\n'


def as_zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def as_tar(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def as_tar_gz(members: Mapping[str, bytes]) -> bytes:
    return gzip.compress(as_tar(members))


PACKERS = [as_zip, as_tar, as_tar_gz]
Packer = Callable[[Mapping[str, bytes]], bytes]


@pytest.mark.parametrize("pack", PACKERS)
def test_an_archive_of_the_newsroom_gives_what_the_folder_gives(
    pack: Packer, tmp_path: Path
) -> None:
    files = {
        path.relative_to(NEWSROOM).as_posix(): path.read_bytes()
        for path in sorted(NEWSROOM.rglob("*"))
        if path.is_file()
    }
    (tmp_path / "bao").write_bytes(pack(files))
    assert articles(tmp_path / "bao") == articles(NEWSROOM)


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize(
    "name", ["../ra.jsonl", "/tuyet-doi.jsonl", "a/../../b.jsonl", "C:\\x.txt"]
)
def test_a_member_that_leads_out_is_refused_and_told(
    name: str, pack: Packer, tmp_path: Path
) -> None:
    packed = pack({name: LINE % (1, 1), "trong.jsonl": LINE % (2, 2)})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "bao").write_bytes(packed)
    assert sorted(reasons(tmp_path / "a" / "bao")) == ["", "unsafe-member"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.jsonl"
    secret.write_bytes(LINE % (1, 1))
    with tarfile.open(tmp_path / "bao.tar", "w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
            info = tarfile.TarInfo("link.jsonl")
            info.type, info.linkname = kind, str(secret)
            archive.addfile(info)
    assert reasons(tmp_path / "bao.tar") == ["unsafe-member", "unsafe-member"]


@pytest.mark.parametrize("pack", [as_zip, as_tar_gz])
def test_a_bomb_is_told_in_bounded_memory(pack: Packer, tmp_path: Path) -> None:
    members = {"1.jsonl": LINE % (1, 1), "2.jsonl": LINE % (2, 2) + b" " * (300 << 20)}
    (tmp_path / "bao").write_bytes(pack(members))
    del members
    tracemalloc.start()
    try:
        skipped = reasons(tmp_path / "bao")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # A tar has no compression of its own; what is around it is unpacked piece by piece.
    assert skipped == (
        ["", "", "line-too-long", "damaged-file"] if pack is as_zip else ["", "", "line-too-long"]
    )
    assert peak < 100 << 20


def test_archives_in_archives_end_somewhere(tmp_path: Path) -> None:
    packed = as_zip({"a.jsonl": LINE % (1, 1)})
    for _ in range(2):
        packed = as_zip({"trong.zip": packed})
    (tmp_path / "hai.zip").write_bytes(packed)
    assert reasons(tmp_path / "hai.zip") == [""]
    for _ in range(3):
        packed = as_zip({"trong.zip": packed})
    (tmp_path / "nam.zip").write_bytes(packed)
    assert reasons(tmp_path / "nam.zip") == ["nested-too-deep"]


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_an_archive_cut_short_is_told(share: float, pack: Packer, tmp_path: Path) -> None:
    packed = pack({f"{n}.jsonl": LINE % (n, n) * 9 for n in range(20)})
    (tmp_path / "bao").write_bytes(packed[: int(len(packed) * share)])
    assert "damaged-file" in reasons(tmp_path / "bao")


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    packed = bytearray(as_zip({"a.jsonl": LINE % (1, 1)}))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(magic) + flags] |= 1
    (tmp_path / "bao.zip").write_bytes(packed)
    assert reasons(tmp_path / "bao.zip") == ["unreadable"]


def warc_record(content: bytes, headers: Mapping[str, str] = {}) -> bytes:
    named = {"WARC-Type": "response", "Content-Length": str(len(content)), **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/1.1\r\n{lines}\r\n".encode() + content + b"\r\n\r\n"


@pytest.mark.parametrize("compressed", [True, False])
def test_the_pages_of_a_web_archive_are_read(compressed: bool, tmp_path: Path) -> None:
    html = page("Bài còn lại trong kho lưu trữ").encode()
    answers = [
        ("https://bao.example/1.html", "200 OK", "text/html; charset=utf-8", html),
        ("https://bao.example/2.html", "404 Not Found", "text/html", b"<html>x</html>"),
        ("https://bao.example/a.png", "200 OK", "image/png", b"\x89PNG"),
    ]
    records = [warc_record(b"software: x\r\n", {"WARC-Type": "warcinfo"})]
    for url, status, kind, content in answers:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode()
        records.append(warc_record(head + content, {"WARC-Target-URI": url}))
    (tmp_path / "bao.warc.gz").write_bytes(
        b"".join(map(gzip.compress, records)) if compressed else b"".join(records)
    )
    (outcome,) = read(tmp_path / "bao.warc.gz")
    assert isinstance(outcome, Found)
    assert outcome.article.headline == "Bài còn lại trong kho lưu trữ"
    assert outcome.article.body == "\n".join(PARAGRAPHS)
    assert outcome.article.url == "https://bao.example/1.html"
