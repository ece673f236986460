"""What the engine asks of the builds of an index, wherever they are."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import NamedTuple, Protocol

from search.backends.protocol import Backend

_log = logging.getLogger(__name__)


class Serving(NamedTuple):
    """The build that answers, as one value so that threads never see half a switch.

    Attributes:
        image_hosts: where the pictures of its articles are, as origins.
    """

    build: str
    backend: Backend
    image_hosts: tuple[str, ...] = ()


class NodeCounts(NamedTuple):
    """How a node of a cluster has fared.

    Attributes:
        url: of the node.
        answered: requests that it answered.
        failed: requests that it did not answer.
    """

    url: str
    answered: int
    failed: int


class Follower:
    """A thread that looks for something every now and then, until it is told to end.

    Args:
        look: what it does; whatever that raises is reported, and looked at again later.
        every: seconds between two looks.
    """

    def __init__(self, look: Callable[[], object], every: float) -> None:
        self._look, self._every = look, every
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="follower", daemon=True).start()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            self._look_once()

    def _look_once(self) -> None:
        try:
            self._look()
        except Exception:
            _log.exception("looking for another build")


class Builds(Protocol):
    """The builds of an index that are open; threads share it."""

    def current(self) -> Serving:
        """The current build, or the last that could be opened."""
        ...

    def having(self, build: str) -> Serving:
        """The build with an id if it is kept, else the current one."""
        ...

    def follow(self, prepare: Callable[[Serving], None]) -> None:
        """Look for another build in the background from now on; it answers once prepared."""
        ...

    def require_ready(self) -> None:
        """See that searches can be answered; raises IndexUnavailable otherwise."""
        ...

    def require_whole(self) -> None:
        """See that the build that answers is what was written; raises IndexDamaged otherwise."""
        ...

    def nodes(self) -> tuple[NodeCounts, ...]:
        """How the nodes have fared that were asked; none where there is no cluster."""
        ...

    def close(self) -> None:
        """Let go of the builds."""
        ...
