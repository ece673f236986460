"""Tables in files of their own kind: spreadsheets, Parquet, SQLite."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from index.errors import RecordError
from index.sources import FetchRules, Found, Meter, origin_of, read_sources
from index.sources.records.outcome import Outcome
from tests.index.sources.reading import articles, headlines, only_article, read, reasons

_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def spreadsheet(path: Path, *sheets: tuple[str, str, list[list[str | float]]]) -> Path:
    """A spreadsheet of sheets: name, state ("visible", "hidden"), rows."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="'
            'application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        named = "".join(
            f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="s{n}"/>'
            for n, (name, state, _) in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets>'
            "</workbook>",
        )
        related = "".join(
            f'<Relationship Id="s{n}" Type="{_RELATIONS}/worksheet" '
            f'Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        )
        for number, (_, _, rows) in enumerate(sheets, 1):
            written = "".join(
                f'<row r="{n}">' + "".join(map(_cell, "ABCDEFGH", [str(n)] * 8, row)) + "</row>"
                for n, row in enumerate(rows, 1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{_NAMESPACE}"><sheetData>{written}</sheetData></worksheet>',
            )
    return path


def _cell(column: str, row: str, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{column}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{column}{row}"><v>{value}</v></c>'


def test_a_sheet_is_a_table_below_its_title(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["BÀI ĐĂNG THÁNG 6"],
        ["STT", "Tiêu đề", "Nội dung", "Ngày đăng", "Trạng thái"],
        [1, "Mùa sen", "Sen nở.", 44726.4375, "Đã đăng"],
        [2, "Mùa cốm", "Cốm về.", "15/6/2022", "Nháp"],
        [3, 2022, "Một năm.", "", "Đã đăng"],
    ]
    secret: list[list[str | float]] = [["title", "body"], ["Kín", "x"]]
    path = spreadsheet(tmp_path / "a.xlsx", ("Bài", "visible", rows), ("Ẩn", "hidden", secret))
    outcomes = read(path)
    assert headlines(outcomes) == ["Mùa sen", "2022"]
    assert reasons(path) == ["", "draft", "", "private"]
    assert isinstance(outcomes[0], Found)
    assert outcomes[0].where == f"{path} Bài:3"
    assert outcomes[0].article.published is not None
    assert outcomes[0].article.published.isoformat() == "2022-06-14T10:30:00+07:00"


def test_a_spreadsheet_in_a_zip_is_one_and_no_archive(tmp_path: Path) -> None:
    inner = spreadsheet(tmp_path / "a.xlsx", ("A", "visible", [["title", "body"], ["Sen", "x"]]))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(inner, "thang-6/a.xlsx")
    assert [article.headline for article in articles(tmp_path / "b.zip")] == ["Sen"]


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    moment = datetime(2022, 6, 14, 3, 30, tzinfo=timezone.utc)
    table = pyarrow.table(
        {
            "id": [7],
            "title": ["Sen"],
            "text": ["Sen nở."],
            "authors": [["Lê Sen"]],
            "date": [moment],
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    article = only_article(tmp_path / "a.parquet")
    assert (article.id, article.author, article.published) == ("7", "Lê Sen", moment)


def database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()
    return path


ARTICLES = (
    "CREATE TABLE bai_viet (id INTEGER, tieu_de, noi_dung, da_duyet INTEGER)",
    "INSERT INTO bai_viet VALUES (1, 'Sen: đầu mùa', '<p>Một.</p><p>Hai.</p>', 1)",
    "INSERT INTO bai_viet VALUES (2, 'Nháp', 'x', 0)",
    "CREATE TABLE nguoi (id, ten)",
)


@pytest.mark.parametrize("packed", [False, True])
def test_the_table_of_articles_in_a_sqlite_file_is_found(packed: bool, tmp_path: Path) -> None:
    path = database(tmp_path / "bao.db", *ARTICLES)
    if packed:
        path.with_suffix(".db.gz").write_bytes(gzip.compress(path.read_bytes()))
        path = path.with_suffix(".db.gz")
    assert reasons(path) == ["", "draft"]
    (article,) = articles(path)
    assert (article.id, article.body) == ("1", "Một.\nHai.")


def asked(path: Path, query: str) -> list[Outcome]:
    def no_fetcher(_: FetchRules) -> object:
        raise AssertionError

    origin = origin_of(path, query=query)
    return list(read_sources([origin], Meter(), no_fetcher))  # type: ignore[arg-type]


def test_several_tables_of_articles_are_asked_about(tmp_path: Path) -> None:
    path = database(
        tmp_path / "bao.db",
        "CREATE TABLE a (title, body)",
        "CREATE TABLE b (title, body)",
        "INSERT INTO b VALUES ('Sen', 'Nở :sớm.')",
    )
    (error,) = read(path)
    assert isinstance(error, RecordError)
    assert "a, b" in error.message
    assert headlines(asked(path, "SELECT * FROM b WHERE body LIKE '%:sớm%'")) == ["Sen"]


def test_a_database_without_articles_says_what_it_has(tmp_path: Path) -> None:
    (error,) = read(database(tmp_path / "bao.db", "CREATE TABLE nguoi (id, ten)"))
    assert isinstance(error, RecordError)
    assert "nguoi (id, ten)" in error.message
