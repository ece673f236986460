"""``environment``: what it asks of the system, and what it does with real pip, offline.

The project it prepares here is a small one: the scripts of this project, and lock files that name
two wheels which the test writes itself, so that no network and no compiler run.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SHELL_FILES = (
    "install/environment.sh",
    "install/environment",
    "install/lock",
    "demo",
    "test",
    "check",
)
# What the scripts use on every system, besides what they are there to look for.
BASIC_TOOLS = ("sh", "basename", "cat", "cksum", "dirname", "flock", "id", "mkdir")


def write_wheel(folder: Path, name: str, version: str, module: str, code: str) -> str:
    """Write a wheel with that one module; return the line that locks it."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{module}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [
        f"{path},sha256={_record_hash(text)},{len(text.encode())}" for path, text in files.items()
    ]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _record_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Project:
    """A project that has this one's shell scripts and its own lock files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.wheels = root / "wheels"
        self.wheels.mkdir(parents=True)
        (root / "scripts/install").mkdir(parents=True)
        (root / "requirements").mkdir()
        for name in SHELL_FILES:
            shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
        self.lock("build", write_wheel(self.wheels, "maker", "1.0", "maker", ""))
        self.lock("runtime", write_wheel(self.wheels, "pyicu", "1.0", "icu", "VERSION = 1\n"))

    def lock(self, kind: str, lines: str) -> None:
        (self.root / "requirements" / f"{kind}.txt").write_text(lines, encoding="utf-8")

    def start(self, script: str = "install/environment", **environ: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.root / "scripts" / script)],
            cwd="/",
            env=os.environ
            | {
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": self.wheels.as_uri(),
                "PYTHON": sys.executable,
            }
            | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(self, script: str = "install/environment", **environ: str) -> tuple[int, str, str]:
        """Run a script; return its status, standard output and standard error."""
        process = self.start(script, **environ)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    @property
    def python(self) -> Path:
        return self.root / ".venv/bin/python"

    def icu_version(self) -> str:
        asked = [str(self.python), "-c", "import icu; print(icu.VERSION)"]
        return subprocess.run(
            asked, capture_output=True, encoding="utf-8", check=True
        ).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "Tìm Báo thử")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose environment exists; tests that use it leave it whole."""
    project = Project(tmp_path_factory.mktemp("made") / "Tìm Báo")
    status, _, err = project.run()
    assert status == 0, err
    return project


@pytest.mark.parametrize("script", SHELL_FILES)
def test_shell_files_have_no_syntax_error(script: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / "scripts" / script)], check=True)


def test_a_machine_with_nothing_is_told_the_one_command_for_its_system(project: Project) -> None:
    tools = project.root / "tools"
    tools.mkdir()
    for name in BASIC_TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    status, out, err = project.run(PATH=str(tools), PYTHON="")
    assert (status, out) == (1, "")
    missing = "python3 python3-venv python3-dev g++ pkg-config libicu-dev"
    for expected in (missing, "apt-get install -y", "dnf install", "pacman -S", "brew install"):
        assert expected in err


def test_what_is_there_is_not_asked_for(project: Project) -> None:
    tools = project.root / "tools"
    tools.mkdir()
    for name in (*BASIC_TOOLS, "cc", "c++"):
        (tools / name).symlink_to(shutil.which(name) or name)
    status, _, err = project.run(PATH=str(tools))
    assert status == 1
    assert "apt-get install -y pkg-config libicu-dev" in err


def test_the_environment_is_made_and_its_python_named(made: Project) -> None:
    status, out, err = made.run()
    assert (status, out, err) == (0, f"{made.python}\n", "")
    assert made.icu_version() == "1"


def test_a_changed_lock_is_installed_and_the_same_lock_is_not(made: Project) -> None:
    old = (made.root / "requirements/runtime.txt").read_text(encoding="utf-8")
    made.lock("runtime", write_wheel(made.wheels, "pyicu", "2.0", "icu", "VERSION = 2\n"))
    status, _, err = made.run()
    assert status == 0
    assert "Installing libraries" in err
    assert made.icu_version() == "2"
    made.lock("runtime", old)
    assert made.run()[0] == 0
    assert made.icu_version() == "1"
    assert made.run()[2] == ""


def test_a_wrong_hash_installs_nothing_and_is_reported(project: Project) -> None:
    right = (project.root / "requirements/runtime.txt").read_text(encoding="utf-8")
    project.lock("runtime", right[:-9] + "00000000\n")
    status, out, err = project.run()
    assert (status, out) == (1, "")
    assert "DO NOT MATCH THE HASHES" in err
    assert "var/environment.log" in err
    project.lock("runtime", right)
    assert project.run()[0] == 0
    assert project.icu_version() == "1"


@pytest.mark.parametrize(
    ("step", "stop", "status"),
    [
        ("Creating the Python environment", signal.SIGINT, 130),
        ("Installing libraries", signal.SIGTERM, 143),
        ("Installing libraries", signal.SIGKILL, -9),
    ],
)
def test_an_interrupted_installation_recovers(
    project: Project, step: str, stop: signal.Signals, status: int
) -> None:
    with project.start() as interrupted:
        assert interrupted.stderr is not None
        assert any(step in line for line in interrupted.stderr)
        os.killpg(interrupted.pid, stop)
    assert interrupted.returncode == status
    assert project.run()[0] == 0
    assert project.icu_version() == "1"
    assert not (project.root / ".venv/unfinished").exists()


def test_two_at_the_same_time_make_one_environment(project: Project) -> None:
    both = [project.start(), project.start()]
    outputs = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert {out for out, _ in outputs} == {f"{project.python}\n"}
    made = "".join(err for _, err in outputs).count("Creating the Python environment")
    assert made == 1


def test_an_environment_whose_libraries_no_longer_load_is_repaired(made: Project) -> None:
    (library,) = made.root.glob(".venv/lib/python3*/site-packages/icu.py")
    library.write_text("raise ImportError('libicui18n.so.72: cannot open')\n", encoding="utf-8")
    status, _, err = made.run()
    assert status == 0
    assert "Compiling PyICU" in err
    assert made.icu_version() == "1"


def test_unknown_arguments_are_wrong_usage(project: Project) -> None:
    asked = [str(project.root / "scripts/install/environment"), "--all"]
    assert subprocess.run(asked, capture_output=True, check=False).returncode == 2


def test_inner_loops_that_cannot_be_compiled_are_told_once_and_tried_again_when_changed(
    project: Project,
) -> None:
    shutil.copy(ROOT / "scripts/install/compile_parts.py", project.root / "scripts/install")
    for source in ("index/codec", "search", "search/ranking"):
        (project.root / source).mkdir(parents=True, exist_ok=True)
        (project.root / source / "compiled.pyx").write_text("", encoding="utf-8")
    setup = project.root / "setup.py"
    setup.write_text("raise SystemExit('no compiler today')\n", encoding="utf-8")
    status, out, err = project.run()
    assert (status, out) == (0, f"{project.python}\n")
    assert "They could not be compiled: everything works, only slower" in err
    assert "no compiler today" in (project.root / "var/environment.log").read_text("utf-8")
    assert project.run() == (0, f"{project.python}\n", "")
    # A compiler that says that all is well and has made nothing.
    setup.write_text("", encoding="utf-8")
    assert "They could not be compiled" in project.run()[2]
