"""Folders are rooms: few entries, a sentence on each, all of them in ARCHITECTURE.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "search", "webui", "scripts")
MOST_ENTRIES = 14
NO_ENTRIES = {"__pycache__", "__init__.py", "py.typed"}
MADE = (".pyi", ".so", ".pyd", ".c", ".new")

FOLDERS = [
    folder
    for package in PACKAGES
    for folder in [ROOT / package, *sorted((ROOT / package).rglob("*"))]
    if (folder / "__init__.py").is_file()
]
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", FOLDERS, ids=relative)
def test_no_room_has_more_entries_than_a_reader_can_hold(folder: Path) -> None:
    entries = [
        path.name
        for path in folder.iterdir()
        if path.name not in NO_ENTRIES and path.suffix not in MADE
    ]
    assert len(entries) <= MOST_ENTRIES, entries


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


def test_every_module_says_in_its_first_line_what_it_does() -> None:
    silent = [
        relative(path) for path in MODULES if not re.match(r"\S.+\S(\n\n|$)", docstring(path))
    ]
    assert silent == []


def test_every_room_is_named_in_the_architecture() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    rooms = {relative(folder) for folder in FOLDERS if len(folder.relative_to(ROOT).parts) == 2}
    assert [room for room in sorted(rooms) if f"`{room}/`" not in text] == []


def test_files_and_rooms_named_in_the_text_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`((?:index|search|webui|scripts|tests)/[\w/.]*)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
