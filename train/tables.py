"""Tables for a terminal."""

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from train.report_sections import Section, report_sections

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
    """Print the sections of a report; of a long one only what it says."""
    rest = "the report that --html and --markdown write has them, and MLflow."
    print_sections(report_sections(report), file, most_of_long=0, rest=rest)


def print_sections(sections: Iterable[Section], file: TextIO, *, most_of_long: int = 0, rest: str = "") -> None:
    """Print sections, of a long one `most_of_long` rows; `rest` says where the other rows are."""
    for section in sections:
        print_paragraphs([f"[b]{escape(section.title)}[/b]", *map(escape, section.notes)], file)
        rows = section.rows[:most_of_long] if section.long else section.rows
        if rows:
            print_rows(section.head, rows, file)
        else:
            file.write("\n")
        if len(rows) < len(section.rows):
            file.write(f"… and {len(section.rows) - len(rows)} more: {rest}\n\n")


def print_paragraphs(paragraphs: Iterable[str], file: TextIO) -> None:
    """Print paragraphs of rich's markup, broken at the width of the terminal."""
    console = Console(file=file, width=None if file.isatty() else WIDTH_IN_A_FILE, highlight=False)
    for paragraph in paragraphs:
        console.print(paragraph)


def _label(label: str | None) -> Text:
    return Text(label or "–", style=COLOURS.get(label or "", ""))


def _print(table: Table, file: TextIO) -> None:
    console = Console(file=file, width=None if file.isatty() else WIDTH_IN_A_FILE, highlight=False)
    console.print(table)
