#!/usr/bin/env python3
"""Build and query speed, size and memory, beside other engines in the same run.

The documents are the articles of an index, the queries a TSV (column ``bare``) and phrases drawn
from the articles. Every engine is built in a process of its own, at 1,000, 10,000, … articles up
to all of the index. Then all engines answer all queries, in several rounds by turns, so that
whatever else the machine does hits all alike; the quickest time of each query counts.

Peers and the plot need the extra ``benchmark`` (``pip install timbao[benchmark]``).
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import _environment

    _environment.enter()

import importlib.util
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.table import Table

from index.builds import current_build
from index.errors import IndexOpenError
from index.snapshot import Snapshot
from scripts.benchmark_analysis import AnalysisCost, analysis_tables, measure_analysis
from scripts.benchmark_documents import Queries, read_queries, write_analysed
from scripts.benchmark_measure import (
    PEERS,
    PERCENTILES,
    Built,
    Timed,
    UnknownEngine,
    engine_named,
    measure_build,
    measure_queries,
)

OWN = "timbao"
WIDTH = 110
"""Columns of the tables, whatever the terminal: they are copied into documents."""


@click.command()
@click.option("--index", "index_dir", type=click.Path(path_type=Path), required=True)
@click.option("--queries", "queries_file", type=click.Path(path_type=Path), required=True)
@click.option("--column", default="bare", show_default=True, help="Column of the queries.")
@click.option("--against", default="", help=f"Comma-separated, of: {', '.join(PEERS)}.")
@click.option("--most-queries", default=300, show_default=True, help="Of each kind.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write figures here.")
@click.option("--plot", "plot_file", type=click.Path(path_type=Path), help="Write a plot here.")
def main(
    index_dir: Path,
    queries_file: Path,
    column: str,
    against: str,
    most_queries: int,
    json_file: Path | None,
    plot_file: Path | None,
) -> None:
    """Measure build and query speed, size and memory, beside other engines in the same run."""
    engines = [OWN, *filter(None, against.split(","))]
    try:
        for name in engines:
            engine_named(name)
        if plot_file is not None and importlib.util.find_spec("matplotlib") is None:
            raise UnknownEngine("a plot needs matplotlib: pip install timbao[benchmark]")
    except UnknownEngine as error:
        raise click.UsageError(str(error)) from error
    try:
        source = current_build(index_dir).path
        snapshot = Snapshot.open(source)
        queries = read_queries(queries_file, column, snapshot, most_queries)
    except (IndexOpenError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    built: list[Built] = []
    timed: list[Timed] = []
    console = Console(stderr=True)
    console.print("the text analysis …")
    analysis = measure_analysis(source, queries_file, most_queries)
    with tempfile.TemporaryDirectory(prefix="timbao-benchmark-") as scratch:
        for size in sizes_up_to(snapshot.doc_count):
            console.print(f"{size:,} articles …")
            for more_built, more_timed in _measure(engines, source, Path(scratch), size, queries):
                built += more_built
                timed += more_timed
    tables = Console(width=WIDTH)
    tables.print(build_table(built))
    tables.print(query_table(timed))
    tables.print(*analysis_tables(analysis))
    if json_file is not None:
        json_file.write_bytes(_as_json(built, timed, analysis))
    if plot_file is not None:
        from scripts.benchmark_plot import draw

        draw(built, timed, plot_file)


def sizes_up_to(articles: int) -> list[int]:
    """1,000, 10,000, … and all."""
    return [*(size for size in (1_000, 10_000, 100_000, 1_000_000) if size < articles), articles]


def _measure(
    engines: Sequence[str], source: Path, scratch: Path, size: int, queries: Queries
) -> Iterator[tuple[list[Built], list[Timed]]]:
    """Build every engine that can take so many articles, then ask them all."""
    taking_part = [name for name in engines if size <= getattr(engine_named(name), "most", size)]
    analysed = scratch / f"analysed-{size}"
    if len(taking_part) > 1:
        write_analysed(Snapshot.open(source), size, analysed)
    directories = [scratch / f"{name}-{size}" for name in taking_part]
    built = []
    for name, directory in zip(taking_part, directories, strict=True):
        directory.mkdir()
        built.append(measure_build(name, source, analysed, directory, size, queries))
    analysed.unlink(missing_ok=True)
    yield built, measure_queries(taking_part, directories, size, queries)


def build_table(built: Sequence[Built]) -> Table:
    """Building, size, opening and memory."""
    table = Table(title="Building, size, opening")
    for heading in (
        "articles", "engine", "build s", "CPU s", "articles/s", "MB", "peak MB", "open ms",
        "private MB",
    ):  # fmt: skip
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    for row in built:
        table.add_row(
            f"{row.articles:,}", row.engine, f"{row.seconds:.1f}", f"{row.cpu_seconds:.1f}",
            f"{row.articles / row.seconds:,.0f}", f"{row.mb:.1f}", f"{row.peak_mb:.0f}",
            f"{row.open_ms:.1f}", f"{row.private_mb:.0f}",
        )  # fmt: skip
    return table


def query_table(timed: Sequence[Timed]) -> Table:
    """The best ten of AND, OR and phrase queries; our time as a share of each peer's."""
    table = Table(title=f"Ten best: milliseconds, and {OWN}'s time as a share of the peer's")
    for heading in ("articles", "queries", "engine"):
        table.add_column(heading, justify="right" if heading == "articles" else "left")
    for heading in (*(f"p{at} ms" for at in PERCENTILES), *(f"p{at} share" for at in PERCENTILES)):
        table.add_column(heading, justify="right")
    own = {(row.articles, row.kind): row.ms for row in timed if row.engine == OWN}
    for row in timed:
        shares = (
            mine / theirs for mine, theirs in zip(own[row.articles, row.kind], row.ms, strict=True)
        )
        table.add_row(
            f"{row.articles:,}",
            row.kind.upper(),
            row.engine,
            *(f"{value:.3f}" for value in row.ms),
            *("" if row.engine == OWN else f"{share:.3f}" for share in shares),
        )
    return table


def _as_json(built: Sequence[Built], timed: Sequence[Timed], analysis: AnalysisCost) -> bytes:
    figures = {
        "built": [asdict(row) for row in built],
        "queries": [asdict(row) for row in timed],
        "percentiles": PERCENTILES,
        "analysis": asdict(analysis),
    }
    return orjson.dumps(figures, option=orjson.OPT_INDENT_2)


if __name__ == "__main__":
    main()
