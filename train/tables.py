"""Tables for a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

COLOURS = {"against": "red", "favor": "green", "negative": "red", "positive": "green"}
WIDTH_IN_A_FILE = 160


def prediction_table(records: Iterable[dict[str, Any]], file: TextIO) -> None:
    """Print predictions: the sentence once, then a line for each of its actors."""
    table = Table("sentence", "actor", "stance", "probability", "sentiment", show_lines=False, box=None, pad_edge=False)
    table.columns[0].ratio = 1
    table.columns[3].justify = "right"
    before = None
    for record in records:
        place = (record["article"], record["sentence_index"])
        stance = record["stance"]
        table.add_row(
            Text(record["sentence"] if place != before else ""),
            Text(record["actor"] or "–"),
            _label(stance),
            f"{record['probabilities'][stance]:.2f}" if stance else "–",
            _label(record["sentiment"]) if place != before else "",
        )
        before = place
    _print(table, file)


def plain_table(records: Iterable[dict[str, Any]], file: TextIO) -> None:
    """Print records as they are, a column for each key."""
    table: Table | None = None
    for record in records:
        if table is None:
            table = Table(*record, box=None, pad_edge=False)
        table.add_row(*(Text(str(value)) for value in record.values()))
    if table:
        _print(table, file)


def print_rows(head: Sequence[str], rows: Iterable[Sequence[str]], file: TextIO) -> None:
    """Print rows of text, the figures to the right, and an empty line after them."""
    table = Table(*head, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    for column in table.columns[1:]:
        column.justify = "left" if head[-1] == "sentence" else "right"
    _print(table, file)
    file.write("\n")


def report_table(report: dict[str, Any], file: TextIO) -> None:
    """Print the figures of a report, stance beside sentiment."""
    table = Table("", "stance", "sentiment", box=None, pad_edge=False)
    for name in dict.fromkeys([*report["stance"], *report["sentiment"]]):
        cells = [figure_text(report[kind][name]) if name in report[kind] else "–" for kind in ("stance", "sentiment")]
        table.add_row(name, *cells)
    for name in ("ece", "brier"):
        cells = [_calibration_text(report["calibration"].get(kind), name) for kind in ("stance", "sentiment")]
        table.add_row(f"{name}, before → after", *cells)
    counts = report["counts"]
    table.add_row("labels", str(counts["stance_labels"]), str(counts["sentiment_labels"]))
    _print(table, file)
    slices = Table("slice of stance", "labels", "macro_f1", box=None, pad_edge=False)
    slices.columns[1].justify = "right"
    few = [name.removeprefix("actor: ") for name, part in report["slices"].items() if "too_few" in part]
    for name, part in report["slices"].items():
        if "too_few" not in part:
            slices.add_row(Text(name), str(part["labels"]), figure_text(part["macro_f1"]))
    _print(slices, file)
    if few:
        file.write(f"too few labels for a figure of their own: {', '.join(few)}\n")


def figure_text(figure: dict[str, float]) -> str:
    """Return a figure with its interval: 0.722 [0.690, 0.751]."""
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _calibration_text(calibration: dict[str, Any] | None, name: str) -> str:
    return f"{calibration['before'][name]:.3f} → {calibration['after'][name]:.3f}" if calibration else "–"


def _label(label: str | None) -> Text:
    return Text(label or "–", style=COLOURS.get(label or "", ""))


def _print(table: Table, file: TextIO) -> None:
    console = Console(file=file, width=None if file.isatty() else WIDTH_IN_A_FILE, highlight=False)
    console.print(table)
