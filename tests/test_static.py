"""Format, lint, types and arrows, as in ``scripts/check``, so that CI asks for them too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ARROWS = "from importlinter.cli import lint_imports_command as lint; lint()"
CHECKS = [
    pytest.param(["-m", "ruff", "format", "--check", "."], id="format"),
    pytest.param(["-m", "ruff", "check", "."], id="lint"),
    pytest.param(["-c", ARROWS], id="arrows"),
]
# The last NumPy for Python 3.10 has other types than the one that the code is checked against.
if sys.version_info >= (3, 11):
    CHECKS.append(pytest.param(["-m", "mypy"], id="types"))


@pytest.mark.parametrize("arguments", CHECKS)
def test_the_code_passes(arguments: list[str]) -> None:
    checked = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
