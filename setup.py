"""The compiled parts of the package; everything else about it is in pyproject.toml.

In place, which is what a clone runs from: ``python setup.py build_ext --inplace``.
"""

import zlib
from pathlib import Path

from setuptools import Extension, setup


def compiled(source: Path) -> Extension:
    """A compiled module, which knows from what it was made (``index/analysis/acceleration.py``)."""
    headers = sorted(source.parents[1].rglob("*.h"))
    checksum = zlib.crc32(b"".join(path.read_bytes() for path in (*headers, source)))
    return Extension(
        ".".join(source.with_suffix("").parts),
        [source.as_posix()],
        depends=[header.as_posix() for header in headers],
        define_macros=[("MADE_FROM_SOURCE", f"{checksum}u")],
        extra_compile_args=["-O3", "-g0"],
        # Where there is no C compiler NumPy does the same, only slower.
        optional=True,
    )


setup(
    ext_modules=[
        compiled(source)
        for package in ("index", "search")
        for source in sorted(Path(package).rglob("*.pyx"))
    ]
)
