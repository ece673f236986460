"""Which article stands above which, and why: scores of documents for the slots of a query."""

from search.ranking.query_terms import query_terms
from search.ranking.ranker import RESCORED, Ranker
from search.ranking.scoring import Features, ScoreParts, TermWeights, score_parts, totals
from search.ranking.slot_terms import SlotTerms, Term
from search.ranking.weights import WEIGHTS, Weights

__all__ = [
    "RESCORED",
    "WEIGHTS",
    "Features",
    "Ranker",
    "ScoreParts",
    "SlotTerms",
    "Term",
    "TermWeights",
    "Weights",
    "query_terms",
    "score_parts",
    "totals",
]
