"""Did you mean: a query with its accents put back, or with a likelier word, for the reader to take.

It speaks only where it is nearly sure, and never about a query that is fine: typed marks stay, a
Vietnamese syllable keeps its letters. Where all accents of a bare query are sure it proposes the
whole query; where one word may mean several (đường, dương, đương), each reading of it as an
alternative. What was already changed (Telex decoded, words respelled) is not changed again. Knows
nothing of indexes but the counts and the restoration passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.analysis import Analyser, Lexicon, decode_typing
from index.analysis.syllables import bare_syllables
from search.page import Choice, Suggestion, SuggestionReason, TypedAs
from search.query import AllOf, AnyOf, Node, Phrase, Scoped, Words, render
from search.query.slots import slots_of
from search.request import SearchRequest
from search.spelling.speller import MOST_DOUBTFUL
from search.understanding.reading import Understood
from search.understanding.runs import Run, places_of, usual_spelling
from search.understanding.statistics import IndexStatistics

SURE = 0.9
"""Accents restored with this confidence in every word speak for a whole query: of 100,000 articles'
fragments of headlines 41 % are so sure, and of these 98 % right (docs/language-model.md)."""

SURE_BESIDE_MARKS = 0.95
"""For a query typed with some marks: its bare words may be meant so. On 930 queries of which two
words had lost their marks 435 were then put right and 8 wrong, and 2 that were fine were doubted;
only words that hardly ever stand without marks are touched, so it is fewer."""

WORTH_CHOOSING = 0.05
"""A reading of an ambiguous word less likely than this is not offered."""

MOST_CHOICES = 4

LIKELY_TYPED = 2.5
"""Evidence for Telex or VNI, as a logarithm, from which it is proposed; above
:data:`index.analysis.keystrokes.decoding.ENOUGH` it is taken."""

ATTESTED = 5
"""Times a word must occur to be one as it stands, and no Telex."""

RARE = 1e-7
"""A word of a smaller share than this may be a slip of the finger for a common one: in 100,000
articles about five occurrences."""

TIMES_COMMONER = 1_000
"""So much commoner is what such a word is a slip for."""

LEAST_LETTERS = 4


def did_you_mean(
    request: SearchRequest,
    understood: Understood,
    analyser: Analyser,
    statistics: IndexStatistics,
    *,
    found: bool = True,
) -> Suggestion | None:
    """Another query that is likelier meant, or None.

    Args:
        request: as asked.
        understood: how it was read.
        analyser: of the index.
        statistics: of the index.
        found: whether there are results; accents put back would find none then either.
    """
    tree = understood.parsed.tree
    changed = understood.typed_as is not TypedAs.TEXT or understood.respelled
    if tree is None or changed or request.verbatim:
        return None
    runs = [_run(text, analyser, statistics.lexicon) for text in dict.fromkeys(_texts(tree))]
    if not any(run.places for run in runs):
        return None
    query = _Query(tree, exact=understood.parsed.exact)
    marked = any(not token.key.isascii() for run in runs for token in run.places)
    return (
        (None if marked else _typed(request.query, runs, statistics.lexicon))
        or _respelt(query, runs, statistics)
        or (_accented(query, runs, statistics, marked=marked) if found else None)
    )


@dataclass(frozen=True, slots=True)
class _Run(Run):
    """A run of words.

    Attributes:
        meant: whether the accents at each place are meant as they stand.
    """

    meant: tuple[bool, ...]

    @property
    def given(self) -> tuple[str, ...]:
        """What is known of each word: its accent key, or of a bare one its folded form."""
        both = zip(self.places, self.meant, strict=True)
        return tuple(token.key if meant else token.folded for token, meant in both)


@dataclass(frozen=True, slots=True)
class _Query:
    """A query whose runs can be replaced."""

    tree: Node
    exact: bool

    def with_texts(self, texts: Mapping[str, str]) -> str:
        """Its canonical text with other texts of runs."""
        text = render(_replaced(self.tree, texts))
        return f"{text} dau:dung" if self.exact else text


def _accented(
    query: _Query, runs: Sequence[_Run], statistics: IndexStatistics, *, marked: bool
) -> Suggestion | None:
    """The accents that bare words most likely had; ``marked``: others were typed with theirs."""
    if all(all(run.meant) for run in runs):
        return None
    restored = [statistics.restore(run.given) for run in runs]
    sure = SURE_BESIDE_MARKS if marked else SURE
    unsure = [
        (number, at)
        for number, (run, restoration) in enumerate(zip(runs, restored, strict=True))
        for at, (token, confidence) in enumerate(
            zip(run.places, restoration.confidences, strict=True)
        )
        if confidence < sure and not (confidence == 0 and token.folded not in bare_syllables())
    ]
    if len(unsure) > (0 if marked else 1):
        return None
    keys = [[*restoration.keys] for restoration in restored]
    typed = query.with_texts({})
    if not unsure:
        proposed = _with_keys(query, runs, keys)
        if proposed == typed or not _likely(statistics, keys):
            return None
        return Suggestion(proposed, SuggestionReason.ACCENTS)
    ((number, at),) = unsure
    choices: list[Choice] = []
    for reading in restored[number].alternatives[at]:
        keys[number][at] = reading.key
        text = _with_keys(query, runs, keys)
        if reading.probability >= WORTH_CHOOSING and text != typed and _likely(statistics, keys):
            choices.append(Choice(text, usual_spelling(reading.key)))
    if len(choices) < 2:
        return None
    return Suggestion(choices[0].text, SuggestionReason.ACCENTS, tuple(choices[:MOST_CHOICES]))


def _with_keys(query: _Query, runs: Sequence[_Run], keys: Sequence[Sequence[str]]) -> str:
    """The query with these accent keys in place of its words."""
    texts: dict[str, str] = {}
    for run, run_keys in zip(runs, keys, strict=True):
        words = {
            at: usual_spelling(key)
            for at, key in enumerate(run_keys)
            if not key.isascii() and not run.meant[at]
        }
        texts[run.text] = run.with_words(words)
    return query.with_texts(texts)


def _likely(statistics: IndexStatistics, keys: Sequence[Sequence[str]]) -> bool:
    return all(_stands(statistics, run, at) for run in keys for at in range(len(run)))


def _stands(statistics: IndexStatistics, keys: Sequence[str], at: int) -> bool:
    """Whether a restored word may stand beside one of its neighbours, if it has any."""
    if keys[at].isascii():
        return True
    beside = []
    if at:
        beside.append(statistics.may_stand_together(keys[at - 1], keys[at]))
    if at + 1 < len(keys):
        beside.append(statistics.may_stand_together(keys[at], keys[at + 1]))
    return any(beside) if beside else statistics.lexicon.key_count(keys[at]) > 0


def _respelt(query: _Query, runs: Sequence[_Run], statistics: IndexStatistics) -> Suggestion | None:
    """A common word for a rare one that is a slip of the finger away from it.

    Never for a syllable. In a query of several words, only where the common word is known to stand
    beside one of its neighbours, and the rare one is not. A text of many rare words is none with a
    slip in it.
    """
    rare = sum(_is_rare(token.folded, statistics.lexicon) for run in runs for token in run.places)
    if not 0 < rare <= MOST_DOUBTFUL:
        return None
    alone = sum(len(run.places) for run in runs) == 1
    for run in runs:
        folded = ["", *(token.folded for token in run.places), ""]
        for at, (left, word, right) in enumerate(zip(folded, folded[1:], folded[2:], strict=False)):
            for other in _commoner(word, statistics):
                if alone or (
                    _fits(statistics, left, other, right)
                    and not _fits(statistics, left, word, right)
                ):
                    meant = _with_marks(run, at, other, statistics)
                    respelt = {run.text: run.with_words({at: meant})}
                    return Suggestion(query.with_texts(respelt), SuggestionReason.SPELLING)
    return None


def _with_marks(run: _Run, at: int, word: str, statistics: IndexStatistics) -> str:
    """A word in place of another, with its likely marks if that has marks."""
    if run.places[at].key.isascii():
        return word
    given = [token.folded if token.key.isascii() else token.key for token in run.places]
    given[at] = word
    return usual_spelling(statistics.restore(tuple(given)).keys[at])


def _commoner(word: str, statistics: IndexStatistics) -> list[str]:
    """Common words that a rare one may be a slip for, the likeliest first."""
    if not _is_rare(word, statistics.lexicon):
        return []
    at_least = TIMES_COMMONER * max(1, statistics.lexicon.folded_count(word))
    return statistics.speller.commoner(word, at_least)


def _is_rare(word: str, lexicon: Lexicon) -> bool:
    """Whether a word is hardly ever met and no syllable."""
    if len(word) < LEAST_LETTERS or word in bare_syllables():
        return False
    return lexicon.folded_count(word) <= max(1, RARE * lexicon.total)


def _fits(statistics: IndexStatistics, left: str, word: str, right: str) -> bool:
    """Whether a word is known to stand beside either of two."""
    return bool(left and statistics.side_by_side(left, word)) or bool(
        right and statistics.side_by_side(word, right)
    )


def _typed(text: str, runs: Sequence[_Run], lexicon: Lexicon) -> Suggestion | None:
    """The query decoded, where it looks like Telex or VNI though not enough to take it for that."""
    words = {token.folded for run in runs for token in run.places} - bare_syllables()
    acronym = text.isupper() and sum(len(run.places) for run in runs) == 1
    if not acronym and all(lexicon.folded_count(word) >= ATTESTED for word in words):
        return None
    # A word in capitals that articles have is searched for as it is; here it may be Telex, too.
    typed = text.lower() if acronym else text
    decoded = decode_typing(typed, lexicon, enough=LIKELY_TYPED)
    if decoded.typed_as == "text":
        return None
    if acronym:
        return Suggestion(decoded.text.upper(), SuggestionReason.TELEX)
    return Suggestion(decoded.text, SuggestionReason.TELEX)


def _texts(node: Node) -> Iterator[str]:
    """The texts of what a query wants, in order."""
    match node:
        case Words(text, exact) | Phrase(text, exact):
            if not exact:
                yield text
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _texts(child)
        case Scoped(_, child):
            yield from _texts(child)
        case _:
            pass


def _replaced(node: Node, texts: Mapping[str, str]) -> Node:
    """The tree with other texts; what is excluded stays as it is."""
    match node:
        case Words(text, exact) if not exact:
            return Words(texts.get(text, text))
        case Phrase(text, exact) if not exact:
            return Phrase(texts.get(text, text))
        case AllOf(children) | AnyOf(children):
            return type(node)(tuple(_replaced(child, texts) for child in children))
        case Scoped(scope, child):
            return Scoped(scope, _replaced(child, texts))
        case _:
            return node


def _run(text: str, analyser: Analyser, lexicon: Lexicon) -> _Run:
    places = places_of(analyser, text)
    if all(token.key.isascii() for token in places):
        return _Run(text, places, (False,) * len(places))
    slots = slots_of(analyser, text, lexicon=lexicon)
    return _Run(text, places, tuple(slot.accented for slot in slots))
