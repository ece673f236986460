"""Tables: CSV and TSV with a header that names the columns.

Rows are read one at a time, so a table may be of any size; one that does not fit the header costs
nothing but itself. How rows are told apart is the business of `index.sources.tables.rows`.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.sources.files.stream import Stream
from index.sources.kind import Kind, Sample
from index.sources.records.export import article_from_export
from index.sources.records.names import Value, field_of
from index.sources.records.outcome import Found, Outcome, SkipReason, skip
from index.sources.tables.rows import Row, read_table

_CSV_SUFFIXES = frozenset({".csv"})
_TSV_SUFFIXES = frozenset({".tsv", ".tab"})


def _recognises_csv(sample: Sample) -> bool:
    return sample.suffix in _CSV_SUFFIXES and sample.is_text


def _recognises_tsv(sample: Sample) -> bool:
    return sample.suffix in _TSV_SUFFIXES and sample.is_text


def _read(stream: Stream) -> Iterator[Outcome]:
    named = frozenset(stream.names.values())
    table = read_table(stream, lambda name: bool(field_of(name)) or name in named)
    if table is None:
        message = "is in no encoding that can be told; save the table as UTF-8"
        yield skip(stream.name, SkipReason.UNKNOWN_ENCODING, message)
        return
    for row in table.rows:
        where = f"{stream.name}:{row.line}"
        if row.fault:
            yield skip(where, SkipReason.BROKEN_ROW, row.fault)
        elif any(cell.strip() for cell in row.cells):
            yield _article(row, table.header, where, stream)


def _article(row: Row, header: list[str], where: str, stream: Stream) -> Outcome:
    record: dict[str, Value] = dict(zip(header, row.cells, strict=False))
    outcome = article_from_export(record, where, stream.names)
    if isinstance(outcome, Found):
        return outcome._replace(remarks=(*row.remarks, *outcome.remarks))
    return outcome


CSV = Kind("csv", _recognises_csv, _read)
TSV = Kind("tsv", _recognises_tsv, _read)
