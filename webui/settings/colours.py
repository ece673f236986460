"""An accent colour that can be read: contrast as WCAG 2 counts it, and the shades made of one.

Pure functions over colours as ``#rrggbb``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PAPER, DARK_PAPER = "#faf7f1", "#171513"
"""What the pages are printed on; the style sheet has the same."""

LEAST_CONTRAST = 4.5
"""WCAG 2.2, level AA, for text."""

_WHITE, _BLACK = "#ffffff", "#000000"
_HEX = re.compile("#[0-9a-f]{6}", re.IGNORECASE)
_STEPS = 50


class Accent(NamedTuple):
    """An accent on a light page and on a dark one, each with what can be written on it."""

    light: str
    on_light: str
    dark: str
    on_dark: str


def is_colour(text: str) -> bool:
    """Whether a text is a colour as ``#rrggbb``."""
    return bool(_HEX.fullmatch(text))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def accent(colour: str) -> Accent:
    """A colour as an accent; for dark pages it is lightened until it can be read there."""
    dark = readable(colour, DARK_PAPER, towards=_WHITE)
    return Accent(colour, _on(colour), dark, _on(dark))


def readable(colour: str, paper: str, towards: str = _BLACK) -> str:
    """The colour, or the nearest on the way to another that has enough contrast with ``paper``."""
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, towards, step / _STEPS)
        if contrast(mixed, paper) >= LEAST_CONTRAST:
            return mixed
    return towards


def _on(colour: str) -> str:
    return max(_WHITE, _BLACK, key=lambda ink: contrast(ink, colour))


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (number / 255 for number in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
