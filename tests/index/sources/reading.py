"""How the tests read sources: everything below a path, as a person would name it."""

from __future__ import annotations

from pathlib import Path

from index.article import Article
from index.errors import RecordError
from index.sources import (
    Fetcher,
    FetchRules,
    Found,
    Meter,
    Origin,
    Outcome,
    find_files,
    origin_of,
    read_file,
    read_sources,
)
from index.sources.web.page_cache import PageCache


def read(path: Path, kind: str | None = None) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for item in find_files([path]):
        if isinstance(item, RecordError):
            outcomes.append(item)
        else:
            outcomes += read_file(item, Meter(), Origin(place=str(path), kind=kind or ""))
    return outcomes


def articles(path: Path, kind: str | None = None) -> list[Article]:
    return [outcome.article for outcome in read(path, kind) if isinstance(outcome, Found)]


def only_article(path: Path, kind: str | None = None) -> Article:
    (outcome,) = read(path, kind)
    assert isinstance(outcome, Found), outcome
    return outcome.article


def reasons(path: Path, kind: str | None = None) -> list[str]:
    """The reason of everything that is no article, and "" for what is one."""
    return [
        outcome.reason if isinstance(outcome, RecordError) else "" for outcome in read(path, kind)
    ]


def remarks(path: Path) -> list[str]:
    return [
        remark.code.value
        for outcome in read(path)
        if isinstance(outcome, Found)
        for remark in outcome.remarks
    ]


def read_source(
    source: Path | str, rules: FetchRules, cache: Path | None = None, kind: str = ""
) -> list[Outcome]:
    """Everything that a source leads to, servers asked by these rules."""
    return list(
        read_sources(
            [origin_of(source, kind, rules)],
            Meter(),
            lambda rules: Fetcher(rules, PageCache(cache)),
        )
    )


def headlines(outcomes: list[Outcome]) -> list[str]:
    return [outcome.article.headline for outcome in outcomes if isinstance(outcome, Found)]


def skips(outcomes: list[Outcome]) -> list[str]:
    return [outcome.reason for outcome in outcomes if isinstance(outcome, RecordError)]
