"""Related articles in a cluster: found by telling words, compared as those of a local index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from index.article import Article
from index.codec.segment.words import WordsFile
from index.duplicates.groups import NO_GROUPS
from index.storage.opensearch.client import Json
from search.backends.opensearch.candidates import Candidates
from search.backends.opensearch.queries import Query
from search.backends.opensearch.requests import Requests
from search.backends.protocol import Ranked
from search.backends.whoosh.related import (
    ALIKE,
    ASKED,
    CANDIDATES,
    COUNTS,
    FIELDS,
    Comparison,
    RelatedArticles,
)


class RelatedInCluster:
    """Finds related articles in one build; safe to share between threads."""

    def __init__(self, requests: Requests, words: WordsFile) -> None:
        self._requests, self._words = requests, words
        self._telling = RelatedArticles(Candidates(words, (), (), ()), NO_GROUPS).telling

    def find(
        self,
        article: Article,
        limit: int,
        read: Callable[[Sequence[str]], Sequence[Article | None]],
    ) -> tuple[Ranked, ...]:
        """The related articles, likest first.

        Args:
            article: which they are related to.
            limit: how many at most.
            read: reads articles by their ids.
        """
        words, pairs = self._telling(article)
        if not words or limit < 1:
            return ()
        folds = list(
            dict.fromkeys(
                word.folded.encode()
                for word in (*words, *(one for pair in pairs for one in (pair.first, pair.second)))
            )
        )
        having: list[Json] = [
            {
                "constant_score": {
                    "filter": {"term": {name: word.folded}},
                    "boost": count * word.weight,
                }
            }
            for name, count in zip(FIELDS, COUNTS, strict=True)
            for word in (words if name in ASKED else ())
        ]
        own: Json = {"term": {"id": article.id}}
        always: Json = {"constant_score": {"filter": own, "boost": 1_000_000}}
        query: Query = {"bool": {"should": [always, *having]}}
        found = self._requests.hits(query, CANDIDATES + 1, folds)
        candidates = Candidates(
            self._words, folds, [hit.fields.places for hit in found], [-1] * len(found)
        )
        rows = np.arange(len(found))
        likeness = Comparison(candidates.leaves[0], rows, words, pairs).likeness()
        if not len(found) or not likeness[0]:
            return ()
        likeness /= likeness[0]
        names = [hit.fields.story[0] if hit.fields.story else hit.fields.id[0] for hit in found]
        told = {names[0]}
        chosen: list[int] = []
        for place in np.argsort(-likeness, kind="stable").tolist():
            if likeness[place] < ALIKE or len(chosen) == limit:
                break
            if names[place] not in told:
                told.add(names[place])
                chosen.append(place)
        return self._ranked([(found[at].fields.id[0], float(likeness[at])) for at in chosen], read)

    def _ranked(
        self,
        chosen: Sequence[tuple[str, float]],
        read: Callable[[Sequence[str]], Sequence[Article | None]],
    ) -> tuple[Ranked, ...]:
        articles = read([article_id for article_id, _ in chosen])
        return tuple(
            Ranked(article, likeness)
            for article, (_, likeness) in zip(articles, chosen, strict=True)
            if article is not None
        )
