"""Label Studio's JSON export: spans for actors, choices for stance and sentiment."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from data.imported import Imported
from data.labels import SENTIMENTS, STANCES
from data.problems import UserError, read_text

TEXT_KEYS = ("text", "sentence")


def read_label_studio(path: Path) -> Imported:
    """Read an export: a list of tasks, each with its annotations.

    An actor is a region of type "labels". Its stance is the region's label or its own choice; its
    name is the region's text area (or `meta.text`), else the words of the region. A choice for the
    whole task is the sentiment. The last annotation that was not cancelled counts.

    Raises:
        UserError: The file is unreadable or no such export.
    """
    try:
        tasks = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise UserError(f"{path}:{error.lineno}: expected Label Studio's JSON export, found broken JSON.") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise UserError(f"{path}: expected Label Studio's JSON export, a list of tasks. Export as JSON, not JSON-MIN.")
    imported = Imported([], [])
    for number, task in enumerate(tasks, start=1):
        record, problems = _record(task, f"{path.stem}-{number:04d}")
        imported.take(record, problems, line=number, source=task, place=f"task {task.get('id', number)}: ")
    return imported


def _record(task: dict[str, Any], identifier: str) -> tuple[dict[str, Any], list[str]]:
    fields = task.get("data") or {}
    text = next((fields[key] for key in TEXT_KEYS if isinstance(fields.get(key), str)), None)
    if text is None:
        return {}, [f"expected data.text, found the keys {', '.join(fields) or 'none'}"]
    annotations = [one for one in task.get("annotations") or () if not one.get("was_cancelled")]
    if not annotations:
        return {}, ["expected an annotation, found none that was not cancelled"]
    record: dict[str, Any] = {"id": str(fields.get("id") or identifier), "text": text}
    if fields.get("article"):
        record["article"] = str(fields["article"])
    regions: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for result in annotations[-1].get("result") or ():
        value = result.get("value") or {}
        if "start" in value:
            _add_to_region(regions[str(result.get("id"))], result, value)
        else:
            record["sentiment"] = next(
                (c for c in value.get("choices", ()) if c in SENTIMENTS), record.get("sentiment")
            )
    actors: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for region in regions.values():
        problems += _add_actor(actors, region, text)
    record["actors"] = list(actors.values())
    return record, problems


def _add_to_region(region: dict[str, Any], result: dict[str, Any], value: dict[str, Any]) -> None:
    kind = result.get("type")
    if kind == "labels":
        region.update(start=value["start"], end=value["end"], words=value.get("text"))
        region["meta"] = (result.get("meta") or {}).get("text")
    for label in (*value.get("labels", ()), *value.get("choices", ())):
        if label in STANCES:
            region["stance"] = label
    if kind == "textarea":
        given = value.get("text")
        region["name"] = given[0] if isinstance(given, list) and given else given


def _add_actor(actors: dict[str, dict[str, Any]], region: dict[str, Any], text: str) -> list[str]:
    if "start" not in region:
        return []
    start, end, words = region["start"], region["end"], region.get("words")
    if words is not None and text[start:end] != words:
        start, end = _from_utf16(text, start), _from_utf16(text, end)
        if text[start:end] != words:
            return [f"the region {words!r} does not stand at [{region['start']}, {region['end']}]"]
    meta = region.get("meta")
    name = region.get("name") or (meta[0] if isinstance(meta, list) and meta else meta) or text[start:end]
    entry = actors.setdefault(name, {"actor": name, "mentions": []})
    entry["mentions"].append([start, end])
    stance = region.get("stance")
    if stance and entry.setdefault("stance", stance) != stance:
        return [f"actor {name!r} has two stances, {entry['stance']} and {stance}"]
    return []


def _from_utf16(text: str, offset: int) -> int:
    """Return the offset in code points of one in UTF-16 units, which a browser counts."""
    return len(text.encode("utf-16-le")[: 2 * offset].decode("utf-16-le", errors="ignore"))
