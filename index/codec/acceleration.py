"""Whether the compiled twins of this package's inner loops are there.

They are optional, like those of :mod:`index.analysis.acceleration`.
"""

from __future__ import annotations

from index.analysis.acceleration import usable

COMPILED = usable("index.codec.compiled") and usable("index.codec.compiled_lists")
