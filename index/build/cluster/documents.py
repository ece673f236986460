"""The articles of a build as documents of a cluster, read out of the index: nothing is analysed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from index.analysis import Analyser
from index.codec.columns import NO_MOMENT
from index.codec.segment.occurrence_list import FIELDS, hashes_of, pack
from index.codec.segment.streams import KeyNumbers, Text, texts_of
from index.duplicates.groups import open_groups
from index.snapshot import Leaf, Snapshot
from index.storage.opensearch.mapping import (
    BESIDE,
    GAP,
    KEYED,
    VALUES,
    document_id,
    words_field,
)
from index.stored import load_article

_EPOCH = 62_135_596_800_000
"""Milliseconds of the index's calendar, which begins with the year 1, up to 1970."""


def stories(directory: Path, snapshot: Snapshot) -> dict[int, str]:
    """What the near-duplicates of a build have in common: by document, the least id of its group.

    Unlike the number of a group it stays the same when others come and go.
    """
    groups = open_groups(directory, snapshot)
    named: dict[int, str] = {}
    ends = [*groups.starts[1:].tolist(), len(groups.members)]
    for first, end in zip(groups.starts.tolist(), ends, strict=False):
        members = groups.members[first:end].tolist()
        name = min(map(snapshot.id_of, members))
        named |= dict.fromkeys(members, name)
    return named


def operations(
    snapshot: Snapshot, story_of: dict[int, str], wanted: NDArray[np.bool_] | None = None
) -> Iterator[bytes]:
    """Lines of ``_bulk`` that index the articles, each two lines in one.

    Args:
        snapshot: of the build.
        story_of: as :func:`stories` gives it.
        wanted: which documents; None for all that are not deleted.
    """
    for leaf in snapshot.leaves:
        here = leaf.alive
        if wanted is not None:
            here = wanted[leaf.base : leaf.base + leaf.segment.doc_count]
        if here is None or here.any():
            yield from _of_leaf(leaf, story_of, here)


def _of_leaf(
    leaf: Leaf, story_of: dict[int, str], wanted: NDArray[np.bool_] | None
) -> Iterator[bytes]:
    segment, analyser = leaf.segment, Analyser()
    numbers = KeyNumbers(segment)
    forms = [
        (numbers.folded[fold], f"{KEYED}{key}")
        for key, fold in zip(numbers.keys, numbers.fold_of.tolist(), strict=True)
    ]
    fold_hash = hashes_of([fold.encode() for fold in numbers.folded])[numbers.fold_of]
    key_hash = hashes_of([key.encode() for key in numbers.keys])
    moments = segment.moments("published").value
    tokens = [segment.channel(name).tokens for name in FIELDS]
    texts_by_field = [texts_of(segment, name) for name in FIELDS]
    for doc, texts in enumerate(zip(*texts_by_field, strict=True)):
        if wanted is not None and not wanted[doc]:
            continue
        stored = segment.stored(doc)
        article = load_article(stored)
        lengths = [int(of_field[doc]) for of_field in tokens]
        fields: dict[str, str | int | orjson.Fragment] = {
            "article": orjson.Fragment(stored),
            "id": article.id,
            "place": leaf.base + doc,  # of equally good ones the first stands first
            "occurrences": base64.b64encode(pack(texts, fold_hash, key_hash, lengths)).decode(),
            **{
                name: _string(text, forms)
                for name, text in zip(FIELDS, texts, strict=True)
                if len(text.keys)
            },
        }
        headline = [forms[key][0] for key in _last_of_each(texts[0]).tolist()]
        if headline:
            fields["headline_key"] = " ".join(headline)
        for name, value in zip(
            VALUES, (article.section, article.source, article.author), strict=True
        ):
            if value:
                fields[name] = value
                fields[words_field(name)] = " ".join(
                    dict.fromkeys(token.folded for token in analyser.tokens(value))
                )
        if moments[doc] != NO_MOMENT:
            fields["published"] = int(moments[doc]) // 1_000 - _EPOCH
        story = story_of.get(leaf.base + doc)
        if story is not None:
            fields["story"] = story
        action = orjson.dumps({"index": {"_id": document_id(article.id)}})
        yield action + b"\n" + orjson.dumps(fields)


def _last_of_each(text: Text) -> NDArray[np.uint32]:
    """One key for each position: the last of those stacked there."""
    last = np.ones(len(text.keys), np.bool_)
    last[:-1] = text.positions[1:] != text.positions[:-1]
    return text.keys[last]


def _string(text: Text, forms: list[tuple[str, str]]) -> str:
    """A text as the mapping wants it."""
    chunks: list[str] = []
    folds: set[str] = set()
    at = -1
    for key, position in zip(text.keys.tolist(), text.positions.tolist(), strict=True):
        fold, keyed = forms[key]
        if position != at:
            chunks.extend([GAP] * (position - at - 1))
            chunks.append(f"{fold}{BESIDE}{keyed}")
            folds, at = {fold}, position
        elif fold in folds:
            chunks[-1] += f"{BESIDE}{keyed}"
        else:
            chunks[-1] += f"{BESIDE}{fold}{BESIDE}{keyed}"
            folds.add(fold)
    return " ".join(chunks)
