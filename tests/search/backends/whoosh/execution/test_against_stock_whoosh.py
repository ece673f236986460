"""The executor finds, counts and scores what stock Whoosh does, and what ten lines of Python do.

Stock Whoosh runs with ``limit=None``: its top-N leaves results out. There are several segments,
with deletions.
"""

from __future__ import annotations

import math
from datetime import datetime
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh.query.spans import SpanNear2

from index.analysis import Analyser
from index.schema import make_schema
from search.backends.whoosh.execution import Executor, UnsupportedQuery
from search.backends.whoosh.execution.nodes import word as word_nodes

from .conftest import SECTIONS, SYLLABLES

pytestmark = pytest.mark.usefixtures("each_way")

TEXTS = ("headline", "summary", "body")
ANALYSER = Analyser()
TOKENS = [token for syllable in SYLLABLES for token in ANALYSER.tokens(syllable)]
FOLDED = sorted({token.folded for token in TOKENS} | {"khongcogi"})
KEYS = sorted({token.key for token in TOKENS})
# Whoosh's dates have no time zone.
JUNE_2021 = datetime(2021, 6, 1)  # noqa: DTZ001
JUNE_2022 = datetime(2022, 6, 1)  # noqa: DTZ001
BOOSTS = st.sampled_from([1.0, 1.0, 0.5, 2.0])

terms = st.one_of(
    st.builds(wq.Term, st.sampled_from(TEXTS), st.sampled_from(FOLDED), boost=BOOSTS),
    st.builds(
        wq.Term,
        st.sampled_from([f"{name}_accents" for name in TEXTS]),
        st.sampled_from(KEYS),
        boost=BOOSTS,
    ),
)
phrases = st.one_of(
    st.builds(
        wq.Phrase,
        st.sampled_from(TEXTS),
        st.lists(st.sampled_from(FOLDED), min_size=2, max_size=4),
        slop=st.integers(1, 4),
        boost=BOOSTS,
    ),
    st.builds(
        wq.Phrase,
        st.just("body_accents"),
        st.lists(st.sampled_from(KEYS), min_size=2, max_size=3),
    ),
    st.builds(
        lambda words, slop, ordered, least: SpanNear2(
            [wq.Term("body", word) for word in words], slop, ordered, min(least, slop)
        ),
        st.lists(st.sampled_from(FOLDED), min_size=2, max_size=3),
        st.integers(1, 6),
        st.booleans(),
        st.integers(0, 2),
    ),
)
filters = st.one_of(
    st.builds(wq.Term, st.just("section"), st.sampled_from(SECTIONS[:3])),
    st.builds(
        wq.DateRange,
        st.just("published"),
        st.just(JUNE_2021),
        st.sampled_from([None, JUNE_2022]),
        startexcl=st.booleans(),
    ),
    st.just(wq.Every()),
)
leaves = st.one_of(terms, terms, terms, phrases, filters)


def _combined(inner):
    return st.one_of(
        st.builds(wq.And, st.lists(inner, min_size=1, max_size=4), boost=BOOSTS),
        st.builds(wq.Or, st.lists(inner, min_size=1, max_size=5), boost=BOOSTS),
        st.builds(wq.AndNot, inner, inner),
        st.builds(wq.Require, inner, inner),
        st.builds(wq.Not, inner),
        st.builds(wq.ConstantScoreQuery, inner, st.just(0.5)),
    )


queries = st.recursive(leaves, _combined, max_leaves=8)
# Stock Whoosh's AndMaybe loses the second score after a jump, so it is no oracle for these.
queries_with_maybe = st.recursive(
    leaves,
    lambda inner: st.one_of(_combined(inner), st.builds(wq.AndMaybe, inner, inner)),
    max_leaves=8,
)
indexes = st.sampled_from([(1, [40]), (2, [30, 12, 5]), (3, [80, 3, 2, 2])])


@given(queries, indexes)
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_results_scores_and_counts_are_those_of_stock_whoosh(newspaper, query, made_of):
    paper = newspaper(*made_of)
    executor = Executor(paper.snapshot, make_schema())
    everything = executor.search(query, limit=1_000)
    with whoosh_index.open_dir(str(paper.directory)).searcher() as stock:
        hits = stock.search(_without_faults(query), limit=None)
        # Its Not lets a deleted document through where that is the last of its segment.
        deleted = stock.reader().is_deleted
        expected = {hit.docnum: hit.score for hit in hits if not deleted(hit.docnum)}
        # A matcher that preloads an OR drops what scores nothing; we count it.
        scored = dict(zip(everything.docs.tolist(), everything.scores.tolist(), strict=True))
        positive = {doc: score for doc, score in scored.items() if score > 0}
        assert positive == pytest.approx(
            {doc: score for doc, score in expected.items() if score > 0}, rel=1e-9
        )
        assert set(expected) <= set(scored)
        assert everything.total == len(scored)
    assert np.all(np.diff(everything.scores) <= 1e-12)


def _without_faults(query):
    """The same query for stock Whoosh, whose AndNot lets the first document through."""
    if isinstance(query, wq.AndNot):
        query = wq.Require(query.a, wq.Not(query.b))
    return query if query.is_leaf() else query.apply(_without_faults)


@given(queries_with_maybe, indexes, st.integers(1, 12))
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_best_few_are_the_first_of_all(newspaper, query, made_of, limit):
    paper = newspaper(*made_of)
    executor = Executor(paper.snapshot, make_schema())
    everything = executor.search(query, limit=1_000)
    best = executor.search(query, limit=limit)
    assert best.total == everything.total
    assert best.scores.tolist() == pytest.approx(everything.scores[:limit].tolist(), rel=1e-12)
    for doc, score in zip(best.docs.tolist(), best.scores.tolist(), strict=True):
        assert score == pytest.approx(everything.scores[everything.docs == doc][0], rel=1e-12)


@given(queries_with_maybe, indexes)
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_articles_found_are_those_that_match_word_by_word(newspaper, query, made_of):
    paper = newspaper(*made_of)
    found = Executor(paper.snapshot, make_schema()).matching(query).tolist()
    expected = {article_id for article_id in paper.articles if _matches(query, article_id, paper)}
    assert sorted(paper.ids(found)) == sorted(expected)


words_in_any_field = st.sampled_from(FOLDED).map(
    lambda word: wq.Or([wq.Term(name, word) for name in TEXTS])
)
queries_of_words = st.recursive(
    st.one_of(words_in_any_field, words_in_any_field, terms, filters), _combined, max_leaves=8
)


@given(queries_of_words, indexes)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_words_remembered_as_bitsets_are_found_all_the_same(newspaper, query, made_of):
    paper = newspaper(*made_of)
    expected = sorted(
        article_id for article_id in paper.articles if _matches(query, article_id, paper)
    )
    with patch.object(word_nodes, "REMEMBERED_FROM", 0):
        executor = Executor(paper.snapshot, make_schema())
        for _ in range(2):
            assert sorted(paper.ids(executor.matching(query).tolist())) == expected
        assert executor.search(query, limit=1_000).total == len(expected)


def _matches(query, article_id, paper) -> bool:
    """Whether an article matches a query, the slow and obvious way."""
    match query:
        case wq.Term(fieldname="section", text=text):
            return paper.articles[article_id].section == text
        case wq.Term(fieldname=name, text=text):
            return any(token == text for token, _ in paper.terms[article_id][name])
        case wq.And(subqueries=parts):
            return all(_matches(part, article_id, paper) for part in parts)
        case wq.Or(subqueries=parts):
            return any(_matches(part, article_id, paper) for part in parts)
        case wq.AndNot(a=a, b=b):
            return _matches(a, article_id, paper) and not _matches(b, article_id, paper)
        case wq.Require(a=a, b=b):
            return _matches(a, article_id, paper) and _matches(b, article_id, paper)
        case wq.AndMaybe(a=a):
            return _matches(a, article_id, paper)
        case wq.Not(query=inner):
            return not _matches(inner, article_id, paper)
        case wq.ConstantScoreQuery(child=child):
            return _matches(child, article_id, paper)
        case wq.Every():
            return True
        case wq.DateRange(startdate=start, enddate=end, startexcl=exclusive):
            moment = paper.articles[article_id].published
            moment = moment and moment.replace(tzinfo=None)
            return bool(
                moment
                and (moment > start if exclusive else moment >= start)
                and (end is None or moment <= end)
            )
        case wq.Phrase(fieldname=name, words=words, slop=slop):
            return _near(paper.terms[article_id][name], words, slop, 1, ordered=True)
        case SpanNear2(qs=parts, slop=slop, mindist=least, ordered=ordered):
            words = [part.text for part in parts]
            return _near(paper.terms[article_id]["body"], words, slop, least, ordered=ordered)
    raise AssertionError(query)


def _near(tokens, words, slop, least, *, ordered) -> bool:
    places = [[place for token, place in tokens if token == word] for word in words]
    spans = {(place, place) for place in places[0]}
    for word_places in places[1:]:
        grown = set()
        for start, end in spans:
            for place in word_places:
                distance = max(0, place - end, start - place)
                if least <= distance <= slop and not (ordered and place < start):
                    grown.add((min(start, place), max(end, place)))
        spans = grown
    return bool(spans)


@pytest.mark.parametrize(
    ("query", "accepts"),
    [
        (wq.Prefix("body", "t"), lambda text: text.startswith("t")),
        (wq.Prefix("body", ""), lambda text: True),
        (wq.Prefix("headline_accents", "m"), lambda text: text.startswith("m")),
        (wq.Wildcard("body", "*o*"), lambda text: "o" in text),
        (wq.Wildcard("body", "v?ng"), lambda text: len(text) == 4 and text[::3] == "vg"),
        (wq.Regex("body", "[mc]a"), lambda text: text[:2] in ("ma", "ca")),
        (wq.FuzzyTerm("body", "tan", maxdist=1), lambda text: text in ("tin", "tang", "tam")),
        (wq.TermRange("body", "ba", "co"), lambda text: "ba" <= text <= "co"),
        (wq.TermRange("body", "ba", "chu", startexcl=True, endexcl=True),
         lambda text: "ba" < text < "chu"),
    ],
    ids=lambda value: "" if callable(value) else str(value),
)  # fmt: skip
def test_queries_of_several_terms_match_stock_whoosh_and_score_their_boost(
    newspaper, query, accepts
):
    paper = newspaper(2, [30, 12, 5])
    found = Executor(paper.snapshot, make_schema()).search(query, limit=1_000)
    with whoosh_index.open_dir(str(paper.directory)).searcher() as stock:
        assert sorted(found.docs.tolist()) == sorted(
            hit.docnum for hit in stock.search(query, limit=None)
        )
    assert set(paper.ids(found.docs.tolist())) == {
        article_id
        for article_id, terms in paper.terms.items()
        if any(accepts(text) for text, _ in terms[query.fieldname])
    }
    assert set(found.scores.tolist()) == {query.boost}


@given(terms, terms)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_an_optional_part_adds_its_score_where_it_matches(newspaper, wanted, optional):
    executor = Executor(newspaper(2, [30, 12, 5]).snapshot, make_schema())

    def scores(query):
        found = executor.search(query, limit=1_000)
        return dict(zip(found.docs.tolist(), found.scores.tolist(), strict=True))

    more = scores(optional)
    assert scores(wq.AndMaybe(wanted, optional)) == pytest.approx(
        {doc: score + more.get(doc, 0.0) for doc, score in scores(wanted).items()}
    )


def test_the_best_part_of_a_disjunction_maximum_scores(newspaper):
    paper = newspaper(2, [30, 12, 5])
    executor = Executor(paper.snapshot, make_schema())
    parts = [wq.Term("body", "tin"), wq.Term("headline", "gia", boost=2.0)]
    best: dict[int, float] = {}
    for part in parts:
        found = executor.search(part, limit=1_000)
        for doc, score in zip(found.docs.tolist(), found.scores.tolist(), strict=True):
            best[doc] = max(best.get(doc, -math.inf), score)
    found = executor.search(wq.DisjunctionMax(parts), limit=1_000)
    assert dict(zip(found.docs.tolist(), found.scores.tolist(), strict=True)) == best


@pytest.mark.parametrize(
    ("first", "finds_first"), [("tin", True), ("khongcogi", False)], ids=["some", "none"]
)
def test_otherwise_asks_the_second_only_where_the_first_finds_nothing(
    newspaper, first, finds_first
):
    executor = Executor(newspaper(2, [30, 12, 5]).snapshot, make_schema())
    first_choice, second_choice = wq.Term("body", first), wq.Term("body", "gia")
    found = executor.matching(wq.Otherwise(first_choice, second_choice))
    assert (
        found.tolist() == executor.matching(first_choice if finds_first else second_choice).tolist()
    )


@pytest.mark.parametrize(
    "query",
    [
        wq.Or([wq.Term("body", "tin"), wq.Term("body", "gia")], scale=0.5),
        wq.DisjunctionMax([wq.Term("body", "tin"), wq.Term("body", "gia")], tiebreak=0.1),
        SpanNear2([wq.Term("body", "tin"), wq.Term("headline", "gia")]),
        wq.NumericRange("section", 1, 2),
        wq.NestedParent(wq.Every(), wq.Every()),
    ],
    ids=lambda query: type(query).__name__,
)
def test_a_query_that_cannot_be_run_says_so(newspaper, query):
    executor = Executor(newspaper(1, [40]).snapshot, make_schema())
    with pytest.raises(UnsupportedQuery):
        executor.search(query, limit=10)
