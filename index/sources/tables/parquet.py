"""Parquet, as data sets of Hugging Face and warehouses are: columns named as in other records."""

from __future__ import annotations

from collections.abc import Iterator

from index.sources.extras import needing
from index.sources.files.stream import DamagedStreamError, Stream
from index.sources.kind import Kind, Sample
from index.sources.records.export import article_from_export
from index.sources.records.outcome import Outcome
from index.sources.tables.sql import sql_value

_ROWS_AT_ONCE = 500


def _recognises(sample: Sample) -> bool:
    return sample.start.startswith(b"PAR1")


def _read(stream: Stream) -> Iterator[Outcome]:
    with needing("PyArrow", "parquet"):
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    number = 0
    with stream.on_disk() as path:
        try:
            with ParquetFile(path) as table:
                for batch in table.iter_batches(_ROWS_AT_ONCE):
                    for row in batch.to_pylist():
                        number += 1
                        record = {str(name): sql_value(value) for name, value in row.items()}
                        yield article_from_export(record, f"{stream.name}:{number}", stream.names)
        except (ArrowException, OSError, ValueError) as error:
            raise DamagedStreamError(f"the table cannot be read on ({error})") from error


KIND = Kind("parquet", _recognises, _read)
