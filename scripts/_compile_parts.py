"""Compile the inner loops of the project in place, for ``_environment.sh``.

A part is put in its place when it is whole, loads, and was made from the source that is there; what
was there before stays until then. Exit status 1 if a part could not be made.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "var" / "build"
PARTS = ("index.codec.compiled", "search.compiled", "search.ranking.compiled")

# In a process of its own, for what is not whole may end it.
_LOAD = """
import importlib.util, sys, zlib
name, path, source = sys.argv[1:]
spec = importlib.util.spec_from_file_location(name, path)
part = importlib.util.module_from_spec(spec)
spec.loader.exec_module(part)
sys.exit(part.MADE_FROM != zlib.crc32(open(source, "rb").read()))
"""


def main() -> int:
    """Compile all parts."""
    shutil.rmtree(WORK, ignore_errors=True)
    arguments = ("build_ext", "--build-lib", WORK / "lib", "--build-temp", WORK, "--parallel", "2")
    subprocess.run(  # noqa: S603 - our own files
        [sys.executable, ROOT / "setup.py", *arguments], cwd=ROOT, check=True
    )
    made = [put_in_place(part) for part in PARTS]
    return 0 if all(made) else 1


def put_in_place(part: str) -> bool:
    """Move a part that was compiled beside its source, if it is as it should be."""
    folder, _, name = part.replace(".", "/").rpartition("/")
    source = ROOT / folder / f"{name}.pyx"
    for built in (WORK / "lib" / folder).glob(f"{name}.*"):
        loads = subprocess.run(  # noqa: S603 - our own files
            [sys.executable, "-c", _LOAD, part, built, source], cwd=ROOT, check=False
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
