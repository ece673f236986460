#!/usr/bin/env python3
"""How well the language model of some articles restores the accents of others.

Trains on the articles of SOURCES and tests on those of ``--test``, or on one article in
``--held-out`` of SOURCES that it then does not train on. Prints how many syllables of bodies and of
six-syllable pieces of headlines come back right, how many pieces are sure, and what it cost.
"""

from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/../install"
    import _environment

    _environment.enter()

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from index.analysis import Analyser
from index.article import Article
from index.build.derived.run_statistics import RUN_WEIGHTS
from index.language.model.builder import LanguageModelBuilder, ModelSize
from index.language.model.model import LanguageModel
from index.language.restoration import Restorer
from index.schema import field_texts
from index.sources import Found, Meter, SourceFile, find_files, read_file

_PIECE = 6
_SURE = 0.9


@dataclass
class Score:
    """What was right, of syllables with a letter and of whole pieces."""

    name: str
    syllables: int = 0
    right: int = 0
    pieces: int = 0
    right_pieces: int = 0
    sure: int = 0
    right_sure: int = 0
    seconds: float = 0.0

    def add(self, restorer: Restorer, keys: Sequence[str], folded: Sequence[str]) -> None:
        """Restore a piece from its folded terms and compare with its accent keys."""
        start = time.process_time()
        restoration = restorer.restore(folded)
        self.seconds += time.process_time() - start
        right = [restored == key for restored, key in zip(restoration.keys, keys, strict=True)]
        letters = [any(map(str.isalpha, key)) for key in keys]
        self.syllables += sum(letters)
        self.right += sum(hit for hit, letter in zip(right, letters, strict=True) if letter)
        self.pieces += 1
        self.right_pieces += all(right)
        if restoration.certainty >= _SURE:
            self.sure += 1
            self.right_sure += all(right)

    def __str__(self) -> str:
        pieces, sure = max(self.pieces, 1), max(self.sure, 1)
        return (
            f"{self.name}: {self.right / max(self.syllables, 1):.4f} of {self.syllables} "
            f"syllables, "
            f"{self.right_pieces / pieces:.4f} of {self.pieces} pieces right; "
            f"{self.sure / pieces:.4f} of the pieces sure, {self.right_sure / sure:.4f} of them "
            f"right; {1e3 * self.seconds / pieces:.2f} ms a piece"
        )


def read_articles(sources: Sequence[Path]) -> Iterator[Article]:
    """The articles of the sources; records that are none are passed over."""
    meter = Meter()
    for file in find_files(sources):
        if isinstance(file, SourceFile):
            for outcome in read_file(file, meter):
                if isinstance(outcome, Found):
                    yield outcome.article


def split_articles(
    sources: Sequence[Path], test: Sequence[Path], held_out: int, kept: list[Article]
) -> Iterator[Article]:
    """The articles to train on; those to test on go to ``kept``."""
    for number, article in enumerate(read_articles(sources)):
        if not test and number % held_out == 0:
            kept.append(article)
        else:
            yield article
    kept.extend(read_articles(test))


def train(articles: Iterator[Article], path: Path) -> tuple[ModelSize, float]:
    """Write a model of the articles; its size, and the processor time without the analysis."""
    analyser = Analyser()
    seconds = 0.0
    with LanguageModelBuilder(analyser.vocabulary, path.parent) as builder:
        for article in articles:
            for field, text in field_texts(article)._asdict().items():
                encoded = analyser.encode(text)
                start = time.process_time()
                builder.add(*encoded, RUN_WEIGHTS[field])
                seconds += time.process_time() - start
        start = time.process_time()
        size = builder.write(path)
    return size, seconds + time.process_time() - start


def score_articles(restorer: Restorer, articles: Sequence[Article]) -> tuple[Score, Score]:
    """Scores of a random piece of each headline and of each body."""
    analyser = Analyser()
    numbers = random.Random(7)  # noqa: S311 - a sample, not a secret
    headlines, bodies = Score("six syllables of headlines"), Score("bodies")
    for article in articles:
        for score, text in ((headlines, article.headline), (bodies, article.body)):
            words = {token.position: token for token in analyser.tokens(text)}
            terms = [words[position] for position in sorted(words)]
            if score is headlines:
                if len(terms) < _PIECE:
                    continue
                start = numbers.randint(0, len(terms) - _PIECE)
                terms = terms[start : start + _PIECE]
            score.add(restorer, [term.key for term in terms], [term.folded for term in terms])
    return headlines, bodies


@click.command(help=__doc__)
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--test", multiple=True, type=click.Path(exists=True, path_type=Path), help="Test on these."
)
@click.option(
    "--held-out", default=5, show_default=True, type=click.IntRange(2), help="Else on one in N."
)
@click.option(
    "--most", default=5000, show_default=True, type=click.IntRange(1), help="Test on N at most."
)
def main(sources: tuple[Path, ...], test: tuple[Path, ...], held_out: int, most: int) -> None:
    """Train, test, print."""
    kept: list[Article] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        size, seconds = train(split_articles(sources, test, held_out, kept), path)
        click.echo(
            f"model: {size.tokens} words, {size.keys} keys, {size.pairs} pairs, {size.triples} "
            f"triples, {size.bytes / 1e6:.1f} MB, {seconds:.1f} s of processor time"
        )
        step = max(1, len(kept) // most)
        for score in score_articles(Restorer(LanguageModel.open(path)), kept[::step][:most]):
            click.echo(str(score))


if __name__ == "__main__":
    main()
