"""What a query means beyond what was typed: chats written out, wrong accents, codes of digits.

Each reading is checked against the articles, and every other word is said (``respelled``).
"""

from __future__ import annotations

from index.analysis import Analyser
from index.language.synonyms.chat_words import ChatWords
from search.understanding.accents import with_likely_accents
from search.understanding.chat import written_out
from search.understanding.codes import with_codes
from search.understanding.reading import Understood
from search.understanding.statistics import IndexStatistics


def as_meant(
    understood: Understood, analyser: Analyser, chat: ChatWords, index: IndexStatistics
) -> Understood:
    """The query as a reader means it, as far as the articles speak for it.

    Args:
        understood: as typed, decoded if need be.
        analyser: of the index.
        chat: words as people write them in chats.
        index: what its articles have.
    """
    written = written_out(understood, chat, index)
    return with_codes(with_likely_accents(written, analyser, index), index)
