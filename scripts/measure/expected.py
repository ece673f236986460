"""The figures that are expected of judged sets, kept in a file beside the command.

The file is a TSV: lines that begin with # say where its sets come from, then a header, then a line
for each column of each set; "-" is a figure that such a set does not have. A run is held against
the lines of what it measured, and renews only these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from scripts.measure.figures import EMPTY, TITLES, Row

TOLERANCE = 0.002
"""So much worse than expected is as good as expected."""

HEADER = ("set", "column", "queries", *TITLES.values())
ABOUT = "# Figures expected of judged sets; scripts/evaluate.py --write-expected renews them.\n"
NONE = "-"

Expected = Mapping[tuple[str, str], Row]
"""By set and column."""


def read_expected(path: Path) -> Expected:
    """Read the expected figures; none where there is no such file."""
    found: dict[tuple[str, str], Row] = {}
    header: tuple[str, ...] = ()
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(line.split("\t"))
        if not header:
            header = cells
            if header != HEADER:
                raise click.ClickException(
                    f"{path}:{number}: is not the header {' '.join(HEADER)}, with tabs; "
                    "delete the file and have --write-expected write it anew"
                )
            continue
        row = _row(path, number, cells)
        if found.setdefault((row.name, row.column), row) is not row:
            raise click.ClickException(
                f"{path}:{number}: is the second line for {row.name} {row.column}; delete one"
            )
    return found


def renew_expected(path: Path, rows: Iterable[Row]) -> None:
    """Renew the lines of these rows; what the file says in # lines and of other sets stays."""
    kept = dict(read_expected(path))
    kept.update({(row.name, row.column): row for row in rows})
    about = [line for line in _text(path).splitlines(keepends=True) if line.startswith("#")]
    lines = [HEADER, *map(_cells, kept.values())]
    text = "".join(about or [ABOUT]) + "".join("\t".join(cells) + "\n" for cells in lines)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written ({error})") from error


def differences(rows: Iterable[Row], expected: Expected) -> list[Row]:
    """By how much each figure differs, as written with four digits; rows not expected have none.

    Raises:
        click.ClickException: a set has another number of queries than the figures were taken from.
    """
    found: list[Row] = []
    for row in rows:
        was = expected.get((row.name, row.column))
        if was is None:
            continue
        if was.queries != row.queries:
            raise click.ClickException(
                f"{row.name} {row.column}: has {row.queries} queries, and the expected figures are "
                f"of {was.queries}; give the same file, or --write-expected"
            )
        changes = {
            name: round(value, 4) - was.figures[name]
            for name, value in row.figures.items()
            if name in was.figures
        }
        found.append(row._replace(figures=changes))
    return found


def worse(changes: Sequence[Row], expected: Expected) -> list[str]:
    """A line for each figure that is worse than expected: lower, or of `EMPTY` higher."""
    return [
        f"{row.name} {row.column} {TITLES[name]}: {was + change:.4f}, expected {was:.4f}"
        for row in changes
        for name, change in row.figures.items()
        if (change if name == EMPTY else -change) > TOLERANCE + 1e-9
        for was in [expected[row.name, row.column].figures[name]]
    ]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: cannot be read ({error})") from error


def _row(path: Path, number: int, cells: tuple[str, ...]) -> Row:
    try:
        name, column, queries, *values = cells
        figures = {
            figure: float(value)
            for figure, value in zip(TITLES, values, strict=True)
            if value != NONE
        }
        if not all(0 <= value <= 1 for value in figures.values()):
            raise ValueError
        return Row(name, column, int(queries), figures)
    except ValueError as error:
        raise click.ClickException(
            f"{path}:{number}: is not {len(HEADER)} cells with tabs between them, the last "
            f"{len(TITLES)} from 0 to 1 or '{NONE}'"
        ) from error


def _cells(row: Row) -> tuple[str, ...]:
    values = (f"{row.figures[name]:.4f}" if name in row.figures else NONE for name in TITLES)
    return row.name, row.column, str(row.queries), *values
