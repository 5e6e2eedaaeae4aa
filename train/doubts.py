"""Mentions in doubt: left out of the results, but told, and written down where asked for."""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Self

from rich.console import Console

from data.finding import Ambiguous
from data.writing import whole_file

MOST_TOLD = 5


class Doubts:
    """Notes places that may be an actor's mention; tells of them on stderr at the end, writes them to a file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._counts: Counter[tuple[str, str]] = Counter()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self._path:
            partial = self._stack.enter_context(whole_file(self._path))
            self._file = self._stack.enter_context(partial.open("w", encoding="utf-8"))
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.__exit__(*error)  # type: ignore[arg-type]
        if error[0] is None and self._counts:
            self._tell()

    def note(self, article: str, text: str, places: Sequence[Ambiguous]) -> None:
        """Note the places of one article."""
        for place in places:
            words = text[place.start : place.end]
            self._counts[words, " or ".join(place.actors) if len(place.actors) > 1 else place.why] += 1
            if self._file:
                record = {
                    "article": article,
                    "start": place.start,
                    "end": place.end,
                    "text": words,
                    "actors": place.actors,
                    "why": place.why,
                }
                self._file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def _tell(self) -> None:
        told = [f"{words} ({why}) {count}" for (words, why), count in self._counts.most_common(MOST_TOLD)]
        more = ", …" if len(self._counts) > MOST_TOLD else ""
        where = f"; all are in {self._path}" if self._path else "; --doubts FILE lists them"
        Console(stderr=True).print(
            f"{self._counts.total()} mentions in doubt were left out: {', '.join(told)}{more}{where}",
            highlight=False,
            markup=False,
        )
