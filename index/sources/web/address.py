"""What a kind of address is: a name, how it is recognised, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.sources.kind import Item
from index.sources.origin import Origin
from index.sources.web.fetcher import Fetcher


@dataclass(frozen=True, slots=True)
class AddressKind:
    """One kind of source behind an address.

    Attributes:
        name: as given to ``--kind``.
        recognises: whether an address is of this kind; kinds are asked in the registry's order.
        read: every record, or parts and pages to be read on. It may raise `SourceError` where the
            rest cannot be read.
    """

    name: str
    recognises: Callable[[Origin], bool]
    read: Callable[[Origin, Fetcher], Iterator[Item]]
