"""Sentences with soft stance labels: a teacher's probabilities, or an annotator's label as certainty."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.labels import STANCES
from data.problems import Problem, raise_problems
from data.records import sentence_from_record
from data.sentence import LabelledSentence
from data.unlabelled import read_lines

KEY = "stance_probabilities"


@dataclass(frozen=True)
class SoftSentence:
    """A sentence and, for each of its actors, the probability of each stance: (actors, 3)."""

    sentence: LabelledSentence
    stance: NDArray[np.float32]


def read_soft_sentences(path: Path) -> list[SoftSentence]:
    """Read labelled sentences, each actor with `stance` or with `stance_probabilities` of all three.

    Actors without either, and then sentences without actors, are left out. An actor that stands
    twice is two actors here: labels made by a program know mentions, not persons.

    Raises:
        UserError: A line is wrong; all problems are in one message, with their line numbers.
    """
    sentences: list[SoftSentence] = []
    problems: list[Problem] = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(number, f"expected one JSON object, found broken JSON ({error.msg})"))
            continue
        entries = list(_labelled_entries(record))
        sentence, found = sentence_from_record({**record, "actors": [entry for entry, _ in entries]})
        rows = [row for _, row in entries]
        found += [f"expected {KEY} of {', '.join(STANCES)} that sum to 1" for row in rows if abs(sum(row) - 1) > 0.02]
        problems += [Problem(number, what) for what in found]
        if sentence and entries and not found:
            stance = np.array(rows, dtype=np.float32)
            sentences.append(SoftSentence(sentence, stance / stance.sum(axis=1, keepdims=True)))
    raise_problems(path, problems, remedy="Mend the file.")
    return sentences


def _labelled_entries(record: Any) -> Iterator[tuple[dict[str, Any], list[float]]]:
    """Yield the labelled actors of a record, each under a name of its own, with its probabilities."""
    entries = record.get("actors") if isinstance(record, dict) else None
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict):
            continue
        soft = entry.get(KEY)
        if isinstance(soft, dict):
            row = [float(soft.get(label, 0.0)) for label in STANCES]
        elif entry.get("stance") in STANCES:
            row = [float(entry["stance"] == label) for label in STANCES]
        else:
            continue
        yield {"actor": f"{entry.get('actor')} #{place}", "mentions": entry.get("mentions")}, row
