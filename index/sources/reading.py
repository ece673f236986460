"""Reading sources: every record of every one, as an article or the reason why it is none.

A source is a path or an address. What a file or an answer holds is recognised and read by its kind;
parts inside it (an archive's files) and pages elsewhere (a feed's) are read in turn, to a depth
that no hostile one can extend. Nothing is lost without a word, and nothing that a source holds
raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from index.article import Article
from index.errors import BuildError, RecordError, SourceError
from index.sources.documents import Document, DocumentReader, Later, changed, in_order
from index.sources.files.listing import FileWalk, SourceFile
from index.sources.files.stream import (
    DamagedStreamError,
    Meter,
    Stream,
    TooLargeError,
    decompressed,
    file_blocks,
)
from index.sources.kind import Elsewhere, Item, Kind, Part, Sample
from index.sources.origin import FetchRules, Origin
from index.sources.records.fields import article_from_record
from index.sources.records.outcome import CUT_SHORT, Found, Outcome, SkipReason, skip
from index.sources.registry import (
    CONTAINERS,
    DOCUMENTS,
    KINDS,
    address_kind,
    kind_named,
    recognise,
)
from index.sources.web.fetcher import Fetcher, NotFetchedError

MOST_LEVELS = 4
"""Of an archive in an archive, or of a sitemap that names sitemaps."""

_CUT_SHORT = frozenset(reason.value for reason in CUT_SHORT)


def read_sources(
    origins: Sequence[Origin],
    meter: Meter,
    open_fetcher: Callable[[FetchRules], Fetcher],
    left_out: Iterable[Path] = (),
    documents: DocumentReader | None = None,
) -> Iterator[Outcome]:
    """Every record of the sources, files that are named twice but once.

    Args:
        origins: in the order in which they are read.
        meter: counts what is read, and notes whether it was all there is.
        open_fetcher: makes what asks servers; called only where there is an address.
        left_out: folders that are not entered: that of the index may lie inside a source.
        documents: reads files that are one article; None to read them in passing.
    """
    walk = FileWalk(left_out)
    files: list[tuple[Origin, SourceFile | RecordError | None]] = []
    for origin in origins:
        if origin.scheme:
            files.append((origin, None))
            continue
        for item in walk.files(Path(origin.place)):
            files.append((origin, item))
            if isinstance(item, SourceFile):
                meter.bytes_total += item.size
    results = (
        result
        for origin, file in files
        for result in _results(origin, file, meter, open_fetcher, documents)
    )
    for outcome in in_order(results):
        if isinstance(outcome, RecordError):
            meter.shows_all &= outcome.reason not in _CUT_SHORT
        yield outcome


def read_file(file: SourceFile, meter: Meter, origin: Origin | None = None) -> Iterator[Outcome]:
    """Every record of one file; where the file breaks off, the last outcome says so.

    Args:
        file: from `find_files`.
        meter: counts the bytes read.
        origin: the source that it is of, or None for one of which nothing is known.
    """
    origin = Origin(place=str(file.path)) if origin is None else origin
    yield from in_order(_of_file(file, meter, origin, None))


def _of_file(
    file: SourceFile, meter: Meter, origin: Origin, documents: DocumentReader | None
) -> Iterator[Outcome | Later]:
    meter.files += 1
    path = file.path if file.size else None  # a pipe can be read but once
    part = Part(str(file.path), file_blocks(file.path, meter), path=path)
    yield from _SourceReader(origin, meter, None, documents).part(part, 0)


def _results(
    origin: Origin,
    file: SourceFile | RecordError | None,
    meter: Meter,
    open_fetcher: Callable[[FetchRules], Fetcher],
    documents: DocumentReader | None,
) -> Iterator[Outcome | Later]:
    """What one source or file leads to, completed by what a person said of the source."""
    results: Iterator[Outcome | Later]
    if isinstance(file, RecordError):
        results = iter((file,))
    elif file is not None:
        results = _of_file(file, meter, origin, documents)
    else:
        results = guarded(origin.shown, _asked(origin, meter, open_fetcher, documents))

    def completed(outcome: Outcome) -> Outcome:
        if isinstance(outcome, Found):
            if outcome.is_page and not origin.includes_pages:
                message = "is a page and no article; left out"
                return skip(outcome.where, SkipReason.PAGE, message)
            return _with_defaults(outcome, origin.defaults)
        # What a server or a driver says may hold a password.
        return RecordError(
            origin.scrubbed(outcome.where),
            outcome.reason,
            origin.scrubbed(outcome.message),
            outcome.ignored,
        )

    for result in results:
        yield changed(result, completed)


def _asked(
    origin: Origin,
    meter: Meter,
    open_fetcher: Callable[[FetchRules], Fetcher],
    documents: DocumentReader | None,
) -> Iterator[Outcome | Later]:
    """Every record of what stands at an address."""
    kind = address_kind(origin)
    fetcher = open_fetcher(origin.rules)
    try:
        reader = _SourceReader(origin, meter, fetcher, documents)
        yield from reader.outcomes(kind.read(origin, fetcher), 0)
    finally:
        fetcher.close()


def read_document(document: Document) -> list[Outcome]:
    """Everything that a document leads to."""
    read = kind_named(document.kind).read
    # A kind of documents yields neither parts nor what stands elsewhere.
    outcomes = guarded(document.name, (item for item in read(document.stream())))  # type: ignore[misc]
    found = [outcome for outcome in outcomes if not isinstance(outcome, Later)]
    return found or [skip(document.name, SkipReason.EMPTY_FILE, "is empty")]


def guarded(where: str, outcomes: Iterator[Outcome | Later]) -> Iterator[Outcome | Later]:
    """What a reader gives, whatever it raises: that costs what it was reading and nothing else.

    Every reader is called in here, and nothing that it meets gets out but what concerns the build.

    Args:
        where: the file, part or address that is read.
        outcomes: as the reader makes them.

    Raises:
        BuildError: what was fetched cannot be kept.
    """
    try:
        yield from outcomes
    except BuildError:
        raise
    except NotFetchedError as error:
        yield skip(where, error.reason, str(error))
    except TooLargeError as error:
        yield skip(where, SkipReason.FILE_TOO_LARGE, str(error))
    except DamagedStreamError as error:
        yield skip(where, SkipReason.DAMAGED_FILE, f"was read only up to a fault: {error}")
    except SourceError as error:
        yield skip(where, SkipReason.UNREADABLE, f"cannot be read: {error}")
    except MemoryError:
        message = "needs more memory than any article does; it was left out"
        yield skip(where, SkipReason.FILE_TOO_LARGE, message)
    except Exception as error:  # an OSError, or what a library lets out on what it did not expect
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        yield skip(where, SkipReason.UNREADABLE, f"cannot be read any further: {reason}")


def _with_defaults(found: Found, defaults: Mapping[str, str]) -> Found:
    article = found.article
    if not defaults:
        return found
    return found._replace(
        article=replace(
            article,
            author=article.author or defaults.get("author", ""),
            section=article.section or defaults.get("section", ""),
            source=article.source or defaults.get("source", ""),
        )
    )


class _SourceReader:
    """Reads one source: streams, what is inside them, and what they point to."""

    def __init__(
        self,
        origin: Origin,
        meter: Meter,
        fetcher: Fetcher | None,
        documents: DocumentReader | None,
    ) -> None:
        self._origin = origin
        self._meter = meter
        self._fetcher = fetcher
        self._documents = documents
        self._kind = _stream_kind(origin.kind)
        self._met: set[str] = set()

    def part(self, part: Part, level: int) -> Iterator[Outcome | Later]:
        """Everything in one file, or in one that is inside another."""
        if level >= MOST_LEVELS:
            message = f"lies more than {MOST_LEVELS} archives or lists deep; it was not opened"
            yield skip(part.name, SkipReason.NESTED_TOO_DEEP, message)
            return

        def dated(outcome: Outcome) -> Outcome:
            if isinstance(outcome, Found) and part.captured and not outcome.captured:
                return outcome._replace(captured=part.captured)
            return outcome

        for result in guarded(part.name, self._opened(part, level)):
            yield changed(result, dated)

    def _opened(self, part: Part, level: int) -> Iterator[Outcome | Later]:
        stream = Stream(
            part.name,
            decompressed(part.blocks),
            names=self._origin.names,
            url=part.url,
            charset=part.charset,
            path=part.path,
            query=self._origin.query,
        )
        yield from self._stream(stream, level)

    def _stream(self, stream: Stream, level: int) -> Iterator[Outcome | Later]:
        if not stream.sample.strip():
            yield skip(stream.name, SkipReason.EMPTY_FILE, "is empty")
            return
        kind = self._kind_of(Sample(stream.name, stream.sample))
        if kind is None:
            message = "is of no known kind; docs/indexing.md lists them, and --kind names one"
            yield skip(stream.name, SkipReason.UNKNOWN_KIND, message)
            return
        self._meter.shows_all &= kind.shows_all
        if self._documents is not None and kind in DOCUMENTS:
            given = (stream.name, stream.names, stream.url, stream.charset)
            yield self._documents.read(Document(kind.name, stream.read_all(), *given))
            return
        is_empty = True
        for outcome in self.outcomes(kind.read(stream), level):
            is_empty = False
            yield outcome
        if is_empty:
            yield skip(stream.name, SkipReason.EMPTY_FILE, "is empty")

    def _kind_of(self, sample: Sample) -> Kind | None:
        """A container is opened whatever its files are said to be."""
        container = next((kind for kind in CONTAINERS if kind.recognises(sample)), None)
        return container or self._kind or recognise(sample)

    def outcomes(self, items: Iterator[Item], level: int) -> Iterator[Outcome | Later]:
        """What items lead to: themselves, or what is in them or where they point."""
        for item in items:
            if isinstance(item, Part):
                yield from self.part(item, level + 1)
            elif isinstance(item, Elsewhere):
                yield from guarded(item.where, self._elsewhere(item, level))
            else:
                yield item

    def _elsewhere(self, item: Elsewhere, level: int) -> Iterator[Outcome | Later]:
        if self._fetcher is None:
            yield _as_told(item)
            return
        if item.url in self._met:
            return
        self._met.add(item.url)
        try:
            page = self._fetcher.page(item.url, modified=item.modified)
        except NotFetchedError as error:
            yield skip(item.where, error.reason, f"{self._origin.rules.public(item.url)}: {error}")
            return
        self._meter.files += 1
        self._meter.bytes_read += len(page.content)
        name = self._origin.rules.public(item.url)
        part = Part(name, iter((page.content,)), page.url, page.charset)

        def completed(outcome: Outcome) -> Outcome:
            if isinstance(outcome, Found):
                return outcome._replace(article=_completed(outcome.article, item))
            return outcome

        for result in self.part(part, level + 1):
            yield changed(result, completed)


def _stream_kind(name: str) -> Kind | None:
    return kind_named(name) if name and any(kind.name == name for kind in KINDS) else None


def _as_told(item: Elsewhere) -> Outcome:
    """What a list in a file says of an article, where nothing is fetched."""
    if item.record.get("headline"):
        return article_from_record({"body": item.record.get("summary"), **item.record}, item.where)
    message = f"only says where an article stands ({item.url}); name the list by its own address"
    return skip(item.where, SkipReason.NOT_FETCHED, message)


def _completed(article: Article, item: Elsewhere) -> Article:
    """The article of a page, with what the list that led to it says besides."""
    told = article_from_record({**item.record, "headline": "-", "body": "-"}, item.where)
    if isinstance(told, RecordError):
        return article if article.url else replace(article, url=item.url)
    return replace(
        article,
        url=article.url or told.article.url or item.url,
        author=article.author or told.article.author,
        published=article.published or told.article.published,
        section=article.section or told.article.section,
        source=article.source or told.article.source,
    )
