"""What is left out of the results: told on stderr at the end, and written down where asked for."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

from rich.console import Console

from data.articles import Reject
from data.finding import Ambiguous
from data.writing import whole_file

MOST_TOLD = 5


class LeftOut:
    """Counts what is left out by what `label` says of it, and writes it to a file, if there is one, as JSON lines."""

    def __init__(self, path: Path | None, *, what: str, flag: str, label: Callable[[Mapping[str, Any]], str]) -> None:
        self._path, self._what, self._flag, self._label = path, what, flag, label
        self._counts: Counter[str] = Counter()
        self._stack = ExitStack()
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]
        if error[0] is None and self._counts:
            self._tell()

    def note(self, record: Mapping[str, Any]) -> None:
        """Count a record, and write it down."""
        self._counts[self._label(record)] += 1
        if self._path and not self._file:
            partial = self._stack.enter_context(whole_file(self._path))
            self._file = self._stack.enter_context(partial.open("w", encoding="utf-8"))
        if self._file:
            self._file.write(json.dumps(dict(record), ensure_ascii=False) + "\n")

    @property
    def count(self) -> int:
        """How many were left out."""
        return self._counts.total()

    def _tell(self) -> None:
        told = [f"{label} ×{count}" for label, count in self._counts.most_common(MOST_TOLD)]
        more = "; …" if len(self._counts) > MOST_TOLD else ""
        where = f". All are in {self._path}." if self._path else f". {self._flag} FILE lists them."
        Console(stderr=True, highlight=False).print(
            f"{self.count} {self._what} left out: {'; '.join(told)}{more}{where}", markup=False
        )


def doubts(path: Path | None) -> LeftOut:
    """Return where mentions in doubt are noted."""

    def label(record: Mapping[str, Any]) -> str:
        actors = record["actors"]
        return f"{record['text']} ({' or '.join(actors) if len(actors) > 1 else record['why']})"

    return LeftOut(path, what="mentions in doubt were", flag="--doubts", label=label)


def rejects(path: Path | None) -> LeftOut:
    """Return where records that hold no article are noted."""
    return LeftOut(
        path, what="records hold no article and were", flag="--rejects", label=lambda record: str(record["why"])
    )


def doubt_record(article: str, text: str, place: Ambiguous) -> dict[str, Any]:
    """Return a mention in doubt as a record; offsets in the article."""
    return {
        "article": article,
        "start": place.start,
        "end": place.end,
        "text": text[place.start : place.end],
        "actors": list(place.actors),
        "why": place.why,
    }


def reject_record(reject: Reject) -> dict[str, Any]:
    """Return a rejected record as a record."""
    return {"place": reject.place, "why": reject.why}
