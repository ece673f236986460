"""What the understanding of queries asks of an index: counts of words, runs of them, accents."""

from __future__ import annotations

from typing import Protocol

from index.analysis import Lexicon
from index.language.restoration import Restoration
from search.spelling.speller import Speller


class IndexStatistics(Protocol):
    """What must be known of an index."""

    @property
    def lexicon(self) -> Lexicon:
        """Counts of its words."""
        ...

    @property
    def speller(self) -> Speller:
        """Corrects slips of the finger by these counts."""
        ...

    def restore(self, folded: tuple[str, ...]) -> Restoration:
        """The likely accents of a run of bare words."""
        ...

    def side_by_side(self, left: str, right: str) -> bool:
        """Whether articles are known to have one folded word directly before another."""
        ...

    def may_stand_together(self, left: str, right: str) -> bool:
        """Whether one accent key may stand directly before another, for all that is known."""
        ...

    def times_as_written(self, left: str, right: str) -> float:
        """About how often one accent key stands directly before another; 0 if that is rare."""
        ...

    def phrase_count(self, text: str, *, exact: bool = False) -> int:
        """How many articles have these words side by side; ``exact``: with these accents."""
        ...
