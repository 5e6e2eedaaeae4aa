"""doccano's JSONL exports: spans labelled with a stance."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from data.imported import Imported, Reject
from data.labels import SENTIMENTS, STANCES
from data.problems import read_text


def read_doccano(path: Path) -> Imported:
    """Read an export of sequence labelling, with or without relations.

    Spans stand in `label` or `labels` as [start, end, label], or in `entities` as objects; the label
    is the stance, or "NAME|stance". Without a name the actor is called by the words of its span. A
    document label, or a key `sentiment`, is the sentiment.

    Raises:
        UserError: The file is unreadable.
    """
    imported = Imported([], [])
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            imported.rejects.append(Reject(number, f"expected one JSON object, found broken JSON ({error.msg})", line))
            continue
        record, problems = _record(entry, f"{path.stem}-{number:04d}")
        imported.take(record, problems, line=number, source=entry)
    return imported


def _record(entry: Any, identifier: str) -> tuple[dict[str, Any], list[str]]:
    text = entry.get("text", entry.get("data")) if isinstance(entry, dict) else None
    if not isinstance(text, str):
        return {}, ["expected an object with 'text'"]
    labels = entry.get("label", entry.get("labels", ())) or ()
    spans = [label for label in labels if isinstance(label, list) and len(label) == 3]
    spans += [
        [entity.get("start_offset"), entity.get("end_offset"), entity.get("label")]
        for entity in entry.get("entities") or ()
    ]
    sentiment = entry.get("sentiment") or next((label for label in labels if label in SENTIMENTS), None)
    mentions: defaultdict[str, list[list[int]]] = defaultdict(list)
    stances: dict[str, str] = {}
    for start, end, label in spans:
        name, _, stance = str(label).rpartition("|")
        if stance not in STANCES:
            return {}, [f"expected a span's label to be {', '.join(STANCES)}, found {label!r}"]
        name = name or text[start:end]
        mentions[name].append([start, end])
        if stances.setdefault(name, stance) != stance:
            return {}, [f"actor {name!r} has two stances, {stances[name]} and {stance}"]
    record: dict[str, Any] = {"id": str(entry.get("id", identifier)), "text": text}
    record["actors"] = [{"actor": name, "mentions": mentions[name], "stance": stances[name]} for name in mentions]
    record.update({key: value for key, value in (("article", entry.get("article")), ("sentiment", sentiment)) if value})
    return record, []
