#!/usr/bin/env python3
"""An index in a cluster beside the same one in a directory: answers, and what they cost.

Queries are asked of both in turns. The table says for how many the totals, the facets and the first
result are the same, how many of the first ten both have, and the processor time and the median time
of each; ``--plain`` adds what OpenSearch takes for a query as it is usually set up (all words, in
most fields, without this project's ranking, highlights or facets).
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../../install"
    import _environment

    _environment.enter()

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TextIO

import click

from index.analysis import Analyser
from index.storage.opensearch.address import credentials, parse_address
from index.storage.opensearch.client import Cluster, Json
from search import SearchEngine, SearchPage, SearchRequest
from search.query.slots import slots_of


class Cost(NamedTuple):
    """What one answer took: seconds of the clock, and of this process's processor time."""

    wall: float
    processor: float


def measured(ask: Callable[[], SearchPage | None]) -> tuple[SearchPage | None, Cost]:
    """Ask, and say what it took."""
    wall, processor = time.perf_counter(), time.process_time()
    page = ask()
    return page, Cost(time.perf_counter() - wall, time.process_time() - processor)


def plain(cluster: Cluster, analyser: Analyser, query: str) -> None:
    """OpenSearch's own best: every word in any field, headlines twice."""
    folds = " ".join(slot.split.folded for slot in slots_of(analyser, query))
    body: Json = {
        "size": 10,
        "query": {
            "multi_match": {
                "query": folds,
                "type": "most_fields",
                "operator": "and",
                "fields": ["headline^2", "summary", "body"],
            }
        },
        "aggs": {"section": {"terms": {"field": "section"}}},
    }
    cluster.search(cluster.address.alias, body, dict[str, object], 10.0)


@click.command()
@click.option("--index", "directory", required=True, type=click.Path(path_type=Path))
@click.option("--cluster", "address", required=True, metavar="opensearch://HOST:PORT/NAME")
@click.option("--limit", default=200, show_default=True, help="So many queries at most.")
@click.option("--plain/--no-plain", "asks_plain", default=True, help="Ask OpenSearch's own query.")
@click.argument("queries", type=click.File(encoding="utf-8"))
def main(directory: Path, address: str, limit: int, asks_plain: bool, queries: TextIO) -> None:
    """Compare both back ends over QUERIES, a file with one a line."""
    texts = [line.strip() for line in queries if line.strip()][:limit]
    cluster = Cluster(parse_address(address), credentials())
    analyser = Analyser()
    same = dict.fromkeys(("totals", "facets", "first result"), 0)
    common: list[float] = []
    costs: dict[str, list[Cost]] = {"directory": [], "cluster": [], "plain": []}
    with SearchEngine.open(directory) as local, SearchEngine.open(address) as clustered:
        for text in texts:
            request = SearchRequest(query=text)
            here, cost = measured(partial(local.search, request))
            costs["directory"].append(cost)
            there, cost = measured(partial(clustered.search, request))
            costs["cluster"].append(cost)
            if asks_plain:
                _, cost = measured(partial(plain, cluster, analyser, text))
                costs["plain"].append(cost)
            if here is None or there is None:
                continue
            ours, theirs = ([hit.id for hit in page.hits] for page in (here, there))
            same["totals"] += (here.total, here.partly) == (there.total, there.partly)
            same["facets"] += here.facets == there.facets
            same["first result"] += ours[:1] == theirs[:1]
            if ours:
                common.append(len({*ours} & {*theirs}) / len(ours))
    click.echo(f"{len(texts)} queries")
    for name, count in same.items():
        click.echo(f"same {name:14} {count / len(texts):.3f}")
    click.echo(f"of the first ten    {statistics.fmean(common):.3f}")
    for name, of_backend in costs.items():
        if of_backend:
            wall = statistics.median(cost.wall for cost in of_backend)
            processor = statistics.fmean(cost.processor for cost in of_backend)
            click.echo(
                f"{name:10} p50 {1000 * wall:7.1f} ms   processor {1000 * processor:6.1f} ms"
            )


if __name__ == "__main__":
    main()
