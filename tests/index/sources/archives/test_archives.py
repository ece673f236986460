"""Archives: every member is read as a file, none is trusted, and a bomb is told in time."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import brotli
import pytest

from index.build.rebuild import rebuild
from index.sources import Found
from search import SearchEngine, SearchRequest
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


HTML_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def captured(headline: str, moment: str, head: bytes = b"") -> bytes:
    answer = HTML_HEAD + head + b"\r\n" + page(headline).encode()
    return warc_record(
        answer, {"WARC-Target-URI": "https://bao.example/1", "WARC-Date": f"{moment}Z"}
    )


@pytest.mark.parametrize("files", [1, 2])
@pytest.mark.parametrize("later_first", [True, False])
def test_of_two_captures_the_later_is_the_article(
    files: int, later_first: bool, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    captures = [
        captured("Giá lúa lúc sáng sớm hôm nay", "2022-06-14T01:00:00"),
        captured("Giá lúa lúc chiều muộn hôm nay", "2022-06-14T10:00:00"),
    ]
    captures = captures[::-1] if later_first else captures
    for number, content in enumerate(captures if files == 2 else [b"".join(captures)]):
        (tmp_path / "in" / f"{number}.warc").write_bytes(content)
    report = rebuild(tmp_path / "index", [tmp_path / "in"])
    assert (report.indexed, report.skipped["duplicate-id"].count) == (1, 1)
    with SearchEngine.open(tmp_path / "index") as engine:
        (hit,) = engine.search(SearchRequest(query="giá lúa")).hits
    assert hit.headline == "Giá lúa lúc chiều muộn hôm nay"


DAMAGE = {
    "an answer without its address": warc_record(HTML_HEAD + b"\r\n<p>a"),
    "a record without a length": b"WARC/1.0\r\nWARC-Type: response\r\n\r\nabc\r\n\r\n",
    "something else": b"\x00\x01\x02" * 999 + b"\r\n",
    "an answer of nobody": warc_record(b"abc", {"WARC-Target-URI": "https://bao.example/0"}),
    "a head without end": b"WARC/1.0\r\n" + b"x" * (1 << 20) + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_record_costs_itself(name: str, tmp_path: Path) -> None:
    whole = captured("Giá lúa lúc sáng sớm hôm nay", "2022-06-14T01:00:00")
    start = warc_record(b"software: x", {"WARC-Type": "warcinfo"})
    (tmp_path / "a.warc").write_bytes(start + DAMAGE[name] + whole)
    found = reasons(tmp_path / "a.warc")
    assert found[-1] == ""
    assert set(found[:-1]) == {"damaged-file"}


@pytest.mark.parametrize("encoding", ["br", "gzip", "chunked", "br, but undone"])
def test_an_answer_is_decoded_as_it_was_sent(encoding: str, tmp_path: Path) -> None:
    content = page("Giá lúa lúc sáng sớm hôm nay").encode()
    if encoding == "chunked":
        half = len(content) // 2
        chunks = (content[:half], content[half:], b"")
        content = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    elif encoding == "br":
        content = brotli.compress(content)
    elif encoding == "gzip":
        content = gzip.compress(content)
    name = b"Transfer-Encoding" if encoding == "chunked" else b"Content-Encoding"
    head = HTML_HEAD + name + b": " + encoding.partition(",")[0].encode() + b"\r\n\r\n"
    record = warc_record(head + content, {"WARC-Target-URI": "https://bao.example/1"})
    (tmp_path / "a.warc").write_bytes(record)
    assert reasons(tmp_path / "a.warc") == [""]


def test_a_header_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    for kind in (tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME):
        info = tarfile.TarInfo("a.jsonl")
        info.type, info.size = kind, 300 << 20
        content = info.tobuf(tarfile.USTAR_FORMAT) + bytes(300 << 20)
        (tmp_path / "a.tar.gz").write_bytes(gzip.compress(content, 1))
        del content
        tracemalloc.start()
        assert reasons(tmp_path / "a.tar.gz") == ["damaged-file"]
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
        tracemalloc.stop()


def test_a_member_without_a_name_costs_itself(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(""), b"x")
        archive.writestr("b.jsonl", LINE % (2, 2))
    assert reasons(tmp_path / "a.zip") == ["unsafe-member", ""]
