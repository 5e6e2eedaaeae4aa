"""A CSV of labels: one row a sentence and actor."""

import csv
import io
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from data.actor_list import Actor
from data.finding import ActorFinder
from data.problems import Problem, UserError, read_text
from data.records import sentence_from_record
from data.sentence import LabelledSentence

NEEDED = ("text", "actor", "stance")
OPTIONAL = ("id", "article", "sentiment", "start", "end", "holder")


@dataclass
class _Rows:
    """The rows of one sentence: what they agree on, and each actor's entry."""

    line: int
    record: dict[str, object]
    actors: dict[str, dict[str, object]] = field(default_factory=dict)


def read_label_table(path: Path) -> tuple[list[LabelledSentence], list[Problem]]:
    """Read a CSV of labels; return its sentences and its problems.

    Rows with the same `id` (without ids: the same `text`) are one sentence. Without `start` and
    `end` the actor is found in the text, inflected or not; an actor named there several times
    keeps all its mentions. With offsets, further rows of the same actor add mentions.

    Raises:
        UserError: The file is unreadable or lacks a needed column.
    """
    table = io.StringIO(read_text(path), newline="")
    reader = csv.DictReader(table, strict=True)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise UserError(
            f"{path}: expected the columns {', '.join(NEEDED)} (and optionally {', '.join(OPTIONAL)}), "
            f"found {', '.join(reader.fieldnames or ())}; add {', '.join(missing)}."
        )
    by_key: dict[str, _Rows] = {}
    problems: list[Problem] = []
    line = reader.line_num + 1
    try:
        for row in reader:
            problems += [Problem(line, what) for what in _add_row(row, line, by_key, path.stem)]
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(line, f"expected a CSV row, found broken quoting ({error})"))
    sentences = []
    for rows in by_key.values():
        sentence, found = sentence_from_record({**rows.record, "actors": list(rows.actors.values())})
        problems += [Problem(rows.line, what) for what in found]
        if sentence:
            sentences.append(sentence)
    return sentences, problems


def _add_row(row: dict[str, str], line: int, by_key: dict[str, _Rows], stem: str) -> list[str]:
    if None in row or None in row.values():
        return ["expected as many fields as there are columns"]
    cells = {name: unicodedata.normalize("NFC", value.strip()) for name, value in row.items() if name}
    # With offsets the text stays as it is: they count its code points; the record reader moves both.
    text = row["text"] if cells.get("start") else cells["text"]
    key = cells.get("id") or cells["text"]
    if not text.strip():
        return ["expected a text, found an empty cell"]
    if key not in by_key:
        identifier = cells.get("id") or f"{stem}-{len(by_key) + 1:04d}"
        by_key[key] = _Rows(line, {"id": identifier, "text": text, **_filled(cells, ("article", "sentiment"))})
    rows = by_key[key]
    problems = _disagreements(rows, {"text": text, **_filled(cells, ("article", "sentiment"))})
    if not cells["actor"] or problems:
        return problems
    mentions, problem = _row_mentions(cells, text)
    if problem:
        return [problem]
    entry: dict[str, object] = {"actor": cells["actor"], "mentions": mentions, **_filled(cells, ("stance", "holder"))}
    known = rows.actors.setdefault(cells["actor"], entry)
    if known is not entry:
        if not cells.get("start") or known.get("stance") != entry.get("stance"):
            return [f"actor {cells['actor']!r} stands twice for the sentence of line {rows.line}"]
        known["mentions"] = [*known["mentions"], *mentions]  # type: ignore[misc]
    return []


def _filled(cells: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: cells[name] for name in names if cells.get(name)}


def _disagreements(rows: _Rows, values: dict[str, str]) -> list[str]:
    problems = []
    for name, value in values.items():
        if rows.record.setdefault(name, value) != value:
            problems.append(f"{name} differs from that of line {rows.line}, which is the same sentence")
    return problems


def _row_mentions(cells: dict[str, str], text: str) -> tuple[list[list[int]], str | None]:
    start, end = cells.get("start", ""), cells.get("end", "")
    if not start and not end:
        found = ActorFinder([Actor(cells["actor"])]).find(text)
        if not found:
            return [], f"actor {cells['actor']!r} is not in the text; give its start and end, or mend the name"
        return [[mention.start, mention.end] for mention in found], None
    if not (start.isdecimal() and end.isdecimal()):
        return [], f"expected start and end as whole numbers, found {start!r} and {end!r}"
    return [[int(start), int(end)]], None
