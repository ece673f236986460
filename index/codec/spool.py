"""Temporary storage for an array that grows piece by piece until its turn to be written has come.

A segment's arrays grow side by side but lie in the file one after the other, so each waits in a
file without a name; memory stays bounded whatever the corpus, and a killed process leaves nothing
behind.
"""

from __future__ import annotations

import tempfile

import numpy as np

from index.codec.container import AnyArray, ContainerWriter

_IN_MEMORY = 4_000_000
_PIECE = 1 << 22


class Spool:
    """One growing array of a fixed dtype; beyond a few megabytes it waits beside the file.

    Args:
        writer: of the file in which the array will be; it closes what was not written.
        dtype: of the array.
    """

    def __init__(self, writer: ContainerWriter, dtype: type[np.generic]) -> None:
        self._writer = writer
        self._dtype: np.dtype[np.generic] = np.dtype(dtype)
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed by write or the writer
            max_size=_IN_MEMORY, dir=str(writer.path.parent)
        )
        writer.waiting.callback(self._file.close)
        self.items = 0

    def append(self, piece: AnyArray) -> None:
        """Add a piece at the end."""
        self._file.write(np.ascontiguousarray(piece, self._dtype).data.cast("B"))
        self.items += len(piece)

    def write(self, name: str) -> None:
        """Write the whole array and give the storage back; call it once."""
        self._writer.begin(name, self._dtype)
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            self._writer.extend(name, np.frombuffer(piece, self._dtype))
        self._file.close()
