"""The files of derived data about words in a build, opened.

Knows nothing of how they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from index.errors import IndexDamaged
from index.language.model.model import LanguageModel
from index.language.synonyms.acronyms import Acronym, read_acronyms

MODEL_NAME = "language.model"
ACRONYMS_NAME = "acronyms.tsv"

_Content = TypeVar("_Content")


def open_model(directory: Path) -> LanguageModel:
    """The language model beside the index in ``directory``.

    Raises:
        IndexDamaged: it is missing or no model.
    """
    return _opened(LanguageModel.open, directory / MODEL_NAME)


def open_acronyms(directory: Path) -> tuple[Acronym, ...]:
    """The acronyms mined from the index in ``directory``.

    Raises:
        IndexDamaged: the table is missing or broken.
    """
    return _opened(read_acronyms, directory / ACRONYMS_NAME)


def _opened(read: Callable[[Path], _Content], path: Path) -> _Content:
    try:
        return read(path)
    except OSError as error:
        reason = error.strerror or error
        raise IndexDamaged(f"{path}: cannot be read ({reason}); rebuild the index") from error
    except ValueError as error:  # its message says what to do
        raise IndexDamaged(str(error)) from error
