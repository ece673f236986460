"""The lock files: what pyproject.toml asks for, by hash, for every Python it allows."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import NamedTuple

import pytest
import tomli
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ("build", "runtime", "dev", "whoosh-reloaded")
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


class Pin(NamedTuple):
    requirement: Requirement
    hashes: int

    @property
    def version(self) -> str:
        (only,) = self.requirement.specifier
        assert only.operator == "=="
        return only.version


def read_lock(kind: str) -> list[Pin]:
    text = (ROOT / f"requirements/{kind}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    pins = []
    for entry in re.split(r"(?<!\\)\n", "\n".join(lines)):
        requirement, *hashes = entry.replace("\\\n", "").split("--hash=sha256:")
        pins.append(Pin(Requirement(requirement.strip()), len(hashes)))
    return pins


def pins_for(kind: str, python: str) -> dict[str, str]:
    """Name and version of what that lock installs on Linux with that Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "platform_python_implementation": "CPython",
    }
    return {
        pin.requirement.name: pin.version
        for pin in read_lock(kind)
        if pin.requirement.marker is None or pin.requirement.marker.evaluate(environment)
    }


def asked_for(kind: str) -> list[Requirement]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        settings = tomli.load(file)
    lines = list(settings["project"]["dependencies"])
    if kind == "dev":
        lines += settings["dependency-groups"]["dev"]
        lines += itertools.chain(*settings["project"]["optional-dependencies"].values())
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("kind", LOCKS)
def test_every_pin_has_hashes_and_none_names_a_host(kind: str) -> None:
    assert all(pin.hashes for pin in read_lock(kind))
    text = (ROOT / f"requirements/{kind}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_the_lock_has_what_the_project_asks_for(kind: str, python: str) -> None:
    pins = pins_for(kind, python)
    wrong = {
        str(wanted): pins.get(wanted.name)
        for wanted in asked_for(kind)
        if (wanted.marker is None or wanted.marker.evaluate({"python_version": python}))
        and (wanted.name not in pins or not wanted.specifier.contains(pins[wanted.name]))
    }
    assert wrong == {}, "renew the lock files: scripts/install/lock"


@pytest.mark.parametrize("python", PYTHONS)
def test_tests_run_on_the_versions_that_the_programs_run_on(python: str) -> None:
    assert pins_for("runtime", python).items() <= pins_for("dev", python).items()
