"""How much memory processes take, in megabytes."""

from __future__ import annotations

from pathlib import Path

MB_IN_KIB = 1024 / 1e6
"""Linux counts memory in kibibytes."""


def private_mb(process: int | str = "self") -> float:
    """What a process has in memory that no other shares; 0 where the system does not say.

    Pages of the index are the system's, also those that only this process has looked at so far: it
    takes them back whenever it needs them. They are private but never written to.

    Args:
        process: its number, or "self".
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0.0
    written = [int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")]
    return sum(written) * MB_IN_KIB
