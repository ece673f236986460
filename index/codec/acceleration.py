"""Whether the compiled twins of this package's inner loops are there.

They are optional: an installation without a C compiler does the same with NumPy, only slower
(docs/benchmark.md has the figures).
"""

from __future__ import annotations

try:
    import index.codec.compiled  # noqa: F401 - whether it loads is the question
except ImportError:
    COMPILED = False
else:
    COMPILED = True
