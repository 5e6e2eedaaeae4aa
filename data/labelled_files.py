"""Labelled sentences from files: JSON lines and CSV, every problem of a file reported at once."""

import json
from collections.abc import Iterable
from pathlib import Path

from data.imported import problems_of
from data.label_table import read_label_table
from data.problems import Problem, UserError, raise_problems, read_text
from data.records import record_from_sentence, sentence_from_record
from data.sentence import LabelledSentence
from data.writing import whole_file

REMEDY = "Mend the file; `train data check FILE` shows the same list."


def read_sentences(path: Path) -> list[LabelledSentence]:
    """Read labelled sentences from a .jsonl or .csv file.

    Raises:
        UserError: The file is missing, empty, not UTF-8, or any line is wrong; all problems are
            in one message, with their line numbers.
    """
    if path.suffix == ".csv":
        imported = read_label_table(path)
        sentences, problems = imported.sentences, problems_of(imported.rejects)
    elif path.suffix == ".jsonl":
        sentences, problems = _read_jsonl(path)
    else:
        raise UserError(f"{path}: expected labelled sentences as .jsonl or .csv, found {path.suffix or 'no suffix'!r}.")
    raise_problems(path, problems, remedy=REMEDY)
    return sentences


def write_sentences(sentences: Iterable[LabelledSentence], path: Path) -> None:
    """Write sentences as JSON lines, whole or not at all."""
    with whole_file(path) as partial, partial.open("w", encoding="utf-8") as file:
        for sentence in sentences:
            file.write(json.dumps(record_from_sentence(sentence), ensure_ascii=False) + "\n")


def _read_jsonl(path: Path) -> tuple[list[LabelledSentence], list[Problem]]:
    sentences: list[LabelledSentence] = []
    problems: list[Problem] = []
    first_line: dict[str, int] = {}
    # Not splitlines(): a text may hold U+2028 or form feeds, which end no JSON line.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(number, f"expected one JSON object, found broken JSON ({error.msg}: {error.pos})"))
            continue
        sentence, found = sentence_from_record(record)
        problems += [Problem(number, what) for what in found]
        if sentence is None:
            continue
        if sentence.id in first_line:
            problems.append(Problem(number, f"id {sentence.id!r} stands already on line {first_line[sentence.id]}"))
        first_line.setdefault(sentence.id, number)
        sentences.append(sentence)
    return sentences, problems
