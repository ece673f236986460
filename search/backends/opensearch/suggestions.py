"""Suggestions while typing, of a cluster: frequent phrases, then headlines that begin so."""

from __future__ import annotations

from pathlib import Path

from index.analysis import Analyser, Token
from index.article import Article
from index.errors import IndexDamaged
from index.storage.array_file import ArrayFile
from index.storage.opensearch.client import Cluster
from index.stored import load_article
from index.suggestions.suggestions import FIRST_KIND, KIND, SUGGESTIONS_NAME, Suggestions
from search.backends.opensearch.answers import Listing
from search.backends.opensearch.queries import Query
from search.page import Completion, Span
from search.suggest.phrase_lookup import PhraseLookup
from search.suggest.typed_prefix import Typed, last_of_each_position, readings

MOST_SUGGESTIONS, MOST_READ, PHRASES, LONGEST = 20, 12, 3, 300
DEADLINE = 2.0
TOLD = ("id", "headline", "url", "published", "image")
"""Of an article whose headline is suggested."""


class ClusterSuggester:
    """Completes what is being typed; safe to share between threads.

    Phrases are written in small letters, as their accent keys are: where an example of each stands
    only the cluster knows, and nobody who types would wait for that.

    Args:
        cluster: where headlines are.
        index: of the build.
        directory: of its files.
        analyser: tells words from one another.
    """

    def __init__(self, cluster: Cluster, index: str, directory: Path, analyser: Analyser) -> None:
        self._cluster, self._index, self._analyser = cluster, index, analyser
        try:
            file = ArrayFile(directory / SUGGESTIONS_NAME, KIND, FIRST_KIND)
        except FileNotFoundError:
            self._phrases = None
        except ValueError as error:  # its message says what to do
            raise IndexDamaged(str(error)) from error
        else:
            self._phrases = PhraseLookup(Suggestions(file))

    def complete(self, prefix: str, limit: int) -> tuple[Completion, ...]:
        """What a prefix may become.

        Args:
            prefix: what was typed; any text.
            limit: how many, at most :data:`MOST_SUGGESTIONS`.
        """
        limit = min(limit, MOST_SUGGESTIONS)
        chosen: dict[str, Completion] = {}
        for typed in readings(prefix, self._analyser) if limit > 0 else ():
            phrases = self._phrases.find(typed, limit) if self._phrases else []
            spelled = [self._phrases.spelled(found.number) for found in phrases if self._phrases]
            first, headlines = spelled[:PHRASES], self._headlines(typed)
            told: list[tuple[str, Article | None]] = [(text, None) for text in first]
            told += [(article.headline, article) for article in headlines]
            told += [(text, None) for text in spelled[PHRASES:]]
            for text, article in told:
                words = last_of_each_position(self._analyser.tokens(text))
                key = " ".join(word.folded for word in words)
                if key not in chosen and len(text) <= LONGEST:
                    chosen[key] = Completion(text, _marks(words, typed), article)
                if len(chosen) == limit:
                    return tuple(chosen.values())
        return tuple(chosen.values())

    def _headlines(self, typed: Typed) -> list[Article]:
        """The newest articles whose headlines begin with the words typed, without their texts."""
        starts = [" ".join((*typed.folds, last)) for last in typed.partial or ("",)]
        wanted: list[Query] = [{"prefix": {"headline_key": start}} for start in starts if start]
        if not wanted:
            return []
        found = self._cluster.search(
            self._index,
            {
                "size": MOST_READ,
                "_source": [f"article.{name}" for name in TOLD],
                "query": {"bool": {"should": list(wanted)}},
                "sort": [{"published": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
            },
            Listing,
            DEADLINE,
        ).hits.hits
        return [load_article(bytes(hit.source.article)) for hit in found if hit.source is not None]


def _marks(words: list[Token], typed: Typed) -> tuple[Span, ...]:
    """The words that were typed, where they stand."""
    size = len(typed.folds) + bool(typed.partial)
    folds = tuple(word.folded for word in words)
    for first in range(len(folds) - size + 1):
        if folds[first : first + len(typed.folds)] == typed.folds:
            last = words[first + size - 1]
            end = last.end
            if typed.partial:
                end = min(end, last.start + len(typed.letters))
            return (Span(words[first].start, end),)
    return ()
