"""Names that mean the same, from a text file that the people of a site can edit.

One line, one group::

    UBND = ủy ban nhân dân
    TP.HCM = Sài Gòn = Thành phố Hồ Chí Minh    # what follows # is a remark
    Bộ Nông nghiệp và Môi trường => Bộ Nông nghiệp và Phát triển nông thôn

A search for any name of a line with ``=`` also finds the others; with ``=>`` a search for the name
on its left also finds those on its right, but not the other way round: that is for a body that took
over from another. Case, tone style and white space do not matter. Empty lines are skipped.

A site's own file is ``aliases.txt`` in the directory of its index, beside the builds, so that it
outlives them. It adds to the lines that come with the program, and can take back what these or the
articles say::

    - THA    # has no other names and is none, whatever was said above or mined

Invariant: what cannot be understood is an error that names file and line, never a guess. It knows
nothing of the index.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import NamedTuple

SITE_FILE = "aliases.txt"
"""The name of a site's own file, in the directory of its index."""

_LONGEST_NAME = 80
_SHIPPED = "vietnamese-news.aliases"


class AliasError(ValueError):
    """A line of an aliases file cannot be understood; the message names file, line and remedy."""


class Alias(NamedTuple):
    """What a search for ``name`` also finds: one other name; "" takes back all that it has."""

    name: str
    also: str


def shipped_aliases() -> tuple[Alias, ...]:
    """The aliases for Vietnamese news that come with the program."""
    text = resources.files("index.language.synonyms").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return tuple(parse_aliases(text, _SHIPPED))


def site_aliases(directory: Path) -> tuple[Alias, ...]:
    """The shipped aliases, and after them those of the site, if it has any.

    Args:
        directory: of the index, where the file :data:`SITE_FILE` may be.

    Raises:
        OSError: the file is there, but cannot be read.
        AliasError: a line of it cannot be understood.
    """
    try:
        of_site = read_aliases(directory / SITE_FILE)
    except FileNotFoundError:
        of_site = ()
    return shipped_aliases() + of_site


def read_aliases(path: Path) -> tuple[Alias, ...]:
    """The aliases of a file in UTF-8.

    Raises:
        FileNotFoundError: there is no such file.
        AliasError: a line cannot be understood.
    """
    return tuple(parse_aliases(read_text(path), str(path)))


def read_text(path: Path) -> str:
    """The text of a file that people of a site edit.

    Raises:
        FileNotFoundError: there is no such file.
        AliasError: it is not UTF-8.
    """
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise AliasError(f"{path}, line {line}: not UTF-8: save the file as UTF-8.") from error


def parse_aliases(text: str, where: str) -> Iterable[Alias]:
    """Read the lines of an aliases file.

    Args:
        text: the lines.
        where: names the file in errors.

    Raises:
        AliasError: a line cannot be understood.
    """
    for line, place in lines_of(text, where):
        yield from _parse_line(line, place)


def lines_of(text: str, where: str) -> Iterable[tuple[str, str]]:
    """The lines that say something, without remarks, and where each stands, for errors."""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition("#")[0].strip()
        if line:
            yield line, f"{where}, line {number}"


def _parse_line(line: str, where: str) -> list[Alias]:
    if line.startswith("- ") and "=" not in line:
        return [Alias(name, "") for name in names_in(line[2:], where)]
    left, arrow, right = line.partition("=>")
    if "=>" in right:
        raise AliasError(f"{where}: two => in one line: write two lines.")
    before, after = names_in(left, where), names_in(right, where) if arrow else []
    if arrow:
        pairs = [(name, also) for name in before for also in after]
    else:
        pairs = [(name, also) for name in before for also in before if name != also]
    if not pairs:
        raise AliasError(f"{where}: only one name: write NAME = OTHER NAME, or - NAME.")
    return [Alias(name, also) for name, also in pairs]


def names_in(part: str, where: str) -> list[str]:
    """The names that stand in a part of a line with = between them.

    Raises:
        AliasError: one is missing, too long, or there twice.
    """
    names = [" ".join(name.split()) for name in part.split("=")]
    for name in names:
        if not any(map(str.isalnum, name)):
            raise AliasError(f"{where}: a name is missing beside = : write NAME = OTHER NAME.")
        if len(name) > _LONGEST_NAME:
            raise AliasError(
                f"{where}: a name of {len(name)} characters: at most {_LONGEST_NAME} are allowed."
            )
    if len({name.casefold() for name in names}) < len(names):
        raise AliasError(f"{where}: the same name twice: leave one out.")
    return names
