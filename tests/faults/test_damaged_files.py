"""Every file of an index damaged in every way: an error that says so, no wrong answer, no signal.

Two hundred trials here; ``TIMBAO_FAULTS=5000 pytest tests/faults`` makes more. The number of a
trial that fails makes it again: ``python -m tests.faults.trials FOLDER NUMBER NUMBER+1``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from index.build.rebuild import RebuildOptions, update
from index.errors import IndexDamaged
from index.storage.builds import current_build, current_id
from tests.faults.trials import Trial, prepare

TRIALS = int(os.environ.get("TIMBAO_FAULTS", "200"))
PROCESSES = 2
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults")
    prepare(folder)
    return folder


def trials(folder: Path, first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.trials", folder, str(first), str(last)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
    )


def test_damage_is_told_and_never_served(folder: Path) -> None:
    share = -(-TRIALS // PROCESSES)
    running = [trials(folder, first, first + share) for first in range(0, TRIALS, share)]
    lines = [line for process in running for line in process.communicate()[0].splitlines()]
    made = [Trial(*json.loads(line)) for line in lines]
    assert len(made) == share * len(running)
    assert [trial for trial in made if trial.outcome in ("signal", "fault")] == []
    # What was whole when a server opened it, and is not any more, may answer otherwise before it
    # raises anything; whoever opens it from then on is told.
    others = [trial for trial in made if trial.asked != "search on"]
    assert [trial for trial in others if trial.outcome == "other"] == []
    assert Counter(trial.outcome for trial in others)["error"] > 0.9 * len(others)


@pytest.mark.parametrize("lost", ["a file", "the manifest"])
def test_what_is_added_to_an_index_that_cannot_be_read_does_not_replace_it(
    lost: str, folder: Path, tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    subprocess.run(["cp", "-r", folder / "index", index_dir], check=True)
    build = current_build(index_dir)
    path = build.path / ("manifest.json" if lost == "the manifest" else "suggestions")
    path.unlink()
    with pytest.raises(IndexDamaged, match=path.name):
        update(index_dir, [folder / "last.jsonl"], RebuildOptions(deletes=False))
    assert current_id(index_dir) == build.id
    assert (build.path / "language.model").exists()
