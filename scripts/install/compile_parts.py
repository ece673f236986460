"""Compile the inner loops of the project in place, for ``environment.sh``.

A part is put in its place when it is whole and loads; what was there before stays until then. Exit
status 1 if a part could not be made.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "var" / "build"
PACKAGES = ("index", "search")

# In a process of its own, for what is not whole may end it.
_LOAD = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location(*sys.argv[1:])
spec.loader.exec_module(importlib.util.module_from_spec(spec))
"""


def main() -> int:
    """Compile all parts."""
    shutil.rmtree(WORK, ignore_errors=True)
    arguments = ("build_ext", "--build-lib", WORK / "lib", "--build-temp", WORK, "--parallel", "2")
    subprocess.run(  # noqa: S603 - our own files
        [sys.executable, ROOT / "setup.py", *arguments], cwd=ROOT, check=True
    )
    sources = [source for package in PACKAGES for source in sorted((ROOT / package).rglob("*.pyx"))]
    made = [put_in_place(source) for source in sources]
    return 0 if all(made) else 1


def put_in_place(source: Path) -> bool:
    """Move a part that was compiled beside its source, if it loads."""
    folder = source.parent.relative_to(ROOT)
    part = ".".join((*folder.parts, source.stem))
    for built in (WORK / "lib" / folder).glob(f"{source.stem}.*"):
        loads = subprocess.run(  # noqa: S603 - our own files
            [sys.executable, "-c", _LOAD, part, built], cwd=ROOT, check=False
        )
        if loads.returncode == 0:
            new = source.with_name(built.name + ".new")
            shutil.copyfile(built, new)
            new.replace(source.with_name(built.name))
            return True
    print(f"{part} was not made")
    return False


if __name__ == "__main__":
    sys.exit(main())
