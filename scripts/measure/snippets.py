#!/usr/bin/env python3
"""Whether what readers are shown is right: checks the marks and snippets of many results.

Every snippet must be a verbatim piece of its article, its marks in order, apart, on whole letters,
and every word in a mark must be one that was searched for. Prints each fault, and how long it took
to present a page of ten. Exit status 1 if there is any fault.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

import csv
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from index.analysis import Analyser
from index.analysis.characters.graphemes import grapheme_start
from index.article import Article
from scripts.terminal.output import guarded_output
from search import Hit, IndexUnavailable, SearchEngine, SearchRequest, Span
from search.backends.protocol import Ranked
from search.query import AnyOf, Phrase, parse
from search.query.slots import Wanted, wanted
from search.snippets.highlighter import Highlighter
from search.snippets.presentation import present

PAGE = 10


def faults_in(hit: Hit, article: Article, sought: Wanted, analyser: Analyser) -> Iterator[str]:
    """What is wrong with a result."""
    excerpt = hit.snippet
    texts = [article.summary, *article.body.splitlines(), *article.captions]
    if hit.headline != article.headline:
        yield "the headline is not the article's"
    if excerpt.text and not any(excerpt.text in text for text in texts):
        yield f"not in the article: {excerpt.text!r}"
    for text, marks in ((hit.headline, hit.headline_marks), (excerpt.text, excerpt.marks)):
        yield from faults_in_marks(text, marks, sought, analyser)


def faults_in_marks(
    text: str, marks: Sequence[Span], sought: Wanted, analyser: Analyser
) -> Iterator[str]:
    """What is wrong with the marks of a text."""
    folded = {form.folded for run in sought.runs for slot in run for form in slot.forms}
    tokens = analyser.tokens(text)
    last = -1
    for start, end in marks:
        if not last < start < end <= len(text):
            yield f"marks out of order in {text!r}"
        last = end
        if grapheme_start(text, start) != start or grapheme_start(text, end) != end:
            yield f"a letter is cut by a mark: {text[start:end]!r}"
        inside = [token for token in tokens if start <= token.start and token.end <= end]
        if start not in {token.start for token in inside} or end not in {
            token.end for token in inside
        }:
            yield f"a mark that is no whole words: {text[start:end]!r}"
        for place in {token.position for token in inside}:
            here = [token.folded for token in inside if token.position == place]
            if not any(word in folded or word.startswith(sought.prefixes) for word in here):
                yield f"not searched for: {here} in {text[start:end]!r}"


@click.command("measure-snippets")
@click.option(
    "--index",
    "index_dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The index directory, as given to rebuild_index.",
)
@click.option(
    "--queries",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="TSV with a header; each column but qid, id and kind is a spelling of one query.",
)
@click.option("--column", default="accented", show_default=True)
@click.option("--results", default=1_000, show_default=True, help="How many results to check.")
@guarded_output()
def main(index_dir: Path, queries: Path, column: str, results: int) -> None:
    """Check the marks and snippets of the results of QUERIES."""
    analyser = Analyser()
    checked = marked = wrong = 0
    times: list[float] = []
    try:
        with SearchEngine.open(index_dir) as engine:
            for query in _queries(queries, column):
                page = engine.search(SearchRequest(query=query, per_page=PAGE))
                tree = parse(page.query.understood, date.today()).tree  # noqa: DTZ011 - any day
                also = [Phrase(name) for name in page.query.also]
                sought = wanted(analyser, AnyOf((tree, *also)) if tree and also else tree)
                articles = [engine.article(hit.id) for hit in page.hits]
                for hit, article in zip(page.hits, articles, strict=True):
                    checked += 1
                    marked += bool(hit.headline_marks or hit.snippet.marks)
                    for fault in faults_in(hit, article, sought, analyser):
                        wrong += 1
                        click.echo(f"{query}: {hit.id}: {fault}")
                if len(articles) == PAGE:
                    times.append(_time_to_present(articles, Highlighter(analyser, sought)))
                if checked >= results:
                    break
    except IndexUnavailable as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{checked} results, {marked} with a mark, {wrong} faults")
    if len(times) > 1:
        p95 = statistics.quantiles(times, n=20)[-1]
        click.echo(f"ten results presented in {statistics.median(times):.2f} ms, p95 {p95:.2f} ms")
    sys.exit(1 if wrong else 0)


def _queries(path: Path, column: str) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        if column not in (rows.fieldnames or ()):
            raise click.ClickException(f"{path} has no column {column!r}: {rows.fieldnames}")
        for row in rows:
            yield row[column]


def _time_to_present(articles: Sequence[Article], finder: Highlighter) -> float:
    """CPU milliseconds for a page of results."""
    started = time.process_time()
    present([Ranked(article, 0.0) for article in articles], finder)
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main()
