"""The engine: opens an index directory, answers searches, follows a switch to another build.

It is shared by all threads of a process. A rebuild shows at once (:mod:`search.serving.builds`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial, wraps
from itertools import islice, takewhile
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Concatenate, ParamSpec, TypeVar

from index.analysis import Analyser
from index.article import VIETNAM, Article
from index.errors import IndexOpenError
from index.language.synonyms.chat_words import SITE_FILE, shipped_chat_words, site_chat_words
from index.storage.opensearch.address import (
    SERVED_NAME,
    credentials,
    is_cluster,
    parse_address,
    work_directory,
)
from index.storage.opensearch.client import Cluster
from search.backends import open_backend, open_cluster
from search.backends.protocol import NOTHING, Backend, Found, Ranked
from search.errors import ArticleNotFound, IndexUnavailable, SearchError
from search.page import (
    ArticlePage,
    Completion,
    Excerpt,
    Hit,
    Relaxation,
    SearchPage,
    Term,
    Understanding,
)
from search.query import AnyOf, Phrase, render
from search.query.slots import wanted
from search.request import MAX_QUERY_LENGTH, Accents, SearchRequest, Sort
from search.serving import Builds, ClusterBuilds, NodeCounts, ServedBuilds, Serving
from search.snippets.highlighter import Highlighter
from search.snippets.marks import marks_of, prefer_agreeing
from search.snippets.presentation import present
from search.understanding.absence import Absence, absence
from search.understanding.completion import completed
from search.understanding.did_you_mean import did_you_mean
from search.understanding.meaning import as_meant
from search.understanding.reading import (
    Respelled,
    Understood,
    respell,
    respell_odd_one_out,
    understand,
)
from search.understanding.relaxation import relaxations, without_quotes
from search.understanding.site_file import SiteFile
from search.understanding.synonyms import synonyms_in

HARDLY_ANY = 3
"""Of so few articles a query may have been meant otherwise, where one word does not fit in."""

READY_BY_WORDS = "tin tuc hom nay", "htong tin"
"""Searched for before a build answers readers: without accents, so that they are put back, and with
a slip, so that the tables of slips are made."""

READY_BY = 4
"""Headlines that are searched for then, too: words that this index has, and often together."""

DOUBT, MOST_DOUBTED = 4.0, 4
"""Corrections of a query that are so close in likelihood are ranked, and so many at most: of 828
queries with a slip 99 % have the right one among them, and for four in five there is but one."""


def today_in_vietnam() -> date:
    """What day it is now in Vietnam, by the machine's clock."""
    return datetime.now(VIETNAM).date()


_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
_Method = Callable[Concatenate["SearchEngine", _Asked], _Answer]


def _told_if_damaged(answer: _Method[_Asked, _Answer]) -> _Method[_Asked, _Answer]:
    """Tell of damage that shows only when an index is read as where it cannot be opened.

    A damaged array may raise anything; whether it is one is seen where something was raised.
    """

    @wraps(answer)
    def told(engine: SearchEngine, /, *args: _Asked.args, **others: _Asked.kwargs) -> _Answer:
        try:
            return answer(engine, *args, **others)
        except SearchError:
            raise
        except Exception as error:
            engine.require_whole()
            if isinstance(error, IndexOpenError):
                raise IndexUnavailable(str(error)) from error
            raise

    return told


class SearchEngine:
    """Searches the index in a directory.

    Use :meth:`open`; the object is a context manager and safe to share between threads.
    """

    def __init__(self, directory: Path, builds: Builds, clock: Callable[[], date]) -> None:
        self._directory = directory
        self._builds = builds
        self._today = clock
        self._analyser = Analyser()
        site_words = partial(site_chat_words, directory)
        self._chat = SiteFile(directory / SITE_FILE, site_words, shipped_chat_words)

    @classmethod
    def open(
        cls,
        directory: Path | str,
        *,
        clock: Callable[[], date] = today_in_vietnam,
        recency_half_life_days: float | None = None,
        settles: bool = False,
    ) -> SearchEngine:
        """Open the index in ``directory``.

        Args:
            directory: of the index, or the address of one in a cluster, ``opensearch://…``.
            clock: what day it is in Vietnam; asked at each search, for "hôm qua" and its like.
            recency_half_life_days: lift new articles among equally relevant ones; one so much older
                than another counts half as new. None ranks by relevance alone.
            settles: for servers that must go on: where the current build is damaged, the newest
                whole one answers that lacks nothing that was published or withdrawn since; where
                there is none, all searches raise until there is. The log says so.

        Raises:
            ValueError: the half-life is not above 0.
            IndexUnavailable: there is no usable index there; the message says what to do.
        """
        try:
            if is_cluster(str(directory)):
                cluster = Cluster(parse_address(str(directory)), credentials())
                place = work_directory(cluster.address)
                opened = partial(open_cluster, recency_half_life_days=recency_half_life_days)
                return cls(place, ClusterBuilds(cluster, place / SERVED_NAME, opened), clock)
            opener = partial(open_backend, recency_half_life_days=recency_half_life_days)
            builds = ServedBuilds(Path(directory), opener, settles=settles)
            return cls(Path(directory), builds, clock)
        except IndexOpenError as error:
            raise IndexUnavailable(str(error)) from error

    def __enter__(self) -> SearchEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index; its files are released when the searches under way are done."""
        self._builds.close()

    @property
    def directory(self) -> Path:
        """That of the index."""
        return self._directory

    @property
    def build(self) -> str:
        """The id of the build that answers now."""
        return self._builds.current().build

    def require_ready(self) -> None:
        """See that searches can be answered.

        Raises:
            IndexUnavailable: they cannot; the message says why.
        """
        self._builds.require_ready()

    def require_whole(self) -> None:
        """See that every byte of the build that answers is what was written.

        Raises:
            IndexUnavailable: it is not; the message names the file.
        """
        try:
            self._builds.require_whole()
        except IndexOpenError as error:
            raise IndexUnavailable(str(error)) from error

    def nodes(self) -> tuple[NodeCounts, ...]:
        """How the nodes of a cluster have fared; none where the index is in a directory."""
        return self._builds.nodes()

    @property
    def image_hosts(self) -> tuple[str, ...]:
        """Where the pictures of the articles are, as origins like ``https://anh.bao.example``."""
        try:
            return self._builds.current().image_hosts
        except IndexUnavailable:
            return ()

    @_told_if_damaged
    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one search.

        Raises:
            IndexUnavailable: a file of the index is damaged; the message says which.
        """
        # Beyond the first page the build that answered that is asked, so that pages fit together.
        first = request.page == 1
        return self._answer(
            request, self._builds.current() if first else self._builds.having(request.build)
        )

    def follow(self) -> None:
        """Be ready, and from now on follow switches in the background: for servers.

        Another build then answers as soon as it is ready. Without this the first search after a
        switch takes the other build, and the time that opening it takes.

        Raises:
            IndexUnavailable: a file of the index is damaged; the message says which.
        """
        try:
            serving = self._builds.current()
        except IndexUnavailable:  # it settled for none until there is one
            pass
        else:
            self._make_ready(serving)
        self._builds.follow(self._make_ready)

    @_told_if_damaged
    def _make_ready(self, serving: Serving) -> None:
        """Have a build answer what nobody waits for.

        A process makes its tables of letters and syllables at its first search, and a build's of
        lengths, facets and synonyms are made or read when they are first needed: one to two seconds
        over 100,000 articles.
        """
        newest = self._answer(SearchRequest(sort=Sort.NEWEST, per_page=READY_BY), serving)
        headlines = [hit.headline[:MAX_QUERY_LENGTH] for hit in newest.hits]
        for query in (*READY_BY_WORDS, *headlines):
            self._answer(SearchRequest(query=query), serving)
            serving.backend.suggest(query, READY_BY)

    def _answer(self, request: SearchRequest, serving: Serving) -> SearchPage:
        """Answer one search from one build."""
        started = perf_counter()
        build, backend = serving.build, serving.backend
        read = self._understood(request, backend)
        understood, found = self._find(read, request, backend)
        tree = understood.parsed.tree
        highlighter = self._highlighter(understood, found.also, backend)
        hits = present(found.ranked, highlighter)
        absent = Absence()
        ways_back: tuple[Relaxation, ...] = ()
        if not found.complete:
            if not request.typing:
                absent = absence(read, self._analyser, backend)
            ways_back = self._relaxations(read, absent, request, backend)
        return SearchPage(
            query=Understanding(
                text=request.query,
                understood=render(tree) if tree is not None else "",
                typed_as=understood.typed_as,
                accents=Accents.EXACT if understood.exact else Accents.ANY,
                relaxed=found.relaxed,
                respelled=understood.respelled,
                remarks=understood.parsed.remarks,
                also=tuple(dict.fromkeys(synonym.text for synonym in found.also)),
            ),
            total=found.total,
            page=request.page,
            per_page=request.per_page,
            took_ms=(perf_counter() - started) * 1000,
            build=build,
            hits=hits,
            facets=found.facets,
            suggestion=None
            if request.typing
            else did_you_mean(
                request,
                understood,
                self._analyser,
                backend,
                found=found.total > 0 and not found.relaxed,
            ),
            collapsed=found.collapsed,
            partly=found.partly,
            about=found.about,
            lacking=found.lacking,
            listed=found.listed,
            relaxations=ways_back,
            absent=absent.words,
        )

    def _relaxations(
        self, understood: Understood, absent: Absence, request: SearchRequest, backend: Backend
    ) -> tuple[Relaxation, ...]:
        """What is found without the words that are nowhere, or one of the operators."""

        def found(other: Understood) -> int:
            return backend.rank(other, request).found().total

        without: tuple[Relaxation, ...] = ()
        if absent.without is not None:
            known = replace(understood, parsed=replace(understood.parsed, tree=absent.without))
            if articles := found(known):
                words = " ".join(absent_word.word for absent_word in absent.words)
                without = (Relaxation(words, render(absent.without), articles),)
        return without + relaxations(understood, found)

    def _understood(self, request: SearchRequest, backend: Backend) -> Understood:
        """The query as it was typed, or likelier meant."""
        read = understand(request, backend.lexicon, self._today())
        if request.verbatim or request.typing:
            return read
        return as_meant(read, self._analyser, self._chat.current(), backend)

    def _find(
        self, understood: Understood, request: SearchRequest, backend: Backend
    ) -> tuple[Understood, Found]:
        """All words; where nothing has them, words that were meant; else some of the words."""
        listing = request.filtered or request.sort is not Sort.RELEVANCE
        if understood.parsed.tree is None and not listing:
            return understood, NOTHING
        found = backend.rank(understood, request).found()
        if request.typing:
            return self._going_on(understood, found, request, backend)
        if found.total:
            return self._likelier(understood, found, request, backend)
        some = backend.rank_some(understood, request)
        if not request.verbatim:
            unquoted = None if some.best else without_quotes(understood)
            if unquoted is not None and (likely := backend.rank_some(unquoted, request)).best:
                return unquoted, likely.found()
            meant = self._respelled(understood, request, backend, least=some.best)
            if meant is not None:
                return meant
        # Where nothing is found at all, the facets still tell what the filters leave out.
        return understood, some.found() if some.best else found

    def _going_on(
        self, understood: Understood, found: Found, request: SearchRequest, backend: Backend
    ) -> tuple[Understood, Found]:
        """What was found, or what is with the last word finished, if it is hardly one."""
        longer = completed(request.query, backend, self._analyser)
        if longer is not None:
            asked = replace(request, query=longer)
            finished = self._understood(asked, backend)
            ranked = backend.rank(finished, asked).found()
            if ranked.total:
                return finished, ranked
        if found.total:
            return understood, found
        return understood, backend.rank_some(understood, request).found()

    def _likelier(
        self, understood: Understood, found: Found, request: SearchRequest, backend: Backend
    ) -> tuple[Understood, Found]:
        """What was found, or if that is hardly anything because of a slip, what was meant."""
        if 0 < found.complete <= HARDLY_ANY and not request.verbatim and not request.filtered:
            chat = self._chat.current()
            other = respell_odd_one_out(understood, self._analyser, backend, chat)
            if other is not None and backend.count(other.understood, request) > found.complete:
                return other.understood, backend.rank(other.understood, request).found()
        return understood, found

    def _respelled(
        self, understood: Understood, request: SearchRequest, backend: Backend, *, least: float
    ) -> tuple[Understood, Found] | None:
        """Of the likeliest corrections, the one that the best article speaks for.

        None where it is filters that leave nothing, or where the best article with some of the
        words as typed speaks for these: ``least`` is its score.
        """
        if request.filtered and backend.count(understood, request.unfiltered()):
            return None

        def has_results(query: Respelled) -> int:
            return backend.count(query.understood, request)

        corrected = iter(respell(understood, self._analyser, backend, self._chat.current()))
        likeliest = next(filter(has_results, corrected), None)
        if likeliest is None:
            return None
        most = likeliest.cost + DOUBT
        close = takewhile(lambda query: query.cost <= most, corrected)
        others = filter(has_results, close)
        worth_ranking = [likeliest, *islice(others, MOST_DOUBTED - 1)]
        ranked = [(query, backend.rank(query.understood, request)) for query in worth_ranking]
        best, ranking = max(ranked, key=lambda pair: pair[1].best - pair[0].cost)
        return (best.understood, ranking.found()) if ranking.best - best.cost > least else None

    @_told_if_damaged
    def suggest(self, prefix: str, limit: int = 8) -> tuple[Completion, ...]:
        """What somebody who types may want to search for: phrases and headlines that go on so.

        Args:
            prefix: what was typed so far; any text, with or without accents, or raw Telex or VNI.
            limit: how many at most.

        Raises:
            IndexUnavailable: as for :meth:`search`.
        """
        return self._builds.current().backend.suggest(prefix, limit)

    @_told_if_damaged
    def related(self, article_id: str, limit: int = 5) -> tuple[Hit, ...]:
        """Articles of the same affair, or of the same persons and places, likest first.

        Near-duplicates of the article are left out. The snippet is the lead, without marks, and the
        score how like the article each is: 1 is all that it says.

        Raises:
            ArticleNotFound: there is no article with that id.
            IndexUnavailable: as for :meth:`search`.
        """
        found = self._builds.current().backend.related(article_id, limit)
        if found is None:
            raise ArticleNotFound(article_id)
        return present(found, Highlighter(self._analyser, wanted(self._analyser, None)))

    @_told_if_damaged
    def article(self, article_id: str) -> Article:
        """The stored article.

        Raises:
            ArticleNotFound: there is none with that id.
            IndexUnavailable: as for :meth:`search`.
        """
        backend = self._builds.current().backend
        article = backend.article(article_id)
        if article is None:
            raise ArticleNotFound(article_id)
        return article

    @_told_if_damaged
    def as_results(self, request: SearchRequest, ids: Iterable[str]) -> tuple[Hit, ...]:
        """Given articles as results of a search, whether it finds them or not.

        Each says which words of the query it lacks; its score is 0. Ids that no article has are
        left out.

        Raises:
            IndexUnavailable: as for :meth:`search`.
        """
        backend = self._builds.current().backend
        articles = [backend.article(article_id) for article_id in ids]
        ranked = [Ranked(article, 0.0, about=False) for article in articles if article is not None]
        understood = self._understood(request, backend)
        also = () if request.verbatim else synonyms_in(backend.other_readings(understood))
        return present(ranked, self._highlighter(understood, also, backend))

    def terms(self, text: str) -> tuple[Term, ...]:
        """A text as the index has it."""
        return tuple(Term(token.key, token.folded) for token in self._analyser.tokens(text))

    def find(self, article_id: str) -> Article | None:
        """The stored article, or None where there is none with that id.

        Raises:
            IndexUnavailable: as for :meth:`search`.
        """
        try:
            return self.article(article_id)
        except ArticleNotFound:
            return None

    @_told_if_damaged
    def read(self, article_id: str, query: str = "", *, verbatim: bool = False) -> ArticlePage:
        """The stored article as a page to read, with a query marked in it.

        Args:
            article_id: of a hit.
            query: as typed; "" for no marks.
            verbatim: as in :class:`SearchRequest`.

        Raises:
            ArticleNotFound: there is none with that id.
        """
        article = self.article(article_id)
        asked = SearchRequest(query=query, verbatim=verbatim)
        backend = self._builds.current().backend
        understood = self._understood(asked, backend)
        also = () if verbatim else synonyms_in(backend.other_readings(understood))
        highlighter = self._highlighter(understood, also, backend)
        paragraphs = [line for line in article.body.splitlines() if line.strip()]
        texts = [article.headline, article.summary, *paragraphs, *article.captions]
        found = prefer_agreeing([highlighter.occurrences(text) for text in texts])
        found = highlighter.without_strays(found)
        marked = [
            Excerpt(text, marks_of(text, occurrences))
            for text, occurrences in zip(texts, found, strict=True)
        ]
        return ArticlePage(
            id=article.id,
            url=article.url,
            headline=marked[0],
            summary=marked[1],
            paragraphs=tuple(marked[2 : 2 + len(paragraphs)]),
            captions=tuple(marked[2 + len(paragraphs) :]),
            author=article.author,
            published=article.published,
            section=article.section,
            source=article.source,
            image=article.image,
        )

    def _highlighter(
        self, understood: Understood, also: tuple[Phrase, ...], backend: Backend
    ) -> Highlighter:
        tree = understood.parsed.tree
        if also and tree is not None:
            tree = AnyOf((tree, *also))
        query_wants = wanted(self._analyser, tree, exact=understood.exact, lexicon=backend.lexicon)
        return Highlighter(self._analyser, query_wants)
