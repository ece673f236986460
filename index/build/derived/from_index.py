"""Data derived from a finished index: language, acronyms, near-duplicates, phrases.

They are made of the index itself, where every token is with its place, so that nothing is
analysed twice; and they share nothing, so they are made side by side. A bulk build has the tokens
in hand and derives while it merges (:mod:`index.build.derived.from_runs`).

Invariant: the same index gives the same files. Knows nothing of how they are used.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.analysis import Analyser
from index.analysis.phrases import phrase_reader
from index.build.derived.from_runs import other_process
from index.build.derived.run_statistics import RUN_WEIGHTS, SHORT_FIELDS, SharedKeys
from index.build.processes.children import end_with_parent, processors
from index.codec.segment.streams import KeyNumbers, Text, texts_of
from index.delta import MOST_CHANGED, delta
from index.duplicates.groups import write_groups
from index.language.files import ACRONYMS_NAME, MODEL_NAME
from index.language.model.builder import LanguageModelBuilder
from index.language.synonyms.acronym_mining import AcronymMiner
from index.language.synonyms.acronyms import write_acronyms
from index.schema import TEXT_FIELDS, field_texts
from index.snapshot import Snapshot
from index.storage.durable import link_or_copy
from index.stored import load_article
from index.suggestions.renewal import renew_suggestions
from index.suggestions.suggestions import SUGGESTIONS_NAME, write_suggestions

_WORTH_A_PROCESS = 5_000
"""Articles; below, starting an interpreter takes longer than all the counting."""


def derive(directory: Path) -> None:
    """Write the language model and the acronyms of the index in ``directory`` beside it.

    Raises:
        BuildError: they could not be written.
    """
    snapshot = Snapshot.open(directory)
    if snapshot.doc_count < _WORTH_A_PROCESS or processors() == 1:
        write_model(directory)
        _write_acronyms(directory, snapshot)
        renew(directory)
        return
    with other_process(
        directory, "from index.build.derived.from_index import main; main()", directory
    ):
        _write_acronyms(directory, snapshot)
        renew(directory)


def renew(
    directory: Path,
    base: Path | None = None,
    derived: Path | None = None,
    *,
    carries_any: bool = False,
) -> None:
    """Write what names articles by their numbers, and so belongs to one state of an index.

    Part of :func:`derive`; by itself for an index that has changed too little to derive it anew.

    Args:
        directory: of the index.
        base: the directory of the index as it was before a change, if what is renewed is here as it
            was written there: then only what the change may have touched is looked at.
        derived: the directory of another earlier state, if the suggestions here are from there.
        carries_any: whether suggestions are carried on however much has changed.
    """
    snapshot = Snapshot.open(directory)
    if base is None:
        write_groups(directory, snapshot)
        write_suggestions(directory, snapshot)
        return
    change = delta(Snapshot.open(base), snapshot)
    write_groups(directory, snapshot, change)
    if derived is not None:
        change = delta(Snapshot.open(derived), snapshot)
    renew_suggestions(directory, change, most=1.0 if carries_any else MOST_CHANGED)


def derive_for_later(directory: Path) -> None:
    """Write what :func:`adopt` takes over, of the index in ``directory``, beside it."""
    snapshot = Snapshot.open(directory)
    write_model(directory)
    _write_acronyms(directory, snapshot)
    write_suggestions(directory, snapshot)


def adopt(directory: Path, derived: Path) -> None:
    """Take over what was derived from an earlier state of an index; :func:`renew` comes after it.

    Args:
        directory: of the index.
        derived: the directory of that state.
    """
    for name in (MODEL_NAME, ACRONYMS_NAME, SUGGESTIONS_NAME):
        (directory / name).unlink()
        link_or_copy(derived / name, directory / name)


def main() -> None:
    """Make the model of the index on the command line: the other process of :func:`derive`."""
    end_with_parent()
    write_model(Path(sys.argv[1]))


def write_model(directory: Path) -> None:
    """Write the language model of the index in ``directory``."""
    texts = _Texts(Snapshot.open(directory))
    with LanguageModelBuilder(texts, directory) as builder:
        for name in TEXT_FIELDS:
            for text in texts.of(name):
                builder.add(text.keys, text.positions, RUN_WEIGHTS[name])
        builder.write(directory / MODEL_NAME)


def _write_acronyms(directory: Path, snapshot: Snapshot) -> None:
    miner = AcronymMiner()
    for leaf in snapshot.leaves:
        for doc in range(leaf.segment.doc_count):
            article = load_article(leaf.segment.stored(doc))
            for text in field_texts(article):
                miner.add_text(text, article.id)
    texts = _Texts(snapshot)
    for terms in chain.from_iterable(texts.of(name) for name in SHORT_FIELDS):
        miner.add_terms(terms.keys, terms.positions)
    write_acronyms(directory / ACRONYMS_NAME, miner.mine(texts.keys, phrase_reader(Analyser())))


class _Texts:
    """The texts of all segments, their keys numbered as one vocabulary.

    Attributes:
        keys: accent keys by number.
        folded: folded terms by number.
        fold_of: the number of each key's folded term, shape (keys,).
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._segments = [leaf.segment for leaf in snapshot.leaves]
        vocabularies = [KeyNumbers(segment) for segment in self._segments]
        shared = SharedKeys((vocabulary.keys, _folds(vocabulary)) for vocabulary in vocabularies)
        self.keys: Sequence[str] = shared.keys
        self.folded: Sequence[str] = shared.folded
        self.fold_of: NDArray[np.uint32] = shared.fold_of
        self._numbers = [numbers.astype(np.uint32) for numbers in shared.numbers]

    def of(self, text_field: str) -> Iterator[Text]:
        """The text of every article in one field."""
        for segment, numbers in zip(self._segments, self._numbers, strict=True):
            for text in texts_of(segment, text_field):
                yield Text(numbers[text.keys], text.positions)


def _folds(numbers: KeyNumbers) -> list[str]:
    """The folded term of each key of a segment."""
    return [numbers.folded[fold] for fold in numbers.fold_of.tolist()]
