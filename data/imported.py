"""What an importer gives: the sentences it could read, and what it could not, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.problems import Problem
from data.records import sentence_from_record
from data.sentence import LabelledSentence


@dataclass(frozen=True)
class Reject:
    """One record that was not taken: its line (or number) in the file, why, and the record itself."""

    line: int
    what: str
    record: object


@dataclass(frozen=True)
class Imported:
    """The sentences of a foreign file and the records that were not taken."""

    sentences: list[LabelledSentence]
    rejects: list[Reject]

    def take(self, record: dict[str, Any], problems: list[str], *, line: int, source: object, place: str = "") -> None:
        """Add the sentence of a record, or a reject of its source for each problem, found before or now."""
        sentence = None
        if not problems:
            sentence, problems = sentence_from_record(record)
        if sentence:
            self.sentences.append(sentence)
        self.rejects.extend(Reject(line, place + what, source) for what in problems)


def problems_of(rejects: Sequence[Reject]) -> list[Problem]:
    """Return the problems of rejected records."""
    return [Problem(reject.line, reject.what) for reject in rejects]
