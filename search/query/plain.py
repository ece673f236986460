"""Words of the language itself (field words, words of dates) without accents and case.

Not the fold of the text analysis: that one also decides what is spelled alike, and may change with
it; field words are as fixed as a grammar.
"""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """``text`` in lower case, without accents: "Tiêu Đề" is "tieu de"."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char)).replace("đ", "d")
