"""Another process that derives from all articles what changes little, while changes go on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from index.build.derived.from_index import derive_for_later
from index.build.processes.children import end_with_parent

_NICE = 15
"""Those who search and those who publish come first."""


def main() -> None:
    """Derive for the index in the directory on the command line."""
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(_NICE)
    derive_for_later(Path(sys.argv[1]))
