"""The table of the acronyms of an index: its rows, written and read.

:mod:`index.language.synonyms.acronym_mining` finds what stands in it. It is a TSV file in the
build, for people as much as for the search::

    # acronyms 1
    acronym<TAB>long_form<TAB>origin<TAB>count<TAB>share<TAB>long_form_share<TAB>evidence

``count`` is how often the pair was defined, ``share`` its part of all that the acronym stands for,
``long_form_share`` its part of all the acronyms of the long form, ``evidence`` names articles or
figures. History: version 1 is the first.

Invariant: the same rows give the same bytes, and come back as they were, shares to three digits. It
knows nothing of texts or queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from index.storage.durable import force

_TITLE = "# acronyms 1"
_COLUMNS = "acronym\tlong_form\torigin\tcount\tshare\tlong_form_share\tevidence"


class Origin(Enum):
    """How a pair was found."""

    DEFINED = "defined"
    GUESSED = "guessed"


class AcronymTableError(ValueError):
    """A table cannot be read; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym and one of its meanings.

    Attributes:
        acronym: as printed, such as "TTĐN".
        long_form: as printed most often, in lower case.
        origin: how the pair was found.
        count: how often it was defined; 0 if it was guessed.
        share: part of all that the acronym stands for, 0 to 1.
        long_form_share: part of all the acronyms that the long form has, 0 to 1.
        evidence: articles that define it, or the figures of the guess.
    """

    acronym: str
    long_form: str
    origin: Origin
    count: int
    share: float
    long_form_share: float
    evidence: str


def write_acronyms(path: Path, acronyms: Iterable[Acronym]) -> None:
    """Write a table, replacing the file when all of it is on the disk."""
    lines = [_TITLE, _COLUMNS]
    lines += [
        f"{row.acronym}\t{row.long_form}\t{row.origin.value}\t{row.count}\t{row.share:.3f}\t"
        f"{row.long_form_share:.3f}\t{row.evidence}"
        for row in acronyms
    ]
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as out:
        out.write("\n".join(lines) + "\n")
        out.flush()
        force(out.fileno())
    partial.replace(path)


def read_acronyms(path: Path) -> tuple[Acronym, ...]:
    """Read a table.

    Raises:
        FileNotFoundError: there is no such file.
        AcronymTableError: it is no table of this version, or a line is broken.
    """
    lines = path.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    if lines[:2] != [_TITLE, _COLUMNS]:
        raise AcronymTableError(f"{path}, line 1: no table of acronyms: rebuild the index.")
    rows = []
    for number, line in enumerate(lines[2:], 3):
        if not line:
            continue
        try:
            acronym, long_form, origin, count, share, long_share, evidence = line.split("\t")
            rows.append(
                Acronym(
                    acronym,
                    long_form,
                    Origin(origin),
                    int(count),
                    float(share),
                    float(long_share),
                    evidence,
                )
            )
        except ValueError as error:
            raise AcronymTableError(
                f"{path}, line {number}: not the seven columns of the second line: "
                "mend it or rebuild the index."
            ) from error
    return tuple(rows)
