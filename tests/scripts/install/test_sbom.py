"""Every library that is pinned is in the inventory and in the table of licences, and no other."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scripts.install.sbom import LOCKS, licences, pinned

ROOT = Path(__file__).parents[3]


def names(lock: str) -> list[str]:
    """As pip reads the lock."""
    lines = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8").splitlines()
    entries = [line.rstrip("\\ ") for line in lines if line[:1].isalnum()]
    return [f"{each.name}{each.specifier}" for each in map(Requirement, entries)]


@pytest.mark.parametrize("lock", LOCKS)
def test_the_inventory_has_what_the_lock_has(lock: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.install.sbom", "--lock", lock],
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    found = json.loads(done.stdout)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    components = found["components"]
    assert [f"{each['name']}=={each['version']}" for each in components] == names(lock)
    references = [each["bom-ref"] for each in components]
    assert len(set(references)) == len(references)
    assert found["dependencies"] == [{"ref": "timbao", "dependsOn": references}]
    for component in components:
        assert component["purl"] == f"pkg:pypi/{component['name']}@{component['version']}"
        digests = [p["value"] for p in component["properties"] if p["name"] == "timbao:file:sha256"]
        assert digests
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


def test_the_table_of_licences_has_every_library_that_is_pinned_and_no_other() -> None:
    assert {library.name for lock in LOCKS for library in pinned(lock)} == {*licences()}
