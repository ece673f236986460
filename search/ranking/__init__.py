"""Which article stands above which, and why: scores of documents for the slots of a query."""

from search.ranking.ranker import Ranker, ScoreParts, SlotTerms, Term
from search.ranking.weights import WEIGHTS, Weights

__all__ = ["WEIGHTS", "Ranker", "ScoreParts", "SlotTerms", "Term", "Weights"]
