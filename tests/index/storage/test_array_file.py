"""The container of the language model: what is written is read, and damage is noticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.storage.array_file import ArrayFile, Kind, ModelFileError, write_arrays

KIND = Kind("sample", 3)
ARRAYS = {
    "bytes": np.array([1, 2, 255], np.uint8),
    "nothing": np.zeros(0, np.uint32),
    "words": np.array([1, 1 << 31], np.uint32),
    "wide": np.array([1 << 63], np.uint64),
    "shares": np.array([0.5, 0.25], np.float32),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_arrays(tmp_path / "model", KIND, ARRAYS)
    return tmp_path / "model"


def test_arrays_come_back_as_they_were_written(path):
    file = ArrayFile(path, KIND)
    file.verify()
    for name, array in ARRAYS.items():
        assert file.array(name).tolist() == array.tolist()
        assert file.array(name).dtype == array.dtype


def test_the_length_returned_is_that_of_the_file(tmp_path):
    assert write_arrays(tmp_path / "m", KIND, ARRAYS) == (tmp_path / "m").stat().st_size


def test_an_open_file_cannot_be_written_to(path):
    with pytest.raises(ValueError, match="read-only"):
        ArrayFile(path, KIND).array("words")[0] = 7


def test_no_partial_file_stays_behind(path):
    assert [each.name for each in path.parent.iterdir()] == ["model"]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda raw: b"", "no model file"),
        (lambda raw: b"PK" + raw[2:], "no model file"),
        (lambda raw: raw[:8] + b"\x09" + raw[9:], "format version 9"),
        (lambda raw: raw[:-64], "damaged or incomplete"),
        (lambda raw: raw[:40] + b"?" + raw[41:], "damaged or incomplete"),
    ],
)
def test_a_wrong_or_cut_file_is_refused_with_a_remedy(path, damage, message):
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelFileError, match=message) as caught:
        ArrayFile(path, KIND)
    assert "rebuild the index" in str(caught.value)
    assert str(path) in str(caught.value)


def test_another_kind_or_version_is_refused(path):
    with pytest.raises(ModelFileError, match="sample version 3, wanted sample version 4"):
        ArrayFile(path, Kind("sample", 4))


def test_verify_notices_one_changed_byte(path):
    raw = bytearray(path.read_bytes())
    raw[-64] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ModelFileError, match="damaged"):
        ArrayFile(path, KIND).verify()
