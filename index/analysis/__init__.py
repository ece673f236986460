"""How Vietnamese text becomes terms. A leaf: it imports nothing else of the project."""

from __future__ import annotations

from index.analysis.analyser import FINGERPRINT, Analyser, Encoded, Token
from index.analysis.characters.sentence_breaks import sentences
from index.analysis.keys import accent_key, fold
from index.analysis.keystrokes.decoding import Decoded, decode_typing
from index.analysis.keystrokes.input_methods import decode_keystrokes, encode_keystrokes
from index.analysis.lexicon import Lexicon
from index.analysis.repair.repairs import Repair, Repaired, read_text, repair, repair_encoding
from index.analysis.syllables import (
    Syllable,
    Tone,
    all_syllables,
    parse_syllable,
    place_tone_mark,
    spell,
)
from index.analysis.vocabulary import Vocabulary

__all__ = [
    "FINGERPRINT",
    "Analyser",
    "Decoded",
    "Encoded",
    "Lexicon",
    "Repair",
    "Repaired",
    "Syllable",
    "Token",
    "Tone",
    "Vocabulary",
    "accent_key",
    "all_syllables",
    "decode_keystrokes",
    "decode_typing",
    "encode_keystrokes",
    "fold",
    "parse_syllable",
    "place_tone_mark",
    "read_text",
    "repair",
    "repair_encoding",
    "sentences",
    "spell",
]
