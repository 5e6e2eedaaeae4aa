"""Records to the screen or to a file: a table, JSON lines, CSV or Parquet."""

import csv
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
    columns: Mapping[str, type],
    table: Callable[[Iterable[Record], TextIO], None],
) -> int:
    """Write records in a format to a file, whole or not at all, or to standard output; return their number.

    In CSV a cell that is a list or an object holds it as JSON; in Parquet it is nested. `columns` are those
    of CSV and Parquet with their types (`object` for those of the results themselves).
    """
    counted = _Counted(records)
    if form == "parquet" and output:
        with whole_file(output) as path:
            _write_parquet(counted, path, columns)
        return counted.number
    with _text_output(output) as file:
        if form == "jsonl":
            for record in counted:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        elif form == "csv":
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([_cell(record.get(column)) for column in columns] for record in counted)
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


def all_columns(columns: Sequence[str], records: Iterable[Record]) -> dict[str, type]:
    """Return the columns, and after them every other that a record has, each with the type that holds its values."""
    kinds: dict[str, type] = dict.fromkeys(columns, object)
    for record in records:
        for name, value in record.items():
            known = kinds.get(name)
            if known is not object and value is not None and known is not type(value):
                kinds[name] = _wider(known, type(value))
            kinds.setdefault(name, type(None))
    return {name: str if kind is type(None) else kind for name, kind in kinds.items()}


def _wider(known: type | None, kind: type) -> type:
    if known in (None, type(None)):
        return kind
    return float if {known, kind} == {int, float} else str


def write_whole(text: str, output: Path | None) -> None:
    """Write a text to a file, whole or not at all, or to standard output."""
    with _text_output(output) as file:
        file.write(text)


def _write_parquet(records: Iterable[Record], path: Path, columns: Mapping[str, type]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def probabilities(labels: Sequence[str]) -> pa.DataType:
        return pa.struct([(label, pa.float64()) for label in labels])

    nested = {
        "mentions": pa.list_(pa.list_(pa.int64())),
        "probabilities": probabilities(STANCES),
        "sentiment_probabilities": probabilities(SENTIMENTS),
    }
    whole = {"sentence_index": pa.int64(), "sentence_start": pa.int64()}
    plain = {bool: pa.bool_(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema(
        [(name, {**nested, **whole}.get(name) or plain.get(kind, pa.string())) for name, kind in columns.items()]
    )
    texts = [name for name, kind in columns.items() if kind is str]
    rows = iter(records)
    with pq.ParquetWriter(path, schema) as writer:
        while group := list(itertools.islice(rows, PARQUET_ROWS)):
            for row in group:
                row.update({name: str(row[name]) for name in texts if row.get(name) is not None})
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
