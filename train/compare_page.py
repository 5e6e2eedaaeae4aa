"""A comparison of runs as text: for a terminal, in Markdown, as JSON, and as one self-contained page."""

import dataclasses
import io
import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich.markup import escape

from train.compare_sections import compare_sections, compare_title
from train.report_markdown import escaped, sections_markdown
from train.tables import print_paragraphs, print_rows

MOST_SHOWN = 20  # differing sentences in a terminal


def compare_page(comparison: Mapping[str, Any]) -> str:
    """Return the page of a comparison as HTML; whatever names and sentences hold, it is shown as text."""
    environment = Environment(
        loader=PackageLoader("train"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("compare.html.j2").render(
        title=compare_title(comparison), sections=compare_sections(comparison)
    )


def compare_markdown(comparison: Mapping[str, Any]) -> str:
    """Return a comparison in Markdown, whole."""
    sections = [
        dataclasses.replace(section, title=escaped(section.title), notes=[escaped(note) for note in section.notes])
        for section in compare_sections(comparison)
    ]
    return f"# {escaped(compare_title(comparison))}\n\n" + sections_markdown(sections)


def compare_table(comparison: Mapping[str, Any], file: TextIO) -> None:
    """Print a comparison, of the differing sentences only the first."""
    for section in compare_sections(comparison):
        print_paragraphs([f"[b]{escape(section.title)}[/b]", *map(escape, section.notes)], file)
        rows = section.rows[:MOST_SHOWN] if section.long else section.rows
        if rows:
            print_rows(section.head, rows, file)
        else:
            file.write("\n")
        if len(rows) < len(section.rows):
            file.write(f"… and {len(section.rows) - len(rows)} more: --format html, markdown or json has them all.\n\n")


def _table_text(comparison: Mapping[str, Any]) -> str:
    text = io.StringIO()
    compare_table(comparison, text)
    return text.getvalue()


def _json_text(comparison: Mapping[str, Any]) -> str:
    return json.dumps(comparison, ensure_ascii=False, indent=1) + "\n"


WRITERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "table": _table_text,
    "json": _json_text,
    "markdown": compare_markdown,
    "html": compare_page,
}
