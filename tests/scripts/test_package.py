"""``pip install .``: the packages and the files beside their code that pyproject.toml lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli

ROOT = Path(__file__).resolve().parents[2]
# What setup.py compiles is made from its source and needs no listing.
CODE = (".py", ".pyc", ".pyx", ".h", ".c", ".so", ".pyd")
TOP = ("index", "search", "webui", "scripts")


@pytest.fixture(scope="module")
def listed() -> dict[str, list[str]]:
    """The packages, each with the patterns of its other files."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        setuptools = tomli.load(file)["tool"]["setuptools"]
    data = setuptools["package-data"]
    assert set(data) <= set(setuptools["packages"])
    return {package: data.get(package, []) for package in setuptools["packages"]}


def other_files() -> Iterator[Path]:
    """What is no Python beside the code, but for the scripts, which need the repository."""
    for top in TOP:
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file() and path.suffix not in CODE and top != "scripts":
                yield path


def test_every_package_is_listed(listed: dict[str, list[str]]) -> None:
    on_disk = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for top in TOP
        for file in (ROOT / top).rglob("__init__.py")
    }
    assert set(listed) == on_disk


@pytest.mark.parametrize("path", list(other_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_beside_the_code_is_listed(path: Path, listed: dict[str, list[str]]) -> None:
    packaged = {
        found
        for package, patterns in listed.items()
        for pattern in patterns
        for found in ROOT.joinpath(*package.split(".")).glob(pattern)
    }
    assert path in packaged
