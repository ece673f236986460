"""ARCHITECTURE.md names every source file, and only files that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("index", "search", "webui", "scripts")


def named_files() -> set[str]:
    """The files of the map's tables, each under the folder of its heading."""
    found: set[str] = set()
    folder = ""
    for line in (ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines():
        if heading := re.fullmatch(r"### `(\S+)/`", line):
            folder = heading[1]
        elif folder and (row := re.match(r"\| `([^`]+)` \|", line)):
            found.add(f"{folder}/{row[1]}")
    return found


def test_the_map_names_every_source_file_and_no_other() -> None:
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.name != "__init__.py"
        and (path.suffix in (".py", ".pyx", ".h") or path.parent == ROOT / "scripts")
    }
    assert named_files() == present


def test_files_named_in_the_text_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`((?:index|search|webui|scripts)/[\w/.]+)`", text))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
