"""The sample tables and feeds are well formed and hold what their README counts."""

from __future__ import annotations

import csv
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

FORMATS = Path(__file__).parents[2] / "examples" / "formats"
README = (FORMATS / "README.md").read_text("utf-8")
ATOM = "{http://www.w3.org/2005/Atom}"


def rows(name: str, dialect: str) -> list[dict[str, str]]:
    with (FORMATS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, dialect=dialect))


@pytest.mark.parametrize(
    ("name", "dialect"), [("bao-song-hong.csv", "excel"), ("tin-gio-lao.tsv", "excel-tab")]
)
def test_tables_fill_every_column(name: str, dialect: str) -> None:
    records = rows(name, dialect)
    assert f"| `{name}` | {len(records)} |" in README
    assert all(all(record.values()) and None not in record for record in records)


def test_a_csv_cell_may_hold_what_separates_cells_and_rows() -> None:
    bodies = [record["body"] for record in rows("bao-song-hong.csv", "excel")]
    assert all(all(mark in body for mark in (",", '"', "\n")) for body in bodies)


def test_the_rss_feed_gives_whole_articles_with_dates_of_vietnam() -> None:
    items = ET.parse(FORMATS / "nhat-bao-cuu-long.rss.xml").findall("channel/item")
    assert f"| `nhat-bao-cuu-long.rss.xml` | {len(items)} |" in README
    for item in items:
        published = parsedate_to_datetime(item.findtext("pubDate", ""))
        assert published.strftime("%a, %d %b %Y %H:%M:%S %z") == item.findtext("pubDate")
        assert published.strftime("%z") == "+0700"
        assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded", "").count("<p>")


def test_the_atom_feed_gives_whole_articles() -> None:
    entries = ET.parse(FORMATS / "nam-chau-bon-bien.atom.xml").findall(f"{ATOM}entry")
    assert f"| `nam-chau-bon-bien.atom.xml` | {len(entries)} |" in README
    for entry in entries:
        assert entry.findtext(f"{ATOM}published", "").endswith("+07:00")
        assert entry.findtext(f"{ATOM}content", "").startswith("<p>")
