"""Records to the screen or to a file: a table, JSON lines, CSV or Parquet."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from data.labels import SENTIMENTS, STANCES
from data.problems import UserError
from data.writing import whole_file

Record = dict[str, Any]
PARQUET_ROWS = 10_000


def check_output(output: Path | None, form: str) -> None:
    """Refuse an output that cannot be written, before any work is done.

    Raises:
        UserError: The file exists and is not empty, its folder does not exist, or the format needs a file.
    """
    if output is None:
        if form == "parquet":
            raise UserError("--format parquet: expected a file to write to, found none. Name it with --output.")
        return
    if output.is_dir():
        raise UserError(f"--output {output}: expected a file, found a folder. Name a file in it.")
    if output.exists() and output.stat().st_size:
        raise UserError(f"--output {output}: expected a new or empty file, found something in it. Choose another name.")
    if not output.absolute().parent.is_dir():
        raise UserError(f"--output {output}: its folder does not exist. Make it first.")


def write_records(
    records: Iterable[Record],
    *,
    form: str,
    output: Path | None,
    columns: Sequence[str],
    table: Callable[[Iterable[Record], TextIO], None],
) -> int:
    """Write records in a format to a file, whole or not at all, or to standard output; return their number.

    In CSV a cell that is a list or an object holds it as JSON; in Parquet it is nested.
    """
    counted = _Counted(records)
    if form == "parquet" and output:
        with whole_file(output) as path:
            _write_parquet(counted, path)
        return counted.number
    with _text_output(output) as file:
        if form == "jsonl":
            for record in counted:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        elif form == "csv":
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([_cell(record[column]) for column in columns] for record in counted)
        else:
            table(counted, file)
    return counted.number


class _Counted:
    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self.number = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.number += 1
            yield record


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


@contextmanager
def _text_output(output: Path | None) -> Iterator[TextIO]:
    if output is None:
        yield sys.stdout
        return
    with whole_file(output) as path, path.open("w", encoding="utf-8", newline="") as file:
        yield file


def _write_parquet(records: Iterable[Record], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def probabilities(labels: Sequence[str]) -> pa.DataType:
        return pa.struct([(label, pa.float64()) for label in labels])

    schema = pa.schema(
        [
            ("article", pa.string()),
            ("sentence_index", pa.int64()),
            ("sentence_start", pa.int64()),
            ("sentence", pa.string()),
            ("actor", pa.string()),
            ("mentions", pa.list_(pa.list_(pa.int64()))),
            ("stance", pa.string()),
            ("probabilities", probabilities(STANCES)),
            ("sentiment", pa.string()),
            ("sentiment_probabilities", probabilities(SENTIMENTS)),
        ]
    )
    with pq.ParquetWriter(path, schema) as writer:
        rows: list[Record] = []
        for record in records:
            rows.append(record)
            if len(rows) == PARQUET_ROWS:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
                rows = []
        writer.write_table(pa.Table.from_pylist(rows, schema=schema))
