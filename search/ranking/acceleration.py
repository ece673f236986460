"""Whether the compiled twins of this package's inner loops are there.

They are optional, like those of :mod:`index.codec.acceleration`, on which they build.
"""

from __future__ import annotations

from index.analysis.acceleration import usable
from index.codec import acceleration

COMPILED = acceleration.COMPILED and usable("search.ranking.compiled")
