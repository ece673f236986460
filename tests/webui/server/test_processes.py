"""The server as a process: it says where it is, answers, and ends when it is told to."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.webui.conftest import SERVE, RunningSite
from webui.server.processes import Address, AddressError, free_address

TIMEOUT = 60


def get(url: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SERVE), *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT,
        check=False,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("whole_group", [False, True], ids=["parent", "group"])
def test_it_answers_when_it_says_so_and_stops_cleanly(
    newsroom_index: Path, number: signal.Signals, whole_group: bool
) -> None:
    site = RunningSite("--index", str(newsroom_index), "--port", "0", "--workers", "2")
    try:
        line = r"Tìm Báo: http://127\.0\.0\.1:\d+  \(Ctrl-C to stop\)\n"
        assert re.fullmatch(line, site.said), site.end()
        # A connection left open by a browser must not hold up the end.
        idle = socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2])))
        assert get(site.url, "/search?q=tin").status == 200
        if whole_group:  # as a terminal does at Ctrl-C, and systemd
            os.killpg(site.process.pid, number)
        else:
            os.kill(site.process.pid, number)
        _, errors = site.process.communicate(timeout=TIMEOUT)
        idle.close()
    finally:
        site.end()
    assert site.process.returncode == 0, errors
    assert errors == ""


def test_browsers_that_hang_up_do_not_disturb_the_end(newsroom_index: Path) -> None:
    site = RunningSite("--index", str(newsroom_index), "--port", "0", "--workers", "1")
    try:
        for _ in range(60):
            with socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2]))) as line:
                line.sendall(b"GET /search?q=tin&per_page=50 HTTP/1.1\r\nHost: x\r\n\r\n")
    finally:
        errors = site.end()
    assert (site.process.returncode, errors) == (0, "")


def test_idle_connections_keep_nobody_out(newsroom_index: Path) -> None:
    site = RunningSite("--index", str(newsroom_index), "--port", "0", "--workers", "1")
    address = "127.0.0.1", int(site.url.rpartition(":")[2])
    try:
        with ExitStack() as idle:
            for _ in range(700):
                line = idle.enter_context(socket.create_connection(address))
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                assert line.recv(12) == b"HTTP/1.1 200"
            assert get(site.url, "/search?q=tin").status == 200
    finally:
        site.end()


def test_workers_do_not_outlive_a_parent_that_was_killed(newsroom_index: Path) -> None:
    site = RunningSite("--index", str(newsroom_index), "--port", "0", "--workers", "2")
    site.process.kill()
    # Workers hold the other end of these pipes: they are gone when both are at their end.
    site.process.communicate(timeout=TIMEOUT)


def test_a_taken_port_is_named_and_nothing_is_started(newsroom_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = serve("--index", str(newsroom_index), "--port", port)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_server_never_joins_the_port_of_the_first(newsroom_index: Path, site: str) -> None:
    done = serve("--index", str(newsroom_index), "--port", site.rpartition(":")[2])
    assert done.returncode == 1


@pytest.mark.parametrize("made", [False, True], ids=["no folder", "an empty folder"])
def test_without_an_index_it_says_how_to_build_one(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "index"
    if made:
        folder.mkdir()
    done = serve("--index", str(folder))
    assert done.returncode == 1
    assert f"scripts/rebuild_index.py --index {folder} SOURCE" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("--index", ".", "--port", "70000"), ("--index", ".", "--workers", "0"), ("--wrong",)],
)
def test_wrong_usage_ends_with_two(arguments: tuple[str, ...]) -> None:
    assert serve(*arguments).returncode == 2


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"/api/v1/search?q=\xff\xfe\xc4\x91", 400),  # refused by the server itself
        (b"/api/v1/search?q=%ED%A0%80%00", 200),
        (b"/api/v1/search?q=" + b"%E1%BA%A5" * 7_000, 400),
        (b"/article/%FF", 404),
        (b"/search?q=" + "đối".encode(), 200),
    ],
    ids=["no UTF-8", "surrogate", "7,000 letters", "path", "unescaped"],
)
def test_odd_addresses_come_through_the_server(site: str, raw: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", int(site.rpartition(":")[2])), TIMEOUT) as line:
        line.sendall(b"GET " + raw + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        head = line.makefile("rb").readline()
    assert int(head.split()[1]) == status


def test_a_free_port_is_found_and_kept(newsroom_index: Path) -> None:
    address = free_address("localhost", 0)
    assert address.port > 0
    assert free_address(address.host, address.port) == address


@pytest.mark.parametrize("host", ["256.256.256.256", "no-such-host.invalid", "192.0.2.1"])
def test_an_address_of_no_machine_here_is_refused(host: str) -> None:
    with pytest.raises(AddressError, match=f"cannot listen on {host}:0: ."):
        free_address(host, 0)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (Address("127.0.0.1", 8000), "http://127.0.0.1:8000"),
        (Address("0.0.0.0", 80), "http://127.0.0.1:80"),
        (Address("::", 80), "http://[::1]:80"),
        (Address("::1", 80), "http://[::1]:80"),
    ],
)
def test_the_address_shown_can_be_opened_on_this_machine(address: Address, url: str) -> None:
    assert address.url == url
