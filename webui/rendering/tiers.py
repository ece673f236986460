"""What is said of articles that only have words of a query: how many they are, and how they do.

One place, so that the page, the frame and the terminal say the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from search import Accents, Hit, SearchPage
from webui.rendering.dates import count
from webui.rendering.languages import gettext, ngettext

_WORD = re.compile(r"\w+")


def parted(hits: Sequence[Hit]) -> tuple[Sequence[Hit], Sequence[Hit]]:
    """The hits about the query, and those after them that only have words of it."""
    first = next((at for at, hit in enumerate(hits) if not hit.about), len(hits))
    return hits[:first], hits[first:]


def others(page: SearchPage) -> str:
    """How many articles only have words of the query, and how, as a noun: "9 bài chỉ có …"."""
    number = page.partly if page.about else page.total
    shown = count(number)
    if page.query.relaxed:
        return ngettext(
            "%(shown)s bài chỉ có một phần các từ",
            "%(shown)s bài chỉ có một phần các từ",
            number,
            shown=shown,
        )
    if page.lacking:
        return ngettext(
            "%(shown)s bài chỉ có một phần các từ, hoặc có mà rời rạc",
            "%(shown)s bài chỉ có một phần các từ, hoặc có mà rời rạc",
            number,
            shown=shown,
        )
    if page.query.accents is Accents.EXACT:
        return ngettext(
            "%(shown)s bài chỉ có các từ rời rạc",
            "%(shown)s bài chỉ có các từ rời rạc",
            number,
            shown=shown,
        )
    if len(_WORD.findall(page.query.understood)) < 2:
        return ngettext(
            "%(shown)s bài chỉ có từ khác dấu",
            "%(shown)s bài chỉ có từ khác dấu",
            number,
            shown=shown,
        )
    return ngettext(
        "%(shown)s bài chỉ có các từ rời rạc hoặc khác dấu",
        "%(shown)s bài chỉ có các từ rời rạc hoặc khác dấu",
        number,
        shown=shown,
    )


def dividing_line(page: SearchPage) -> str:
    """What stands between the articles about the query and the others."""
    return gettext("… và %(others)s", others=others(page))


def searched_for(page: SearchPage) -> str:
    """The query as the reader knows it: as typed, or as it was respelled."""
    return page.query.understood if page.query.respelled else page.query.text


def nothing_about(page: SearchPage, *, filtered: bool) -> str:
    """That no article is about a query, and what is shown instead.

    Args:
        page: of articles that only have words of it.
        filtered: whether that is so only among the articles that filters leave.
    """
    values = {"query": searched_for(page).strip(), "others": others(page)}
    if page.query.relaxed:
        if filtered:
            return gettext(
                "Trong các bài đã lọc, không có bài nào đủ các từ của “%(query)s”; %(others)s.",
                **values,
            )
        return gettext("Không có bài nào đủ các từ của “%(query)s”; %(others)s.", **values)
    if filtered:
        return gettext(
            "Trong các bài đã lọc, không có bài nào nói đúng về “%(query)s”; %(others)s.", **values
        )
    return gettext("Không có bài nào nói đúng về “%(query)s”; %(others)s.", **values)
