"""What else a query may have been: synonyms, acronyms among them, in place of the words typed.

"TTĐN" is also asked for as "thông tin đối ngoại", and the other way round. Where synonyms come from
is the business of :mod:`index.language.synonyms.thesaurus`; a site's own file of them is read again
when it changes, without a restart.

Invariant: what was typed always stays an answer, and a broken file of synonyms never stops a
search: it is reported once, and those known before go on to be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path
from typing import NamedTuple

from index.analysis import Analyser
from index.analysis.phrases import phrase_of, phrase_reader
from index.language.synonyms.acronyms import Acronym
from index.language.synonyms.aliases import SITE_FILE, shipped_aliases, site_aliases
from index.language.synonyms.thesaurus import Thesaurus
from search.query import AllOf, AnyOf, Node, Phrase, Scoped, Words, plain_runs
from search.query.slots import words_of
from search.understanding.site_file import SiteFile

MOST_PLACES = 3
"""Places of a query where synonyms are tried; beyond, only what was typed."""

MOST_READINGS = 4
"""Other readings of a query, the likeliest of all combinations."""

TELLING_WORDS = 3
"""A synonym of fewer words must have its own accents: "Hoa Kỳ" is not "hoá kỹ"."""


class _Place(NamedTuple):
    """A part of a run of words that has synonyms.

    Attributes:
        run: which of the query's runs of plain words.
        start: where in its text the part begins.
        stop: where it ends.
        synonyms: of what stands there.
    """

    run: int
    start: int
    stop: int
    synonyms: tuple[Phrase, ...]


class Synonyms:
    """Reads queries with synonyms in them; safe to share between threads.

    Args:
        directory: of the index, where a site's own file of synonyms may be.
        acronyms: as mined from the articles.
        analyser: tells words from one another.
    """

    def __init__(self, directory: Path, acronyms: Sequence[Acronym], analyser: Analyser) -> None:
        self._directory = directory
        self._acronyms = acronyms
        self._analyser = analyser
        self._thesaurus = SiteFile(
            directory / SITE_FILE, self._site_thesaurus, self._shipped_thesaurus
        )

    def readings(self, tree: Node) -> tuple[Node, ...]:
        """The query with synonyms in place of some of its words, the likeliest first."""
        places = list(self._places(tree))[:MOST_PLACES]
        if not places:
            return ()
        combinations = [
            [replacement for replacement in combination if replacement is not None]
            for combination in product(
                *[[None, *((place, synonym) for synonym in place.synonyms)] for place in places]
            )
        ]
        combinations = sorted(
            filter(None, combinations),
            key=lambda combination: -prod(synonym.weight for _, synonym in combination),
        )
        return tuple(
            _rewritten(tree, _by_run(replacements), iter(range(len(list(plain_runs(tree))))))
            for replacements in combinations[:MOST_READINGS]
        )

    def _places(self, tree: Node) -> Iterator[_Place]:
        thesaurus = self._thesaurus.current()
        for number, run in enumerate(plain_runs(tree)):
            tokens = {token.position: token for token in words_of(self._analyser, run.text)}
            words = list(tokens.values())
            by_span: dict[tuple[int, int], list[Phrase]] = {}
            for synonym in thesaurus.alternatives(*phrase_of(words)):
                start, stop = words[synonym.start].start, words[synonym.stop - 1].end
                phrase = Phrase(
                    synonym.text,
                    len(synonym.phrase.keys) < TELLING_WORDS,
                    run.text[start:stop],
                    synonym.weight,
                )
                by_span.setdefault((start, stop), []).append(phrase)
            for (start, stop), synonyms in by_span.items():
                yield _Place(number, start, stop, tuple(synonyms))

    def _site_thesaurus(self) -> Thesaurus:
        aliases = site_aliases(self._directory)
        return Thesaurus(aliases, self._acronyms, phrase_reader(self._analyser))

    def _shipped_thesaurus(self) -> Thesaurus:
        return Thesaurus(shipped_aliases(), self._acronyms, phrase_reader(self._analyser))


def synonyms_in(readings: Iterable[Node | None]) -> tuple[Phrase, ...]:
    """The synonyms in some readings of a query, each once."""
    synonyms: dict[Phrase, None] = {}
    pending = [reading for reading in readings if reading is not None]
    while pending:
        match pending.pop(0):
            case Phrase() as phrase if phrase.instead_of:
                synonyms[phrase] = None
            case AllOf(children) | AnyOf(children):
                pending[:0] = children
            case Scoped(_, child):
                pending.insert(0, child)
            case _:
                pass
    return tuple(synonyms)


def _by_run(
    replacements: Sequence[tuple[_Place, Phrase]],
) -> dict[int, list[tuple[_Place, Phrase]]]:
    by_run: dict[int, list[tuple[_Place, Phrase]]] = {}
    for place, synonym in replacements:
        by_run.setdefault(place.run, []).append((place, synonym))
    return by_run


def _rewritten(
    node: Node, replacements: Mapping[int, Sequence[tuple[_Place, Phrase]]], numbers: Iterator[int]
) -> Node:
    """The query with the synonyms that were chosen; runs in the order of ``plain_runs``."""
    match node:
        case Words(text, exact) if not exact:
            pieces: list[Node] = []
            done = 0
            for place, synonym in replacements.get(next(numbers), ()):
                pieces += [*_words(text[done : place.start]), synonym]
                done = place.stop
            pieces += _words(text[done:])
            return pieces[0] if len(pieces) == 1 else AllOf(tuple(pieces))
        case AllOf(children):
            return AllOf(tuple(_rewritten(child, replacements, numbers) for child in children))
        case AnyOf(children):
            return AnyOf(tuple(_rewritten(child, replacements, numbers) for child in children))
        case Scoped(scope, child):
            return Scoped(scope, _rewritten(child, replacements, numbers))
        case _:
            return node


def _words(text: str) -> list[Words]:
    """The words of a piece of a run, if it has any."""
    return [Words(text.strip())] if any(map(str.isalnum, text)) else []
