"""Bars to draw: figures as rectangles, with a few of them named below. Free of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, GROUND = 640, 106
"""Of the drawing, in its own units, and where the bars stand."""

MOST_TICKS = 5
_TALLEST = 100
_SHARE = 0.8
"""Of its room that a bar takes."""


class Rectangle(NamedTuple):
    """Where to draw."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure.

    Attributes:
        label: what it is of.
        part_count: a share of it.
        room: all that belongs to it, from top to ground.
        whole: the bar; without height where there is nothing.
        part: the share, drawn over it.
        tick: the label, where it stands below; else "".
    """

    label: str
    count: int
    part_count: int
    room: Rectangle
    whole: Rectangle
    part: Rectangle
    tick: str


def bars(figures: Sequence[tuple[str, int, int]]) -> tuple[Bar, ...]:
    """Bars of labels, figures and shares of these."""
    largest = max((figure for _, figure, _ in figures), default=0) or 1
    between = max(1, -(-len(figures) // MOST_TICKS))
    wide = min(WIDTH / max(1, len(figures)), WIDTH / 7)

    def rectangle(number: int, figure: int) -> Rectangle:
        tall = round(max(2.0, _TALLEST * figure / largest), 2) if figure else 0.0
        x = number * wide + wide * (1 - _SHARE) / 2
        return Rectangle(round(x, 2), round(GROUND - tall, 2), round(wide * _SHARE, 2), tall)

    return tuple(
        Bar(
            label,
            figure,
            share,
            Rectangle(round(number * wide, 2), 0, round(wide, 2), GROUND),
            rectangle(number, figure),
            rectangle(number, share),
            label if number % between == 0 else "",
        )
        for number, (label, figure, share) in enumerate(figures)
    )
