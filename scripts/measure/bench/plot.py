"""The benchmark's plot: how query times and build times grow with the number of articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from scripts.measure.bench.measure import BATCHED, Built, Timed

_COLOURS = {"timbao": "#c2410c", "tantivy": "#1d4ed8", "fts5": "#15803d", "whoosh": "#6b7280"}


def draw(built: Sequence[Built], timed: Sequence[Timed], path: Path) -> None:
    """Write a plot in the format that the name of ``path`` asks for (svg, png, …)."""
    figure = Figure(figsize=(13, 3.6), layout="constrained")
    axes = figure.subplots(1, 4)
    for axis, kind in zip(axes, ("and", "or", "phrase"), strict=False):
        axis.set_title(f"{kind.upper()}: p50, ms")
        for engine in dict.fromkeys(row.engine for row in timed):
            rows = [
                row for row in timed if (row.engine, row.kind, row.order) == (engine, kind, BATCHED)
            ]
            points = [(row.articles, row.ms[0]) for row in rows]
            axis.loglog(*zip(*points, strict=True), "o-", label=engine, color=_COLOURS[engine])
    axes[3].set_title("build, s")
    for engine in dict.fromkeys(row.engine for row in built):
        points = [(row.articles, row.seconds) for row in built if row.engine == engine]
        axes[3].loglog(*zip(*points, strict=True), "o-", label=engine, color=_COLOURS[engine])
    for axis in axes:
        axis.set_xlabel("articles")
        axis.grid(visible=True, which="both", alpha=0.2)
    axes[0].legend()
    with mpl.rc_context({"svg.hashsalt": "timbao"}):
        figure.savefig(path)
