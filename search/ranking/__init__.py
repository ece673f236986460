"""Which article stands above which, and why: scores of documents for the slots of a query."""

from search.ranking.features import SlotTerms, Term
from search.ranking.query_terms import query_terms
from search.ranking.ranker import Ranker
from search.ranking.scoring import Known, ScoreParts, Worth, score_parts, totals
from search.ranking.weights import WEIGHTS, Weights

__all__ = [
    "WEIGHTS",
    "Known",
    "Ranker",
    "ScoreParts",
    "SlotTerms",
    "Term",
    "Weights",
    "Worth",
    "query_terms",
    "score_parts",
    "totals",
]
