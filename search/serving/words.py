"""The words that a site adds to what the program knows: files in the directory of its index.

For servers whose editors change them; searches read the files by themselves when they change.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from index.errors import IndexOpenError
from index.language.files import ACRONYMS_NAME
from index.language.synonyms import aliases, chat_words
from index.language.synonyms.acronyms import Acronym, AcronymTableError, read_acronyms
from index.language.synonyms.aliases import Alias, AliasError, parse_aliases
from index.storage.builds import current_build
from index.storage.durable import replace

__all__ = [
    "ALIASES",
    "CHAT",
    "Acronym",
    "Alias",
    "AliasError",
    "aliases_of",
    "check_words",
    "mined_acronyms",
    "read_words",
    "write_words",
]

ALIASES, CHAT = aliases.SITE_FILE, chat_words.SITE_FILE


def read_words(index_dir: Path, name: str) -> str:
    """The text of a file; "" where there is none.

    Raises:
        AliasError: it is not UTF-8.
        OSError: it cannot be read.
    """
    with suppress(FileNotFoundError):
        return aliases.read_text(index_dir / name)
    return ""


def check_words(name: str, text: str) -> None:
    """See that a text can be such a file.

    Raises:
        AliasError: a line cannot be understood; the message says which and what to write.
    """
    if name == CHAT:
        chat_words.parse_chat_words(text, name)
    else:
        aliases_of(text)


def aliases_of(text: str) -> tuple[Alias, ...]:
    """What a text of aliases says.

    Raises:
        AliasError: as for :func:`check_words`.
    """
    return tuple(parse_aliases(text, ALIASES))


def write_words(index_dir: Path, name: str, text: str) -> None:
    """Put a text in place of a file, in one step.

    Raises:
        AliasError: it is none.
        OSError: it cannot be written; the file is as it was.
    """
    check_words(name, text)
    replace(index_dir / name, text.encode())


def mined_acronyms(index_dir: Path) -> tuple[Acronym, ...]:
    """The acronyms that the articles being served define; none where the index is elsewhere."""
    try:
        return read_acronyms(current_build(index_dir).path / ACRONYMS_NAME)
    except (AcronymTableError, IndexOpenError, OSError):
        return ()
