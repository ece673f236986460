"""Whatever a file is made of, reading it takes no more than its size, and costs no other file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.faults.hostile import FILES

ROOT = Path(__file__).parents[2]


def test_no_file_takes_more_time_or_memory_than_its_size_is_worth(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.hostile", tmp_path],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
    )
    told = dict(map(json.loads, done.stdout.splitlines()))
    assert set(told) == set(FILES)
    wrong = {n: said for n, said in told.items() if re.match(r"raised|ended|nothing|$", said)}
    assert wrong == {}
