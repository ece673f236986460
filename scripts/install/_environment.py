"""Let a script of this project be run by its path, from any folder, with any Python 3.

Usage, in a script that is executable and begins with ``#!/usr/bin/env python3``: after its
docstring and ``from __future__ import annotations``, before every import of the project or of a
library:

    if __name__ == "__main__" and not __package__:
        import sys

        sys.path[0] += "/install"  # in a folder of its own, "/../install"
        import _environment

        _environment.enter()

All other imports (``from search import SearchEngine``) follow as everywhere else. The script calls
its entry point ``main``: a `click.Command`, or a function without arguments, run at the end under
``if __name__ == "__main__":``. ``timbao`` offers each script's ``main`` as a verb. The guard above
holds only for ``scripts/search.py …`` and ``python3 scripts/search.py …``; ``python -m
scripts.search``, ``timbao`` and the tests find everything installed already and skip it.

What `enter` does: Python puts the folder of the file that it runs first on the path, where
``scripts/search.py`` would hide the package ``search``; `enter` puts the root of the project there
instead. Ctrl-C ends the script without a traceback while it is still importing; once it has its
``main``, it is a `KeyboardInterrupt` as everywhere. If this Python lacks a library of the project,
`enter` has ``scripts/install/environment`` make or renew ``.venv`` (progress on stderr) and starts
the script again with the Python of ``.venv``.

Invariant: the standard library alone, and no syntax newer than Python 3.8, since it must run on a
machine where nothing is installed yet. It knows nothing of the project's packages.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

SCRIPTS = Path(__file__).resolve().parents[1]
ROOT = SCRIPTS.parent
# One importable name for each entry of `dependencies` in pyproject.toml (a test compares them).
LIBRARIES = (
    "babel",
    "brotli",
    "certifi",
    "click",
    "filelock",
    "flask",
    "flask_limiter",
    "granian",
    "icu",
    "jinja2",
    "lxml",
    "markdown_it",
    "markupsafe",
    "msgspec",
    "numpy",
    "orjson",
    "prometheus_client",
    "readability",
    "resiliparse",
    "rich",
    *(() if sys.version_info >= (3, 11) else ("tomli",)),
    "trafilatura",
    "unidecode",
    "urllib3",
    "werkzeug",
    "whoosh",
    "yaml",
    "zstandard",
)
# Set for the second start, so that a `.venv` that stays incomplete is an error and not a loop.
ENTERED = "TIMBAO_ENTERED"


def enter() -> None:
    """Make the project's packages and their libraries importable, or start again where they are.

    Returns only if this process can import them. Otherwise the process is replaced by one of
    ``.venv/bin/python`` with the same arguments, or ends with status 1 and a message on stderr.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored
        signal.signal(signal.SIGINT, _end_or_interrupt)
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if not _is_scripts(entry))]
    restarted = os.environ.pop(ENTERED, None) is not None
    if restarted:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    missing = missing_libraries()
    if not missing and sys.version_info >= (3, 10):
        return
    if restarted:
        sys.exit(
            f"error: {sys.executable} still lacks {', '.join(missing)} after installation; "
            f"delete {ROOT / '.venv'} and try again"
        )
    python = _environment_python()
    os.environ[ENTERED] = "1"
    # Until it enters here again: a Python that is starting up answers Ctrl-C with a traceback.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    os.execv(python, [python, *_own_command()])  # noqa: S606 - no shell is wanted


def missing_libraries() -> list[str]:
    """Name the entries of `LIBRARIES` that this Python cannot find, without importing any."""
    return [name for name in LIBRARIES if importlib.util.find_spec(name) is None]


def _end_or_interrupt(number: int, frame: FrameType | None) -> None:
    """End by the signal while the script is still importing; interrupt its `main` afterwards."""
    if hasattr(sys.modules.get("__main__"), "main"):
        signal.default_int_handler(number, frame)
    _end_by(number)


def _end_by(number: int) -> None:
    """End as a program that never heard of this signal does, for whoever looks at its status."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _is_scripts(entry: str) -> bool:
    path = Path(entry).resolve()
    return bool(entry) and (path == SCRIPTS or SCRIPTS in path.parents)


def _environment_python() -> str:
    """Have ``environment`` beside this file make or renew `.venv`; it prints its Python."""
    interrupts: list[int] = []
    running: list[subprocess.Popen[str]] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        """Ctrl-C is that script's, which ends what it has begun; this process waits for it."""
        interrupts.append(number)
        for process in running:
            process.send_signal(number)

    handler = signal.getsignal(signal.SIGINT)
    if callable(handler):  # and not ignored
        signal.signal(signal.SIGINT, pass_on)
    with subprocess.Popen(  # noqa: S603 - the command is a file of this repository
        [str(SCRIPTS / "install" / "environment")],
        stdin=subprocess.DEVNULL,  # belongs to the script, which may read lines from it
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as made:
        running.append(made)
        for number in tuple(interrupts):  # what came before it ran
            made.send_signal(number)
        python, _ = made.communicate()
    signal.signal(signal.SIGINT, handler)
    if made.returncode != 0:
        sys.exit(made.returncode)
    if interrupts:
        _end_by(signal.SIGINT)
    return python.rstrip("\n")


def _own_command() -> list[str]:
    """The script and its arguments; options of Python itself (``-X dev``) are not carried over."""
    return [str(Path(sys.argv[0]).resolve()), *sys.argv[1:]]
