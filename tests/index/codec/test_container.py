"""A file of arrays gives back what was written, or names itself and what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.codec.container import ALIGNMENT, Container, ContainerWriter
from index.errors import IndexDamaged, IndexIncompatible


def write(path: Path) -> None:
    with ContainerWriter(path) as writer:
        writer.add("bytes", np.frombuffer("tiếng Việt".encode(), np.uint8))
        writer.begin("numbers", np.dtype(np.uint32))
        writer.extend("numbers", np.arange(5, dtype=np.uint32))
        writer.extend("numbers", np.arange(3))
        writer.add("none", np.zeros(0, np.uint64))
        writer.finish({"documents": 3})


def test_arrays_come_back_aligned_and_read_only(tmp_path):
    write(tmp_path / "a")
    container = Container(tmp_path / "a")
    assert container.array("bytes").tobytes().decode() == "tiếng Việt"
    assert container.array("numbers").tolist() == [0, 1, 2, 3, 4, 0, 1, 2]
    assert container.array("numbers").dtype == np.uint32
    assert len(container.array("none")) == 0
    assert container.facts == {"documents": 3}
    assert container.array("numbers").ctypes.data % ALIGNMENT == 0
    with pytest.raises(ValueError, match="read-only"):
        container.array("numbers")[0] = 1
    container.verify()


@pytest.mark.parametrize("size", [0, 10, 100, -1, -30])
def test_a_file_cut_short_is_not_opened(tmp_path, size):
    write(tmp_path / "a")
    data = (tmp_path / "a").read_bytes()
    (tmp_path / "a").write_bytes(data[:size])
    with pytest.raises(IndexDamaged, match="a:"):
        Container(tmp_path / "a")


def test_every_changed_byte_is_noticed_at_opening_or_by_verifying(tmp_path):
    write(tmp_path / "a")
    data = (tmp_path / "a").read_bytes()
    places = np.frombuffer(data, np.uint8)
    for at in range(len(data)):
        changed = places.copy()
        changed[at] ^= 0x40
        (tmp_path / "b").write_bytes(changed.tobytes())
        try:
            container = Container(tmp_path / "b")
            same = all(
                container.array(name).tobytes() == Container(tmp_path / "a").array(name).tobytes()
                for name in container.names()
            )
            container.verify()
        except (IndexDamaged, IndexIncompatible) as error:
            assert "b:" in str(error)  # noqa: PT017 - which of the two calls raises does not matter
        else:
            assert same, f"byte {at} changed an array unnoticed"


def test_a_missing_array_and_a_missing_file_are_named(tmp_path):
    write(tmp_path / "a")
    with pytest.raises(IndexDamaged, match="nowhere"):
        Container(tmp_path / "a").array("nowhere")
    with pytest.raises(IndexDamaged, match="missing"):
        Container(tmp_path / "missing")


def test_another_version_is_not_read(tmp_path):
    write(tmp_path / "a")
    data = bytearray((tmp_path / "a").read_bytes())
    data[8] = 200
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(IndexIncompatible, match="200"):
        Container(tmp_path / "a")


def test_a_file_that_could_not_be_finished_is_removed(tmp_path):
    with pytest.raises(ZeroDivisionError), ContainerWriter(tmp_path / "a"):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())
