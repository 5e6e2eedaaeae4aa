"""Actor lists: who is looked for in a text, under which names."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.problems import Problem, UserError, raise_problems, read_text

TYPES = ("person", "country", "party", "organisation")
BUNDLED = Path(__file__).parent / "actors" / "news.toml"


@dataclass(frozen=True)
class Actor:
    """An actor under its canonical name, with the other names it goes by."""

    name: str
    type: str | None = None
    aliases: tuple[str, ...] = ()


@lru_cache(1)
def bundled_actors() -> tuple[Actor, ...]:
    """Return the actors of the bundled list."""
    return tuple(read_actors(BUNDLED))


def read_actors(path: Path) -> list[Actor]:
    """Read an actor list from TOML.

    Raises:
        UserError: The file is unreadable, is no TOML, or an entry is wrong; all problems at once.
    """
    try:
        table = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path}: expected TOML, found a mistake: {error}.") from error
    entries = table.get("actor")
    if not isinstance(entries, list) or not entries:
        raise UserError(f"{path}: expected [[actor]] tables with a name each, found none.")
    problems: list[Problem] = []
    actors: list[Actor] = []
    for number, entry in enumerate(entries, start=1):
        wrong = _entry_problems(entry, {actor.name for actor in actors})
        problems += [Problem(0, f"[[actor]] number {number}: {what}") for what in wrong]
        if not wrong:
            actors.append(Actor(entry["name"], entry.get("type"), tuple(entry.get("aliases", ()))))
    raise_problems(path, problems, remedy="Mend the list.")
    return actors


def _entry_problems(entry: Any, seen: set[str]) -> list[str]:
    if not isinstance(entry, dict):
        return [f"expected a table, found {entry!r}"]
    problems = [
        f"unknown key {key!r}; known are name, type, aliases" for key in entry.keys() - {"name", "type", "aliases"}
    ]
    name, aliases = entry.get("name"), entry.get("aliases", [])
    if not isinstance(name, str) or not name.strip():
        problems.append(f"expected a name, found {name!r}")
    elif name in seen:
        problems.append(f"the name {name!r} stands twice")
    if entry.get("type") not in (None, *TYPES):
        problems.append(f"expected type {', '.join(TYPES)}, found {entry['type']!r}")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        problems.append(f"expected aliases as a list of names, found {aliases!r}")
    return problems
