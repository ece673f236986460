"""The benchmark's tables, as Markdown, so that documents can take them as they are."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table

from scripts.measure.bench.measure import BATCHED, PERCENTILES, Built, Timed
from scripts.measure.bench.product import Searched, Updated

_TEXT = ("engine", "queries", "spelling")


def build_table(built: Sequence[Built], text_mb: float) -> Table:
    """Building, size, opening and memory.

    Args:
        built: of every engine and size.
        text_mb: UTF-8 text of all articles, in millions of bytes; 0 leaves its share out.
    """
    table = _table(
        "Building, size, opening",
        *("articles", "engine", "build s", "CPU s", "articles/s", "MB", "of the text"),
        *("peak MB", "open ms", "private MB"),
    )
    most = max(row.articles for row in built)
    for row in built:
        share = f"{row.mb / text_mb:.3f}" if row.articles == most and text_mb else ""
        table.add_row(
            f"{row.articles:,}", row.engine, f"{row.seconds:.1f}", f"{row.cpu_seconds:.1f}",
            f"{row.articles / row.seconds:,.0f}", f"{row.mb:.1f}", share, f"{row.peak_mb:.0f}",
            f"{row.open_ms:.1f}", f"{row.private_mb:.0f}",
        )  # fmt: skip
    return table


def query_table(timed: Sequence[Timed], order: str) -> Table:
    """The best ten of AND, OR and phrase queries; our time as a share of each peer's."""
    told = "each engine's queries together" if order == BATCHED else "each query to all engines"
    table = _table(
        f"Ten best, {told}: ms, and what share of it this project takes",
        *("articles", "queries", "engine", "asked"),
        *(f"p{at}" for at in PERCENTILES),
        *(f"p{at} share" for at in PERCENTILES),
    )
    for row in timed:
        if row.order == order:
            table.add_row(
                f"{row.articles:,}",
                row.kind.upper(),
                row.engine,
                f"{row.queries}",
                *(f"{value:.3f}" for value in row.ms),
                *(f"{value:.4f}" for value in row.share),
            )
    return table


def search_table(searched: Sequence[Searched]) -> Table:
    """Whole searches."""
    table = _table(
        "Whole searches with understanding, facets and 10 snippets: ms",
        *("spelling", "asked", *(f"first p{at}" for at in PERCENTILES)),
        *(f"again p{at}" for at in PERCENTILES),
        *(f"CPU p{at}" for at in PERCENTILES),
        *("open ms", "private MB"),
    )
    for row in searched:
        table.add_row(
            row.column,
            f"{row.queries}",
            *(f"{value:.2f}" for value in (*row.first, *row.again, *row.cpu)),
            f"{row.open_ms:.0f}",
            f"{row.private_mb:.0f}",
        )
    return table


def update_table(updated: Updated) -> Table:
    """An update until it can be searched."""
    table = _table("An update, until searches find it", "articles", "changed", "s", "CPU s")
    table.add_row(
        f"{updated.articles:,}",
        f"{updated.changed}",
        f"{updated.seconds:.2f}",
        f"{updated.cpu_seconds:.2f}",
    )
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, box=box.MARKDOWN, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in _TEXT else "right", no_wrap=True)
    return table
