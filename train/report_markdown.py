"""A report in Markdown: for a file, a model card, and the description of a run."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from train.report_sections import KINDS, Section, figure_text, report_sections

IN_SUMMARY = ("Figures", "Controls", "Swapped actors")


def report_markdown(report: Mapping[str, Any], *, title: str) -> str:
    """Return the whole report."""
    head = f"# {escaped(title)}\n\nSHA-256 of the sentences: `{report['data_sha256']}`\n\n"
    return head + sections_markdown(report_sections(report))


def summary_markdown(report: Mapping[str, Any]) -> str:
    """Return what stands first in a report: its figures, and the proof that they mean something."""
    lines = [f"- **{kind} macro-F1 {figure_text(report[kind]['macro_f1'])}**" for kind in KINDS if report[kind]]
    if "follow" in report["controls"].get("swap", {}):
        lines.append(f"- predictions follow swapped actors: {figure_text(report['controls']['swap']['follow'])}")
    chosen = (section for section in report_sections(report) if section.title in IN_SUMMARY)
    return "\n".join(lines) + "\n\n" + sections_markdown(chosen)


def sections_markdown(sections: Iterable[Section]) -> str:
    """Return sections with their headings."""
    return "\n\n".join(_section(section) for section in sections) + "\n"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, whatever stands in its cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(escaped(cell) for cell in line) + " |" for line in lines)


def escaped(text: str) -> str:
    """Return a text so that Markdown shows it as it is, in one line."""
    line = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}>|#~]|\](?=[(\[:]))", r"\\\1", line)


def _section(section: Section) -> str:
    parts = [f"## {escaped(section.title)}", *map(escaped, section.notes)]
    if section.rows:
        parts.append(markdown_table(section.head, section.rows))
    return "\n\n".join(parts)
