"""What may happen to the bytes of a file: flips, truncation, zeros, swapped pages, another version.

Every damage is drawn from a seeded source of chance, so that a trial can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

PAGE = 512
"""Of a small file: what a disk or a copy loses at once is 512 or 4,096 bytes."""

Damage = Callable[[bytes, random.Random], bytes]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """One to eight bits the other way."""
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        damaged[_somewhere(damaged, chance)] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def overwritten(content: bytes, chance: random.Random) -> bytes:
    """A number of four or eight bytes at its place made the least, the greatest or another."""
    damaged, width = bytearray(content), chance.choice((4, 8))
    at = _somewhere(damaged, chance) // width * width
    number = chance.choice((bytes(width), b"\xff" * width, chance.randbytes(width)))
    damaged[at : at + width] = number[: len(damaged) - at]
    return bytes(damaged)


def truncated(content: bytes, chance: random.Random) -> bytes:
    """Cut anywhere, also at nothing."""
    return content[: chance.choice((0, chance.randrange(len(content)), len(content) - 1))]


def zeroed(content: bytes, chance: random.Random) -> bytes:
    """A page of zeros, as of a block that never reached the disk."""
    at = _page(content, chance)
    return content[:at] + bytes(len(content[at : at + PAGE])) + content[at + PAGE :]


def swapped(content: bytes, chance: random.Random) -> bytes:
    """Two pages in each other's place."""
    first, second = sorted((_page(content, chance), _page(content, chance)))
    if first == second or second + PAGE > len(content):
        return flipped(content, chance)
    one, other = content[first : first + PAGE], content[second : second + PAGE]
    return content[:first] + other + content[first + PAGE : second] + one + content[second + PAGE :]


def _somewhere(content: bytes | bytearray, chance: random.Random) -> int:
    """Any place, half of the times one near the ends, where headers and tables are."""
    near = min(len(content), 64)
    if chance.random() < 0.25:
        return chance.randrange(near)
    if chance.random() < 0.25:
        return len(content) - 1 - chance.randrange(near)
    return chance.randrange(len(content))


def _page(content: bytes, chance: random.Random) -> int:
    return chance.randrange(-(-len(content) // PAGE)) * PAGE


IN_PLACE: Mapping[str, Damage] = {
    "flips": flipped,
    "overwritten": overwritten,
    "zero page": zeroed,
    "swapped pages": swapped,
}
"""What leaves a file as long as it was."""

ALL: Mapping[str, Damage] = {**IN_PLACE, "truncation": truncated}
