"""The command ``timbao``: the scripts as verbs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from scripts.timbao import VERBS, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("verb", VERBS)
def test_a_script_can_be_called_by_its_path(verb: str) -> None:
    assert os.access(ROOT / f"scripts/{verb}.py", os.X_OK)
    asked = [sys.executable, str(ROOT / f"scripts/{verb}.py"), "--help"]
    shown = subprocess.run(asked, cwd="/", capture_output=True, encoding="utf-8", check=False)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"Usage: {verb}.py ")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("separator", ["_", "-"])
def test_each_verb_shows_its_help(verb: str, separator: str) -> None:
    shown = CliRunner().invoke(main, [verb.replace("_", separator), "--help"])
    assert shown.exit_code == 0
    assert shown.output.startswith(f"Usage: main {verb.replace('_', separator)} ")


def test_the_help_lists_the_verbs() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert all(f"\n  {verb} " in shown.output for verb in VERBS)


def test_an_unknown_verb_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2


def test_asking_for_one_verb_imports_no_other() -> None:
    code = (
        "import sys\n"
        "from scripts.timbao import main\n"
        "main(['search', '--help'], standalone_mode=False)\n"
        "sys.exit('scripts.serve' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)


def test_every_verb_is_a_click_command() -> None:
    group = click.Context(main)
    assert all(isinstance(main.get_command(group, verb), click.Command) for verb in VERBS)
