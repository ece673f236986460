"""Words that hold a sentence together or ask, and are no part of what it is about.

Accent keys, for a query whose accents are typed or restored; "cua" alone is also a crab.
"""

from __future__ import annotations

from index.analysis import accent_key


def _keys(*lines: str) -> frozenset[str]:
    return frozenset(accent_key(word) for line in lines for word in line.split())


JOINING = _keys(
    "và của là với những các một đã sẽ đang khi tại ở vào trên theo vì để cho được này đó thì",
    "mà cũng bị từ đến về trong do có như bằng nhưng hay hoặc nếu rằng",
)
"""Words that join others: alone they are no unit."""

PARTING = _keys("và của là những các hoặc nhưng mà thì rằng nếu một")
"""Those of them that hardly ever are part of a longer word."""

ASKING = _keys("gì ai nào sao thế đâu bao nhiêu mấy không chưa")
"""Words that ask: alone they are no unit of a sentence."""

QUESTIONS = tuple(
    tuple(accent_key(word) for word in run.split())
    for run in (
        *("như thế nào", "thế nào", "tại sao", "vì sao", "bao nhiêu", "bao lâu", "bao giờ"),
        *("khi nào", "là gì", "là ai", "ở đâu", "những gì", "làm sao", "có nên", "có phải"),
    )
)
"""Runs of words that ask. They part a sentence: nothing is one unit across them."""
