"""Articles from files, folders and standard input, one at a time."""

import datetime
import glob
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.article_rows import ROW_SUFFIXES, BadRow, read_rows
from data.problems import UserError, read_text

PAGE_SUFFIXES = (".html", ".htm")
SUFFIXES = (".txt", ".md", *PAGE_SUFFIXES, *ROW_SUFFIXES)


@dataclass(frozen=True)
class Article:
    """An article; `text` is in NFC, and every offset of the project counts its code points.

    `columns` are what else its record held (outlet, date, …), carried through to the results.
    """

    id: str
    text: str
    markdown: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """A record that holds no article: where it stands, and why."""

    place: str
    why: str


def read_articles(
    inputs: Sequence[str],
    *,
    text_column: str = "text",
    id_column: str = "id",
    reject: Callable[[Reject], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of files, folders and globs in order; "-" is standard input (plain text).

    A .txt, .md or .html file is one article named after the file; a second file of the same name gets
    its whole path as its id. A row of .jsonl, .csv or .parquet has its text and id in the columns named.
    What holds no article is shown to `reject`, and the rest goes on.

    Raises:
        UserError: An input cannot be read; without `reject`, also at the first record that holds none.
    """
    seen: set[int] = set()  # of hashes: ids themselves would grow with the archive
    for name in expand(inputs):
        for place, article in _articles_of(name, text_column, id_column):
            if isinstance(article, Article) and hash(article.id) in seen:
                if Path(name).suffix in ROW_SUFFIXES:
                    article = BadRow(f"article id {article.id!r} stands twice. Give each article its own id")
                else:
                    article = Article(name, article.text, article.markdown)
            if isinstance(article, Article):
                seen.add(hash(article.id))
                yield article
            elif reject:
                reject(Reject(place, article.why))
            else:
                raise UserError(f"{place}: {article.why}.")


def expand(inputs: Sequence[str]) -> Iterator[str]:
    """Yield the files that inputs name: themselves, those of folders, and those that a glob matches, sorted.

    Raises:
        UserError: Nothing is there, or a file is of an unknown kind.
    """
    for name in inputs:
        path = Path(name)
        if name == "-":
            yield name
        elif path.is_dir():
            found = sorted(str(file) for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
            if not found:
                raise UserError(f"{name}: expected articles as {', '.join(SUFFIXES)} in the folder, found none.")
            yield from found
        elif path.exists():
            if path.suffix not in SUFFIXES:
                raise UserError(
                    f"{name}: expected an article as {', '.join(SUFFIXES)}, found {path.suffix or 'no suffix'!r}."
                )
            yield name
        else:
            found = sorted(file for file in glob.glob(name, recursive=True) if Path(file).suffix in SUFFIXES)
            if not found:
                raise UserError(f"{name}: expected a file, found nothing there. Check the path.")
            yield from found


def check_inputs(inputs: Sequence[str]) -> None:
    """Refuse inputs that cannot be read, before any work is done.

    Raises:
        UserError: A file is missing or of an unknown kind, or a folder holds no article.
    """
    for _ in expand(inputs):
        pass


def _articles_of(name: str, text_column: str, id_column: str) -> Iterator[tuple[str, Article | BadRow]]:
    path = Path(name)
    if name == "-":
        yield "standard input", Article("stdin", _standard_input())
    elif path.suffix in ROW_SUFFIXES:
        for place, row in read_rows(path):
            yield place, row if isinstance(row, BadRow) else _article_of_row(row, text_column, id_column)
    else:
        yield name, _article_of_file(path)


def _article_of_file(path: Path) -> Article | BadRow:
    try:
        text = read_text(path)
    except UserError as error:
        return BadRow(str(error).removeprefix(f"{path}: ").removesuffix("."))
    if path.suffix in PAGE_SUFFIXES:
        from data.web_page import main_text  # takes a second to import

        text = main_text(text)
        if not text:
            return BadRow("expected an article in the page, found none")
    return Article(path.stem, unicodedata.normalize("NFC", text), markdown=path.suffix == ".md")


def _article_of_row(row: Mapping[str, Any], text_column: str, id_column: str) -> Article | BadRow:
    missing = [name for name in (text_column, id_column) if name not in row]
    if missing:
        flag = "--text-column" if missing[0] == text_column else "--id-column"
        return BadRow(f"expected {missing[0]!r}, found {', '.join(map(repr, row)) or 'nothing'}; name it with {flag}")
    text, identifier = row[text_column], row[id_column]
    if not isinstance(text, str) or not text.strip():
        return BadRow(f"expected {text_column!r} to be text, found {str(text)[:40]!r}")
    if not isinstance(identifier, str | int) or identifier == "":
        return BadRow(f"expected an id, found {identifier!r}. Give each article an id of its own")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return BadRow(f"expected text, found half a surrogate pair at character {error.start}")
    columns = {name: _plain(value) for name, value in row.items() if name not in (text_column, id_column)}
    return Article(str(identifier), unicodedata.normalize("NFC", text), columns=columns)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: dates as text, nested ones as JSON's text."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, default=str)


def _standard_input() -> str:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"standard input: expected UTF-8, found byte 0x{error.object[error.start]:02x}.") from error
    if not text.strip():
        raise UserError("standard input: expected an article, found nothing. Pipe a text in, or name a file.")
    return unicodedata.normalize("NFC", text)
