"""Queries whose right answers are known: the files that ``scripts/evaluate.py`` reads.

Three kinds: queries as a TSV with a header (``qid``, optionally ``kind``, and one column for each
way to type the query), their judgements as TREC qrels, and topical sets as JSON lines, which name
the articles that an answer must have and those that it may have. A set is called what its file of
queries is called, without the ending.

Invariant: what cannot be read is a `click.ClickException` of one line with the file, the line and
what belongs there. Knows nothing of the index, of searching or of figures.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import NamedTuple

import click
import msgspec

from index.analysis import fold
from search.request import MAX_QUERY_LENGTH

FILE = click.Path(path_type=Path, dir_okay=False)

PARTLY = "partly"
"""The column that :func:`partly_accented` makes."""

ACCENTED, BARE = "accented", "bare"
"""The columns of a topical set: its ``query`` and its ``bare``."""

Qrels = dict[str, dict[str, int]]


class Query(NamedTuple):
    """One query as typed in one column."""

    qid: str
    kind: str
    column: str
    text: str


class Wanted(NamedTuple):
    """What an answer to a topical query must have and what it may have; ``must`` is part of it."""

    must: frozenset[str]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class RankedSet:
    """Queries with judgements of single articles.

    Attributes:
        path: of the file of queries.
        own: template of the id of the article that a query was made from, which is left out of its
            results; "" where there is none. See :func:`own_article`.
    """

    path: Path
    queries: Sequence[Query]
    qrels: Qrels
    own: str = ""

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return self.path.stem


@dataclass(frozen=True, slots=True)
class TopicalSet:
    """Queries with all articles that count, by ``qid``, which is the number of the line."""

    path: Path
    queries: Sequence[Query]
    wanted: Mapping[str, Wanted]

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return self.path.stem


class _Topic(msgspec.Struct):
    """One line of a topical set; what else it has (``units``) is for people to read."""

    query: str
    bare: str
    must: list[str]
    may: list[str]


def read_ranked_set(
    queries: Path, qrels: Path, columns: Sequence[str], partly: str | None = None, own: str = ""
) -> RankedSet:
    """Read queries and their judgements.

    Args:
        queries: the TSV.
        qrels: the judgements.
        columns: those to read; none for all.
        partly: a column whose words shall also lose some of their accents; None for none.
        own: as in :class:`RankedSet`.
    """
    asked = read_queries(queries, columns)
    if partly is not None:
        asked += partly_accented(read_queries(queries, (partly,)), partly)
    judged = read_qrels(qrels)
    if asked and not any(query.qid in judged for query in asked):
        raise click.ClickException(
            f"{qrels}: judges no query of {queries}; give --qrels in the order of --queries"
        )
    return RankedSet(queries, asked, judged, own)


def own_templates(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    """The templates of ``--own`` by set."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, template = text.partition("=")
        if not equals or not ("{digits}" in template or "{qid}" in template):
            raise click.BadParameter(
                f"{text!r} is not SET=TEMPLATE with {{digits}} or {{qid}} in the template"
            )
        found[name] = template
    return found


index_option = click.option(
    "--index",
    "index_dirs",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="One for all sets, or one for each --queries.",
)
queries_option = click.option(
    "--queries",
    required=True,
    multiple=True,
    type=FILE,
    help="TSV: qid, kind, one column a spelling. May be repeated.",
)
qrels_option = click.option(
    "--qrels",
    required=True,
    multiple=True,
    type=FILE,
    help="TREC judgements, one for each --queries.",
)
own_option = click.option(
    "--own",
    multiple=True,
    metavar="SET=TEMPLATE",
    callback=own_templates,
    help="Leave out of a query's results the article that it was made from, whose id is the "
    "template with {qid}, or with {digits} for the digits of the qid: stories=vm{digits} leaves "
    "out vm123 for the query H123 of stories.tsv. Results of this set are not collapsed.",
)
"""Options of the commands that read ranked sets."""


def read_ranked_sets(
    queries: Sequence[Path],
    qrels: Sequence[Path],
    columns: Sequence[str],
    partly: str | None,
    own: Mapping[str, str],
) -> list[RankedSet]:
    """Read all pairs of queries and judgements."""
    if len(queries) != len(qrels):
        raise click.UsageError(
            f"there are {len(queries)} --queries and {len(qrels)} --qrels; "
            "give one --qrels for each --queries, in the same order"
        )
    names = [path.stem for path in queries]
    if strange := [name for name in own if name not in names]:
        raise click.UsageError(
            f"--own names the set {strange[0]!r}; the sets are {', '.join(names) or 'none'}"
        )
    return [
        read_ranked_set(asked, judged, columns, partly, own.get(asked.stem, ""))
        for asked, judged in zip(queries, qrels, strict=True)
    ]


def read_queries(path: Path, columns: Sequence[str]) -> list[Query]:
    """Read the queries of some columns; of all that hold queries, if none is named."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            names = list(reader.fieldnames or ())
            if not names:
                raise click.ClickException(f"{path}: is empty; the first line names the columns")
            wanted = list(columns) or [name for name in names if name not in ("qid", "kind")]
            _demand_columns(path, ("qid", *wanted), names)
            found: list[Query] = []
            for row in reader:
                if None in row or None in row.values():
                    raise click.ClickException(
                        f"{path}:{reader.line_num}: has more or fewer columns than the first line, "
                        f"which has {len(names)}; put one tab between two"
                    )
                found += (
                    Query(row["qid"], row.get("kind") or "", name, row[name][:MAX_QUERY_LENGTH])
                    for name in wanted
                )
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{path}: cannot be read ({error})") from error


def read_qrels(path: Path) -> Qrels:
    """Read TREC judgements: ``qid 0 id relevance`` a line."""
    found: Qrels = defaultdict(dict)
    for number, line in _lines(path):
        cells = line.split()
        try:
            qid, _, article_id, relevance = cells
            found[qid][article_id] = int(relevance)
        except ValueError as error:
            raise click.ClickException(f"{path}:{number}: is not 'qid 0 id relevance'") from error
    return dict(found)


def read_topical_set(path: Path, columns: Sequence[str], partly: str | None = None) -> TopicalSet:
    """Read a topical set: ``{"query": …, "bare": …, "must": [ids], "may": [ids]}`` a line."""
    decoder = msgspec.json.Decoder(_Topic)
    named = columns if partly is None else (*columns, partly)
    _demand_columns(path, named, (ACCENTED, BARE))
    queries: list[Query] = []
    wanted: dict[str, Wanted] = {}
    for number, line in _lines(path):
        try:
            topic = decoder.decode(line)
        except msgspec.DecodeError as error:
            raise click.ClickException(
                f"{path}:{number}: {error}; "
                'a line is {"query": "…", "bare": "…", "must": [ids], "may": [ids]}'
            ) from error
        qid, answer = str(number), Wanted(frozenset(topic.must), frozenset(topic.may))
        if not answer.must:
            raise click.ClickException(f"{path}:{number}: 'must' is empty; name an article in it")
        if stray := sorted(answer.must - answer.may):
            raise click.ClickException(
                f"{path}:{number}: {stray[0]!r} is in 'must' and not in 'may'; add it there"
            )
        wanted[qid] = answer
        queries += (
            Query(qid, "", column, text[:MAX_QUERY_LENGTH])
            for column, text in ((ACCENTED, topic.query), (BARE, topic.bare))
        )
    asked = [query for query in queries if not columns or query.column in columns]
    if partly is not None:
        asked += partly_accented(queries, partly)
    return TopicalSet(path, asked, wanted)


def partly_accented(queries: Iterable[Query], column: str) -> list[Query]:
    """Queries of a column with the accents of some words left out, the same ones every time.

    Each word with marks loses them by the toss of a coin; queries with fewer than two such words
    cannot be partly accented and are left out.
    """
    found: list[Query] = []
    for query in queries:
        words = query.text.split()
        marked = [at for at, word in enumerate(words) if not word.isascii()]
        if query.column != column or len(marked) < 2:
            continue
        coin = Random(query.qid)  # noqa: S311 - the same for everyone
        bare = [at for at in marked if coin.random() < 0.5]
        bare = bare[:-1] if len(bare) == len(marked) else bare or [coin.choice(marked)]
        typed = [fold(word) if at in bare else word for at, word in enumerate(words)]
        found.append(query._replace(column=PARTLY, text=" ".join(typed)))
    return found


def own_article(template: str, qid: str) -> str:
    """The id of the article that a query was made from.

    >>> own_article("vm{digits}", "H12240106")
    'vm12240106'
    """
    return template.replace("{digits}", "".join(re.findall(r"[0-9]+", qid))).replace("{qid}", qid)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that are not empty, each with its number from 1."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: cannot be read ({error})") from error
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _demand_columns(path: Path, wanted: Iterable[str], names: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in names]
    if missing:
        raise click.ClickException(
            f"{path}: has no column {missing[0]!r}; it has {', '.join(names)}"
        )
