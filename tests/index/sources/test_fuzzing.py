"""Sources of every kind, spoiled in thousands of ways: nothing escapes, and a fault is told.

Each mutation is made from a seed, so a failure names the very bytes. What is read of a spoiled
source does not matter here, only that reading ends, that it raises nothing, and that a good file
beside it is read all the same.
"""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import random
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow
import pytest
import zstandard
from pyarrow import parquet

from index.sources import FetchRules, Found
from index.sources.registry import ADDRESS_KINDS, KIND_NAMES, KINDS
from tests.index.sources.archives.test_archives import as_tar, as_zip, warc_record
from tests.index.sources.reading import read, read_source
from tests.index.sources.tables.test_exports import BLOGGER, OLD, WORDPRESS, XML, item
from tests.index.sources.tables.test_stores import ARTICLES, database, spreadsheet
from tests.index.sources.text.test_office import MHTML, docx, odt, pdf, run
from tests.index.sources.web.newspaper import Newspaper
from tests.index.sources.web.test_page import feed, page, sitemap

MUTATIONS = 300  # of each kind
TEXT = "Nước lũ về sớm, người dân vùng trũng thấp thỏm chờ tin từ thượng nguồn suốt đêm qua."
RECORD = {
    "id": "1",
    "title": "Lũ về sớm",
    "body": TEXT,
    "published": "2022-06-14",
    "author": "Lê An",
}
ATOM = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
    'xml:base="https://lu.example/"><title>Báo Lũ</title><entry><title>Lũ về</title><link '
    f'href="1.html"/><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>'
)
ITEM = (
    "<item><title><![CDATA[Lũ & lụt]]></title><link>https://lu.example/2</link><pubDate>Tue, 14 "
    f"Jun 2022 08:00:00 +0700</pubDate><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item>"
)


def _table(separator: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([RECORD.keys(), RECORD.values(), ["2", 'Nói "không"', "Một,\nhai", "", ""]])
    return out.getvalue().encode()


def _warc() -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
    answer = head + gzip.compress(page("Lũ về trong kho").encode())
    headers = {"WARC-Target-URI": "https://lu.example/3", "WARC-Date": "2022-06-14T01:00:00Z"}
    return warc_record(answer, headers) + warc_record(b"x: y", {"WARC-Type": "warcinfo"})


def written(write: Callable[[Path], object]) -> bytes:
    """What is written to a file by a library that wants one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        write(path)
        return path.read_bytes()


ROWS: list[list[str | float]] = [["title", "body", "date"], ["Lũ về", TEXT, 44726.5]]
TABLE = {"title": ["Lũ về"], "body": [TEXT], "authors": [["Lê An"]]}
LINE = orjson.dumps(RECORD) + b"\n"
SOUND: dict[str, tuple[str, bytes]] = {
    "zip": ("a.zip", as_zip({"a.jsonl": LINE, "b/c.html": page("Lũ trong tệp nén").encode()})),
    "tar": ("a.tar", as_tar({"a.jsonl": LINE, "b/c.txt": f"Lũ về\n\n{TEXT}".encode()})),
    "warc": ("a.warc", _warc()),
    "jsonl": ("a.jsonl", LINE * 2),
    "csv": ("a.csv", _table(",")),
    "tsv": ("a.tsv", _table("\t")),
    "feed": ("a.rss", feed(ITEM, ITEM).encode()),
    "sitemap": ("a.xml", sitemap("https://lu.example/1", "https://lu.example/2").encode()),
    "html": ("a.html", page("Lũ về sớm hơn mọi năm").encode()),
    "page": ("a.txt", f"Trang chủ\n\nLũ về sớm\n14/06/2022 08:00\n{TEXT}\n{TEXT}\n".encode()),
    "json": ("a.json", orjson.dumps({"data": [RECORD, RECORD]}, option=orjson.OPT_INDENT_2)),
    "spreadsheet": ("a.xlsx", written(lambda path: spreadsheet(path, ("Lũ", "visible", ROWS)))),
    "parquet": ("a.parquet", written(lambda path: parquet.write_table(pyarrow.table(TABLE), path))),
    "sqlite": ("a.db", written(lambda path: database(path, *ARTICLES))),
    "xml": ("a.xml", f"<?xml version='1.0'?>{XML['phpMyAdmin']}".encode()),
    "wxr": ("a.xml", WORDPRESS.format(items=item("a") + item("b", status="draft")).encode()),
    "blogger": (
        "a.xml",
        BLOGGER.format(entries=OLD.format(kind="post", title="Lũ", draft="no")).encode(),
    ),
    "mediawiki": (
        "a.xml",
        "<mediawiki><page><title>Lũ</title><ns>0</ns><revision><text>'''Lũ''' về [[hồ|ao]]."
        "\n== Mùa ==\nHè.</text></revision></page></mediawiki>".encode(),
    ),
    "docx": ("a.docx", written(lambda path: docx(path, run("Lũ về sớm", "<w:b/>"), run(TEXT)))),
    "odt": ("a.odt", written(lambda path: odt(path, f"<t:h>Lũ về</t:h><t:p>{TEXT}</t:p>"))),
    "pdf": ("a.pdf", pdf((20, "Lu ve som"), (11, "Nuoc lu ve som, nguoi dan thap thom."))),
    "mhtml": ("a.mhtml", MHTML.format(body=TEXT * 3).encode()),
    "post": ("a.html", f"---\ntitle: Lũ về\ndraft: false\n---\n<p>{TEXT}</p>".encode()),
    "dump": ("a.sql", b"-- phpMyAdmin SQL Dump\nCREATE TABLE `bai` (`tieu_de` text);\n" * 9),
    "foreign": ("a.rtf", b"{\\rtf1 x}" * 9),
    "no-article": ("a.css", b"body { color: red }\n" * 9),
    "text": ("a.md", f"---\ntitle: Lũ về\ndate: 2022-06-14\n---\n\n{TEXT}\n\n![x](y)\n".encode()),
}
WRAPPED: dict[str, tuple[str, bytes]] = {
    "atom": ("a.atom", ATOM.encode()),
    "gzip": ("a.jsonl.gz", gzip.compress(LINE * 9)),
    "xz": ("a.jsonl.xz", lzma.compress(LINE * 9)),
    "zstd": ("a.jsonl.zst", zstandard.ZstdCompressor().compress(LINE * 9)),
    "utf-16": ("a.csv", _table(",").decode().encode("utf-16")),
}


def spoiled(content: bytes, luck: random.Random) -> bytes:
    """The content after one to four accidents."""
    data = bytearray(content)
    for _ in range(luck.randint(1, 4)):
        at, end = sorted(luck.randrange(len(data) + 1) for _ in range(2))
        accident = luck.randrange(7)
        if accident == 0:
            data[at : at + 1] = bytes([luck.randrange(256)])
        elif accident == 1:
            del data[at:end]
        elif accident == 2:
            data[at:at] = data[at:end]
        elif accident == 3:
            data[at:at] = luck.randbytes(luck.randint(1, 40))
        elif accident == 4:
            data[at:end] = bytes(end - at)
        elif accident == 5:
            data[at:at] = luck.choice(MEAN)
        else:
            data.reverse() if luck.random() < 0.02 else data.extend(data[at:end])
    return bytes(data)


MEAN = (
    b"\xed\xa0\xbd", b"&#xD83D;", b"\\ud83d", b"<![CDATA[", b"]]>", b"<!--", b"<!DOCTYPE[",
    b"http://[x",
    b'"', b"\r", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"&nbsp;", b"1e999", b"-1", b"9" * 30,
    b"[" * 3000, b"{" * 3000, b"(" * 3000, b"<a>" * 3000, b"2022-02-31", b"0000-00-00",
    b"\xf0\x9f\x98",
    b"!!timestamp x", b"*a", b"NaN", b"null", b"%00", b"..\\", b"../", b"ftp://", b"<br>" * 500,
)  # fmt: skip


def test_every_kind_is_fuzzed() -> None:
    assert set(SOUND) == {kind.name for kind in KINDS}
    assert set(ANSWERS) == {kind.name for kind in ADDRESS_KINDS}


@pytest.mark.parametrize("kind", [*SOUND, *WRAPPED])
@pytest.mark.parametrize("seed", range(3))
def test_no_spoiled_file_escapes(kind: str, seed: int, tmp_path: Path) -> None:
    name, content = {**SOUND, **WRAPPED}[kind]
    luck = random.Random(f"{kind} {seed}")
    (tmp_path / "z.jsonl").write_bytes(b'{"id": "z", "title": "Tin", "body": "Lanh."}\n')
    named = kind if kind in KIND_NAMES else None
    for _ in range(MUTATIONS // 3):
        (tmp_path / name).write_bytes(spoiled(content, luck))
        assert read(tmp_path / name, named), "a source without a word"
        found = {outcome.article.id for outcome in read(tmp_path) if isinstance(outcome, Found)}
        assert "z" in found


POSTS = [
    {"id": n, "title": {"rendered": "Lũ"}, "content": {"rendered": TEXT}, "link": f"/{n}"}
    for n in range(3)
]
ANSWERS = {
    "web": ("/a.html", page("Lũ về sớm hơn mọi năm").encode()),
    "wordpress": (
        "/wp-json/wp/v2/posts?per_page=100&page=1&orderby=date&order=asc&_embed=1",
        orjson.dumps(POSTS),
    ),
    "sql": ("", b""),
}


@pytest.mark.parametrize("kind", ["web", "wordpress"])
def test_no_spoiled_answer_escapes(kind: str, newspaper: Newspaper) -> None:
    path, content = ANSWERS[kind]
    rules = FetchRules(delay=0.0, retries=0, fresh=0.0, allow_private=True)
    luck = random.Random(kind)
    others = ("feed", "sitemap") if kind == "web" else ()
    contents = [content, *(SOUND[other][1] for other in others)]
    address = newspaper.address + ("/wp-json" if kind == "wordpress" else path)
    for _ in range(MUTATIONS // 3):
        newspaper.put(path, spoiled(luck.choice(contents), luck))
        newspaper.put("/robots.txt", spoiled(b"User-agent: *\nCrawl-delay: 0\n", luck))
        assert read_source(address, rules)


CELLS: list[Callable[[random.Random], object]] = [
    lambda luck: luck.randbytes(9), lambda luck: "\0\ud7ff<b>&#xD83D;", lambda _: None,
    lambda luck: luck.randint(-(2**62), 2**62), lambda luck: luck.random() * 1e300,
    lambda luck: spoiled(TEXT.encode(), luck).decode("utf-8", "replace"), lambda _: "x" * 100_000,
]  # fmt: skip


def test_no_row_of_a_database_escapes(tmp_path: Path) -> None:
    luck = random.Random("sql")
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("CREATE TABLE bai (id, title, body, published, author, url)")
        rows = [[luck.choice(CELLS)(luck) for _ in range(6)] for _ in range(MUTATIONS)]
        database.executemany("INSERT INTO bai VALUES (?, ?, ?, ?, ?, ?)", rows)
    database.close()
    (tmp_path / "a.toml").write_text(
        f'source = "sqlite:///{tmp_path}/a.db"\nquery = "SELECT * FROM bai"\n', encoding="utf-8"
    )
    assert len(read_source(tmp_path / "a.toml", FetchRules())) == MUTATIONS
