"""``scripts/demo``: the first command of the README, on a real terminal and a real port."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = str(ROOT / "scripts/demo")
# Starts a command with standard input as its controlling terminal, so that Ctrl-C reaches it.
ON_TERMINAL = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)
needs_environment = pytest.mark.skipif(
    not (ROOT / ".venv/made-from-runtime").exists(),
    reason="would install the libraries first; call scripts/install/environment once",
)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.mark.parametrize("port", ["0", "080", "65536", "123456", "-1", "8000x", "80 80", "八"])
def test_a_port_that_is_none_is_wrong_usage(port: str) -> None:
    asked = subprocess.run(
        [DEMO], env=os.environ | {"PORT": port}, capture_output=True, encoding="utf-8", check=False
    )
    assert (asked.returncode, asked.stdout) == (2, "")
    assert f"PORT must be a number from 1 to 65535, not: {port}" in asked.stderr


@pytest.mark.parametrize(("argument", "status"), [("--help", 0), ("--port", 2)])
def test_arguments_show_the_usage(argument: str, status: int) -> None:
    asked = subprocess.run([DEMO, argument], capture_output=True, encoding="utf-8", check=False)
    assert asked.returncode == status
    assert "Usage: [PORT=8000] scripts/demo" in asked.stderr


def test_a_taken_port_is_said_before_anything_is_installed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        asked = subprocess.run(
            [str(tmp_path / "scripts/demo")],
            env=os.environ | {"PORT": str(port), "PYTHON": sys.executable},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert (asked.returncode, asked.stdout) == (1, "")
    assert f"Port {port} is taken" in asked.stderr
    assert not (tmp_path / ".venv").exists()
    assert not (tmp_path / "var").exists()


class RunningDemo:
    """A demo on a terminal of its own."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.terminal, side = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", ON_TERMINAL, DEMO],
            env=os.environ | {"PORT": str(port)},
            stdin=side,
            stdout=side,
            stderr=side,
            start_new_session=True,
        )
        os.close(side)

    def read_until(self, text: str) -> str:
        shown = b""
        while text.encode() not in shown:
            piece = os.read(self.terminal, 4096)
            assert piece, shown.decode(errors="replace")
            shown += piece
        return shown.decode(errors="replace")

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=10) as response:
                return bool(response.status == 200)
        except urllib.error.URLError:
            return False


@pytest.fixture
def demo(free_port: int) -> Iterator[RunningDemo]:
    running = RunningDemo(free_port)
    yield running
    if running.process.poll() is None:
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
    os.close(running.terminal)


@needs_environment
@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM"])
def test_the_demo_serves_the_newsroom_until_it_is_stopped(demo: RunningDemo, how: str) -> None:
    demo.read_until(demo.url)
    assert demo.is_up()
    if how == "Ctrl-C":
        os.write(demo.terminal, b"\x03")
    else:
        demo.process.terminate()
    assert demo.process.wait(timeout=60) in (0, 130, 143)
    assert not demo.is_up()


@needs_environment
def test_ctrl_c_while_indexing_stops_the_demo(demo: RunningDemo) -> None:
    demo.read_until("Indexing the sample newsroom")
    os.write(demo.terminal, b"\x03")
    assert demo.process.wait(timeout=60) == 130
    assert not demo.is_up()
