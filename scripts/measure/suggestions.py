#!/usr/bin/env python3
"""How soon what a reader looks for is suggested: headlines typed letter by letter.

Takes headlines at random, types the first letters of each without accents, and counts how many are
among the first five suggestions. No order of suggestions can do better than a bound that is printed
beside: where hundreds of headlines begin alike, five of them are shown. Prints the time of a
suggestion as well, in milliseconds of the processor.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from index.errors import IndexOpenError
from index.snapshot import Snapshot
from index.storage.builds import current_build
from index.stored import load_article
from search import IndexUnavailable, SearchEngine
from search.suggest.typed_prefix import plain_letters

_SHOWN = 5
_ASKED = 8


def read_headlines(index: Path) -> list[str]:
    """The headlines of an index, one for each way to spell it without accents and case."""
    snapshot = Snapshot.open(current_build(index).path)
    distinct: dict[str, str] = {}
    for leaf in snapshot.leaves:
        for doc in range(leaf.segment.doc_count):
            if leaf.alive is None or leaf.alive[doc]:
                headline = load_article(leaf.segment.stored(doc)).headline
                distinct.setdefault(_plain(headline), headline)
    return list(distinct.values())


def best_possible(headlines: Iterable[str], letters: int) -> float:
    """The share that can be among the first five after so many letters, whatever their order."""
    alike = Counter(_plain(headline)[:letters] for headline in headlines)
    return sum(min(count, _SHOWN) for count in alike.values()) / alike.total()


def share_suggested(
    engine: SearchEngine, headlines: Sequence[str], letters: int, times: list[float]
) -> float:
    """The share of headlines among the first five suggestions after so many letters."""
    suggested_headlines = 0
    for headline in headlines:
        typed = plain_letters(headline)[:letters]
        started = time.process_time()
        suggestions = engine.suggest(typed, _ASKED)
        times.append(time.process_time() - started)
        suggested_headlines += _plain(headline) in {
            _plain(suggestion.text) for suggestion in suggestions[:_SHOWN]
        }
    return suggested_headlines / len(headlines)


def _plain(headline: str) -> str:
    return " ".join(plain_letters(headline).split())


@click.command(help=__doc__)
@click.option("--index", type=click.Path(path_type=Path), required=True, help="Index directory.")
@click.option("--headlines", default=500, show_default=True, help="How many to type.")
@click.option("--letters", multiple=True, default=(8, 12, 16), show_default=True, type=int)
@click.option("--seed", default=1, show_default=True, help="Which headlines.")
def main(index: Path, headlines: int, letters: tuple[int, ...], seed: int) -> None:
    """Measure and print."""
    try:
        all_headlines = read_headlines(index)
        engine = SearchEngine.open(index)
    except (IndexOpenError, IndexUnavailable) as error:
        raise click.ClickException(str(error)) from error
    chosen = random.Random(seed).sample(all_headlines, min(headlines, len(all_headlines)))  # noqa: S311 - a sample
    with engine:
        for count in letters:
            times: list[float] = []
            share = share_suggested(engine, chosen, count, times)
            times.sort()
            click.echo(
                f"{count} letters: {share:.3f} of {len(chosen)} headlines among the first five "
                f"(at best {best_possible(all_headlines, count):.3f} of all); ms: "
                f"p50 {1e3 * times[len(times) // 2]:.2f}, "
                f"p95 {1e3 * times[len(times) * 95 // 100]:.2f}"
            )


if __name__ == "__main__":
    main()
