"""Files that are one article: read in this process, or handed to others that do nothing else.

Reading a page takes a hundred times as long as reading a record, and what a stranger put into one
can make a library take hours or gigabytes. So pages are given away whole, with what is known of
them, and what comes back takes its place in the order of the source. It knows nothing of processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from index.sources.files.stream import Stream
from index.sources.records.outcome import Outcome

MOST_WAITING = 12
"""Documents that may be under way: enough that no process waits, few enough for the memory."""


class Document(NamedTuple):
    """One file, whole.

    Attributes:
        kind: the name of its kind.
        content: all bytes, decompressed.
        name, names, url, charset: as in `Stream`.
    """

    kind: str
    content: bytes
    name: str
    names: Mapping[str, str]
    url: str
    charset: str

    def stream(self) -> Stream:
        """The document as its kind reads it."""
        return Stream(
            self.name,
            iter((self.content,)),
            names=self.names,
            url=self.url,
            charset=self.charset,
        )


class Later:
    """What a document leads to, once that is known.

    Args:
        outcomes: waits for them.
        is_done: whether that takes no time.
    """

    def __init__(self, outcomes: Callable[[], list[Outcome]], is_done: Callable[[], bool]) -> None:
        self.outcomes = outcomes
        self.is_done = is_done

    def then(self, change: Callable[[Outcome], Outcome]) -> Later:
        """The same, each outcome changed."""
        outcomes = self.outcomes
        return Later(lambda: [change(outcome) for outcome in outcomes()], self.is_done)


class DocumentReader(Protocol):
    """Reads documents, at once or some time later."""

    def read(self, document: Document) -> Later:
        """Have a document read; it raises nothing."""
        ...


def changed(result: Outcome | Later, change: Callable[[Outcome], Outcome]) -> Outcome | Later:
    """An outcome changed, or to be changed when it is known."""
    return result.then(change) if isinstance(result, Later) else change(result)


def in_order(results: Iterable[Outcome | Later]) -> Iterator[Outcome]:
    """Every outcome in the order of the sources, each as soon as those before it are known."""
    waiting: deque[Outcome | Later] = deque()

    def ready(most: int) -> Iterator[Outcome]:
        while waiting:
            first = waiting[0]
            if isinstance(first, Later):
                if len(waiting) <= most and not first.is_done():
                    return
                yield from first.outcomes()
            else:
                yield first
            waiting.popleft()

    for result in results:
        waiting.append(result)
        yield from ready(MOST_WAITING)
    yield from ready(0)
