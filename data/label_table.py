"""A table of labels, CSV or TSV: one row a sentence and actor."""

import csv
import dataclasses
import io
import unicodedata
from pathlib import Path

from data.actor_list import Actor
from data.finding import ActorFinder
from data.imported import Imported, Reject
from data.problems import UserError, read_text
from data.records import sentence_from_record
from data.sentence import LabelledActor, LabelledSentence

NEEDED = ("text", "actor", "stance")
OPTIONAL = ("id", "article", "sentiment", "start", "end", "holder")


def read_label_table(path: Path, *, delimiter: str = ",") -> Imported:
    """Read a table of labels.

    Rows with the same `id` (without ids: the same `text`) are one sentence. Without `start` and
    `end` the actor is found in the text, inflected or not; an actor named there several times
    keeps all its mentions. With offsets, further rows of the same actor add mentions.

    Raises:
        UserError: The file is unreadable or lacks a needed column.
    """
    reader = csv.DictReader(io.StringIO(read_text(path), newline=""), delimiter=delimiter, strict=True)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise UserError(
            f"{path}: expected the columns {', '.join(NEEDED)} (and optionally {', '.join(OPTIONAL)}), "
            f"found {', '.join(reader.fieldnames or ())}; add {', '.join(missing)}."
        )
    sentences: dict[str, tuple[int, LabelledSentence]] = {}
    rejects: list[Reject] = []
    line = reader.line_num + 1
    try:
        for row in reader:
            wrong = _take_row(row, line, sentences, path.stem)
            rejects += [Reject(line, what, row) for what in wrong]
            line = reader.line_num + 1
    except csv.Error as error:
        rejects.append(Reject(line, f"expected a row, found broken quoting ({error}); nothing after it was read", None))
    return Imported([sentence for _, sentence in sentences.values()], rejects)


def _take_row(
    row: dict[str, str], line: int, sentences: dict[str, tuple[int, LabelledSentence]], stem: str
) -> list[str]:
    """Add a row to its sentence; return what is wrong with it, in which case nothing is added."""
    if None in row or None in row.values():
        return ["expected as many fields as there are columns"]
    cells = {name: unicodedata.normalize("NFC", value.strip()) for name, value in row.items()}
    if not cells["text"]:
        return ["expected a text, found an empty cell"]
    key = cells.get("id") or cells["text"]
    first_line, known = sentences.get(key, (line, None))
    # Offsets count the text as it is written, so that it stays so; the record reader moves both to NFC.
    text = row["text"] if cells.get("start") else cells["text"]
    record: dict[str, object] = {
        "id": cells.get("id") or (known.id if known else f"{stem}-{len(sentences) + 1:04d}"),
        **{name: cells[name] for name in ("article", "sentiment") if cells.get(name)},
        "text": text,
    }
    if cells["actor"]:
        mentions, problem = _mentions(cells, text)
        if problem:
            return [problem]
        labels = {name: cells[name] for name in ("stance", "holder") if cells.get(name)}
        record["actors"] = [{"actor": cells["actor"], "mentions": mentions, **labels}]
    sentence, problems = sentence_from_record(record)
    if sentence and known:
        sentence, problems = _joined(known, sentence, first_line, has_offsets=bool(cells.get("start")))
    if sentence:
        sentences[key] = (first_line, sentence)
    return problems


def _mentions(cells: dict[str, str], text: str) -> tuple[list[list[int]], str | None]:
    start, end = cells.get("start", ""), cells.get("end", "")
    if not start and not end:
        found = ActorFinder([Actor(cells["actor"])]).find(text)
        if not found:
            return [], f"actor {cells['actor']!r} is not in the text; give its start and end, or mend the name"
        return [[mention.start, mention.end] for mention in found], None
    if not (start.isdecimal() and end.isdecimal()):
        return [], f"expected start and end as whole numbers, found {start!r} and {end!r}"
    return [[int(start), int(end)]], None


def _joined(
    known: LabelledSentence, row: LabelledSentence, first_line: int, *, has_offsets: bool
) -> tuple[LabelledSentence | None, list[str]]:
    """Return a sentence with a further row's actor, or why the row does not belong to it."""
    for name in ("text", "article", "sentiment"):
        if getattr(known, name) != getattr(row, name):
            return None, [f"{name} differs from that of line {first_line}, which is the same sentence"]
    actors = {actor.actor: actor for actor in known.actors}
    for actor in row.actors:
        before = actors.get(actor.actor)
        if before and (not has_offsets or before.stance != actor.stance):
            return None, [f"actor {actor.actor!r} stands twice for the sentence of line {first_line}"]
        actors[actor.actor] = _with_mentions(before, actor) if before else actor
    return dataclasses.replace(known, actors=tuple(actors.values())), []


def _with_mentions(known: LabelledActor, further: LabelledActor) -> LabelledActor:
    return dataclasses.replace(known, mentions=tuple(sorted({*known.mentions, *further.mentions})))
