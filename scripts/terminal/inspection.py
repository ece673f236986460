"""``timbao inspect``: how a source would be read, before anything is indexed.

Shows some articles as they would be found, what each field was taken from, what is left out and
why, and a description of the source in TOML. It writes nothing but that file, where one is named.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import click

from index.article import Article
from index.build.fingerprints import Meeting
from index.build.report.names_met import NamesMet, toml_text
from index.build.report.report import Report, printable, summarise
from index.build.report.words import Language
from index.errors import IndexingError, RecordError
from index.sources import (
    KIND_NAMES,
    Fetcher,
    FetchRules,
    Found,
    Meter,
    Origin,
    origin_of,
    read_sources,
)
from index.sources.origin import is_address
from index.sources.records.names import ALIASES
from index.sources.web.page_cache import PageCache
from scripts.terminal.output import guarded_output
from scripts.terminal.rebuild_progress import language_of_locale

_RECORDS_PER_ARTICLE = 100
"""Records looked at for each article wanted: of a source of drafts not all are read."""

_TEXT_SHOWN = 200
_LABEL_WIDTH = 12


class _Words(NamedTuple):
    """What is said around the articles."""

    article: str
    paragraphs: str
    taken: str
    description: str
    written: str
    summary: str
    nothing: str


_WORDS = {
    Language.VIETNAMESE: _Words(
        article="Bài {number} · {where}",
        paragraphs="({count} đoạn)",
        taken="Mỗi trường lấy từ đâu (trên {count} bài):",
        description="Mô tả nguồn bằng TOML (ghi ra tệp: --toml bao.toml):",
        written="Đã ghi {file}; lập chỉ mục bằng: rebuild-index --index … {file}",
        summary="Trong {read} mục đã xem:",
        nothing="Chưa đọc được bài nào.",
    ),
    Language.ENGLISH: _Words(
        article="Article {number} · {where}",
        paragraphs="({count} paragraphs)",
        taken="What each field is taken from (of {count} articles):",
        description="The source described in TOML (to write it: --toml bao.toml):",
        written="Wrote {file}; index it with: rebuild-index --index … {file}",
        summary="Of {read} records looked at:",
        nothing="No article was found.",
    ),
}


@click.command()
@click.argument("source")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True,
              help="How many articles to show.")  # fmt: skip
@click.option("--kind", "kind_name", type=click.Choice(KIND_NAMES), help="What all files are.")
@click.option("--query", default="", help="What to ask a database that SOURCE names.")
@click.option(
    "--allow-private",
    is_flag=True,
    help="Also fetch from addresses of this machine and its network.",
)
@click.option(
    "--toml",
    "toml_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a description of the source to this file.",
)
@click.option("--lang", type=click.Choice([language.value for language in Language]))
@guarded_output()
def main(
    source: str,
    limit: int,
    kind_name: str | None,
    query: str,
    allow_private: bool,
    toml_file: Path | None,
    lang: str | None,
) -> None:
    """Show how SOURCE would be read: some articles, and where their fields come from.

    SOURCE is what rebuild-index takes: a file, a folder, an address, or a TOML file.
    """
    language = Language(lang) if lang else language_of_locale()
    words = _WORDS[language]
    # Libraries' warnings on single files would run into the articles.
    logging.getLogger().addHandler(logging.NullHandler())
    report = Report()
    try:
        rules = FetchRules(allow_private=allow_private)
        origin = origin_of(source, kind_name or "", rules, query=query)
        articles = 0
        for found in islice(_found(origin, report, limit * _RECORDS_PER_ARTICLE), limit):
            articles += 1
            click.echo(words.article.format(number=articles, where=printable(found.where)))
            click.echo("\n".join(_lines(found, words)) + "\n")
    except IndexingError as error:
        click.echo(f"error: {printable(str(error))}", err=True)
        sys.exit(1)
    if report.names.taken:
        click.echo(words.taken.format(count=report.names.records))
        click.echo("\n".join(_taken(report.names)) + "\n")
    if not articles:
        click.echo(words.nothing)
    if told := summarise(report, language).partition("\n")[2]:
        click.echo(f"{words.summary.format(read=report.read)}\n{told}\n")
    description = _description(origin, report.names, toml_file)
    if toml_file is None:
        click.echo(words.description)
        click.echo(description)
    else:
        toml_file.write_text(description, "utf-8")
        click.echo(words.written.format(file=toml_file))
    if not articles:
        sys.exit(1)


def _found(origin: Origin, report: Report, most: int) -> Iterator[Found]:
    """The articles of a source; everything else is counted on the way."""
    outcomes = read_sources([origin], Meter(), lambda rules: Fetcher(rules, PageCache(None)))
    for outcome in islice(outcomes, most):
        if isinstance(outcome, RecordError):
            report.skip(outcome)
        else:
            report.meet(outcome, Meeting.NEW)
            yield outcome


def _lines(found: Found, words: _Words) -> Iterator[str]:
    for name in ALIASES:
        if text := _shown(found.article, name, words):
            taken = f"  ← {printable(found.taken[name])}" if name in found.taken else ""
            yield f"  {name:<{_LABEL_WIDTH}}{printable(text)}{taken}"
    for remark in found.remarks:
        yield f"  ! {printable(remark.message)}"


def _shown(article: Article, name: str, words: _Words) -> str:
    if name == "published":
        return "" if article.published is None else article.published.isoformat(" ")
    if name == "captions":
        return " · ".join(article.captions)
    text: str = getattr(article, name)
    line = " ⏎ ".join(text.split("\n"))
    shown = f"{line[:_TEXT_SHOWN]}…" if len(line) > _TEXT_SHOWN else line
    if name == "body":
        shown += f" {words.paragraphs.format(count=text.count(chr(10)) + 1)}"
    return shown


def _taken(names: NamesMet) -> Iterator[str]:
    for name in ALIASES:
        if counts := names.taken.get(name):
            shown = ", ".join(f"{printable(n)} ({count})" for n, count in counts.most_common())
            yield f"  {name:<{_LABEL_WIDTH}}← {shown}"


def _description(origin: Origin, names: NamesMet, toml_file: Path | None) -> str:
    """A TOML file that names the source and the fields as they were read, or as they may be."""
    place = origin.shown
    if not is_address(place):
        folder = toml_file.resolve().parent if toml_file else Path.cwd()
        near = os.path.relpath(place, folder)
        place = str(Path(place).resolve()) if near.startswith("../..") else near
    lines = [f"source = {toml_text(place)}"]
    lines += [f"kind = {toml_text(origin.kind)}"] if origin.kind else []
    lines += [f"query = {toml_text(origin.query)}"] if origin.query else []
    fields = {name: counts.most_common(1)[0][0] for name, counts in names.taken.items()}
    fields |= {name: called for name, called in names.proposed().items() if name not in fields}
    lines += ["", "[fields]"] if fields else []
    lines += [f"{name} = {toml_text(fields[name])}" for name in ALIASES if name in fields]
    return "\n".join(lines) + "\n"
