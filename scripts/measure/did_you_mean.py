#!/usr/bin/env python3
"""How often "did you mean" is right, wrong, or speaks about a query that is fine.

Needs queries of which one column has the accents and another is the same typed bare: for the bare
ones it counts the proposals that are the accented query, those that are another, and the readings
of an ambiguous word that hold the right one; for accented ones, every proposal is one too many.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import numpy as np

from index.analysis import Analyser
from index.errors import IndexOpenError
from index.storage.builds import current_build
from search import SearchRequest, Suggestion
from search.backends.whoosh.backend import WhooshBackend, open_whoosh
from search.engine import today_in_vietnam
from search.understanding.did_you_mean import did_you_mean
from search.understanding.reading import understand


@dataclass
class Tally:
    """What was proposed for the queries of one column, and what it cost."""

    queries: int = 0
    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    alternatives_right: list[str] = field(default_factory=list)
    alternatives_wrong: list[str] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def add(self, typed: str, proposed: Suggestion | None, right: bool) -> None:
        """Count one proposal."""
        self.queries += 1
        if proposed is None:
            return
        said = f"{typed} → {proposed.text} ({proposed.reason.value})"
        if proposed.alternatives:
            said += " | " + ", ".join(alternative.word for alternative in proposed.alternatives)
            (self.alternatives_right if right else self.alternatives_wrong).append(said)
        else:
            (self.right if right else self.wrong).append(said)

    def __str__(self) -> str:
        kinds = (
            ("proposes the accented query", self.right),
            ("proposes another", self.wrong),
            ("offers choices with it", self.alternatives_right),
            ("offers choices without it", self.alternatives_wrong),
        )
        shares = "; ".join(
            f"{name} {len(cases)} ({len(cases) / max(self.queries, 1):.2%})"
            for name, cases in kinds
        )
        p50, p95 = np.percentile(self.ms or [0.0], [50, 95])
        return f"{self.queries} queries: {shares}; p50 {p50:.3f} ms, p95 {p95:.3f} ms"


class Same:
    """Whether two queries have the same words with the same accents, however they are spelt."""

    def __init__(self) -> None:
        self._analyser = Analyser()

    def __call__(self, query: str, other: str) -> bool:
        """Compare by accent keys: "quí" is "quý", "hòa" is "hoà"."""
        return self._keys(query) == self._keys(other)

    def _keys(self, text: str) -> Sequence[str]:
        return [token.key for token in self._analyser.tokens(text)]


def measure_proposals(backend: WhooshBackend, typed: Sequence[str], meant: Sequence[str]) -> Tally:
    """Ask for each query as a search does: after its results were ranked."""
    tally, same, analyser = Tally(), Same(), Analyser()
    for query, accented in zip(typed, meant, strict=True):
        request = SearchRequest(query=query)
        understood = understand(request, backend.lexicon, today_in_vietnam())
        has_results = backend.rank(understood, request).found().total > 0
        start = time.process_time()
        proposed = did_you_mean(request, understood, analyser, backend, found=has_results)
        tally.ms.append((time.process_time() - start) * 1000)
        texts = [proposed.text] if proposed else []
        if proposed and proposed.alternatives:
            texts = [alternative.text for alternative in proposed.alternatives]
        tally.add(query, proposed, any(same(text, accented) for text in texts))
    return tally


@click.command("measure_did_you_mean")
@click.option("--index", "index_dir", required=True, type=click.Path(path_type=Path))
@click.option(
    "--queries", required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@click.option("--accented", default="accented", show_default=True, help="The column as meant.")
@click.option("--column", "columns", multiple=True, help="As typed; default bare and accented.")
@click.option("--show", default=0, help="So many wrong proposals of each column.")
def main(
    index_dir: Path, queries: Path, accented: str, columns: tuple[str, ...], show: int
) -> None:
    """Measure on queries known with and without their accents (TSV with a header)."""
    try:
        backend = open_whoosh(current_build(index_dir).path)
    except IndexOpenError as error:
        raise click.ClickException(str(error)) from error
    with queries.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for column in columns or ("bare", "accented"):
        if not rows or accented not in rows[0] or column not in rows[0]:
            raise click.ClickException(f"{queries}: has no columns {accented!r} and {column!r}")
        tally = measure_proposals(
            backend, [row[column] for row in rows], [row[accented] for row in rows]
        )
        click.echo(f"{column}: {tally}")
        for said in [*tally.wrong[:show], *tally.alternatives_wrong[:show]]:
            click.echo(f"  {said}")


if __name__ == "__main__":
    main()
