"""What an importer gives: the sentences it could read, and what it could not, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from data.problems import Problem
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


def problems_of(rejects: Sequence[Reject]) -> list[Problem]:
    """Return the problems of rejected records."""
    return [Problem(reject.line, reject.what) for reject in rejects]
