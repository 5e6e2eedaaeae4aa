"""Labels of another form into ours."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from data.doccano import read_doccano
from data.imported import Imported, Reject, problems_of
from data.label_studio import read_label_studio
from data.label_table import read_label_table
from data.labelled_files import write_sentences
from data.problems import UserError, raise_problems
from data.writing import whole_file
from train.output import check_output

READERS: dict[str, Callable[[Path], Imported]] = {
    "csv": read_label_table,
    "tsv": partial(read_label_table, delimiter="\t"),
    "label-studio": read_label_studio,
    "doccano": read_doccano,
}
BY_SUFFIX = {".csv": "csv", ".tsv": "tsv", ".json": "label-studio", ".jsonl": "doccano"}


def import_labels(path: Path, *, form: str | None, to: Path, skip_bad: bool) -> str:
    """Read a foreign file and write it as JSON lines; return what was done.

    With `skip_bad` the records that cannot be taken go to OUT.rejects.jsonl with their reasons.

    Raises:
        UserError: The file is unreadable, an output exists, or (without `skip_bad`) a record is wrong.
    """
    if to.suffix != ".jsonl":
        raise UserError(f"--to {to}: expected a file that ends in .jsonl, found {to.suffix or 'no suffix'!r}.")
    rejects_path = to.with_suffix(".rejects.jsonl")
    check_output(to, "jsonl")
    check_output(rejects_path, "jsonl")
    form = form or BY_SUFFIX.get(path.suffix)
    if form is None:
        raise UserError(f"{path}: expected {', '.join(BY_SUFFIX)}, found {path.suffix or 'no suffix'!r}. Say --format.")
    imported = _with_single_ids(READERS[form](path))
    if not skip_bad:
        raise_problems(path, problems_of(imported.rejects), remedy="Mend them, or leave them out with --skip-bad.")
    if not imported.sentences:
        raise UserError(f"{path}: expected labelled sentences, found none that can be taken.")
    write_sentences(imported.sentences, to)
    labels = sum(len(sentence.actors) for sentence in imported.sentences)
    done = f"{to}: {len(imported.sentences)} sentences, {labels} actors"
    if imported.rejects:
        _write_rejects(imported.rejects, rejects_path)
        done += f"\n{rejects_path}: {len(imported.rejects)} records that were not taken, with their reasons"
    return done


def _with_single_ids(imported: Imported) -> Imported:
    """Reject a sentence whose id another has already."""
    taken: set[str] = set()
    sentences, rejects = [], list(imported.rejects)
    for sentence in imported.sentences:
        if sentence.id in taken:
            rejects.append(Reject(0, f"id {sentence.id!r} stands twice", {"id": sentence.id, "text": sentence.text}))
        else:
            sentences.append(sentence)
        taken.add(sentence.id)
    return Imported(sentences, rejects)


def _write_rejects(rejects: list[Reject], path: Path) -> None:
    with whole_file(path) as partial_path, partial_path.open("w", encoding="utf-8") as file:
        for reject in sorted(rejects, key=lambda reject: reject.line):
            entry = {"line": reject.line, "problem": reject.what, "record": reject.record}
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
