"""Whether the compiled twins of this package's inner loops are there.

They are optional, like those of :mod:`index.codec.acceleration`, and compiled apart from them.
"""

from __future__ import annotations

try:
    import search.compiled  # noqa: F401 - whether it loads is the question
except ImportError:
    COMPILED = False
else:
    COMPILED = True
