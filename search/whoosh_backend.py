"""The Whoosh index behind the engine.

Searches are run to the end (``limit=None``) and cut afterwards: stock Whoosh's early-stopping top-N
leaves out results that belong in it, because it replaces matchers against a bound that boosted
terms do not scale.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh.index import IndexError as WhooshIndexError
from whoosh.scoring import BM25F
from whoosh.searching import Searcher
from whoosh.util.times import datetime_to_long, long_to_datetime

from index.analysis import Analyser
from index.article import Article
from index.errors import IndexDamaged
from index.schema import VALUE_FIELDS
from index.stored import load_article
from search.backend import NOTHING, Found, Ranked
from search.page import Facets, FacetValue
from search.query import Parsed
from search.request import Accents, SearchRequest, Sort
from search.whoosh_query import VIETNAM, FieldValues, Translator, dates_filter, values_filter

_UNDATED = datetime_to_long(datetime.max)  # noqa: DTZ901 - Whoosh's dates have no zone
"""From here on a column's value is its default, not a date."""


def open_whoosh(directory: Path) -> WhooshBackend:
    """Open the Whoosh index in a build's directory.

    Raises:
        IndexDamaged: it cannot be opened.
    """
    try:
        searcher = whoosh_index.open_dir(str(directory)).searcher(weighting=BM25F())
    except (WhooshIndexError, OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"{directory}: cannot be opened ({error}); rebuild the index") from error
    return WhooshBackend(searcher)


class WhooshBackend:
    """One Whoosh index, open for reading."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._analyser = Analyser()
        # One stock searcher under several threads gives wrong answers, so they take turns.
        self._turn = threading.Lock()

    def close(self) -> None:
        """Release the index's files."""
        with self._turn:
            self._searcher.close()

    def article(self, article_id: str) -> Article | None:
        """The stored article, or None."""
        with self._turn:
            number = self._searcher.document_number(id=article_id)
            return self._stored(number) if number is not None else None

    def find(self, parsed: Parsed, request: SearchRequest) -> Found:
        """Run a search: all words first, and only where nothing has all, some of them."""
        exact = parsed.exact or request.accents is Accents.EXACT
        with self._turn:
            translator = Translator(self._analyser, self._field_values, exact)
            found = self._run(translator, parsed, request)
            if found.total:
                return found
            relaxed = Translator(self._analyser, self._field_values, exact, any_word=True)
            found = self._run(relaxed, parsed, request)
            return found._replace(relaxed=bool(found.total))

    def _run(self, translator: Translator, parsed: Parsed, request: SearchRequest) -> Found:
        query = translator.query(parsed.tree) if parsed.tree is not None else wq.Every()
        clauses = [query, *_filters(request)]
        results = self._searcher.search(
            wq.And(clauses) if len(clauses) > 1 else query, limit=None, scored=True
        )
        scored = [(score, number) for score, number in results.top_n]
        if not scored:
            return NOTHING
        if request.sort is not Sort.RELEVANCE:
            scored = self._by_date(scored, newest=request.sort is Sort.NEWEST)
        start = (request.page - 1) * request.per_page
        shown = scored[start : start + request.per_page]
        return Found(
            total=len(scored),
            relaxed=False,
            ranked=tuple(Ranked(self._stored(number), score) for score, number in shown),
            facets=self._facets([number for _, number in scored]),
        )

    def _stored(self, number: int) -> Article:
        return load_article(self._searcher.reader().stored_fields(number)["article"])

    def _by_date(
        self, scored: Iterable[tuple[float, int]], *, newest: bool
    ) -> list[tuple[float, int]]:
        """Sort by date, undated last, ties by relevance."""
        published = self._published
        sign = -1 if newest else 1

        def order(entry: tuple[float, int]) -> tuple[bool, float, float, int]:
            score, number = entry
            when = published[number]
            return when is None, sign * when.timestamp() if when else 0.0, -score, number

        return sorted(scored, key=order)

    @cached_property
    def _published(self) -> list[datetime | None]:
        reader = self._searcher.reader()
        column = reader.column_reader("published", translate=False)
        return [
            long_to_datetime(ticks).replace(tzinfo=timezone.utc) if ticks < _UNDATED else None
            for ticks in (column[number] for number in range(reader.doc_count_all()))
        ]

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        reader = self._searcher.reader()
        return {
            name: [str(value) for value in reader.column_reader(name, translate=True)]
            for name in VALUE_FIELDS
        }

    @cached_property
    def _field_values(self) -> FieldValues:
        return FieldValues(
            {
                name: tuple(
                    (value, tuple(token.folded for token in self._analyser.tokens(value)))
                    for value in sorted(set(values) - {""})
                )
                for name, values in self._columns.items()
            }
        )

    def _facets(self, numbers: Sequence[int]) -> Facets:
        counts = {
            name: _counted(values[number] for number in numbers)
            for name, values in self._columns.items()
        }
        years = Counter(
            str(when.astimezone(VIETNAM).year)
            for when in (self._published[number] for number in numbers)
            if when is not None
        )
        return Facets(
            section=counts["section"],
            source=counts["source"],
            author=counts["author"],
            year=tuple(FacetValue(year, years[year]) for year in sorted(years, reverse=True)),
        )


def _counted(values: Iterable[str]) -> tuple[FacetValue, ...]:
    counts = Counter(value for value in values if value)
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(FacetValue(value, count) for value, count in ordered)


def _filters(request: SearchRequest) -> list[wq.Query]:
    filters = [
        values_filter(name, values)
        for name, values in (
            ("section", request.sections),
            ("source", request.sources),
            ("author", request.authors),
        )
        if values
    ]
    if request.published_from is not None or request.published_to is not None:
        filters.append(dates_filter(request.published_from, request.published_to))
    return filters
