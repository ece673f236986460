"""Runs the site on granian, a production WSGI server: processes that share one port.

Each worker is a fresh process that opens the index for itself; the operating system keeps one copy
of the mapped files for all. docs/serving.md has the measurements that chose the server. This module
knows nothing of command lines.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import resource_tracker
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NamedTuple

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from webui.http.metrics import SHARED_FOLDER
from webui.server.worker import STOP_SECONDS, load_site
from webui.settings import Settings

if sys.platform != "win32":
    import resource

THREADS = 2
"""Requests that one worker has under way at a time: one computes, and another does not wait for a
slow one to end. More only take each other's turns: with four a tenth fewer were served, and the
slowest took a third longer."""

CONNECTIONS = 16_384
"""That one worker holds at a time. Most of them are idle: browsers and proxies keep them open, and
granian stops accepting at half its backlog shared among the workers, 512 by itself."""

_OTHER_FILES = 1_024

_HEADER_SECONDS = 10
"""Within which the head of a request is to be there; who is slower is hung up on."""

_STOPPING = {signal.SIGINT, signal.SIGTERM}
_ASK_AGAIN_SECONDS = 0.05

_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the folder in it has a name of its own


class AddressError(Exception):
    """The address cannot be listened on; the message says which and why."""


class Address(NamedTuple):
    """Where a server listens: a numeric IP address and a port."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The site's address for somebody on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def free_address(host: str, port: int) -> Address:
    """The address to listen on, found to be free.

    Workers share a port by ``SO_REUSEPORT``, with which a second server would join the first one
    unseen: hence this look beforehand.

    Args:
        host: a name or a numeric address.
        port: 0 for any free one.

    Raises:
        AddressError: another program listens there, the port is reserved, or the host is unknown.
    """
    shown = f"{host}:{port}"
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # Connections of a server that has just ended may linger; they are not in the way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            name = probe.getsockname()
    except OSError as error:
        raise AddressError(f"cannot listen on {shown}: {error.strerror}") from error
    except UnicodeError as error:  # a label that no name server could be asked for
        raise AddressError(f"cannot listen on {shown}: that is no host name") from error
    return Address(name[0], name[1])


def serve(
    index_dir: Path | str,
    address: Address,
    *,
    workers: int,
    settings: Settings,
    ready: Callable[[], None],
) -> None:
    """Serve the index until SIGINT or SIGTERM; requests under way are finished first.

    Args:
        index_dir: as given to :meth:`SearchEngine.open`; each worker opens it.
        address: from :func:`free_address`.
        workers: how many processes.
        settings: the owner's choices.
        ready: called once, from another thread, as soon as the site answers.

    Raises:
        SystemExit: with status 1, if the workers cannot be kept running.
    """
    # The same start on every system and version of Python, and no fork of a process with threads.
    multiprocessing.set_start_method("spawn", force=True)
    with TemporaryDirectory(prefix="timbao-metrics-", dir=_memory()) as folder:
        os.environ[SHARED_FOLDER] = folder  # for the workers, which are about to start
        _serve(index_dir, address, workers, settings, ready)


def _memory() -> str | None:
    """A folder that is in memory, where the system has one: nobody tidies it, no disk fills it."""
    return _SHARED_MEMORY if os.access(_SHARED_MEMORY, os.W_OK) else None


def _serve(
    index_dir: Path | str,
    address: Address,
    workers: int,
    settings: Settings,
    ready: Callable[[], None],
) -> None:
    _allow_open_files(CONNECTIONS + _OTHER_FILES)
    server = MPServer(
        "webui",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS * 1000),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    )
    asked_to_stop = _stop_on_signal(server.signal_handler_interrupt)
    threading.Thread(target=_report_ready, args=(address, ready), daemon=True).start()
    try:
        server.serve(target_loader=partial(load_site, index_dir, settings), wrap_loader=False)
    except SystemExit:
        # A signal to the whole group ends workers before they are told to, which granian counts
        # as a failure.
        if not asked_to_stop.is_set():
            raise


def _allow_open_files(number: int) -> None:
    """Let workers, which inherit it, have so many files open, as far as the system allows."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY:
        number = min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, hard))


def _stop_on_signal(stop: Callable[[], None]) -> threading.Event:
    """Call ``stop`` at SIGINT or SIGTERM, and have processes started from now on see neither.

    Ctrl-C in a terminal and systemd signal every process of the group, and a worker of granian
    2.8 that is signalled twice never ends. So both are blocked in the main thread, from which
    workers inherit it; here they are taken by the one thread that began before.

    Returns:
        What is set once that has happened.
    """
    asked = threading.Event()
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())

    def wait() -> None:
        with reader, writer:  # for good: the system writes each signal's number there
            while True:
                if reader.recv(1)[0] in _STOPPING:
                    asked.set()
                    stop()

    threading.Thread(target=wait, daemon=True).start()
    for number in _STOPPING:  # until granian puts its own, and whatever was inherited
        signal.signal(number, _leave_to_thread)
    # multiprocessing unblocks both when it starts its tracker, so that has to run already.
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    return asked


def _leave_to_thread(_number: int, _frame: FrameType | None) -> None:
    """The system has written the number for the waiting thread before Python comes here."""


def _report_ready(address: Address, ready: Callable[[], None]) -> None:
    host = address.url.removeprefix("http://").rpartition(":")[0].strip("[]")
    while not _is_ready(host, address.port):
        time.sleep(_ASK_AGAIN_SECONDS)
    ready()


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
