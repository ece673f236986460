#!/usr/bin/env python3
"""How well articles come out of their pages: ours beside trafilatura and readability, as a table.

FOLDERS hold pages whose article is known: of each page ``NAME.html`` (or ``.html.gz``), beside it
``NAME.json`` with ``text`` and, where known, ``headline``, ``published`` (as ISO 8601) and
``author`` (a name or a list). A FOLDER may also be a file of JSON Lines (``.jsonl``, ``.jsonl.xz``)
of objects with ``name``, ``html`` (the bytes, in base64) and the same.

F1 is that of words, the mean over pages, and a page that is refused has 0. ``--fit`` fits the
weights of `index.sources.html.evidence` to the pages anew and prints them; a folder that is left
out of the fit and measured afterwards says what they are worth.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../../install"
    import _environment

    _environment.enter()

import base64
import gzip
import json
import lzma
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, TypeAlias

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from index.article import Article
from index.sources import Found
from index.sources.files.stream import Stream
from index.sources.html.blocks import read_blocks
from index.sources.html.evidence import FEATURES, features, votes_for
from index.sources.html.markup import parse
from index.sources.html.page import KIND, decode_page
from index.sources.html.readings import read_by_others
from index.sources.records.dates import parse_date

_WORD = re.compile(r"\w+")
_ROUNDS = 14
_RIDGE = 0.015
_FEWEST_WORDS = 50
_A_DAY = timedelta(days=1)
"""A day without a time is a day of some zone."""


class Page(NamedTuple):
    """A page as it was saved, and what is known of its article; "" and () where nothing is."""

    name: str
    content: bytes
    text: str
    headline: str
    published: str
    authors: tuple[str, ...]

    @property
    def markup(self) -> str:
        """The text of the page, "" if it is in no encoding that can be told."""
        decoded = decode_page(self.content)
        return decoded.text if decoded else ""


Extractor: TypeAlias = Callable[[Page], "Article | str | None"]
"""Makes of a page its article, or its text alone, or nothing."""


def read_pages(path: Path) -> Iterator[Page]:
    """The pages of a folder or of a file of JSON Lines.

    Raises:
        click.ClickException: there are none.
    """
    is_empty = True
    for name, content, gold in _folder(path) if path.is_dir() else _lines(path):
        is_empty = False
        authors = gold.get("author") or ()
        yield Page(
            name,
            content,
            str(gold["text"]),
            str(gold.get("headline") or ""),
            str(gold.get("published") or ""),
            (authors,) if isinstance(authors, str) else tuple(map(str, authors)),
        )
    if is_empty:
        raise click.ClickException(f"{path} has no pages with a gold text beside them")


_Gold: TypeAlias = "dict[str, str | list[str] | None]"


def _folder(path: Path) -> Iterator[tuple[str, bytes, _Gold]]:
    for file in sorted((*path.glob("*.html"), *path.glob("*.html.gz"))):
        name = file.name.removesuffix(".gz").removesuffix(".html")
        known = path / f"{name}.json"
        if known.exists():
            content = file.read_bytes()
            content = gzip.decompress(content) if file.suffix == ".gz" else content
            yield name, content, json.loads(known.read_text("utf-8"))


def _lines(path: Path) -> Iterator[tuple[str, bytes, _Gold]]:
    with lzma.open(path, "rb") if path.suffix == ".xz" else path.open("rb") as lines:
        for line in lines:
            gold = json.loads(line)
            yield gold["name"], base64.b64decode(gold["html"]), gold


def ours(page: Page) -> Article | None:
    """The article as a rebuild would index it."""
    (outcome,) = KIND.read(Stream("page.html", iter([page.content])))
    return outcome.article if isinstance(outcome, Found) else None


def _trafilatura(page: Page) -> str:
    from trafilatura import extract

    return extract(page.markup, include_comments=False) or ""


def _readability(page: Page) -> str:
    from readability import Document

    found = Document(page.markup).summary(html_partial=True)
    return "\n".join(block.text for block in read_blocks(parse(found)))


EXTRACTORS: dict[str, Extractor] = {
    "ours": ours,
    "trafilatura": _trafilatura,
    "readability": _readability,
}


class Score(NamedTuple):
    """What one extractor makes of one folder: shares of its pages from 0 to 1.

    Attributes:
        headline, date, byline: of the pages that have one; NaN where the extractor names none.
        pages_per_second: of processor time.
    """

    pages: int
    f1: float
    refused: float
    headline: float
    date: float
    byline: float
    pages_per_second: float


def measure(extractor: Extractor, pages: Sequence[Page]) -> Score:
    """Have an extractor read pages, and compare."""
    f1, right = [], {"headline": list[float](), "date": list[float](), "byline": list[float]()}
    refused, started = 0, time.process_time()
    for page in pages:
        try:
            found = extractor(page)
        except Exception:  # a library's own fault: it has no article of this page
            found = ""
        refused += not found
        text = f"{found.summary}\n{found.body}" if isinstance(found, Article) else found or ""
        f1.append(f1_of_words(text, page.text))
        if isinstance(found, str):
            continue
        if page.headline:
            right["headline"].append(_same(found.headline if found else "", page.headline))
        if (moment := parse_date(page.published)) is not None:
            published = found.published if found else None
            right["date"].append(published is not None and abs(published - moment) <= _A_DAY)
        if page.authors:
            right["byline"].append(_names_one(found.author if found else "", page.authors))
    seconds = max(time.process_time() - started, 1e-9)
    share = {name: float(np.mean(is_so or np.nan)) for name, is_so in right.items()}
    return Score(
        pages=len(pages),
        f1=float(np.mean(f1)),
        refused=refused / len(pages),
        **share,
        pages_per_second=len(pages) / seconds,
    )


def f1_of_words(read: str, wanted: str) -> float:
    """The harmonic mean of precision and recall over words, case apart."""
    taken, right = (Counter(_WORD.findall(text.lower())) for text in (read, wanted))
    common = sum((taken & right).values())
    return 2 * common / (sum(taken.values()) + sum(right.values())) if common else 0.0


def _same(read: str, wanted: str) -> bool:
    return _WORD.findall(read.lower()) == _WORD.findall(wanted.lower())


def _names_one(read: str, wanted: Sequence[str]) -> bool:
    return any(name.lower() in read.lower() for name in wanted)


def fit(pages: Sequence[Page]) -> dict[str, float]:
    """Weights for the features of blocks, by logistic regression over pages whose text is known.

    A block counts as much as its share of the words of its article, since that is what F1 counts.
    """
    parts = [part for page in pages if (part := _judged(page)) is not None]
    values = np.vstack([part[0] for part in parts])
    is_text = np.concatenate([part[1] for part in parts])
    counts = np.concatenate([part[2] for part in parts])
    weights = np.zeros(len(FEATURES))
    for _ in range(_ROUNDS):  # Newton's method
        odds = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (counts * (odds - is_text)) + _RIDGE * weights
        curve = (values * (counts * odds * (1 - odds))[:, None]).T @ values
        weights -= np.linalg.solve(curve + _RIDGE * np.eye(len(FEATURES)), slope)
    return {name: round(float(weight), 2) for name, weight in zip(FEATURES, weights, strict=True)}


_Judged: TypeAlias = "tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]"


def _judged(page: Page) -> _Judged | None:
    """Features of a page's blocks, whether each is text (1 or 0), and how much it counts."""
    tree = parse(page.markup)
    blocks = read_blocks(tree)
    if not blocks:
        return None
    readings = read_by_others(tree)
    is_text = np.array(votes_for(page.text, blocks))
    words = np.array([len(_WORD.findall(block.text)) for block in blocks])
    counts = np.minimum(1.0, (1 + words) / max(_FEWEST_WORDS, float(words @ is_text)))
    return features(blocks, readings), is_text, counts


@click.command("measure-extraction")
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)  # fmt: skip
@click.option("--fit", "is_fit", is_flag=True, help="Fit the weights to all pages and print them.")
@click.option("--worst", default=0, help="Also name as many pages with the lowest F1 of ours.")
def main(folders: tuple[Path, ...], is_fit: bool, worst: int) -> None:
    """Measure what is read of the pages of FOLDERS against their known articles."""
    sets = {folder.name: list(read_pages(folder)) for folder in folders}
    if is_fit:
        for name, weight in fit([page for pages in sets.values() for page in pages]).items():
            click.echo(f'    "{name}": {weight},')
        return
    table = Table("pages of", "read by", *Score._fields)
    for name, pages in sets.items():
        for reader, extractor in EXTRACTORS.items():
            count, *shares, speed = measure(extractor, pages)
            cells = ("–" if np.isnan(share) else f"{share:.3f}" for share in shares)
            table.add_row(name, reader, str(count), *cells, f"{speed:.1f}")
    Console(width=120).print(table)
    for name, pages in sets.items() if worst else ():
        scored = [(measure(ours, [page]).f1, page.name) for page in pages]
        for score, page_name in sorted(scored)[:worst]:
            click.echo(f"{score:.3f} {name}/{page_name}")


if __name__ == "__main__":
    main()
