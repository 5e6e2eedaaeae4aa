"""A comparison of runs as text: for a terminal, in Markdown, as JSON, and as one self-contained page."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from train.compare_sections import compare_sections, compare_title
from train.rendering import render
from train.report_markdown import escaped, sections_markdown
from train.tables import print_sections

MOST_SHOWN = 20  # differing sentences in a terminal


def compare_page(comparison: Mapping[str, Any]) -> str:
    """Return the page of a comparison as HTML; whatever names and sentences hold, it is shown as text."""
    return render("compare.html.j2", title=compare_title(comparison), sections=compare_sections(comparison))


def compare_markdown(comparison: Mapping[str, Any]) -> str:
    """Return a comparison in Markdown, whole."""
    return f"# {escaped(compare_title(comparison))}\n\n" + sections_markdown(compare_sections(comparison))


def compare_table(comparison: Mapping[str, Any], file: TextIO) -> None:
    """Print a comparison, of the differing sentences only the first."""
    rest = "--format html, markdown or json has them all."
    print_sections(compare_sections(comparison), file, most_of_long=MOST_SHOWN, rest=rest)


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
