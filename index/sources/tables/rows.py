"""The rows of a table, whatever wrote it: separators, quotation marks, line ends, encodings.

The header may stand below a title or after ``sep=;``, as spreadsheets write it. Quotation marks
count where they quote a whole cell; a row that they do not fit is read as if they were letters, and
if it then fits the header, that is what was meant. So a table may quote nothing, or begin to quote
after a million rows. It knows nothing of articles.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.sources.files.decoding import Decoded, decode
from index.sources.files.stream import LINE_LIMIT, Stream
from index.sources.records.outcome import Remark, Repair

_SEPARATORS = ",;\t|"
_HEADER_WITHIN = 30  # lines: a title, who exported it and when, an empty line
_CELL_LIMIT = 4 << 20
_BROKEN = (Remark(Repair.BROKEN_BYTES, "characters of no known encoding replaced by �"),)
_MOST_MENDED = 64  # lines of a row that holds marks it should have doubled
_LONGEST_MENDED = 256 << 10
_MOST_FAILED = 2_000  # rows that could not be mended: of such a table none is, but line by line
_SEP_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_LINE_END = re.compile(rb'"(?:[^"]|"")*"|\r\n|\r|\n')
_BREAK_IN_CELL = "\x0b"  # while it is parsed: the library takes a bare CR for a broken file


class Row(NamedTuple):
    """One row.

    Attributes:
        line: where it begins, from 1.
        cells: as they are meant; a line break in one is a newline.
        fault: why it is no row of this table, or "".
        remarks: on how it was decoded.
    """

    line: int
    cells: list[str]
    fault: str
    remarks: tuple[Remark, ...]


class Table(NamedTuple):
    """A table: the names of its columns, and its rows as they are asked for."""

    header: list[str]
    rows: Iterator[Row]


def read_table(stream: Stream, is_name: Callable[[str], bool]) -> Table | None:
    """The table in a stream, or None if it is in no encoding that can be told.

    Args:
        stream: any length; a row at a time is held.
        is_name: whether a cell names a column that somebody wants, by which the header is told from
            what stands above it.
    """
    lines = _Lines(stream)
    if lines.is_unreadable:
        return None
    separator = ""
    head = lines.ahead(_HEADER_WITHIN)
    if head and (written := _SEP_LINE.match(head[0])):
        separator = written[1]
        next(lines)
        head = head[1:]
    best, place = 1, 0
    for at, line in enumerate(head):
        for each in separator or _SEPARATORS:
            named = sum(is_name(cell.strip()) for cell in _cells(line, each))
            if named > best:
                best, place = named, at
    # Where no line names two columns, the first that is not empty is the header.
    if best == 1:
        place = next((at for at, line in enumerate(head) if line.strip()), 0)
    for _ in range(place):
        next(lines)
    if len(head) <= place:
        return Table([], iter(()))
    separator = separator or _separator(head[place], is_name)
    rows = _rows(lines, separator)
    header = next(rows, None)
    if header is None:
        return Table([], iter(()))
    width = len(header.cells)
    return Table([cell.strip() for cell in header.cells], _rows(lines, separator, width))


def _separator(line: str, is_name: Callable[[str], bool]) -> str:
    def worth(separator: str) -> tuple[int, int]:
        cells = _cells(line, separator)
        return sum(is_name(cell.strip()) for cell in cells), len(cells)

    return max(_SEPARATORS, key=worth)


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


class _Lines:
    """The physical lines of a table with their ends; what was read can be given back."""

    def __init__(self, stream: Stream) -> None:
        self._ahead: deque[str] = deque()
        self.line = 0
        self.remarks: tuple[Remark, ...] = ()
        self.is_unreadable = False
        pieces = stream.pieces()
        try:
            stream.sample.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start <= len(stream.sample) - 4:  # and no character cut in two at the end
                known = decode(stream.sample, stream.charset) is not None
                whole = decode(stream.read_all(), stream.charset) if known else None
                self.is_unreadable = whole is None
                self.remarks = () if whole is None else whole.remarks
                content = b"" if whole is None else whole.text.encode("utf-8", "replace")
                pieces = iter(content.splitlines(keepends=True))
        end = next((m[0] for m in _LINE_END.finditer(stream.sample) if m[0][:1] != b'"'), b"\n")
        self._source = self._texts(_cut_at_returns(pieces) if end == b"\r" else pieces)

    def _texts(self, lines: Iterator[bytes]) -> Iterator[str]:
        for number, line in enumerate(lines):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:  # a table may change its encoding on the way
                decoded = decode(line) or Decoded(line.decode("utf-8", "replace"), _BROKEN)
                text, self.remarks = decoded
            text = text.removeprefix("\ufeff") if number == 0 else text
            end = text[len(text.rstrip("\r\n")) :]
            body = text[: len(text) - len(end)].replace("\0", "")
            yield body.replace("\r", _BREAK_IN_CELL) + end[-2:].replace("\r\r", "\r")

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._source)
        self.line += 1
        return line

    def ahead(self, count: int) -> list[str]:
        """The next lines, which stay to be read."""
        while len(self._ahead) < count and (line := next(self._source, None)) is not None:
            self._ahead.append(line)
        return list(self._ahead)[:count]

    def give_back(self, lines: list[str]) -> None:
        """Have lines read again."""
        self._ahead.extendleft(reversed(lines))
        self.line -= len(lines)


def _cut_at_returns(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a file that ends them as old Macs did."""
    rest = b""
    for piece in pieces:
        lines = (rest + piece).splitlines(keepends=True)
        rest = lines.pop() if len(lines[-1]) <= LINE_LIMIT else b""
        yield from lines
    if rest:
        yield rest


class _Recorded:
    """Hands on lines and remembers those of the row at hand."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        return line


def _rows(lines: _Lines, separator: str, width: int = 0) -> Iterator[Row]:
    """Rows as the library reads them, and otherwise as they can only be meant.

    Args:
        lines: from the first row on.
        separator: of cells.
        width: how many columns there are, or 0 where that is to be found.
    """
    csv.field_size_limit(_CELL_LIMIT)
    source, failed = _Recorded(lines), 0
    reader = csv.reader(source, delimiter=separator, strict=True)
    while True:
        source.taken, start, fault = [], lines.line + 1, ""
        try:
            cells = next(reader, None)
        except csv.Error as error:
            cells, fault = [], f"is no row of this table ({error}); is a quotation mark missing?"
        if cells is None:
            return
        while width and len(cells) > width and not cells[-1].strip():
            cells.pop()  # separators at the end of a line
        if fault or (width and len(cells) > width):
            lines.give_back(source.taken)
            ahead = lines.ahead(_MOST_MENDED if failed < _MOST_FAILED else 1)
            mended, used = _mended(ahead, separator, width)
            if not mended:
                failed += 1
                used = 1 if fault else len(source.taken)
                fault = fault or f"has {len(cells)} cells where the header has {width}"
            for _ in range(used):
                next(lines)
            cells, fault = mended or cells, "" if mended else fault
        yield Row(
            start, [cell.replace(_BREAK_IN_CELL, "\n") for cell in cells], fault, lines.remarks
        )


def _mended(lines: list[str], separator: str, width: int) -> tuple[list[str], int]:
    """A row with marks that are letters, and how many of the lines it takes.

    Returns:
        No cells, and 0, where nothing fits the header.
    """
    first = lines[0].rstrip("\r\n") if lines else ""
    literal = first.split(separator)
    if not width:
        return (literal, 1) if len(literal) > 1 else ([], 0)
    fits = len(literal) == width
    mark = re.escape(separator)
    cell = re.compile(rf'\s*"(.*?)"\s*(?={mark}|\Z)|([^{mark}]*)', re.DOTALL)
    for count in range(1, len(lines) + 1):
        text = "".join(lines[:count]).rstrip("\r\n")
        if len(text) > _LONGEST_MENDED:
            break
        if fits and count > 1 and len(lines[count - 1].split(separator)) == width:
            break  # a row of its own
        cells: list[str] = []
        at, is_closed = 0, True
        while (match := cell.match(text, at)) and len(cells) <= width:
            quoted = match[1]
            cells.append(match[2] if quoted is None else quoted.replace('""', '"'))
            is_closed &= quoted is not None or not cells[-1].startswith('"')
            at = match.end() + 1
            if at > len(text):
                break
        if len(cells) == width and at > len(text) and is_closed:
            return cells, count
    return (literal, 1) if fits else ([], 0)
