"""Reading, writing and forcing to disk fail at any call: done, or told while the old build serves.

Eight calls of each work here; ``TIMBAO_FAULTS=5000 pytest tests/faults`` tries all of them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.failing import WORK, Trial
from tests.faults.trials import prepare

SAMPLES = max(8, int(os.environ.get("TIMBAO_FAULTS", "200")) // 25)
LAST_CALLS = 12
"""That come when a build has been switched to: forcing its name to the disk, and tidying up."""

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The compiled library that makes calls fail."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler and Linux")
    library = tmp_path_factory.mktemp("library") / "failing_calls.so"
    command = [compiler, "-shared", "-fPIC", "-o", library, HERE / "failing_calls.c", "-ldl"]
    subprocess.run(command, check=True)
    return library


def test_a_call_that_fails_costs_no_build_and_is_told(library: Path, tmp_path: Path) -> None:
    prepare(tmp_path)
    (tmp_path / "page").write_bytes(bytes(40))
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.failing", tmp_path, str(SAMPLES)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
        cwd=HERE.parents[1],
        env={
            **os.environ,
            "LD_PRELOAD": str(library),
            "FAULTS_PAGE": str(tmp_path / "page"),
            "FAULTS_FOLDER": f"{tmp_path / 'failing'}/",
        },
    )
    trials = [Trial(*json.loads(line)) for line in done.stdout.splitlines()]
    assert {trial.work for trial in trials if trial.outcome == "done" and not trial.first} == {
        *WORK
    }
    assert {trial.work for trial in trials if trial.outcome == "error"} == {*WORK}
    assert [trial for trial in trials if trial.outcome not in ("done", "error")] == []
    assert [trial for trial in trials if trial.served not in ("before", "after")] == []
    for trial in trials:
        if trial.outcome == "done":
            assert trial.served == ("before" if trial.work == "search" else "after"), trial
        elif trial.served == "after":  # the new name is there, but not surely on the disk
            assert trial.calls - trial.first < LAST_CALLS, trial
