"""Progress of long reading, on stderr."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")


def said(line: str) -> None:
    """Say a line on stderr."""
    Console(stderr=True).print(line, highlight=False, markup=False, soft_wrap=True)


def counted(items: Iterable[Item], name: str) -> Iterator[Item]:
    """Yield the items while a terminal shows how many there were and how fast they came."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed} {task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=None)
        for item in items:
            yield item
            progress.advance(task)
