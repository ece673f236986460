"""Format, lint, types and arrows, as in ``scripts/check``, so that CI asks for them too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ARROWS = "from importlinter.cli import lint_imports_command as lint; lint()"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-m", "ruff", "format", "--check", "."], id="format"),
        pytest.param(["-m", "ruff", "check", "."], id="lint"),
        pytest.param(["-m", "mypy"], id="types"),
        pytest.param(["-c", ARROWS], id="arrows"),
    ],
)
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
