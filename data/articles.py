"""Articles from files and from standard input, one at a time."""

import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.problems import UserError, read_text

SUFFIXES = (".txt", ".md", ".jsonl")


@dataclass(frozen=True)
class Article:
    """An article; `text` is in NFC, and every offset of the project counts its code points."""

    id: str
    text: str
    markdown: bool = False


def read_articles(inputs: Sequence[str]) -> Iterator[Article]:
    """Yield the articles of .txt, .md and .jsonl files in order; "-" is standard input (plain text).

    A text file is one article named after the file; a second file of the same name gets its whole
    path as its id. A JSON line is an object with `id` and `text`.

    Raises:
        UserError: An input cannot be read, a line is broken, or an id stands twice.
    """
    seen: set[str] = set()
    for name in inputs:
        for article in _articles_of(name):
            if article.id in seen:
                if name.endswith(".jsonl"):
                    raise UserError(f"{name}: article id {article.id!r} stands twice. Give each article its own id.")
                article = Article(name, article.text, article.markdown)
            seen.add(article.id)
            yield article


def check_inputs(inputs: Sequence[str]) -> None:
    """Refuse inputs that cannot be read, before any work is done.

    Raises:
        UserError: A file is missing, a folder, or of an unknown kind.
    """
    for name in inputs:
        path = Path(name)
        if name == "-":
            continue
        if path.is_dir():
            raise UserError(f"{name}: expected a file, found a folder. Name the files in it: {name.rstrip('/')}/*.txt")
        if not path.exists():
            raise UserError(f"{name}: expected a file, found nothing there. Check the path.")
        if path.suffix not in SUFFIXES:
            raise UserError(
                f"{name}: expected an article as {', '.join(SUFFIXES)}, found {path.suffix or 'no suffix'!r}."
            )


def _articles_of(name: str) -> Iterator[Article]:
    if name == "-":
        yield Article("stdin", _standard_input())
    elif name.endswith(".jsonl"):
        yield from _jsonl_articles(Path(name))
    else:
        path = Path(name)
        yield Article(path.stem, unicodedata.normalize("NFC", read_text(path)), markdown=path.suffix == ".md")


def _standard_input() -> str:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"standard input: expected UTF-8, found byte 0x{error.object[error.start]:02x}.") from error
    if not text.strip():
        raise UserError("standard input: expected an article, found nothing. Pipe a text in, or name a file.")
    return unicodedata.normalize("NFC", text)


def _jsonl_articles(path: Path) -> Iterator[Article]:
    number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield _article_from_line(line, f"{path}:{number}")
    if number == 0:
        raise UserError(f"{path}: expected articles, found an empty file. Check what wrote it.")


def _article_from_line(line: bytes, place: str) -> Article:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(f"{place}: expected UTF-8, found byte 0x{line[error.start]:02x}.") from error
    except json.JSONDecodeError as error:
        raise UserError(f"{place}: expected one JSON object, found broken JSON ({error.msg}).") from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise UserError(
            f'{place}: expected {{"id": …, "text": …}}, found {line[:60].decode("utf-8", "replace").strip()}'
        )
    if not isinstance(record.get("id"), str | int):
        raise UserError(f"{place}: expected an id, found {record.get('id')!r}. Give each article an id of its own.")
    return Article(str(record["id"]), unicodedata.normalize("NFC", record["text"]))
