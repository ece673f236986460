"""What fields a source's own names may stand for, by what they hold: a proposal, never a decision.

It knows nothing of names; those that mean something were told before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import median

from index.sources.records.dates import parse_date
from index.sources.records.names import Value

_ADDRESS = re.compile(r"https?://\S+$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?|$)", re.IGNORECASE)
_BODY_LENGTH = 200
_HEADLINE_LENGTH = range(12, 251)
_MOST = 0.7


def guessed_fields(held: Mapping[str, Sequence[Value]], lacking: Sequence[str]) -> dict[str, str]:
    """Which names may stand for the fields that articles lack.

    Args:
        held: names that stand for no field, and some values of each.
        lacking: the fields to look for, of headline, body, published, url and image.
    """
    texts = {
        name: [value for value in values if isinstance(value, str) and value.strip()]
        for name, values in held.items()
    }
    texts = {name: values for name, values in texts.items() if values}
    guesses: dict[str, str] = {}
    for field, is_like in (
        ("image", lambda value: _ADDRESS.match(value) and _PICTURE.search(value)),
        ("url", lambda value: _ADDRESS.match(value) and not _PICTURE.search(value)),
        ("published", lambda value: len(value) <= 60 and parse_date(value)),
    ):
        for name, values in texts.items():
            likely = sum(bool(is_like(value)) for value in values) >= len(values) * _MOST
            if field in lacking and likely and name not in guesses.values():
                guesses.setdefault(field, name)
    lengths = {
        name: median(map(len, values))
        for name, values in texts.items()
        if name not in guesses.values() and not all(map(_ADDRESS.match, values))
    }
    if "body" in lacking and lengths:
        longest = max(lengths, key=lambda name: lengths[name])
        if lengths[longest] >= _BODY_LENGTH or "headline" not in lacking:
            guesses["body"] = longest
    if "headline" in lacking:
        short = [
            name
            for name, length in lengths.items()
            if int(length) in _HEADLINE_LENGTH
            and name != guesses.get("body")
            and len(set(texts[name])) * 2 > len(texts[name])
        ]
        if short:
            guesses["headline"] = max(short, key=lambda name: lengths[name])
    return guesses
