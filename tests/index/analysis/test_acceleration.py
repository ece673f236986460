"""Compiled parts are used where they are there and were made from the source beside them."""

from __future__ import annotations

import shutil
import sys
import sysconfig
import zlib
from pathlib import Path

import pytest

from index.analysis.acceleration import usable

ROOT = Path(__file__).resolve().parents[3]
PARTS = [
    ".".join(source.relative_to(ROOT).with_suffix("").parts)
    for package in ("index", "search")
    for source in sorted((ROOT / package).rglob("*.pyx"))
]
CAN_COMPILE = (
    shutil.which("cc") is not None and Path(sysconfig.get_path("include"), "Python.h").exists()
)


@pytest.mark.skipif(not CAN_COMPILE, reason="no C compiler, or no headers of Python")
@pytest.mark.parametrize("part", PARTS)
def test_the_inner_loops_are_compiled_where_there_is_a_compiler(part: str) -> None:
    assert usable(part), "compile them: python setup.py build_ext --inplace"


@pytest.mark.parametrize(
    ("source", "used"),
    [(None, True), ("as compiled", True), ("changed since", False)],
    ids=["installed without source", "made from this source", "made from another"],
)
def test_parts_made_from_another_source_are_not_used(
    source: str | None, used: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_from = zlib.crc32(b"as compiled")
    (tmp_path / "parts.py").write_text(f"MADE_FROM = {made_from}\n", encoding="utf-8")
    if source is not None:
        (tmp_path / "parts.pyx").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert usable("parts") == used
    finally:
        sys.modules.pop("parts", None)
        usable.cache_clear()


def test_parts_that_do_not_say_from_what_they_were_made_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("silent.py", "silent.pyx"):
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert not usable("silent")
    finally:
        sys.modules.pop("silent", None)
        usable.cache_clear()


def test_parts_that_were_never_made_are_not_used() -> None:
    assert not usable("index.codec.never_made")
