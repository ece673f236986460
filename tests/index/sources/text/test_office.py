"""Office documents are an article each; what cannot be read says what to do."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from index.errors import RecordError
from index.sources import Found
from tests.index.sources.reading import only_article, read, reasons, remarks

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def docx(path: Path, *paragraphs: str) -> Path:
    """A document of Word whose paragraphs are given as runs."""
    body = "".join(f"<w:p>{runs}</w:p>" for runs in paragraphs)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        )
    return path


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_a_document_of_word_is_an_article(tmp_path: Path) -> None:
    path = docx(
        tmp_path / "a.docx",
        run("Mùa sen nở sớm"),
        run("Sen nở.") + run("KÍN", "<w:vanish/>"),
        f'<w:del w:id="1" w:author="b">{run("ĐÃ XÓA")}</w:del>'
        f'<w:ins w:id="2" w:author="b">{run("Hồ đầy.")}</w:ins>',
        run("Lê Sen"),
    )
    article = only_article(path)
    assert (article.headline, article.author) == ("Mùa sen nở sớm", "Lê Sen")
    assert article.body == "Sen nở.\nHồ đầy."


def odt(path: Path, text: str) -> Path:
    """An OpenDocument text of elements with the prefixes ``t`` and ``o``."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f'<o:document-content xmlns:o="{_OPEN}:office:1.0" xmlns:t="{_OPEN}:text:1.0"><o:body>'
            f"<o:text>{text}</o:text></o:body></o:document-content>",
        )
    return path


def test_opendocument_text_is_an_article(tmp_path: Path) -> None:
    text = (
        "<t:tracked-changes><t:p>ĐÃ XÓA</t:p></t:tracked-changes><t:h>Mùa sen</t:h>"
        "<t:p>Sen<t:s/>nở.<o:annotation><t:p>KÍN</t:p></o:annotation></t:p><t:p>Hồ đầy.</t:p>"
    )
    article = only_article(odt(tmp_path / "a.odt", text))
    assert (article.headline, article.body) == ("Mùa sen", "Sen nở.\nHồ đầy.")


def pdf(*lines: tuple[int, str]) -> bytes:
    """A PDF of one page: sizes of letters and ASCII text, from above."""
    shown = "".join(
        f"BT /F {size} Tf 50 {800 - 30 * n} Td ({text}) Tj ET\n"
        for n, (size, text) in enumerate(lines)
    )
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 850]/Contents 4 0 R/Resources 6 0 R>>",
        f"<</Length {len(shown)}>>\nstream\n{shown}endstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        "<</Font<</F 5 0 R>>>>",
    ]
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 7\n0000000000 65535 f \n{table}trailer\n<</Root 1 0 R/Size 7>>\n"
    return f"{out}startxref\n{start}\n%%EOF\n".encode("ascii")


def test_a_pdf_is_one_article_and_that_is_told(tmp_path: Path) -> None:
    lines = [(20, "Mua sen no som"), (11, "Sen no kin ho tu dau thang sau"), (11, "nam nay.")]
    (tmp_path / "a.pdf").write_bytes(pdf(*lines))
    article = only_article(tmp_path / "a.pdf")
    assert article.headline == "Mua sen no som"
    assert article.body == "Sen no kin ho tu dau thang sau nam nay."
    assert remarks(tmp_path / "a.pdf") == ["one-article"]


def test_a_pdf_of_pictures_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf())
    assert reasons(tmp_path / "a.pdf") == ["no-text-layer"]


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.pdf", "a.xlsx"])
def test_a_broken_document_costs_itself_alone(name: str, tmp_path: Path) -> None:
    start = b"%PDF-1.4\n" if name == "a.pdf" else b"PK\x03\x04" + b"\0" * 22 + b"\x08\0\0\0mimetype"
    start += b"application/vnd.oasis.opendocument.text" if name == "a.odt" else b""
    (tmp_path / name).write_bytes(start + b"\xff" * 200)
    (tmp_path / "b.txt").write_text("Mùa sen\n\nSen nở.", encoding="utf-8")
    (error, found) = read(tmp_path)
    assert isinstance(error, RecordError)
    assert isinstance(found, Found)


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: https://sen.example/1.html
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="b"

--b
Content-Type: image/png

x
--b
Content-Type: text/html; charset="windows-1252"
Content-Transfer-Encoding: quoted-printable
Content-Location: https://sen.example/1.html

<html><head><title>Caf=E9 sen</title></head><body><h1>Caf=E9 sen</h1><p>{body}</p></body></html>
--b--
"""


def test_a_page_saved_as_mhtml_is_read(tmp_path: Path) -> None:
    body = "Sen no kin ho tu dau thang, nguoi lang cheo thuyen hai som. " * 5
    (tmp_path / "a.mhtml").write_text(MHTML.format(body=body).replace("\n", "\r\n"), newline="")
    article = only_article(tmp_path / "a.mhtml")
    assert (article.headline, article.url) == ("Café sen", "https://sen.example/1.html")


@pytest.mark.parametrize(
    ("name", "content", "reason", "told"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "foreign-format", "DOCX"),
        ("a.rtf", b"{\\rtf1 x}", "foreign-format", "DOCX"),
        (
            "a.sql",
            "-- phpMyAdmin SQL Dump\nCREATE TABLE `bai` (`tieu_de` text, `noi_dung` text);\n"
            "INSERT INTO `bai` VALUES ('Sen', 'Nở');\n".encode(),
            "database-dump",
            "SELECT * FROM bai",
        ),
        (
            "b.sql",
            b"-- PostgreSQL database dump\nCREATE TABLE x (y int);\n",
            "database-dump",
            "psql",
        ),
    ],
)
def test_what_cannot_be_read_says_what_to_do(
    name: str, content: bytes, reason: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    (error,) = read(tmp_path / name)
    assert isinstance(error, RecordError)
    assert error.reason == reason
    assert told in error.message
