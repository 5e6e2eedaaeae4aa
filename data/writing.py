"""Files and folders written whole or not at all: under another name first, then renamed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.problems import UserError


def refuse_non_empty(path: Path) -> None:
    """Refuse an output folder that holds something.

    Raises:
        UserError: It is a file, or a folder that is not empty.
    """
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise UserError(
            f"{path}: expected a new or empty folder to write to, found something there. Choose another one."
        )


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the name to write a file under; it gets its own name when the block ends well, else it goes."""
    partial = path.with_name(f"{path.stem}.partial{path.suffix}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text as UTF-8, whole or not at all."""
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it gets its own name when the block ends well, else it goes.

    Raises:
        UserError: There is something under that name already.
    """
    refuse_non_empty(path)
    partial = path.with_name(path.name + ".writing")
    shutil.rmtree(partial, ignore_errors=True)  # left by a kill
    partial.mkdir(parents=True)
    try:
        yield partial
        if path.exists():
            path.rmdir()  # empty: checked above
        partial.rename(path)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
