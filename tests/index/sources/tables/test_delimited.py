"""Tables are read row by row, whatever separates and encodes them; a bad row costs itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources import Found
from tests.index.sources.reading import articles, only_article, read, reasons, remarks

FORMATS = Path(__file__).parents[4] / "examples" / "formats"


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("bao-song-hong.csv", ["dh-01", "dh-02", "dh-03"]),
        ("tin-gio-lao.tsv", ["gl-tsv-1", "gl-tsv-2"]),
    ],
)
def test_the_sample_tables_are_read_whole(name: str, ids: list[str]) -> None:
    read_articles = articles(FORMATS / name)
    assert [article.id for article in read_articles] == ids
    for article in read_articles:
        assert all((article.author, article.section, article.source, article.summary))
        assert article.published is not None


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_separator_and_encoding_are_found(separator: str, encoding: str, tmp_path: Path) -> None:
    rows = [["Title", "BODY", "pubDate"], ["Mua gao", "Gia gao len, lai xuong; roi len.", ""]]
    rows[1][1] += " Đồng bằng sông Cửu Long được mùa, người trồng lúa ở Cần Thơ phấn khởi." * 3
    if encoding == "cp1258":
        rows[1][1] = (
            "Đường phố Hà Nội đông người, tiếng rao còn vang trong ngõ nhỏ, gió mùa về." * 3
        )
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    text = out.getvalue()
    if encoding == "cp1258":
        text = decomposed_tones(text)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    article = only_article(tmp_path / "a.csv")
    assert article.headline == "Mua gao"
    assert article.published is None
    assert ("legacy-encoding" in remarks(tmp_path / "a.csv")) is (encoding == "cp1258")


def decomposed_tones(text: str) -> str:
    """windows-1258 has tone marks as characters of their own."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for character in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", character)
        tone = "".join(mark for mark in parts if mark in tones)
        out.append(unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones)) + tone)
    return "".join(out)


CASES = [
    ("a row too long", "title,body\nA,B,C\nD,E\n", ["broken-row", ""]),
    ("a row without a body", "title,body\nA\nD,E\n", ["no-body", ""]),
    ("empty rows", "title,body\n\n,\nD,E\n", [""]),
    ("only a header", "title,body\n", ["empty-file"]),
    ("a cell over several lines", 'title,body\nA,"B\nC"\nD,E\n', ["", ""]),
    ("null bytes", "title,body\nA,B\0B" + " và còn nữa" * 20 + "\n", [""]),
    ("a table without quotation marks", 'title\tbody\nA\tNó "bay" cao\n', [""]),
]


@pytest.mark.parametrize(("name", "content", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_is_no_row_is_named(
    name: str, content: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8", newline="")
    assert reasons(tmp_path / "a.csv") == expected


def test_where_says_the_line_that_a_row_begins_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('title,body\nA,"B\nC"\nD,E\n', encoding="utf-8")
    outcomes = [outcome for outcome in read(tmp_path / "a.csv") if isinstance(outcome, Found)]
    assert [outcome.where.rpartition(":")[2] for outcome in outcomes] == ["2", "4"]


def test_a_description_names_the_columns(tmp_path: Path) -> None:
    (tmp_path / "bai.csv").write_text("ma,tieu_de,noi_dung\n7,Mùa sen,Sen nở.\n", encoding="utf-8")
    (tmp_path / "bao.toml").write_text(
        'source = "bai.csv"\n[fields]\nid = "ma"\nheadline = "tieu_de"\nbody = "noi_dung"\n'
        '[defaults]\nsource = "Báo Đầm Sen"\n',
        encoding="utf-8",
    )
    from index.sources import FetchRules
    from tests.index.sources.reading import read_source

    (outcome,) = read_source(tmp_path / "bao.toml", FetchRules())
    assert isinstance(outcome, Found)
    assert (outcome.article.id, outcome.article.headline) == ("7", "Mùa sen")
    assert outcome.article.source == "Báo Đầm Sen"


CELLS = st.text("abc xyz,;\"'\t\n|", min_size=1).filter(lambda text: text.strip() == text != "")


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5, unique=True))
def test_what_a_table_holds_comes_out(
    rows: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("table") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([("title", "body"), *rows])
    assert [(a.headline, a.body) for a in articles(path)] == [
        (" ".join(headline.split()), body) for headline, body in rows
    ]
