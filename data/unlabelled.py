"""Unlabelled text, a sentence or paragraph a line, read in one pass however large it is."""

import gzip
import hashlib
import itertools
import lzma
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from data.problems import UserError
from data.splitting import split_sentences

LINES_AT_ONCE = 1000
BROKEN = (OSError, EOFError, lzma.LZMAError, gzip.BadGzipFile)


@dataclass(frozen=True)
class TextFile:
    """A file of unlabelled text that was read once."""

    path: Path
    lines: int
    sha256: str


def open_text(path: Path) -> BinaryIO:
    """Open a text file, or one packed with gzip or xz.

    Raises:
        UserError: It is missing, a folder or unreadable.
    """
    try:
        if path.suffix == ".xz":
            return cast(BinaryIO, lzma.open(path))
        return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise UserError(f"{path}: expected a text file, cannot open it ({error.strerror}). Check the path.") from error


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a text file that hold something, without their ends.

    Raises:
        UserError: The file is broken or not UTF-8.
    """
    with open_text(path) as file:
        yield from _decoded(file, path)


def count_text(path: Path, see: Callable[[list[str]], None]) -> TextFile:
    """Read a file through, showing its lines to `see`, some at a time; return their number and the file's SHA-256.

    Raises:
        UserError: The file is broken, not UTF-8, or holds nothing.
    """
    lines = 0
    reading = read_lines(path)
    while some := list(itertools.islice(reading, LINES_AT_ONCE)):
        see(some)
        lines += len(some)
    if not lines:
        raise UserError(f"{path}: expected lines of text, found none. Check what wrote it.")
    with path.open("rb") as file:
        return TextFile(path, lines, hashlib.file_digest(file, "sha256").hexdigest())


def mixed_sentences(
    files: Sequence[TextFile], *, share: float, seed: int, skip: Callable[[str], bool] = lambda line: False
) -> Iterator[str]:
    """Yield sentences of all files for ever, mixed evenly, `share` of the lines in each pass.

    Of each file the lines come in order, those of different files by turns in proportion to their
    number; each pass takes other lines, never one that `skip` is true of. What is yielded hangs on
    the files and the seed alone.
    """
    passes = 0
    while True:
        generator = np.random.default_rng([seed, passes])
        for line in _mixed_lines(files, generator):
            if generator.random() < share and not skip(line):
                yield from (line[start:end] for start, end in split_sentences(line))
        passes += 1


def _mixed_lines(files: Sequence[TextFile], generator: np.random.Generator) -> Iterator[str]:
    left = np.array([file.lines for file in files])
    with ExitStack() as opened:
        streams = [_decoded(opened.enter_context(open_text(file.path)), file.path) for file in files]
        while left.any():
            file = int(np.searchsorted(left.cumsum(), generator.integers(left.sum()), side="right"))
            left[file] -= 1
            line = next(streams[file], None)
            if line is None:
                raise UserError(f"{files[file].path}: the file was cut while it was being read. Restore it.")
            yield line


def _decoded(file: Iterable[bytes], path: Path) -> Iterator[str]:
    number = 0
    try:
        for line in file:
            number += 1
            text = line.decode("utf-8").strip()
            if text:
                yield text
    except UnicodeDecodeError as error:
        raise UserError(f"{path}:{number}: expected UTF-8, found byte 0x{error.object[error.start]:02x}.") from error
    except BROKEN as error:
        raise UserError(f"{path}: expected text, found a broken file ({error}). Fetch it again.") from error
