"""How Vietnamese text becomes terms. A leaf: it imports nothing else of the project."""

from __future__ import annotations

from index.analysis.analyser import FINGERPRINT, Analyser, Encoded, Token
from index.analysis.vocabulary import Vocabulary

__all__ = ["FINGERPRINT", "Analyser", "Encoded", "Token", "Vocabulary"]
