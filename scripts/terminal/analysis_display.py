"""An analysis as people read it in a terminal: a few rows of facts, then tables.

Knows nothing of how a text is analysed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from index.analysis import Repair, Token
from scripts.terminal.analysis_statistics import TextStatistics, Word

_NAME_WIDTH = 11
_LONGEST_CELL = 40
_TOKEN_HEADS = ("position", "text", "accent key", "folded", "from", "to")
_WORD_HEADS = (
    "position",
    "accent key",
    "in the index",
    "under any accents",
    "most likely",
    "sure",
    "or else",
)


class Shown(Protocol):
    """What is shown of an analysis."""

    @property
    def canonical(self) -> str:
        """Accent keys."""

    @property
    def folded(self) -> str:
        """Folded terms."""

    @property
    def typed_as(self) -> str:
        """How the text was typed."""

    @property
    def input(self) -> str:
        """The text as given."""

    @property
    def read_as(self) -> str:
        """The text after repair and decoding."""

    @property
    def repairs(self) -> Sequence[Repair]:
        """What was found in its characters."""

    @property
    def tokens(self) -> Sequence[Token]:
        """Its terms."""

    @property
    def sentences(self) -> Sequence[tuple[int, int]]:
        """Its sentences."""


def display(analysis: Shown, statistics: TextStatistics | None, console: Console) -> None:
    """Print an analysis, and what an index says of its words if there is one."""
    _row("canonical", analysis.canonical or "–", console)
    _row("folded", analysis.folded or "–", console)
    _row("typed as", analysis.typed_as, console)
    for repair in analysis.repairs:
        done = "repaired" if repair.changed else "noticed"
        _row(done, f"{repair.kind} × {repair.places}", console)
    if analysis.read_as != analysis.input:
        _row("read as", " ".join(analysis.read_as.split()), console)
    text = analysis.read_as
    if len(analysis.sentences) > 1:
        for start, end in analysis.sentences:
            _row("sentence", f"{start:>4} {end:>4}  {' '.join(text[start:end].split())}", console)
    if analysis.tokens:
        _table(_TOKEN_HEADS, [_token_cells(token, text) for token in analysis.tokens], console)
    if statistics is not None and statistics.words:
        rows = [_word_cells(place, word) for place, word in enumerate(statistics.words)]
        _table(_WORD_HEADS, rows, console)
        console.print()
        keys = [word.likely[0].key if word.likely else word.key for word in statistics.words]
        sure = min(word.confidence for word in statistics.words)
        _row("accents", f"{' '.join(keys)}  (sure {sure:.2f})", console)
        _synonyms(statistics, console)


def _row(name: str, value: str, console: Console) -> None:
    console.print(Text.assemble((f"{name:<{_NAME_WIDTH}}", "dim"), value))


def _token_cells(token: Token, text: str) -> list[str]:
    return [
        str(token.position),
        text[token.start : token.end],
        token.key,
        token.folded,
        str(token.start),
        str(token.end),
    ]


def _word_cells(place: int, word: Word) -> list[str]:
    first, *others = [reading.key for reading in word.likely] or ["–"]
    return [
        str(place),
        word.key,
        f"{word.key_count:,}",
        f"{word.folded_count:,}",
        first,
        f"{word.confidence:.2f}",
        ", ".join(
            f"{key} {reading.probability:.2f}"
            for key, reading in zip(others, word.likely[1:], strict=True)
        ),
    ]


def _synonyms(statistics: TextStatistics, console: Console) -> None:
    for synonym in statistics.synonyms:
        words = " ".join(word.key for word in statistics.words[synonym.start : synonym.stop])
        _row("also", f"{words} → {synonym.text}  (weight {synonym.weight:.2f})", console)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """Print a table whose columns are as wide as they need; numbers stand to the right."""
    cells = [[_shortened(cell) for cell in row] for row in rows]
    numeric = [all(_is_number(row[column]) for row in cells) for column in range(len(heads))]
    widths = [max(map(cell_len, column)) for column in zip(heads, *cells, strict=True)]
    console.print()
    for row in (heads, *cells):
        padded = [
            " " * (width - cell_len(cell)) + cell if right else set_cell_size(cell, width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        console.print(Text("  ".join(padded).rstrip(), style="dim" if row is heads else ""))


def _shortened(cell: str) -> str:
    line = " ".join(cell.split())
    if cell_len(line) <= _LONGEST_CELL:
        return line
    return set_cell_size(line, _LONGEST_CELL - 1).rstrip() + "…"


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").isdigit()
