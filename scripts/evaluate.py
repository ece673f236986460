#!/usr/bin/env python3
"""How good the answers are: queries whose right answers are known, one set of them or several.

Needs the extra ``evaluate`` (``pip install timbao[evaluate]``, or the development lock).

A set of queries is a TSV with a header: ``qid``, optionally ``kind``, and one column for each way
to type the query; its judgements are TREC qrels. A topical set names, for each query, all articles
that its answer must and may count. One set of queries is shown by column and kind; several sets, or
topical ones, as one table, which can be held against the figures expected of them.

A saved run (``--save``) holds the rank of the wanted article for every query, so that two rankings
can be compared query by query (``--against``).
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import orjson
from rich.console import Console
from rich.progress import track

from scripts.measure.expected import (
    TOLERANCE,
    Expected,
    differences,
    read_expected,
    renew_expected,
    worse,
)
from scripts.measure.figures import (
    Outcome,
    Row,
    compare,
    groups,
    load_run,
    print_rows,
    print_table,
    ranked_rows,
    run,
    save_run,
    summarise,
)
from scripts.measure.judgements import (
    FILE,
    RankedSet,
    TopicalSet,
    own_option,
    read_ranked_sets,
    read_topical_set,
)
from scripts.measure.topical import judge, topical_rows
from search import IndexUnavailable, SearchEngine
from search.request import MAX_DEPTH


def demand_sets(sets: Sequence[RankedSet | TopicalSet]) -> None:
    """See to it that there are sets, each with queries and a name of its own."""
    if not sets:
        raise click.UsageError("give --queries and --qrels, or --topical")
    names = [each.name for each in sets]
    if twice := [name for name in names if names.count(name) > 1]:
        raise click.UsageError(
            f"two sets are called {twice[0]!r}; give their files different names"
        )
    for each in sets:
        if not each.queries:
            raise click.ClickException(f"{each.path}: holds no queries")


def measure(
    index_dir: Path,
    ranked_sets: Sequence[RankedSet],
    topical_sets: Sequence[TopicalSet],
    *,
    quiet: bool,
) -> tuple[dict[str, list[Outcome]], list[Row]]:
    """Ask all queries of all sets: the outcomes of each ranked set, and the figures of all."""
    errors = Console(stderr=True)
    ranked: dict[str, list[Outcome]] = {}
    rows: list[Row] = []
    try:
        with SearchEngine.open(index_dir) as engine:
            for judged in ranked_sets:
                queries = track(judged.queries, judged.name, console=errors, disable=quiet)
                ranked[judged.name] = run(engine, queries, judged.qrels, judged.own)
                rows += ranked_rows(judged.name, ranked[judged.name])
            for topical in topical_sets:
                queries = track(topical.queries, topical.name, console=errors, disable=quiet)
                outcomes = judge(engine, queries, topical.wanted)
                if unread := sum(outcome.counted > outcome.read for outcome in outcomes):
                    click.echo(
                        f"{topical.name}: of {unread} answers only the first {MAX_DEPTH} articles "
                        "were judged, for no more can be asked for",
                        err=True,
                    )
                rows += topical_rows(topical.name, outcomes)
    except IndexUnavailable as error:
        raise click.ClickException(str(error)) from error
    return ranked, rows


def show_one(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    """Show one ranked set by column and kind."""
    if as_json:
        click.echo(orjson.dumps(_means(outcomes)).decode())
    else:
        print_table(outcomes, Console())


def show_several(
    ranked: Mapping[str, Sequence[Outcome]],
    rows: Sequence[Row],
    changes: Sequence[Row],
    *,
    as_json: bool,
) -> None:
    """Show the figures of all sets, and by how much they differ from those expected.

    As JSON, ranked sets have their kinds and times too, as where there is but one.
    """
    if not as_json:
        print_rows(rows)
        if changes:
            print_rows(changes, title="more (+) or less (-) than expected", signed=True)
        return
    answer = {"sets": _nested(rows, queries=True)}
    answer["sets"].update({name: _means(outcomes) for name, outcomes in ranked.items()})
    if changes:
        answer["against_expected"] = _nested(changes, queries=False)
    click.echo(orjson.dumps(answer).decode())


def _means(outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    return {name: summarise(members)._asdict() for name, members in groups(outcomes).items()}


def _nested(rows: Sequence[Row], *, queries: bool) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = {}
    for row in rows:
        number = {"queries": row.queries} if queries else {}
        found.setdefault(row.name, {})[row.column] = {**number, **row.figures}
    return found


def demand_as_expected(
    rows: Sequence[Row], changes: Sequence[Row], expected: Expected, path: Path
) -> None:
    """End with an error where figures are worse than expected, or where none is expected."""
    if not changes:
        raise click.ClickException(f"{path}: has no figures of these; --write-expected adds them")
    for row in rows:
        if (row.name, row.column) not in expected:
            click.echo(f"{path}: has no figures of {row.name} {row.column}", err=True)
    if lines := worse(changes, expected):
        raise click.ClickException("worse than expected\n" + "\n".join(lines))


@click.command("evaluate")
@click.option("--index", "index_dir", required=True, type=click.Path(path_type=Path))
@click.option(
    "--queries",
    multiple=True,
    type=FILE,
    help="TSV: qid, kind, one column a spelling. May be repeated; the set is called as its file.",
)
@click.option("--qrels", multiple=True, type=FILE, help="TREC judgements, one for each --queries.")
@click.option(
    "--topical",
    multiple=True,
    type=FILE,
    help='JSON lines {"query", "bare", "must": [ids], "may": [ids]}: all that an answer counts is '
    "judged. May be repeated.",
)
@own_option
@click.option("--column", "columns", multiple=True, help="Only this column; may be repeated.")
@click.option("--partly", help="Also leave out the accents of some words of this column.")
@click.option("--json", "as_json", is_flag=True, help="The means as one JSON object.")
@click.option("--save", type=FILE, help="Write every query's outcome to this file (one set).")
@click.option("--against", type=FILE, help="Compare with a run saved before (one set).")
@click.option(
    "--expect",
    type=FILE,
    help=f"TSV of expected figures; ends with status 1 if one is worse by more than {TOLERANCE}.",
)
@click.option(
    "--write-expected", "write", is_flag=True, help="Write the figures to the file of --expect."
)
def main(
    index_dir: Path,
    queries: tuple[Path, ...],
    qrels: tuple[Path, ...],
    topical: tuple[Path, ...],
    own: dict[str, str],
    columns: tuple[str, ...],
    partly: str | None,
    as_json: bool,
    save: Path | None,
    against: Path | None,
    expect: Path | None,
    write: bool,
) -> None:
    """Measure the answers to queries whose right answers are known.

    MRR@10, nDCG@10 and S@10 tell how high the judged articles stand, and whether one is among the
    ten; "empty" is the share of queries that find nothing. Of all that an answer counts, P(may) is
    the share that may be, and "newest" that of the ten newest; R(must) is the share of what must be
    counted that is. Articles without a date are the oldest, in the order of the SHA-256 of their
    ids.
    """
    one = len(queries) == 1 and not topical
    if (save or against) and not one:
        raise click.UsageError("--save and --against are for one --queries without --topical")
    if write and expect is None:
        raise click.UsageError("--write-expected needs --expect FILE")
    ranked_sets = read_ranked_sets(queries, qrels, columns, partly, own)
    topical_sets = [read_topical_set(path, columns, partly) for path in topical]
    demand_sets([*ranked_sets, *topical_sets])
    before = load_run(against) if against is not None else []
    expected = read_expected(expect) if expect is not None else {}
    ranked, rows = measure(index_dir, ranked_sets, topical_sets, quiet=as_json)
    changes = [] if write else differences(rows, expected)
    if one and expect is None:
        show_one(ranked[ranked_sets[0].name], as_json=as_json)
    else:
        show_several(ranked, rows, changes, as_json=as_json)
    if save is not None:
        save_run(save, ranked[ranked_sets[0].name])
    if before and not as_json:
        compare(ranked[ranked_sets[0].name], before, Console())
    if expect is not None and write:
        renew_expected(expect, rows)
    elif expect is not None:
        demand_as_expected(rows, changes, expected, expect)


if __name__ == "__main__":
    main()
