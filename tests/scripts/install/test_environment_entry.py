"""``_environment.py``: a script run by its path finds its libraries, or gets them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from importlib.metadata import distributions, files
from pathlib import Path

import pytest
import tomli
from packaging.requirements import Requirement

from scripts.install._environment import LIBRARIES, missing_libraries

ROOT = Path(__file__).resolve().parents[3]
# Named like the package it imports, as scripts/search.py is.
PROBE = """#!/usr/bin/env python3
from __future__ import annotations

if __name__ == "__main__" and not __package__:
    import sys

    sys.path[0] += "/install"
    import _environment

    _environment.enter()

import json
import sys

import search

print(json.dumps([search.NAME, sys.executable, sys.argv[1:], sys.stdin.read()]))
"""


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Python without any library."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return str(folder / "bin/python")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a package ``search`` and a script of the same name."""
    root = tmp_path / "Tìm Báo"
    (root / "scripts/install").mkdir(parents=True)
    (root / "search").mkdir()
    (root / "search/__init__.py").write_text("NAME = 'the package'\n", encoding="utf-8")
    (root / "scripts/search.py").write_text(PROBE, encoding="utf-8")
    shutil.copy(ROOT / "scripts/install/_environment.py", root / "scripts/install")
    return root


def prepared_by(project: Path, shell: str) -> None:
    """Let those lines of shell be the project's ``scripts/install/environment``."""
    command = project / "scripts/install/environment"
    command.write_text(f"#!/bin/sh\n{shell}\n", encoding="utf-8")
    command.chmod(0o755)


def run(python: str, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "scripts/search.py", *arguments],
        cwd=project,
        input="một dòng\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_python_with_the_libraries_is_kept_and_nothing_is_installed(project: Path) -> None:
    prepared_by(project, "echo installing >&2; exit 1")
    done = run(sys.executable, project, "đối ngoại", "--json")
    assert done.stderr == ""
    name, python, arguments, lines = json.loads(done.stdout)
    assert (name, python) == ("the package", sys.executable)
    assert (arguments, lines) == (["đối ngoại", "--json"], "một dòng\n")


def test_a_bare_python_is_left_for_that_of_the_environment(project: Path, bare_python: str) -> None:
    # It also reads its standard input, which must stay the script's.
    prepared_by(project, f"cat; echo installing >&2; echo '{sys.executable}'")
    done = run(bare_python, project, "đối ngoại", "--json")
    assert done.stderr == "installing\n"
    name, python, arguments, lines = json.loads(done.stdout)
    assert (name, python) == ("the package", sys.executable)
    assert (arguments, lines) == (["đối ngoại", "--json"], "một dòng\n")


def test_a_failed_installation_ends_the_script(project: Path, bare_python: str) -> None:
    prepared_by(project, "echo 'no network' >&2; exit 1")
    done = run(bare_python, project)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "no network\n")


def test_an_environment_that_stays_incomplete_is_an_error_not_a_loop(
    project: Path, bare_python: str
) -> None:
    prepared_by(project, f"echo '{bare_python}'")
    done = run(bare_python, project)
    assert done.returncode == 1
    assert "still lacks babel" in done.stderr
    assert ".venv" in done.stderr


def test_the_libraries_looked_for_are_the_dependencies() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomli.load(file)["project"]
    wanted = map(Requirement, project["dependencies"])
    declared = {
        requirement.name
        for requirement in wanted
        if requirement.marker is None or requirement.marker.evaluate()
    }
    provided = {
        (name, distribution)
        for distribution in declared
        for name in LIBRARIES
        if any(
            file.parts[0].removesuffix(".py") == name
            for file in files(_installed(distribution)) or ()
        )
    }
    assert {name for name, _ in provided} == set(LIBRARIES)
    assert {distribution for _, distribution in provided} == declared
    assert missing_libraries() == []


def _installed(distribution: str) -> str:
    """The distribution that stands in for that one: either Whoosh will do."""
    if distribution != "whoosh3":
        return distribution
    names = {found.metadata["Name"].lower() for found in distributions()}
    return next(name for name in ("whoosh3", "whoosh-reloaded") if name in names)


INTERRUPT = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"


def test_ctrl_c_while_importing_ends_a_script_without_a_word(project: Path) -> None:
    (project / "search/__init__.py").write_text(INTERRUPT, encoding="utf-8")
    done = run(sys.executable, project)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_ctrl_c_interrupts_main_as_ever(project: Path) -> None:
    main = f"""
def main():
    try:
        {INTERRUPT.strip().replace(chr(10), "; ")}
    except KeyboardInterrupt:
        print("cleaned up")


main()
"""
    with (project / "scripts/search.py").open("a", encoding="utf-8") as file:
        file.write(main)
    done = run(sys.executable, project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("cleaned up\n")


def test_a_script_started_with_ctrl_c_ignored_goes_on_ignoring_it(project: Path) -> None:
    (project / "search/__init__.py").write_text(INTERRUPT + "NAME = ''\n", encoding="utf-8")
    done = subprocess.run(
        ["/bin/sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "scripts/search.py"],
        cwd=project,
        input="",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


ENDING = "trap 'trap \"\" INT; echo ended >&2; exit 130' INT"
"""In a terminal the signal may come twice, from there and passed on: once is heard."""


@pytest.mark.parametrize(
    ("shell", "status", "told"),
    [
        (
            f"{ENDING}; kill -INT 0; while :; do :; done",
            130,
            "ended\n",
        ),  # in a terminal: the whole group
        (f"{ENDING}; kill -INT $PPID; while :; do :; done", 130, "ended\n"),
        (f"trap '' INT; kill -INT $PPID; echo '{sys.executable}'", -signal.SIGINT, ""),
    ],
)
def test_ctrl_c_while_installing_waits_for_the_installation_to_end(
    shell: str, status: int, told: str, project: Path, bare_python: str
) -> None:
    prepared_by(project, shell)
    done = subprocess.run(
        [bare_python, "scripts/search.py"],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (status, "", told)


def test_ctrl_c_while_the_second_python_starts_up_ends_it_without_a_word(
    project: Path, bare_python: str
) -> None:
    python = project / "python"
    python.write_text(
        f"#!/bin/sh\nkill -INT $$\nexec '{sys.executable}' \"$@\"\n", encoding="utf-8"
    )
    python.chmod(0o755)
    prepared_by(project, f"echo '{python}'")
    done = run(bare_python, project)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
