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
PACKAGES = ("index", "search")

# In a process of its own, for what is not whole may end it.
_LOAD = """
import importlib.util, sys, zlib
name, path, *sources = sys.argv[1:]
spec = importlib.util.spec_from_file_location(name, path)
part = importlib.util.module_from_spec(spec)
spec.loader.exec_module(part)
sys.exit(part.MADE_FROM != zlib.crc32(b"".join(open(s, "rb").read() for s in sources)))
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
    """Move a part that was compiled beside its source, if it is as it should be."""
    folder = source.parent.relative_to(ROOT)
    part = ".".join((*folder.parts, source.stem))
    sources = [*sorted(source.parent.glob("*.h")), source]
    for built in (WORK / "lib" / folder).glob(f"{source.stem}.*"):
        loads = subprocess.run(  # noqa: S603 - our own files
            [sys.executable, "-c", _LOAD, part, built, *sources], cwd=ROOT, check=False
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
