"""Suggestions while typing: frequent phrases and whole headlines that go on as was typed.

Where a few headlines begin as typed, they are what is looked for, and shown first; where hundreds
do, any five of them are a guess, and phrases say more. Accents are evidence: what agrees with those
typed stands first, the rest follows. What was typed is first read as it stands; only where that
leaves room, as the keys of Telex or VNI.

Invariant: a suggestion is written as in an article, and no two differ in accents or case only.
Knows nothing of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, islice, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser, Token
from index.article import Article
from index.snapshot import Snapshot
from index.stored import load_article
from index.suggestions.suggestions import Suggestions
from search.page import Completion, Span
from search.suggest.headline_lookup import Headlines, Worded
from search.suggest.phrase_lookup import FoundPhrase, PhraseLookup
from search.suggest.typed_prefix import (
    Typed,
    agrees,
    last_of_each_position,
    plain_letters,
    readings,
)

MOST_SUGGESTIONS = 20

FIRST = 5
"""How many are sure to be seen: among these, phrases and headlines share the room."""

PHRASES_AMONG_FIRST = ((4, 1), (20, 0), (80, 1), (300, 2))
"""So many phrases go first where at most so many headlines begin as typed: one where it takes no
headline's place, then none, then the more the less likely any headline is the one."""

PHRASES_AT_MOST = 3
MOST_READ = 12
"""Headlines read for one prefix, of those that begin with it, and again of others that have it."""

SHORTEST_WITHIN = 4
"""Letters that must be typed before headlines are looked for by their later words."""

LONGEST = 300
"""Characters of a suggestion; a longer headline is none that anybody types."""

_BREAK = re.compile(r"[,:;!?()\"“”…/|]|\w{4,}\.\s")
"""What no phrase runs across; a full stop after a few letters is an abbreviation's."""

_OPENS = re.compile(r"(?:^|[.:!?…\"“”'‘’])\s*$")

Docs = NDArray[np.int64]


class _Candidate(NamedTuple):
    """A suggestion before it is chosen: what was typed is ``words[first:first + typed]``.

    Attributes:
        disagreeing: how many typed words have other accents.
        doc: the article whose headline it is; None for a phrase.
    """

    text: str
    words: Sequence[Token]
    first: int
    disagreeing: int
    doc: int | None = None

    @property
    def key(self) -> str:
        """What suggestions that differ in accents or case only have in common."""
        return " ".join([word.folded for word in self.words])


class _Lookups(NamedTuple):
    """What suggestions are looked up in; made when the first is asked for."""

    suggestions: Suggestions
    headlines: Headlines
    phrases: PhraseLookup
    published: Docs


class Suggester:
    """Completes what is being typed from one build; safe to share between threads.

    Args:
        snapshot: of the build's index.
        suggestions: made of it, or None where there are none: nothing is suggested then.
    """

    def __init__(self, snapshot: Snapshot, suggestions: Suggestions | None) -> None:
        self._snapshot = snapshot
        self._suggestions = suggestions
        self._analyser = Analyser()

    @cached_property
    def _lookups(self) -> _Lookups:
        suggestions = self._suggestions
        if suggestions is None:
            raise ValueError("this index has no suggestions")
        return _Lookups(
            suggestions,
            Headlines(self._snapshot, suggestions),
            PhraseLookup(suggestions),
            self._snapshot.published(),
        )

    def complete(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """What a prefix may become.

        Args:
            prefix: what was typed; any text.
            limit: how many, at most :data:`MOST_SUGGESTIONS`.
        """
        limit = min(limit, MOST_SUGGESTIONS)
        chosen: dict[str, Completion] = {}
        if limit < 1 or self._suggestions is None:
            return ()
        for typed in readings(prefix, self._analyser):
            for candidate in self._candidates(typed, limit):
                if candidate.key not in chosen and len(candidate.text) <= LONGEST:
                    chosen[candidate.key] = Completion(
                        candidate.text, _marks(candidate, typed), self._article(candidate)
                    )
                if len(chosen) == limit:
                    return tuple(chosen.values())
        return tuple(chosen.values())

    def _article(self, candidate: _Candidate) -> Article | None:
        """The article that a suggestion is the headline of, if it is one."""
        return None if candidate.doc is None else load_article(self._snapshot.stored(candidate.doc))

    def _candidates(self, typed: Typed, limit: int) -> Iterator[_Candidate]:
        begun = self._begun(typed)
        found_phrases = self._lookups.phrases.find(typed, limit)
        phrases = map(self._phrase, found_phrases, repeat(typed))
        headlines = (
            _fit(self._lookups.headlines.read(doc), typed, 0)._replace(doc=doc)
            for doc in self._newest(typed, begun)
        )
        share = _share(len(begun))
        if typed.accented:
            yield from _agreeing_first(filter(None, phrases), headlines, share)
        else:
            yield from _mixed(filter(None, phrases), headlines, share)
        begun_docs = set(begun.tolist())
        for doc in self._having(typed):
            candidate = (
                None if doc in begun_docs else _within(self._lookups.headlines.read(doc), typed)
            )
            if candidate is not None:
                yield candidate._replace(doc=doc)

    def _begun(self, typed: Typed) -> Docs:
        """Articles whose headlines begin as typed."""
        whole = " ".join(typed.folds)
        if not typed.partial:
            return self._lookups.headlines.beginning_with(whole + " ")
        starts = [f"{whole} {start}".lstrip() for start in typed.partial]
        return np.unique(
            np.concatenate([self._lookups.headlines.beginning_with(start) for start in starts])
        )

    def _newest(self, typed: Typed, docs: Docs) -> list[int]:
        """Some of these articles, the newest first, before them those with the typed accents."""
        ranked = docs[
            np.lexsort((-docs, -self._lookups.published[docs], self._disagreeing(typed, docs)))
        ]
        newest: list[int] = ranked[:MOST_READ].tolist()
        return newest

    def _disagreeing(self, typed: Typed, docs: Docs) -> NDArray[np.int64]:
        """How many of the whole words each headline lacks with the accents typed."""
        lacking = np.zeros(len(docs), np.int64)
        for key in dict.fromkeys(typed.keys) if typed.accented else ():
            having = np.zeros(self._snapshot.doc_count_all, np.bool_)
            for leaf in self._snapshot.leaves:
                number = leaf.segment.terms.keys.number(key.encode())
                if number is not None:
                    variant = leaf.segment.terms.variant_of_key(number)
                    postings = leaf.segment.channel("headline").variant_postings(variant)
                    having[postings.docs.astype(np.int64) + leaf.base] = True
            lacking += ~having[docs]
        return lacking

    def _phrase(self, found: FoundPhrase, typed: Typed) -> _Candidate | None:
        """A phrase as it is written where its example stands; None if it is not one there."""
        doc, field, first = self._lookups.suggestions.example(found.number)
        keys = self._lookups.phrases.words(found.number)
        example = self._lookups.headlines.read(doc, field)
        words = example.words[first : first + len(keys)]
        text = " ".join(example.text[words[0].start : words[-1].end].split()) if words else ""
        if tuple(word.key for word in words) != keys or _BREAK.search(text):
            return None
        if _OPENS.search(example.text[: words[0].start]):
            text = _without_initial(text)
        words = last_of_each_position(self._analyser.tokens(text))
        return _fit(Worded(text, words, b""), typed, found.offset)

    def _having(self, typed: Typed) -> list[int]:
        """The newest articles whose headlines have the whole words typed, wherever they stand."""
        if not typed.folds or sum(map(len, typed.folds)) < SHORTEST_WITHIN:
            return []
        parts = [np.zeros(0, np.int64)]
        for leaf in self._snapshot.leaves:
            channel = leaf.segment.channel("headline")
            numbers = [leaf.segment.terms.folds.number(fold.encode()) for fold in typed.folds]
            occurring = [number for number in numbers if number is not None and channel.df(number)]
            if len(occurring) < len(numbers):
                continue
            occurring.sort(key=channel.df)
            having = channel.postings(occurring[0]).docs
            for number in occurring[1:]:
                having = having[channel.postings(number).frequencies(having) > 0]
            if leaf.alive is not None:
                having = having[leaf.alive[having]]
            parts.append(having.astype(np.int64) + leaf.base)
        docs = np.concatenate(parts)
        newest: list[int] = docs[np.lexsort((-docs, -self._lookups.published[docs]))].tolist()
        return newest[:MOST_READ]


def _share(headlines: int) -> int:
    """How many phrases go before headlines."""
    return next(
        (share for most, share in PHRASES_AMONG_FIRST if headlines <= most), PHRASES_AT_MOST
    )


def _mixed(
    phrases: Iterator[_Candidate], headlines: Iterator[_Candidate], share: int
) -> Iterator[_Candidate]:
    """Some phrases, headlines up to those that are sure to be seen, other phrases, the rest."""
    first = list(islice(phrases, share))
    return chain(first, islice(headlines, FIRST - len(first)), phrases, headlines)


def _agreeing_first(
    phrases: Iterator[_Candidate], headlines: Iterator[_Candidate], share: int
) -> Iterator[_Candidate]:
    """Those that agree with all accents typed, then the others."""
    all_phrases, all_headlines = list(phrases), list(headlines)
    for agreeing in (True, False):
        yield from _mixed(
            (phrase for phrase in all_phrases if (not phrase.disagreeing) is agreeing),
            (headline for headline in all_headlines if (not headline.disagreeing) is agreeing),
            share,
        )


def _fit(worded: Worded, typed: Typed, first: int) -> _Candidate:
    """A text in which the typed words stand from ``first`` on."""
    disagreeing = 0
    if typed.accented:
        here = worded.words[first : first + len(typed.keys)]
        disagreeing = sum(word.key != key for word, key in zip(here, typed.keys, strict=False))
        at = first + len(typed.keys)
        if typed.partial and at < len(worded.words):
            disagreeing += not agrees(typed.letters, worded.words[at].key)
    return _Candidate(worded.text, worded.words, first, disagreeing)


def _within(worded: Worded, typed: Typed) -> _Candidate | None:
    """Where the typed words stand side by side in a text, if they do."""
    folds = [word.folded for word in worded.words]
    size = len(typed.folds)
    for first in range(1, len(folds) - size + 1):
        if tuple(folds[first : first + size]) == typed.folds and (
            not typed.partial
            or (first + size < len(folds) and folds[first + size].startswith(typed.partial))
        ):
            return _fit(worded, typed, first)
    return None


def _without_initial(text: str) -> str:
    """A phrase that stood where a sentence begins, as it is written elsewhere."""
    first, *others = text.split(" ")
    if not others or any(word != word.lower() for word in others) or first[1:] != first[1:].lower():
        return text
    return " ".join([first.lower(), *others])


def _marks(candidate: _Candidate, typed: Typed) -> tuple[Span, ...]:
    """The part of the text that was typed."""
    first, size = candidate.first, len(typed.folds)
    words = candidate.words[first : first + size + bool(typed.partial)]
    if not words:
        return ()
    end = words[-1].end
    if typed.partial and len(words) > size:
        end = _end_of_letters(candidate.text, words[-1], len(plain_letters(typed.letters)))
    return (Span(words[0].start, end),)


def _end_of_letters(text: str, word: Token, letters: int) -> int:
    """Where so many letters of a word end, marks that stand by themselves included."""
    end = word.start
    while end < word.end and (letters > 0 or not plain_letters(text[end])):
        letters -= bool(plain_letters(text[end]))
        end += 1
    return end
