"""The score by which a cluster chooses the articles that are then scored in full.

The ingredients of the ranking that are cheap there: words by their weights, all of them in headline
and lead, the query in one piece. The full formula decides the order of what is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.storage.opensearch.client import Json
from index.storage.opensearch.mapping import KEYED, TEXTS
from search.backends.opensearch.queries import Query, all_of, any_of, having
from search.ranking import WEIGHTS, SlotTerms, TermWeights, Weights

_SHORT = TEXTS[:2]
_TIE = 0.2
"""What a word's other fields count beside the one where it counts most."""


def first_phase(
    slots: Sequence[SlotTerms], weights: TermWeights, w: Weights = WEIGHTS
) -> list[Query]:
    """What is summed up.

    Args:
        slots: of the query.
        weights: of each.
        w: of the ranking.
    """
    parts: list[Query] = []
    everywhere: list[Query] = []
    in_headline: list[Query] = []
    for at, slot in enumerate(slots):
        sure, telling = float(weights.confidence[at]), float(weights.telling[at])
        keyed = telling * float(weights.keyed[at]) * sure
        # Beside accents that were typed other ones count so little that the look-up costs more.
        unsure = w.folded + (1 - w.folded) * (1 - sure) if sure < 1 else 0.0
        folded = telling * float(weights.folded[at]) * unsure
        words = [
            *((f"{KEYED}{term.key.decode()}", keyed) for term in slot.terms if keyed > 0),
            *((term.folded.decode(), folded) for term in slot.terms if folded > 0),
        ]
        for share in {boost for _, boost in words}:
            same = list(dict.fromkeys(word for word, boost in words if boost == share))
            queries: list[Json] = [
                {"term": {name: {"value": word, "boost": share}}} for word in same for name in TEXTS
            ]
            parts.append({"dis_max": {"queries": queries, "tie_breaker": _TIE}})
        wanted = _wanted(slot)
        everywhere.append(having(wanted, _SHORT))
        in_headline.append(having(wanted, TEXTS[:1]))
    total = float(weights.total)
    if not slots or total <= 0:
        return parts
    parts.append(_constant(all_of(everywhere), w.coverage * total))
    parts.append(_constant(all_of(in_headline), w.headline_coverage * total))
    if len(slots) > 1:
        phrase = w.phrase + w.short_phrase / (len(slots) - 1)
        near = w.nearness * float(weights.pairs.sum())
        words_in_order = " ".join(_wanted(slot)[-1] for slot in slots)
        whole = any_of([{"match_phrase": {name: words_in_order}} for name in TEXTS])
        parts.append(_constant(whole, phrase * total + near))
    return parts


def likely_words(slots: Sequence[SlotTerms], weights: TermWeights, most: int) -> list[Query]:
    """The worthiest words of a query, by which articles with some of them are found."""
    worth = weights.worth.tolist()
    best = sorted(range(len(slots)), key=lambda at: -worth[at])
    parts: dict[str, Query] = {}
    for at in best:
        if worth[at] > 0 and len(parts) < most:
            for word in _wanted(slots[at]):
                queries: list[Json] = [
                    {"term": {name: {"value": word, "boost": worth[at]}}} for name in TEXTS
                ]
                parts.setdefault(word, {"dis_max": {"queries": queries, "tie_breaker": _TIE}})
    return list(parts.values())


def _wanted(slot: SlotTerms) -> list[str]:
    if slot.accents > 0:
        words = [f"{KEYED}{term.key.decode()}" for term in slot.terms]
    else:
        words = [term.folded.decode() for term in slot.terms]
    return list(dict.fromkeys(words))


def _constant(query: Query, boost: float) -> Query:
    return {"constant_score": {"filter": query, "boost": boost}}
