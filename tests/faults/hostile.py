"""Files made to take a reader's time or memory, ten times what its budget is or a megabyte each.

``python -m tests.faults.hostile FOLDER`` reads each of them in a process of its own, which may take
as much processor time and memory as one that reads documents, and prints one JSON object a line.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from index.build.processes.readers import MEMORY, SECONDS_AT_LEAST
from index.sources import Found
from tests.index.sources.reading import read

MEGABYTE = 1 << 20
SECONDS = int(SECONDS_AT_LEAST) * 4
"""Of processor time: what grows with the square takes minutes, what does not one or two."""

TEXT = "<p>Nước lũ về sớm, người dân vùng trũng thấp thỏm chờ tin từ thượng nguồn suốt đêm.</p>"
PAGE = f"<html><body><h1>Lũ về</h1>{TEXT * 4}"
TABLE, END = "<table><tr><td>", "</td></tr></table>"
WIKI = "<mediawiki><page><title>x</title><ns>0</ns><revision><text>"
MHTML = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n"


def megabyte(unit: str) -> str:
    return unit * (MEGABYTE // len(unit.encode()) + 1)


def record(unit: str, *, before: str = "", after: str = "") -> str:
    return json.dumps([{"title": "Lũ", "body": before + megabyte(unit) + after}])


def zipped(*members: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return content.getvalue()


def tar_of_headers(kind: bytes) -> bytes:
    head = tarfile.TarInfo("x")
    head.size, head.type = 64 * MEGABYTE, kind
    return gzip.compress(head.tobuf(tarfile.USTAR_FORMAT) + bytes(64 * MEGABYTE), 1)


def warc_line() -> bytes:
    return gzip.compress(b"WARC/1.0\r\nWARC-Type: " + b"x" * (200 * MEGABYTE), 1)


def nested_zip(levels: int) -> bytes:
    content = b"Tin"
    for level in range(levels):
        content = zipped((f"{level}.zip" if level else "a.txt", content))
    return content


FILES: Mapping[str, Callable[[], str | bytes]] = {
    **{
        f"markdown {number}.md": (lambda unit=unit: megabyte(unit))  # type: ignore[misc]
        for number, unit in enumerate(
            ("<br>", "+", "+\n", "[a](b) ", "[", "![", "|a", "> ", "*a_ ", "`a", "<a ", "&amp;",
             "[a]: /b\n", "- ", "{{", "{#", "{% comment %}", "{:", "<!--")
        )
    },
    "code.md": lambda: "{{< a " + megabyte("a") + ">}}",
    "front matter.md": lambda: f"---\n{megabyte('a: [')}\n---\nx",
    "doctypes.html": lambda: "<!DOCTYPE[" * 100_000 + PAGE,
    "attributes.html": lambda: PAGE + f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x",
    "layout.html": lambda: PAGE + (TABLE * 40 + TEXT * 170 + END * 40) * 16,
    "tables.html": lambda: PAGE + (TABLE * 6 + TEXT * 2 + END * 6) * 1_000,
    "columns.html": lambda: PAGE + TABLE * 60 + (TABLE * 3 + "Tin" + END * 3) * 1_500 + END * 60,
    "less than.html": lambda: PAGE + megabyte("<"),
    "linked data.html": lambda: f"<script type=application/ld+json>{megabyte('[')}</script>{PAGE}",
    "prologue.xml": lambda: megabyte("<?xml version='1.0'?>") + "<rss/>",
    "doctypes.xml": lambda: megabyte("<!DOCTYPE[") + "<rss/>",
    "depth.xml": lambda: "<rss>" + megabyte("<a>"),
    "ampersands.xml": lambda: f"<rss><channel><item><title>{megabyte('&')}</title></item>",
    "attributes.xml": lambda: f"<rss {' '.join(f'a{n}=1' for n in range(90_000))}><channel/>",
    "description.xml": lambda: (
        f"<rss><channel><item><title>x</title><description>{megabyte('&lt;div class=related&gt;a')}"
        "</description></item></channel></rss>"
    ),
    **{
        f"wiki {number}.xml": (lambda unit=unit: WIKI + megabyte(unit) + "</text></revision></page></mediawiki>")  # type: ignore[misc]  # noqa: E501
        for number, unit in enumerate(
            ("{{a|", "[[a|", "[[a|''b'''", "&lt;b>", "[http://a ", "''a", "{|\n|-\n|", "{{a}}")
        )
    },
    "depth.json": lambda: megabyte("["),
    "objects.json": lambda: megabyte('{"a":'),
    "levels.json": lambda: '{"a":' * 900 + '[{"title":"x","body":"y"}]' + "}" * 900,
    "number.json": lambda: '[{"title":"x","body":"y","id":' + megabyte("9") + "}]",
    **{
        f"record {number}.json": (lambda unit=unit: record(unit))  # type: ignore[misc]
        for number, unit in enumerate(
            ("[caption]", "[caption a=b", "[embed]x", "<pre>\n", "[a b=c ", "<!--", "<b>a", "<",
             "<table><tr><td>a", "<div class=related>a", "<!DOCTYPE[")
        )
    },
    "attributes.json": lambda: record("a=1 ", before="<p ", after=">x</p>"),
    "closing.json": lambda: json.dumps(
        [{"title": "x", "body": "".join(f"[/a{n}]" for n in range(120_000))}]
    ),
    "depth.jsonl": lambda: '{"title": "x", "body": ' + megabyte("["),
    "quotes.csv": lambda: "title,body\n" + megabyte('a"b,'),
    "marks.csv": lambda: "title,body\n" + megabyte('"a\n'),
    "columns.csv": lambda: ",".join(f"c{n}" for n in range(50_000)) + "\n" + megabyte(","),
    "dump.sql": lambda: "-- phpMyAdmin SQL Dump\n" + megabyte("CREATE TABLE a ("),
    "parts.mhtml": lambda: f"{MHTML}\n" + "--x\nContent-Type: text/html\n\n<p>a</p>\n" * 20_000,
    "depth.mhtml": lambda: (
        "MIME-Version: 1.0\n"
        + "".join(f"Content-Type: multipart/mixed; boundary=x{n}\n\n--x{n}\n" for n in range(9_000))
    ),
    "header.mhtml": lambda: MHTML[:-1] + ";\n" + megabyte(" a*0=b;\n") + "\n--x\n\na",
    "part.mhtml": lambda: (
        f"{MHTML}\n--x\nContent-Type: text/html;\n{megabyte(' a*0=b;' + chr(10))}\na\n--x--"
    ),
    "headers.mhtml": lambda: MHTML + megabyte("A: b\n"),
    "members.zip": lambda: zipped(*((f"{n}.css", b"") for n in range(20_000))),
    "bomb.zip": lambda: zipped(("a.jsonl", bytes(300 * MEGABYTE))),
    "page.zip": lambda: zipped(("a.html", b" " * (300 * MEGABYTE))),
    "nested.zip": lambda: nested_zip(8),
    "impostor.zip": lambda: b"PK\x03\x04" + bytes(40 * MEGABYTE),
    "nested.jsonl.gz": lambda: gzip.compress(gzip.compress(gzip.compress(bytes(90 * MEGABYTE)))),
    "line.jsonl.gz": lambda: gzip.compress(bytes(300 * MEGABYTE), 1),
    "members.jsonl.gz": lambda: gzip.compress(b"") * 50_000,
    "pax.tar.gz": lambda: tar_of_headers(tarfile.XHDTYPE),
    "name.tar.gz": lambda: tar_of_headers(tarfile.GNUTYPE_LONGNAME),
    "line.warc.gz": warc_line,
}  # fmt: skip


def read_bounded(path: Path) -> str:
    """The reasons of what is no article and "found", or what ended the process."""
    reader, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        try:
            found = {"found" if isinstance(o, Found) else o.reason for o in read(path)}
            told = " ".join(sorted(found)) or "nothing"
        except BaseException as error:
            told = f"raised {error!r}"
        os.write(writing, told.encode()[:4_000])
        os._exit(0)
    os.close(writing)
    with open(reader, "rb") as said:  # noqa: PTH123 - a descriptor
        words = said.read().decode()
    _, status = os.waitpid(child, 0)
    return f"ended by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else words


def main(folder: Path) -> None:
    for name, make in FILES.items():
        content = make()
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        del content
        sys.stdout.write(f"{json.dumps([name, read_bounded(path)])}\n")
        sys.stdout.flush()
        path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
