"""What the derived data of an index says of the words of a text: counts, accents, synonyms.

Knows nothing of how it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.analysis import Analyser, Token
from index.analysis.phrases import phrase_of, phrase_reader
from index.language.files import open_acronyms, open_model
from index.language.model.model import LanguageModel
from index.language.restoration import Alternative, Restorer
from index.language.synonyms.aliases import site_aliases
from index.language.synonyms.thesaurus import Alternative as Synonym
from index.language.synonyms.thesaurus import Thesaurus
from index.storage.builds import current_build

Json = str | int | float | list["Json"] | dict[str, "Json"]


class Word(NamedTuple):
    """The word at one position; of forms that share one, the last.

    Attributes:
        key: its accent key.
        folded: its folded term.
        key_count: how often the index has the key.
        folded_count: how often it has the folded term, under any accents.
        likely: the accent keys it may be, the likeliest first; what has marks is itself.
        confidence: how likely the first one is, 0 to 1; 0 also for what the index does not have.
    """

    key: str
    folded: str
    key_count: int
    folded_count: int
    likely: tuple[Alternative, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class TextStatistics:
    """What an index says of a text: one word a position, and synonyms of several words."""

    words: tuple[Word, ...]
    synonyms: tuple[Synonym, ...]

    def as_fields(self, whole: Callable[[str], str]) -> dict[str, Json]:
        """Plain values for JSON.

        Args:
            whole: makes a text fit to be encoded.
        """
        words: list[Json] = [
            {
                "key": whole(word.key),
                "folded": whole(word.folded),
                "key_count": word.key_count,
                "folded_count": word.folded_count,
                "confidence": round(word.confidence, 4),
                "likely": [
                    {"key": whole(reading.key), "probability": round(reading.probability, 4)}
                    for reading in word.likely
                ],
            }
            for word in self.words
        ]
        synonyms: list[Json] = [
            {"start": name.start, "stop": name.stop, "text": name.text, "weight": name.weight}
            for name in self.synonyms
        ]
        return {"words": words, "other_names": synonyms}


class DerivedData:
    """The language model and the synonyms of an index.

    Args:
        model: the language model.
        thesaurus: aliases and acronyms.
    """

    def __init__(self, model: LanguageModel, thesaurus: Thesaurus) -> None:
        self.model = model
        self._restorer = Restorer(model)
        self._thesaurus = thesaurus

    @classmethod
    def open(cls, index_dir: Path, analyser: Analyser) -> DerivedData:
        """The derived data of the build being served.

        Raises:
            IndexOpenError: there is no index, or it cannot be used.
            AliasError: a line of the site's aliases file cannot be understood.
        """
        build = current_build(index_dir).path
        thesaurus = Thesaurus(
            site_aliases(index_dir), open_acronyms(build), phrase_reader(analyser)
        )
        return cls(open_model(build), thesaurus)

    def of(self, tokens: Iterable[Token]) -> TextStatistics:
        """Counts, likely accents and synonyms of the words of a text."""
        phrase = phrase_of(tokens)
        pairs = list(zip(phrase.keys, phrase.folded, strict=True))
        restored = self._restorer.restore([key if not key.isascii() else f for key, f in pairs])
        return TextStatistics(
            tuple(
                Word(
                    key,
                    folded,
                    self.model.key_count(key),
                    self.model.folded_count(folded),
                    likely,
                    confidence,
                )
                for (key, folded), likely, confidence in zip(
                    pairs, restored.alternatives, restored.confidences, strict=True
                )
            ),
            self._thesaurus.alternatives(*phrase),
        )
