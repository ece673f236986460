"""examples/deployment and the Containerfile: units are valid and tight, nginx serves meanwhile."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.webui.conftest import RunningSite

ROOT = Path(__file__).parents[2]
DEPLOYMENT = ROOT / "examples" / "deployment"
UNITS = ("timbao.service", "timbao-rebuild.service", "timbao-rebuild.timer")
HOST = "tim.bao.example"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
MOST_EXPOSED = 2.0
"""Of the ten points of systemd-analyze; a service that says nothing has 9.6."""


def test_what_the_containerfile_copies_is_there_and_not_ignored() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    named = [name for copy in copies for name in copy.split()]
    assert {"index", "search", "webui", "scripts", "pyproject.toml"} <= set(named)
    assert [name for name in named if not (ROOT / name).exists()] == []
    ignore = (ROOT / ".dockerignore").read_text("utf-8")  # which Podman follows, too
    kept = [line[1:] for line in ignore.splitlines() if line.startswith("!")]
    assert [name for name in named if not any(fnmatch(name, each) for each in kept)] == []
    assert re.search(r"^USER \d+$", text, re.MULTILINE)


if shutil.which("systemd-analyze"):

    @pytest.fixture(scope="module")
    def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The units, with a Python that is there."""
        folder = tmp_path_factory.mktemp("units")
        for name in UNITS:
            text = (DEPLOYMENT / name).read_text("utf-8")
            (folder / name).write_text(text.replace("/srv/timbao/.venv/bin/python", sys.executable))
        return folder

    def test_the_units_are_valid(units: Path) -> None:
        command = ["systemd-analyze", "verify", "--man=no", *(units / name for name in UNITS)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize("name", UNITS[:2])
    def test_the_services_may_do_little(name: str, units: Path) -> None:
        command = ["systemd-analyze", "security", "--offline=true", units / name]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
        exposure = re.search(r"exposure level for \S+ (\d+\.\d)", done.stdout)
        assert exposure is not None
        assert float(exposure[1]) <= MOST_EXPOSED


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def instance(index: Path, port: int) -> RunningSite:
    options = ("--port", str(port), "--workers", "1", "--trusted-proxies", "1")
    return RunningSite("--index", str(index), *options)


class Reader(threading.Thread):
    """Searches for one thing after the other until it is told to end.

    Attributes:
        failed: statuses but 200, and errors.
    """

    def __init__(self, port: int, name: str) -> None:
        super().__init__()
        self.port, self.name_of_reader = port, name
        self.done = threading.Event()
        self.failed: list[object] = []
        self.answered = 0

    def run(self) -> None:
        while not self.done.is_set():
            query = quote(f"giá vàng {self.name_of_reader} {self.answered}")
            try:
                status, _, _ = ask(self.port, f"/api/v1/search?q={query}")
            except OSError as error:
                self.failed.append((error, query))
            else:
                self.failed += [status] if status != 200 else []
            self.answered += 1


def ask(port: int, path: str, **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": HOST, **headers})
        response = connection.getresponse()
        return response.status, response.read().decode(), response.headers
    finally:
        connection.close()


@contextmanager
def nginx(executable: str, folder: Path, port: int, instances: tuple[int, int]) -> Iterator[None]:
    """A real nginx with the example, at other ports and with its files in a folder."""
    example = (DEPLOYMENT / "nginx.conf").read_text("utf-8")
    for written, real in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("127.0.0.1:8000", f"127.0.0.1:{instances[0]}"),
        ("127.0.0.1:8001", f"127.0.0.1:{instances[1]}"),
        ("/var/cache/nginx/timbao", f"{folder}/cache"),
    ):
        assert written in example
        example = example.replace(written, real)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root; " if os.geteuid() == 0 else ""  # another could not enter the folder
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
        f"events {{}}\nhttp {{ access_log off;\n{temporary}{example}}}\n"
    )
    log = folder / "error.log"
    process = subprocess.Popen([executable, "-e", log, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.02)
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(NGINX is None, reason="there is no nginx")
def test_behind_nginx_no_reader_sees_that_the_site_is_restarted(
    newsroom_index: Path, tmp_path: Path
) -> None:
    ports = free_port(), free_port()
    port = free_port()
    sites = [instance(newsroom_index, each) for each in ports]
    try:
        with nginx(str(NGINX), tmp_path, port, ports):
            status, page, _ = ask(port, "/search?q=gia+vang")
            assert status == 200
            assert f"http://{HOST}/" in page
            assert ask(port, "/metrics")[0] == 403
            readers = [Reader(port, name) for name in ("một", "hai")]
            for reader in readers:
                reader.start()
            for number, each in enumerate(ports):
                assert sites[number].end() == ""
                sites[number] = instance(newsroom_index, each)
                assert sites[number].url
            for reader in readers:
                reader.done.set()
                reader.join()
            assert [reader.failed for reader in readers] == [[], []]
            assert all(reader.answered for reader in readers)
    finally:
        for site in sites:
            site.end()
