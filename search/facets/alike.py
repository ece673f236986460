"""Which values of a field are one to a reader: they look the same, however they were typed.

Invisible characters, composed and decomposed letters, case and the place of a tone mark (hoà, hòa)
make no difference; accents do. It knows nothing of indexes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from unidecode import unidecode

from index.analysis.characters.normalization import clean
from index.analysis.syllables import parse_syllable, spell


@lru_cache(maxsize=65_536)
def alike(value: str) -> str:
    """A text that is the same for all values that look alike; no value to be shown."""
    words = clean(value).text.lower().split()
    return " ".join(spell(syllable) if (syllable := parse_syllable(w)) else w for w in words)


@lru_cache(maxsize=65_536)
def letters_of(text: str) -> str:
    """A text as somebody types it who looks for it in a list: without accents and capitals."""
    return " ".join(unidecode(clean(text).text).lower().split())


def without(values: Iterable[str], value: str) -> tuple[str, ...]:
    """The values that do not look like one."""
    return tuple(each for each in values if alike(each) != alike(value))
