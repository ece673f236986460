"""Rows come out of a table whatever wrote it, and what cannot be one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources import Found
from tests.index.sources.reading import read

HEAD = "id,title,body\n"
Cells = list[tuple[str, str]]
TABLES: list[tuple[str, str, Cells]] = [
    ("old Mac line ends", "title,body\rA,một\rB,hai\r", [("A", "một"), ("B", "hai")]),
    (
        "a newline in a cell of these",
        'title,body\rA,"một\nhai"\rB,ba',
        [("A", "một\nhai"), ("B", "ba")],
    ),
    (
        "a bare return in a cell",
        'title,body\nA,"một\rhai"\nB,b\ra\n',
        [("A", "một\nhai"), ("B", "b\na")],
    ),
    ("a title above", f"Báo cáo tháng 6\n\nXuất ngày,14/6\n{HEAD}1,A,một\n", [("A", "một")]),
    ("sep=", "sep=;\nid;title;body\n1;A;một, hai\n", [("A", "một, hai")]),
    (
        "marks that are letters",
        HEAD + '1,"Không" với lúa lậu,một\n2,B,hai\n',
        [('"Không" với lúa lậu', "một"), ("B", "hai")],
    ),
    (
        "a mark that nobody closes",
        HEAD + '1,"Mở,một\n2,B,hai\n',
        [('"Mở', "một"), ("B", "hai")],
    ),
    (
        "marks not doubled",
        HEAD + '1,"Nói "không" rồi, thôi",một\n2,B,hai\n',
        [('Nói "không" rồi, thôi', "một"), ("B", "hai")],
    ),
    (
        "marks not doubled over lines",
        HEAD + '1,A,"Một.\nNói "không" thôi.\nBa."\n2,B,hai\n',
        [("A", 'Một.\nNói "không" thôi.\nBa.'), ("B", "hai")],
    ),
    ("separators at the end", "title,body\nA,một,,\n", [("A", "một")]),
    (
        "quotes after a quarter of a megabyte",
        HEAD + "0,x,y\n" * 50_000 + '1,"Nói ""không""","Một, hai"\n',
        [('Nói "không"', "Một, hai")],
    ),
]


@pytest.mark.parametrize(("name", "table", "expected"), TABLES, ids=[case[0] for case in TABLES])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_row_comes_out(
    name: str, table: str, expected: list[tuple[str, str]], encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(table.encode(encoding))
    outcomes = read(tmp_path / "a.csv")
    assert all(isinstance(outcome, Found) for outcome in outcomes)
    found = [o.article for o in outcomes if isinstance(o, Found) and o.article.headline != "x"]
    assert [(article.headline, article.body) for article in found] == expected


def test_a_table_that_changes_its_encoding_is_read_on_and_told(tmp_path: Path) -> None:
    plain = "title,body\n" + "A,mot\n" * 60_000
    (tmp_path / "a.csv").write_bytes(plain.encode() + "B,café\n".encode("cp1252"))
    last = read(tmp_path / "a.csv")[-1]
    assert isinstance(last, Found)
    assert last.remarks
