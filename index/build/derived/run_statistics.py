"""Run statistics: what the articles of a run tell about words, set aside where it is made.

A bulk build has every token in hand once, in the process that makes the run; counting it there
saves reading the finished index again, and leaves the processors something to do while the runs
are merged. Of each run number *n* a folder holds

- ``n.json``: the accent keys of the run in order, the folded term of each, and the definitions of
  acronyms that its articles contain;
- ``n.counts.npy``: how often each key occurs;
- ``n.FIELD.keys.npy``, ``.positions.npy`` and ``.lengths.npy``: the terms of the short texts, which
  acronyms are guessed from;
- ``n.triples``: its runs of three keys, sorted and counted (:mod:`index.language.run_counts`).

Invariant: what is derived from run statistics is what is derived from the index, byte for byte.
The files are for another process of the same build; they outlive none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from index.article import Article
from index.codec.segment.builder import SegmentTexts
from index.codec.segment.layout import ARTICLES
from index.language.ngrams import TripleFile
from index.language.run_counts import CountedRun, RunTexts, count_run
from index.language.synonyms.acronym_mining import AcronymMiner, CountedDefinition
from index.schema import field_texts

SHORT_FIELDS = ("headline", "summary")
"""Where the neighbours of acronyms are looked at: a tenth of the text, and dense with acronyms."""

RUN_WEIGHTS = {"headline": 3, "summary": 1, "body": 1}
"""How many times a field's runs of words count in the language model: queries are worded as
headlines are (``docs/language-model.md``)."""


class RunStatisticsWriter:
    """Gathers and writes the statistics of one run.

    Args:
        folder: of the statistics.
        run: the number of the run; runs are read in this order.
    """

    def __init__(self, folder: Path, run: int) -> None:
        self._stem = folder / f"{run:06}"
        self._miner = AcronymMiner()

    def add(self, article: Article) -> None:
        """Look at an article as it passes."""
        for text in field_texts(article):
            self._miner.add_text(text, article.id)

    def write(self, texts: SegmentTexts) -> None:
        """Count the terms of the run and write everything."""
        keys = [key.decode() for key in texts.keys]
        names = {
            "keys": keys,
            "folded": [fold.decode() for fold in texts.folded],
            "definitions": self._miner.definitions(),
        }
        self._stem.with_suffix(".json").write_bytes(orjson.dumps(names))
        fields = {
            name: RunTexts(
                text.keys, text.positions, text.lengths.astype(np.int64), RUN_WEIGHTS[name]
            )
            for name, text in zip(ARTICLES.texts, texts.texts, strict=True)
        }
        self._save("counts", count_run(fields.values(), keys, self._stem.with_suffix(".triples")))
        for name in SHORT_FIELDS:
            self._save(f"{name}.keys", fields[name].keys.astype(np.uint32))
            self._save(f"{name}.positions", fields[name].positions)
            self._save(f"{name}.lengths", fields[name].lengths)

    def _save(self, name: str, array: NDArray[np.integer]) -> None:
        np.save(self._stem.with_suffix(f".{name}.npy"), array, allow_pickle=False)


class RunStatistics(NamedTuple):
    """The statistics of one run.

    Attributes:
        keys: its accent keys, rising.
        folded: the folded term of each.
        definitions: of acronyms.
        stem: of its files.
    """

    keys: list[str]
    folded: list[str]
    definitions: list[CountedDefinition]
    stem: Path

    def counted(self) -> CountedRun:
        """The counts of its keys and triples."""
        return CountedRun(self._load("counts"), TripleFile(self.stem.with_suffix(".triples")))

    def short_texts(self, field: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint32]]]:
        """Keys and positions of every article's text in one of :data:`SHORT_FIELDS`."""
        keys, positions = self._load(f"{field}.keys"), self._load(f"{field}.positions")
        lengths = self._load(f"{field}.lengths")
        ends = np.cumsum(lengths)
        for start, end in zip((ends - lengths).tolist(), ends.tolist(), strict=True):
            yield keys[start:end], positions[start:end].astype(np.uint32)

    def _load(self, name: str) -> NDArray[np.int64]:
        path = self.stem.with_suffix(f".{name}.npy")
        array: NDArray[np.int64] = np.load(path, allow_pickle=False).astype(np.int64)
        return array


def read_run_statistics(folder: Path) -> list[RunStatistics]:
    """The statistics of all runs in a folder, in order."""
    statistics = []
    for path in sorted(folder.glob("*.json")):
        names = orjson.loads(path.read_bytes())
        definitions = [CountedDefinition(**row) for row in names["definitions"]]
        statistics.append(
            RunStatistics(names["keys"], names["folded"], definitions, path.with_suffix(""))
        )
    return statistics


class SharedKeys:
    """The accent keys of several runs or segments as one vocabulary, in order.

    Args:
        parts: of each the keys and the folded term of each key.

    Attributes:
        keys: accent keys by number, rising.
        folded: folded terms by number.
        fold_of: the number of each key's folded term, shape (keys,).
        numbers: for each part the number of each of its keys, shape (keys of the part,).
    """

    def __init__(self, parts: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
        parts = list(parts)
        fold_by_key: dict[str, str] = {}
        for keys, folded in parts:
            fold_by_key.update(zip(keys, folded, strict=True))
        self.keys: Sequence[str] = sorted(fold_by_key)
        folds: dict[str, int] = {}
        self.fold_of: NDArray[np.uint32] = np.array(
            [folds.setdefault(fold_by_key[key], len(folds)) for key in self.keys], np.uint32
        )
        self.folded: Sequence[str] = list(folds)
        number = {key: at for at, key in enumerate(self.keys)}
        self.numbers: list[NDArray[np.int64]] = [
            np.fromiter(map(number.__getitem__, keys), np.int64, len(keys)) for keys, _ in parts
        ]
