"""Whether the compiled twin of an inner loop is there, of whichever package asks.

They are optional: an installation without a C compiler does the same with NumPy, only slower
(docs/benchmark.md has the figures). In a clone they may be older than their source, after a pull
for instance; such ones are not used.
"""

from __future__ import annotations

import zlib
from functools import cache
from importlib import import_module
from pathlib import Path


@cache
def usable(name: str) -> bool:
    """Whether a compiled module is there, loads, and was made from the source beside it, if any.

    Args:
        name: its full name.
    """
    try:
        module = import_module(name)
    except ImportError:
        return False
    source = Path(str(module.__file__)).with_name(name.rpartition(".")[2] + ".pyx")
    if not source.exists():
        return True  # an installed package, whose parts were made together
    made_from: int | None = getattr(module, "MADE_FROM", None)
    return checksum(source) == made_from


def checksum(source: Path) -> int:
    """The checksum of a source and of the headers of the folder above, as setup.py makes it."""
    sources = [*sorted(source.parents[1].rglob("*.h")), source]
    return zlib.crc32(b"".join(path.read_bytes() for path in sources))
