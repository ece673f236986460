"""Spreadsheets of Excel and LibreOffice: a sheet is a table, one of its first rows names columns.

XLSX, XLS, XLSB and ODS. Days that Excel keeps as numbers are days where the column is one of dates.
Hidden sheets are left out. It knows nothing of what the columns mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from index.article import VIETNAM
from index.sources.extras import needing
from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Kind, Sample
from index.sources.records.dates import from_day_number
from index.sources.records.export import article_from_export
from index.sources.records.names import Value, field_of, is_empty, simplified
from index.sources.records.outcome import Outcome, SkipReason, skip
from index.sources.text.office import first_member, is_office_zip, refuse_bombs

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK = "Workbook".encode("utf-16-le")
_OPENDOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xlsb"})
_HEADER_WITHIN = 20
"""Rows among which the header is looked for: a title and remarks may stand above it."""

_LIMIT = 1 << 30
"""Bytes of all sheets unpacked; they are read whole."""

_Cell = bool | int | float | str | date | datetime | time | timedelta


def _recognises(sample: Sample) -> bool:
    start = sample.start
    if start.startswith(_OLE):
        return sample.suffix == ".xls" or _WORKBOOK in start
    if _OPENDOCUMENT in start[:128]:
        return True
    return bool(first_member(start)) and (
        sample.suffix in _SUFFIXES or is_office_zip(start, b"xl/")
    )


def _read(stream: Stream) -> Iterator[Outcome]:
    with needing("python-calamine", "office"):
        from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum
    with stream.on_disk() as path:
        if not stream.sample.startswith(_OLE):
            refuse_bombs(path, _LIMIT)
        try:
            workbook = CalamineWorkbook.from_path(path)
            for sheet in workbook.sheets_metadata:
                where = f"{stream.name} {sheet.name}"
                if sheet.visible is not SheetVisibleEnum.Visible:
                    message = "is a hidden sheet; it was left out"
                    yield skip(where, SkipReason.PRIVATE, message)
                    continue
                yield from _rows(workbook.get_sheet_by_name(sheet.name), where, stream.names)
        except CalamineError as error:
            raise DamagedStreamError(f"the spreadsheet cannot be read on ({error})") from error


def _rows(sheet: CalamineSheet, where: str, names: Mapping[str, str]) -> Iterator[Outcome]:
    rows: Iterator[list[_Cell]] = sheet.iter_rows()
    above = list(islice(rows, _HEADER_WITHIN))
    if not above:
        return
    given = {simplified(name) for name in names.values()}
    at = max(range(len(above)), key=lambda number: (_named(above[number], given), -number))
    header = [str(cell).strip() for cell in above[at]]
    first = (sheet.start or (0, 0))[0] + at + 2
    for number, row in enumerate((*above[at + 1 :], *rows), first):
        record = {
            name: _value(name, cell)
            for name, cell in zip(header, row, strict=False)
            if name and not is_empty(cell if isinstance(cell, str) else str(cell))
        }
        if record:
            yield article_from_export(record, f"{where}:{number}", names)


def _named(row: Sequence[_Cell], given: set[str]) -> int:
    """How many fields a row names, each counted once."""
    texts = [cell for cell in row if isinstance(cell, str)]
    return len({field_of(text) for text in texts} - {""}) + sum(
        simplified(t) in given for t in texts
    )


def _value(name: str, cell: _Cell) -> Value:
    if isinstance(cell, (bool, str)):
        return cell
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=VIETNAM)
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)):
        field = field_of(name)
        if field == "published" and (day := from_day_number(cell)) is not None:
            return day
        whole = int(cell) if float(cell).is_integer() else cell
        return str(whole) if field in ("headline", "body", "summary") else whole
    return str(cell)


KIND = Kind("spreadsheet", _recognises, _read)
