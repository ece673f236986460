"""Libraries that only some sources need: imported where such a source is read, or else named.

An installation without them reads every other source.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import SourceError


@contextmanager
def needing(library: str, extra: str) -> Iterator[None]:
    """Import a library in the body of this ``with``.

    Args:
        library: its name, for the message.
        extra: of the distribution ``timbao``, that brings it.

    Raises:
        SourceError: it is not installed; the message says how to install it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise SourceError(
            f"this needs {library}, which is not installed; install it with: "
            f"pip install 'timbao[{extra}]'"
        ) from error
