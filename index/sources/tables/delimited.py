"""Tables: CSV and TSV with a header that names the columns.

Cells may be quoted and then hold separators and line ends. Commas, semicolons and tabs are told
apart by the header. Rows are read one at a time, so a table may be of any size; a row that does not
fit the header costs nothing but itself. Tables in old encodings are read too, as whole files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from index.sources.files.decoding import decode
from index.sources.files.stream import LINE_LIMIT, Stream
from index.sources.kind import Kind, Sample
from index.sources.records.export import article_from_export
from index.sources.records.names import Value
from index.sources.records.outcome import Found, Outcome, Remark, SkipReason, skip

_CSV_SUFFIXES = frozenset({".csv"})
_TSV_SUFFIXES = frozenset({".tsv", ".tab"})
_SEPARATORS = ",;\t|"


def _recognises_csv(sample: Sample) -> bool:
    return sample.suffix in _CSV_SUFFIXES and sample.is_text


def _recognises_tsv(sample: Sample) -> bool:
    return sample.suffix in _TSV_SUFFIXES and sample.is_text


def _read(stream: Stream) -> Iterator[Outcome]:
    decoded = decode(stream.sample)
    try:
        stream.sample.decode("utf-8")
        is_utf8 = True
    except UnicodeDecodeError as error:
        is_utf8 = error.start > len(stream.sample) - 4  # a character cut in two at the end
    if is_utf8:
        yield from _rows(stream, _utf8_lines(stream), ())
    elif decoded is None:
        message = "is in no encoding that can be told; save the table as UTF-8"
        yield skip(stream.name, SkipReason.UNKNOWN_ENCODING, message)
    elif (whole := decode(stream.read_all())) is not None:
        yield from _rows(stream, io.StringIO(whole.text, newline=""), whole.remarks)
    else:
        message = "changes its encoding on the way; save the table as UTF-8"
        yield skip(stream.name, SkipReason.UNKNOWN_ENCODING, message)


def _utf8_lines(stream: Stream) -> Iterator[str]:
    for number, piece in enumerate(stream.pieces()):
        yield piece.decode("utf-8-sig" if number == 0 else "utf-8", "replace").replace("\0", "")


def _rows(stream: Stream, lines: Iterator[str], remarks: tuple[Remark, ...]) -> Iterator[Outcome]:
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(LINE_LIMIT)
    header = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    # A table that quotes nothing may have quotation marks in its texts.
    if _quotes(stream.sample, separator):
        rows = csv.reader(lines, delimiter=separator)
    else:
        rows = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    while True:
        where = f"{stream.name}:{rows.line_num + 2}"
        try:
            row = next(rows, None)
        except csv.Error as error:
            message = f"is no row of this table ({error}); is a quotation mark missing?"
            yield skip(where, SkipReason.BROKEN_ROW, message)
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield _article(row, header, where, stream, remarks)


def _quotes(sample: bytes, separator: str) -> bool:
    mark = separator.encode()
    return mark + b'"' in sample or b'"' + mark in sample or b'\n"' in sample or sample[:1] == b'"'


def _article(
    row: list[str], header: list[str], where: str, stream: Stream, remarks: tuple[Remark, ...]
) -> Outcome:
    if len(row) > len(header):
        message = f"has {len(row)} cells where the header has {len(header)}"
        return skip(where, SkipReason.BROKEN_ROW, message)
    record: dict[str, Value] = dict(zip(header, row, strict=False))
    outcome = article_from_export(record, where, stream.names)
    if isinstance(outcome, Found):
        return outcome._replace(remarks=(*remarks, *outcome.remarks))
    return outcome


CSV = Kind("csv", _recognises_csv, _read)
TSV = Kind("tsv", _recognises_tsv, _read)
