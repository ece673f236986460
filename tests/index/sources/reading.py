"""How the tests read sources: everything below a path, as a person would name it."""

from __future__ import annotations

from pathlib import Path

from index.article import Article
from index.errors import RecordError
from index.sources import Found, Meter, Origin, Outcome, find_files, read_file


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
