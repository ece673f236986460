"""What the engine asks of the builds of an index, wherever they are."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from search.backends.protocol import Backend


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


class Builds(Protocol):
    """The builds of an index that are open; threads share it."""

    def current(self) -> Serving:
        """The current build, or the last that could be opened."""
        ...

    def having(self, build: str) -> Serving:
        """The build with an id if it is kept, else the current one."""
        ...

    def require_ready(self) -> None:
        """See that searches can be answered; raises IndexUnavailable otherwise."""
        ...

    def nodes(self) -> tuple[NodeCounts, ...]:
        """How the nodes have fared that were asked; none where there is no cluster."""
        ...

    def close(self) -> None:
        """Let go of the builds."""
        ...
