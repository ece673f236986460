"""Words as people write them in chats, from a text file that the people of a site can edit.

One line, one meaning::

    ko = k = hok => không      # what follows # is a remark
    cv19 => covid 19
    vs =>                      # says nothing between two other words, and is left out there

On the left stand the ways of writing it, each one word; on the right what is meant. Case does not
matter, marks do: "dc" and "đc" are two ways of writing. A site's own file is ``chat.txt`` in the
directory of its index, beside ``aliases.txt``. Its lines come after the shipped ones: a way of
writing that stands there already means what is said last, and can be taken back::

    - k

Invariant: what cannot be understood is an error that names file and line, never a guess. Whether a
word of a query is meant so is for the understanding of queries to say, not for this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from index.analysis import accent_key
from index.language.synonyms.aliases import AliasError, lines_of, names_in, read_text

SITE_FILE = "chat.txt"
"""The name of a site's own file, in the directory of its index."""

_SHIPPED = "vietnamese-chat.words"

ChatWords = Mapping[str, str]
"""What each way of writing means, by its accent key; "" is nothing, between two other words."""


def shipped_chat_words() -> ChatWords:
    """The table that comes with the program."""
    text = resources.files("index.language.synonyms").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return parse_chat_words(text, _SHIPPED)


def site_chat_words(directory: Path) -> ChatWords:
    """The shipped table with what the site's own says otherwise, if it has one.

    Args:
        directory: of the index, where the file :data:`SITE_FILE` may be.

    Raises:
        OSError: the file is there, but cannot be read.
        AliasError: a line of it cannot be understood.
    """
    path = directory / SITE_FILE
    try:
        text = read_text(path)
    except FileNotFoundError:
        return shipped_chat_words()
    return parse_chat_words(text, str(path), shipped_chat_words())


def parse_chat_words(text: str, where: str, known: ChatWords | None = None) -> ChatWords:
    """Read the lines of a table.

    Args:
        text: the lines.
        where: names the file in errors.
        known: what was said before.

    Raises:
        AliasError: a line cannot be understood.
    """
    words = dict(known or {})
    for line, place in lines_of(text, where):
        if line.startswith("- ") and "=" not in line:
            words.pop(_written(line[2:].strip(), place), None)
            continue
        left, arrow, right = line.partition("=>")
        if not arrow or "=" in right:
            raise AliasError(f"{place}: write WORD => WHAT IS MEANT, or - WORD.")
        meant = " ".join(right.split())
        for written in names_in(left, place):
            words[_written(written, place)] = meant
    return words


def _written(word: str, where: str) -> str:
    if not word.isalnum():
        raise AliasError(
            f"{where}: “{word}” is not one word of letters and digits: write one word."
        )
    return accent_key(word)
