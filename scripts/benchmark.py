#!/usr/bin/env python3
"""Build and query speed, size and memory, beside other engines in the same run.

The documents are the articles of an index, the queries a TSV (column ``bare``) and phrases drawn
from the articles. Every engine is built in a process of its own, at 1,000, 10,000, … articles up
to all of the index. Then all engines answer all queries, in several rounds by turns, so that
whatever else the machine does hits all alike; the quickest time of each query counts. At last the
whole product is measured on the index itself: searches from text to page, and an update.

Peers and the plot need the extra ``benchmark`` (``pip install timbao[benchmark]``).
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import importlib.util
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
import orjson
from rich import box
from rich.console import Console

from index.errors import IndexOpenError
from index.schema import field_texts
from index.snapshot import Snapshot
from index.storage.builds import current_build
from scripts.measure.bench.analysis import AnalysisCost, analysis_tables, measure_analysis
from scripts.measure.bench.documents import Queries, articles_of, read_queries, write_analysed
from scripts.measure.bench.engines import StockWhoosh
from scripts.measure.bench.measure import (
    BATCHED,
    IN_TURNS,
    PEERS,
    PERCENTILES,
    Built,
    Limits,
    Timed,
    UnknownEngine,
    engine_named,
    measure_build,
    measure_queries,
)
from scripts.measure.bench.product import Searched, Updated, measure_searches, measure_update
from scripts.measure.bench.tables import build_table, query_table, search_table, update_table

OWN = "timbao"
WIDTH = 130
"""Columns of the tables, whatever the terminal: they are copied into documents."""


@click.command()
@click.option("--index", "index_dir", type=click.Path(path_type=Path), required=True)
@click.option("--queries", "queries_file", type=click.Path(path_type=Path), required=True)
@click.option("--column", default="bare", show_default=True, help="Column of the queries.")
@click.option("--against", default="", help=f"Comma-separated, of: {', '.join(PEERS)}.")
@click.option("--most-queries", default=300, show_default=True, help="Of each kind.")
@click.option("--sizes", default="", help="Numbers of articles; by default 1000,10000,… and all.")
@click.option(
    "--whoosh-limit",
    default=10_000,
    show_default=True,
    help="Leave stock Whoosh out beyond so many articles; 100,000 take it a quarter of an hour.",
)
@click.option(
    "--whoosh-queries",
    default=60,
    show_default=True,
    help="Queries of each kind that stock Whoosh is asked.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write figures here.")
@click.option("--plot", "plot_file", type=click.Path(path_type=Path), help="Write a plot here.")
def main(
    index_dir: Path,
    queries_file: Path,
    column: str,
    against: str,
    most_queries: int,
    sizes: str,
    whoosh_limit: int,
    whoosh_queries: int,
    json_file: Path | None,
    plot_file: Path | None,
) -> None:
    """Measure build and query speed, size and memory, beside other engines in the same run."""
    engines = [OWN, *filter(None, against.split(","))]
    limits = Limits(whoosh_limit, whoosh_queries)
    try:
        for name in engines:
            engine_named(name)
        chosen = [int(size) for size in sizes.split(",") if size]
        if plot_file is not None and importlib.util.find_spec("matplotlib") is None:
            raise UnknownEngine("a plot needs matplotlib: pip install timbao[benchmark]")
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    try:
        source = current_build(index_dir).path
        snapshot = Snapshot.open(source)
        queries = read_queries(queries_file, column, snapshot, most_queries)
    except (IndexOpenError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    figures = Figures()
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="timbao-benchmark-") as scratch:
        for size in chosen or sizes_up_to(snapshot.doc_count):
            progress.print(f"{size:,} articles …")
            taking_part = [name for name in engines if takes_part(name, size, limits)]
            _measure(figures, taking_part, source, Path(scratch), size, queries, limits)
    progress.print("whole searches …")
    figures.searched = measure_searches(index_dir, queries_file, most_queries)
    progress.print("an update …")
    figures.updated = measure_update(index_dir)
    progress.print("the text analysis …")
    figures.analysis = measure_analysis(source, queries_file, most_queries)
    _show(figures, _text_mb(snapshot))
    if json_file is not None:
        json_file.write_bytes(_as_json(figures))
    if plot_file is not None:
        from scripts.measure.bench.plot import draw

        draw(figures.built, figures.timed, plot_file)


@dataclass
class Figures:
    """All that was measured."""

    built: list[Built] = field(default_factory=list)
    timed: list[Timed] = field(default_factory=list)
    searched: list[Searched] = field(default_factory=list)
    updated: Updated | None = None
    analysis: AnalysisCost | None = None


def sizes_up_to(articles: int) -> list[int]:
    """1,000, 10,000, … and all."""
    return [*(size for size in (1_000, 10_000, 100_000, 1_000_000) if size < articles), articles]


def takes_part(engine: str, articles: int, limits: Limits) -> bool:
    """Whether an engine is asked to index so many articles."""
    return engine != StockWhoosh.name or articles <= limits.articles


def _measure(
    figures: Figures,
    engines: Sequence[str],
    source: Path,
    scratch: Path,
    size: int,
    queries: Queries,
    limits: Limits,
) -> None:
    """Build every engine with so many articles, then ask them all."""
    analysed = scratch / f"analysed-{size}"
    if len(engines) > 1:
        write_analysed(Snapshot.open(source), size, analysed)
    directories = [scratch / f"{name}-{size}" for name in engines]
    for name, directory in zip(engines, directories, strict=True):
        directory.mkdir()
        figures.built.append(measure_build(name, source, analysed, directory, size, queries))
    analysed.unlink(missing_ok=True)
    figures.timed += measure_queries(engines, directories, size, queries, limits)
    for directory in directories:
        shutil.rmtree(directory)


def _text_mb(snapshot: Snapshot) -> float:
    """The UTF-8 size of all articles' texts."""
    articles = articles_of(snapshot, snapshot.doc_count)
    return sum(len(text.encode()) for article in articles for text in field_texts(article)) / 1e6


def _show(figures: Figures, text_mb: float) -> None:
    tables = [
        build_table(figures.built, text_mb),
        query_table(figures.timed, BATCHED),
        query_table(figures.timed, IN_TURNS),
        search_table(figures.searched),
    ]
    if figures.updated is not None:
        tables.append(update_table(figures.updated))
    if figures.analysis is not None:
        tables += analysis_tables(figures.analysis)
    console = Console(width=WIDTH)
    console.print(f"{text_mb:.1f} MB of text")
    for table in tables:
        table.box = box.MARKDOWN
        console.print(table)


def _as_json(figures: Figures) -> bytes:
    whole = {"percentiles": PERCENTILES, **asdict(figures)}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2)


if __name__ == "__main__":
    main()
