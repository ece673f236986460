"""Rebuild, update, switch and search with one call on a file, or all from one on, that fail.

``python -m tests.faults.failing FOLDER SAMPLES`` runs with ``failing_calls.c`` preloaded and the
index that :func:`tests.faults.trials.prepare` wrote into the folder, and prints one JSON object a
line. Each trial is made in a process that is forked for it.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import random
import shutil
import struct
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from index.build.publishing.applying import serve_former
from index.build.rebuild import RebuildOptions, rebuild, update
from index.errors import IndexDamaged, IndexingError
from index.snapshot import Snapshot
from index.storage.builds import (
    BUILDS_NAME,
    current_build,
    current_id,
    locked_for_rebuilding,
    verify_checksums,
)
from index.storage.manifest import MANIFEST_NAME
from search import IndexUnavailable, SearchEngine
from tests.faults.trials import NEWSROOM, Answers, answers_of

_PAGE = struct.Struct("5q")
ERRORS = (errno.EIO, errno.ENOSPC)
FOR_EVER = 1 << 62


class Trial(NamedTuple):
    """What was done, which calls failed, and what came of it.

    Attributes:
        work: what was done.
        first: number of the first call that failed; 0 for none.
        only: whether it alone failed, or all from it on.
        error: what the calls said.
        calls: how many there were.
        outcome: ``done``, ``error`` (a named one), ``fault`` (any other) or ``signal``.
        told: the message or traceback.
        served: ``before``, ``after`` or what is wrong with the index then.
    """

    work: str
    first: int
    only: bool
    error: str
    calls: int = 0
    outcome: str = ""
    told: str = ""
    served: str = ""


class Calls:
    """The page by which the preloaded library is told when calls fail."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), _PAGE.size)

    def arm(self, first: int, last: int, error: int) -> None:
        self._page[:] = _PAGE.pack(1, 0, first, last, error)

    def disarm(self) -> int:
        """Returns how many calls there were."""
        count = int(_PAGE.unpack(self._page[:])[1])
        self._page[:] = _PAGE.pack(0, 0, 0, 0, 0)
        return count


def _rebuild(folder: Path, _right: Answers) -> None:
    rebuild(folder / "index", [NEWSROOM])


def _update(folder: Path, _right: Answers) -> None:
    update(folder / "index", [folder / "last.jsonl"], RebuildOptions(deletes=False))


def _switch(folder: Path, _right: Answers) -> None:
    with locked_for_rebuilding(folder / "index"):
        serve_former(folder / "index")


def _search(folder: Path, right: Answers) -> None:
    with SearchEngine.open(folder / "index", clock=lambda: date(2026, 1, 31)) as engine:
        if answers_of(engine) != right:
            raise AssertionError("other answers")


WORK: Mapping[str, Callable[[Path, Answers], None]] = {
    "rebuild": _rebuild,
    "update": _update,
    "switch": _switch,
    "search": _search,
}


def _make(folder: Path, trial: Trial, calls: Calls, right: Answers) -> Trial:
    place = folder / "failing"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder / "index", place / "index", copy_function=os.link)
    shutil.copy(folder / "last.jsonl", folder / "failing.jsonl")
    (place / "last.jsonl").symlink_to(folder / "failing.jsonl")
    before = current_id(place / "index")
    last = trial.first if trial.only else FOR_EVER
    reader, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        calls.arm(trial.first, last, getattr(errno, trial.error))
        _child(writing, place, trial, right)
    os.close(writing)
    with open(reader, "rb") as said:  # noqa: PTH123 - a descriptor
        words = said.read()
    _, status = os.waitpid(child, 0)
    trial = trial._replace(calls=calls.disarm())
    if os.WIFSIGNALED(status):
        return trial._replace(outcome="signal", told=str(os.WTERMSIG(status)))
    outcome, told = json.loads(words)
    return trial._replace(outcome=outcome, told=told, served=_served(place / "index", before))


def _child(pipe: int, place: Path, trial: Trial, right: Answers) -> None:
    try:
        WORK[trial.work](place, right)
        outcome = "done", ""
    except (IndexingError, IndexUnavailable) as error:
        outcome = "error", str(error)
    except BaseException:
        outcome = "fault", traceback.format_exc()
    os.write(pipe, json.dumps(outcome).encode()[:60_000])
    os._exit(0)


def _served(index_dir: Path, before: str) -> str:
    """What is served once all is well again, and whether the next rebuild leaves nothing else."""
    try:
        served = _whole(index_dir)
        update(index_dir, [index_dir.parent / "last.jsonl"], RebuildOptions(deletes=False))
        _whole(index_dir)
    except (IndexingError, IndexUnavailable) as error:
        return str(error)
    unfinished = [
        build.name
        for build in (index_dir / BUILDS_NAME).iterdir()
        if not (build / MANIFEST_NAME).exists()
    ]
    if unfinished or [*index_dir.rglob("*.new")]:
        return f"litter: {unfinished or [*index_dir.rglob('*.new')]}"
    return "before" if served == before else "after"


def _whole(index_dir: Path) -> str:
    build = current_build(index_dir)
    verify_checksums(build)
    if Snapshot.open(build.path).doc_count != build.manifest.articles:
        raise IndexDamaged(f"{build.path}: holds other articles than its manifest says")
    return build.id


def main(folder: Path, samples: int) -> None:
    calls = Calls(Path(os.environ["FAULTS_PAGE"]))
    right = json.loads((folder / "right.json").read_text())["search"]
    for work in WORK:
        whole = _make(folder, Trial(work, 0, True, "EIO"), calls, right)
        _say(whole)
        chance = random.Random(work)
        numbers = range(1, whole.calls + 1)
        for first in sorted(chance.sample(numbers, min(samples, len(numbers)))):
            error = errno.errorcode[chance.choice(ERRORS)]
            _say(_make(folder, Trial(work, first, chance.random() < 0.6, error), calls, right))


def _say(trial: Trial) -> None:
    sys.stdout.write(f"{json.dumps(trial)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
