"""Which names the records of a rebuild have, which of them were used, and what others may mean.

Of each name some values are kept, so that a description of the source can be proposed. It knows
nothing of sources.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from index.errors import RecordError, Value
from index.sources import Found, SkipReason
from index.sources.records.guesses import guessed_fields

_MOST_NAMES = 200
_VALUES = 20
_MISSED = {SkipReason.NO_HEADLINE.value: "headline", SkipReason.NO_BODY.value: "body"}
_GUESSED = ("headline", "body", "published", "url", "image")


@dataclass(slots=True)
class NamesMet:
    """Counts of names.

    Attributes:
        ignored: how many records hold something under a name that stands for no field.
        taken: how many hold each field under each name, by field.
        lacking: how many records lack each field.
        records: how many there were.
    """

    ignored: Counter[str] = field(default_factory=Counter)
    taken: dict[str, Counter[str]] = field(default_factory=dict)
    lacking: Counter[str] = field(default_factory=Counter)
    records: int = 0
    _values: dict[str, list[Value]] = field(default_factory=dict)

    def meet(self, found: Found) -> None:
        """Count the names of an article."""
        if not found.taken:
            return  # of a page or a text, which has none
        self.records += 1
        for name, called in found.taken.items():
            self.taken.setdefault(name, Counter())[called] += 1
        self.lacking.update(name for name in _GUESSED if name not in found.taken)
        for name, value in found.ignored.items():
            self._ignore(name, value)

    def skip(self, error: RecordError) -> None:
        """Count the names of a record that is no article."""
        if missed := _MISSED.get(error.reason):
            if error.ignored:
                self.records += 1
                self.lacking.update((missed, *_GUESSED[2:]))
            for name, value in error.ignored.items():
                self._ignore(name, value)

    def proposed(self) -> dict[str, str]:
        """What the names that were ignored may be, of the fields that most records lack."""
        lacking = [name for name in _GUESSED if self.lacking[name] * 2 > self.records]
        if "headline" in lacking and not self.taken.get("body"):
            lacking.append("body")  # a record is told to lack its headline first
        guesses = guessed_fields(self._values, lacking)
        return {name: guesses[name] for name in _GUESSED if name in guesses}

    def _ignore(self, name: str, value: Value) -> None:
        if name in self.ignored or len(self.ignored) < _MOST_NAMES:
            self.ignored[name] += 1
            values = self._values.setdefault(name, [])
            if len(values) < _VALUES:
                values.append(value)


def toml_text(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
