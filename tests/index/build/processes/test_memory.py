"""Keeping memory while an index is built."""

from __future__ import annotations

import platform
import subprocess
import sys
import textwrap


def test_arrays_made_again_and_again_fault_no_pages_in_anew():
    first, kept = map(int, _faults().split())
    glibc = platform.libc_ver()[0] == "glibc"
    assert kept < (first / 4 if glibc else 1.1 * first)


def _faults() -> str:
    """Page faults of making arrays again and again, before and after."""
    script = """
        import resource
        import numpy as np
        from index.build.processes.memory import keep_memory

        def faults():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            for _ in range(50):
                np.ones(20_000_000, np.uint8)
            return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

        print(faults())
        keep_memory()
        np.ones(20_000_000, np.uint8)
        print(faults())
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True
    ).stdout
