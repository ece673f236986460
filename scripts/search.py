#!/usr/bin/env python3
"""One query in the terminal: ranked results with the matches marked."""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import sys
from datetime import datetime, time

import click
import orjson
from rich.console import Console
from rich.text import Text

from scripts.terminal.output import guarded_output
from search import (
    Accents,
    Explanation,
    Hit,
    IndexUnavailable,
    Matching,
    RequestError,
    SearchEngine,
    SearchPage,
    SearchRequest,
    Sort,
    Span,
    TypedAs,
)
from webui.api.responses import search_response
from webui.rendering.dates import in_vietnam
from webui.rendering.meanings import meaning
from webui.rendering.tiers import dividing_line, nothing_about, parted

MARK = "bold yellow"


@click.command("search")
@click.option(
    "--index",
    "index_dir",
    required=True,
    metavar="DIRECTORY",
    help="The index directory, as given to rebuild_index.",
)
@click.option("--page", default=1, show_default=True, help="Which page of results.")
@click.option("--per-page", default=10, show_default=True, help="Results on a page.")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Sort]),
    default=Sort.RELEVANCE.value,
    show_default=True,
)
@click.option(
    "--match",
    type=click.Choice([matching.value for matching in Matching]),
    default=Matching.ABOUT.value,
    show_default=True,
    help="Whether articles that only have the words somewhere count as well.",
)
@click.option("--verbatim", is_flag=True, help="Do not read raw Telex or VNI as Vietnamese.")
@click.option("--exact", is_flag=True, help="Only the accents as typed (đúng dấu).")
@click.option("--explain", is_flag=True, help="Say what the score of each result is the sum of.")
@click.option("--section", multiple=True, help="Only this section; may be repeated.")
@click.option("--source", multiple=True, help="Only this newspaper; may be repeated.")
@click.option("--author", multiple=True, help="Only this author; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="The answer as the JSON API gives it.")
@click.argument("query", nargs=-1, required=True)
@guarded_output()
def main(
    index_dir: str,
    page: int,
    per_page: int,
    sort: str,
    match: str,
    verbatim: bool,
    exact: bool,
    explain: bool,
    section: tuple[str, ...],
    source: tuple[str, ...],
    author: tuple[str, ...],
    as_json: bool,
    query: tuple[str, ...],
) -> None:
    """Search the index for QUERY (several words need no quotes).

    Put -- before a query that begins with a minus.
    """
    try:
        request = SearchRequest(
            query=" ".join(query),
            page=page,
            per_page=per_page,
            sort=Sort(sort),
            match=Matching(match),
            verbatim=verbatim,
            explain=explain,
            accents=Accents.EXACT if exact else Accents.ANY,
            sections=section,
            sources=source,
            authors=author,
        )
        with SearchEngine.open(index_dir) as engine:
            results = engine.search(request)
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    except IndexUnavailable as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(orjson.dumps(search_response(results)).decode())
    else:
        _print(results, request)


def _print(results: SearchPage, request: SearchRequest) -> None:
    # Only a terminal has a width; in a pipe or file a long line, such as an address, stays whole.
    console = Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty())
    first = (results.page - 1) * results.per_page
    summary = f"{results.total} kết quả ({results.took_ms:.1f} ms)"
    if not results.about:
        told = nothing_about(results, filtered=request.filtered).removesuffix(".")
        summary = f"{told} ({results.took_ms:.1f} ms)"
    if results.partly and request.sort is not Sort.RELEVANCE:
        summary += f"; {dividing_line(results)} (--match all)"
    if results.query.typed_as is not TypedAs.TEXT or results.query.respelled:
        summary += f"; đã hiểu là: {results.query.understood}"
    if results.query.also:
        summary += f"; tìm cả: {', '.join(results.query.also)}"
    console.print(summary, style="dim")
    for remark in results.query.remarks:
        console.print(f"“{remark.text}” được tìm như từ thường", style="dim")
    if results.suggestion is not None:
        readings = [reading.text for reading in results.suggestion.alternatives]
        proposed = ", ".join(readings or [results.suggestion.text])
        console.print(f"Có phải bạn muốn tìm: {proposed}", style="dim")
    about, _ = parted(results.hits)
    for number, hit in enumerate(results.hits, first + 1):
        console.print()
        if results.about and number == first + 1 + len(about):
            console.print(dividing_line(results), style="dim")
            console.print()
        console.print(Text(f"{number:>3}. ") + _marked(hit.headline, hit.headline_marks, "bold"))
        console.print(Text("     " + _provenance(hit), style="dim"))
        console.print(Text("     ") + _marked(hit.snippet.text, hit.snippet.marks, ""))
        if hit.explanation is not None:
            for line in _explained(hit.score, hit.explanation):
                console.print(Text(f"     {line}", style="dim"))


def _explained(score: float, explanation: Explanation) -> list[str]:
    """The score as a sum, its largest parts first."""
    parts = sorted(explanation.parts, key=lambda part: -part.value)
    lines = [f"{score:9.4f}  {explanation.searched_for}"]
    lines += [f"{part.value:9.4f}  {meaning(part.name)}" for part in parts if part.value]
    return lines


def _provenance(hit: Hit) -> str:
    when = _when(hit.published) if hit.published else ""
    return " · ".join(part for part in (hit.source, hit.section, when, hit.url) if part)


def _when(published: datetime) -> str:
    """A moment on Vietnam's clock; a day alone where the newspaper gave no time, as on the site."""
    local = in_vietnam(published)
    return local.strftime("%d/%m/%Y" if local.time() == time.min else "%d/%m/%Y %H:%M")


def _marked(text: str, marks: tuple[Span, ...], style: str) -> Text:
    shown = Text(text, style=style)
    for mark in marks:
        shown.stylize(MARK, mark.start, mark.end)
    return shown


if __name__ == "__main__":
    main()
