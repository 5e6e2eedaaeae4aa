"""Results on the way: kept in parts, each whole, so that a run that was stopped goes on where it was."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.problems import UserError
from data.writing import whole_file, write_text

FACTS = "run.json"
END = "end"


@dataclass(frozen=True)
class Part:
    """Results of some articles: entries of a kind ("record", "doubt", …), and how many articles they are of."""

    articles: int
    entries: list[tuple[str, dict[str, Any]]]


class Spool:
    """A folder of parts, written one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts = sorted(path.glob("part-*.jsonl"))
        self.articles = sum(entry["articles"] for entry in self.entries(END))
        self.rejects = sum(1 for _ in self.entries("reject"))

    @classmethod
    def open(cls, path: Path, facts: Mapping[str, Any], *, resume: bool) -> "Spool":
        """Begin a spool, or go on with the one that is there.

        Raises:
            UserError: One is there and was not asked for, or it was begun with other inputs.
        """
        known = path / FACTS
        if resume and known.exists():
            before = json.loads(known.read_text(encoding="utf-8"))
            changed = [name for name, fact in facts.items() if before.get(name) != fact]
            if changed:
                raise UserError(
                    f"--resume: expected the {changed[0]} that {path} was begun with, found another. "
                    f"Restore it, or delete {path} and start anew."
                )
        elif path.exists() and any(entry.name != FACTS for entry in path.iterdir()):  # of a fit, perhaps
            raise UserError(f"{path}: found unfinished results there. Go on with --resume, or delete the folder.")
        else:
            path.mkdir(parents=True, exist_ok=True)
            write_text(known, json.dumps(dict(facts), ensure_ascii=False, indent=2))
        return cls(path)

    @staticmethod
    def begun(path: Path) -> bool:
        """Say whether a spool with parts is there."""
        return any(path.glob("part-*.jsonl"))

    def write(self, part: Part) -> None:
        """Keep a part, whole or not at all."""
        path = self._path / f"part-{len(self._parts):08}.jsonl"
        with whole_file(path) as partial, partial.open("w", encoding="utf-8") as file:
            for entry in (*part.entries, (END, {"articles": part.articles})):
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._parts.append(path)
        self.articles += part.articles
        self.rejects += sum(kind == "reject" for kind, _ in part.entries)

    def entries(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the entries of a kind, in order."""
        return (entry for entry_kind, entry in self._entries() if entry_kind == kind)

    def remove(self) -> None:
        """Delete the folder: its content stands elsewhere now."""
        shutil.rmtree(self._path)

    def _entries(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for path in self._parts:
            with path.open(encoding="utf-8") as file:
                yield from (json.loads(line) for line in file)
