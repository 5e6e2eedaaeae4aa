"""What the user did wrong, said in words he can act on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_SHOWN = 50


class UserError(Exception):
    """What was expected, what was found, where, and what to do; shown without a traceback."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one line of a file. `line` counts from 1; 0 means the whole file."""

    line: int
    what: str


def raise_problems(path: Path | str, problems: Sequence[Problem], *, remedy: str) -> None:
    """Raise one UserError that lists every problem of the file; return if there is none."""
    if not problems:
        return
    ordered = sorted(problems, key=lambda problem: problem.line)
    if len(ordered) == 1:
        raise UserError(f"{_place(path, ordered[0])}: {ordered[0].what}. {remedy}")
    lines = [f"{path}: {len(ordered)} problems. {remedy}"]
    lines += [f"  {_place(path, problem)}: {problem.what}" for problem in ordered[:MOST_SHOWN]]
    if len(ordered) > MOST_SHOWN:
        lines.append(f"  … and {len(ordered) - MOST_SHOWN} more")
    raise UserError("\n".join(lines))


def _place(path: Path | str, problem: Problem) -> str:
    return f"{path}:{problem.line}" if problem.line else str(path)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, a leading byte order mark left out.

    Raises:
        UserError: The file is missing, a folder, unreadable, empty or not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(f"{path}: expected a file, found nothing there. Check the path.") from error
    except IsADirectoryError as error:
        raise UserError(f"{path}: expected a file, found a folder. Name a file in it.") from error
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}).") from error
    if not raw.strip():
        raise UserError(f"{path}: expected text, found an empty file. Check what wrote it.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"{path}:{line}: expected UTF-8, found byte 0x{raw[error.start]:02x}. Save the file as UTF-8."
        ) from error
