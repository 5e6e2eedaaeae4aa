"""Articles as rows of a file: JSON lines, CSV, Parquet, read a few at a time."""

import csv
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.problems import UserError

ROW_SUFFIXES = (".jsonl", ".csv", ".parquet")
ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class BadRow:
    """A row that holds no article, and why."""

    why: str


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any] | BadRow]]:
    """Yield the rows of a .jsonl, .csv or .parquet file, each with its place ("a.jsonl:3").

    Raises:
        UserError: The file as a whole cannot be read, or holds nothing.
    """
    reader = {".jsonl": _json_lines, ".csv": _csv_rows, ".parquet": _parquet_rows}[path.suffix]
    empty = True
    for number, row in reader(path):
        empty = False
        yield f"{path}:{number}", row
    if empty:
        raise UserError(f"{path}: expected articles, found an empty file. Check what wrote it.")


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, _json_row(line)


def _json_row(line: bytes) -> dict[str, Any] | BadRow:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return BadRow(f"expected UTF-8, found byte 0x{line[error.start]:02x}")
    except (json.JSONDecodeError, RecursionError) as error:
        return BadRow(f"expected one JSON object, found broken JSON ({getattr(error, 'msg', 'nested too deep')})")
    if not isinstance(record, dict):
        return BadRow(f"expected one JSON object, found {type(record).__name__}")
    return record


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    csv.field_size_limit(sys.maxsize)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, dialect=_dialect(file.read(1 << 16)))
            file.seek(0)
            for row in reader:
                if None in row or None in row.values():
                    yield (
                        reader.line_num,
                        BadRow(f"expected {len(reader.fieldnames or ())} cells, found another number"),
                    )
                else:
                    yield reader.line_num, dict(row)
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: expected UTF-8, found byte 0x{error.object[error.start]:02x}. Save the file as UTF-8."
        ) from error
    except csv.Error as error:
        raise UserError(f"{path}: expected CSV, found a mistake: {error}.") from error


def _dialect(beginning: str) -> type[csv.Dialect]:
    """Return the dialect by the first line: commas, semicolons or tabs between cells."""
    head = beginning.partition("\n")[0]

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=head.count)
        strict = True

    return Dialect


def _parquet_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UserError(f"{path}: expected Parquet ({str(error).splitlines()[0]}). Check what wrote it.") from error
    number = 0
    for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
        for row in batch.to_pylist():
            number += 1
            yield number, row
