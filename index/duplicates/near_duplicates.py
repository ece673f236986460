"""The same story in many papers: articles whose texts are nearly the same, found and grouped.

Candidates (:mod:`index.duplicates.candidates`) are read and compared by the wording of their texts:
two are near-duplicates if they resemble each other, or if the shorter one is nearly all in the
other (a copy cut short). Headline, lead and captions may differ. Articles whose headlines differ in
numbers only (answers of examination papers 209 and 218, draws of a lottery) are made by one pattern
and not the same, however alike.

After a change only what may have changed is looked at: articles that are new, what is linked with
them, and what was linked with those that are gone.

Invariant: every member of a group is alike to its longest member, so groups do not run on through
a chain of likenesses; the same index gives the same groups, but that pairs at the edge of what is
compared at all may depend on which of two articles came first. Knows nothing of searches.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from index.article import Article
from index.delta import GONE, Delta
from index.duplicates.candidates import find_candidate_pairs
from index.duplicates.candidates_of_new import find_candidate_pairs_of
from index.duplicates.resemblance import RunReader, Runs, likeness
from index.snapshot import Snapshot
from index.stored import load_article

RESEMBLANCE = 0.6
"""Of 100,000 articles, pairs from 0.45 to 0.6 mostly tell of one affair on different days, with
background in common; above it they are one text, or one brought up to date."""

RESEMBLANCE_AT_ONCE = 0.5
AT_ONCE = timedelta(days=2)
"""Two papers that print the same news at once may have edited it more than that."""

CONTAINMENT = 0.93
LONGEST_RATIO = 2.5
"""A text that is contained in one longer than this many times is a part of it, not a copy."""

LEAST_CHARACTERS = 200
"""A body shorter than this is compared together with its lead."""

_MOST_REMEMBERED = 20_000
"""Articles; about 150 MB."""

_NUMBER = re.compile(r"\d+")

Link = tuple[int, int]
"""Two documents that are alike."""


class Likenesses(NamedTuple):
    """What is alike in an index, by document numbers of a snapshot.

    Attributes:
        links: pairs that were compared and found alike, the lower number first, ascending.
        groups: of at least two documents each, ascending; ordered by their first members.
    """

    links: list[Link]
    groups: list[list[int]]


def find_likenesses(snapshot: Snapshot) -> Likenesses:
    """Compare all articles of a snapshot."""
    texts = _Texts(snapshot)
    links = [(doc, other) for doc, other in find_candidate_pairs(snapshot).T.tolist()]
    alike = [(doc, other) for doc, other in links if texts.alike(doc, other)]
    return Likenesses(alike, sorted(_groups(texts, alike)))


def renew_likenesses(delta: Delta, former: Likenesses) -> Likenesses:
    """Compare what has changed with everything.

    Args:
        delta: the change.
        former: what was alike before it.
    """
    texts = _Texts(delta.after)
    links = [(_carried(delta, doc), _carried(delta, other)) for doc, other in former.links]
    whole = {(min(link), max(link)) for link in links if min(link) >= 0}
    # What held together through an article that is gone may hold together otherwise.
    left = {doc for linked in _components(links) if linked[0] < 0 for doc in linked if doc >= 0}
    looked_at = np.union1d(delta.added, np.array(sorted(left), np.int64))
    whole.update(
        link for link in find_candidate_pairs_of(delta.after, looked_at) if texts.alike(*link)
    )
    fresh = {*looked_at.tolist()}
    touched = {
        doc for linked in _components(sorted(whole)) if not fresh.isdisjoint(linked)
        for doc in linked
    }  # fmt: skip
    kept = _untouched(delta, former.groups, touched)
    regrouped = _groups(texts, sorted(link for link in whole if link[0] in touched))
    return Likenesses(sorted(whole), sorted([*kept, *regrouped]))


def _carried(delta: Delta, doc: int) -> int:
    """The number of a document after a change; below 0, but its own, if it is gone."""
    number = int(delta.to[doc])
    return -1 - doc if number == GONE else number


def _untouched(
    delta: Delta, groups: Iterable[list[int]], touched: Collection[int]
) -> Iterator[list[int]]:
    for group in groups:
        numbers = sorted(_carried(delta, doc) for doc in group)
        if numbers[0] >= 0 and not any(number in touched for number in numbers):
            yield numbers


class _Text(NamedTuple):
    """An article as it is compared."""

    headline: str
    body: str
    source: str
    published: datetime | None


class _Texts(dict[int, _Text]):
    """The articles of a snapshot by document number, read when they are first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._reader = RunReader()
        self._runs: dict[int, Runs] = {}

    def __missing__(self, doc: int) -> _Text:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
            self._runs.clear()
        article = load_article(self._snapshot.stored(doc))
        self[doc] = text = _Text(
            article.headline.lower(), _compared(article), article.source, article.published
        )
        return text

    def alike(self, doc: int, other: int) -> bool:
        """Whether two articles are near-duplicates."""
        first, second = self[doc], self[other]
        if first.headline != second.headline and _pattern(first) == _pattern(second):
            return False
        if first.body == second.body:
            return True
        runs = self._read(doc, first), self._read(other, second)
        how = likeness(*runs)
        enough = RESEMBLANCE_AT_ONCE if _printed_at_once(first, second) else RESEMBLANCE
        return how.resemblance >= enough or (
            how.containment >= CONTAINMENT
            and max(map(len, runs)) <= LONGEST_RATIO * min(map(len, runs))
        )

    def _read(self, doc: int, text: _Text) -> Runs:
        runs = self._runs.get(doc)
        if runs is None:
            runs = self._runs[doc] = self._reader.read(text.body)
        return runs


def _compared(article: Article) -> str:
    if len(article.body) < LEAST_CHARACTERS:
        return f"{article.summary}\n{article.body}"
    return article.body


def _pattern(text: _Text) -> str:
    """The headline with every number made 0."""
    return _NUMBER.sub("0", text.headline)


def _printed_at_once(text: _Text, other: _Text) -> bool:
    """Whether two papers published them at about the same time, as far as that is known."""
    if text.published is None or other.published is None or text.source == other.source:
        return False
    return abs(text.published - other.published) <= AT_ONCE


def _groups(texts: _Texts, links: Iterable[Link]) -> Iterator[list[int]]:
    """Groups around their longest members; what is not alike to that one forms others."""
    remaining = list(links)
    while remaining:
        done: set[int] = set()
        for linked in _components(remaining):
            centre = max(linked, key=lambda doc: (len(texts[doc].body), -doc))
            others = [doc for doc in linked if doc != centre and texts.alike(centre, doc)]
            done.update([centre, *others])
            if others:
                yield sorted([centre, *others])
        remaining = [link for link in remaining if done.isdisjoint(link)]


def _components(links: Iterable[Link]) -> Iterable[list[int]]:
    """Documents that hang together by links, directly or not: ascending."""
    parent: dict[int, int] = {}

    def root(doc: int) -> int:
        while parent.setdefault(doc, doc) != doc:
            parent[doc] = parent[parent[doc]]
            doc = parent[doc]
        return doc

    for doc, other in links:
        parent[root(doc)] = root(other)
    components: defaultdict[int, list[int]] = defaultdict(list)
    for doc in sorted(parent):
        components[root(doc)].append(doc)
    return components.values()
