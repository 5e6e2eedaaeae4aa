"""Options and habits that several commands share."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from data.problems import UserError

Format = TypeVar("Format", bound=StrEnum)
BY_SUFFIX = "  [default: by --output's suffix, else table]"


class Target(StrEnum):
    """What the stance head is shown of the actor."""

    span = "span"
    pair = "pair"
    none = "none"


class Precision(StrEnum):
    """The numbers that the encoder computes with."""

    auto = "auto"
    fp32 = "fp32"
    bf16 = "bf16"


Model = Annotated[
    str | None,
    typer.Option(
        metavar="M",
        help="A model folder, an MLflow run (id or name) or models:/NAME@ALIAS.  "
        "[default: the champion, else the newest finished run]",
    ),
]
Encoder = Annotated[
    str | None,
    typer.Option(metavar="NAME_OR_PATH", help="Hub name, folder, or mini.  [default: allegro/herbert-base-cased]"),
]
EncoderRevision = Annotated[
    str | None, typer.Option(metavar="REV", help="Commit, tag or branch on the hub.  [default: main]")
]
TrainingPrecision = Annotated[
    Precision | None, typer.Option(help="auto: bf16 where the processor has it.  [default: auto]")
]
RunName = Annotated[str | None, typer.Option(metavar="S", help="Name of the run in MLflow.")]
Experiment = Annotated[str | None, typer.Option(metavar="S", help="MLflow experiment.  [default: stanowisko]")]
Output = Annotated[
    Path | None, typer.Option(metavar="PATH", help="A new file to write to.  [default: standard output]")
]


def format_of(chosen: Format | None, output: Path | None, known: type[Format]) -> Format:
    """Return the format asked for, else the one that the output's name ends in, else (no ending, or .txt) a table.

    Raises:
        UserError: The name ends in what is no format of the command.
    """
    suffix = output.suffix if output else ""
    ending = {"": "table", ".txt": "table", ".md": "markdown"}.get(suffix, suffix[1:])
    found = chosen or next((one for one in known if one.value == ending), None)
    if found is None:
        endings = ", ".join(f".{one}" for one in known if one.value != "table")
        raise UserError(
            f"--output {output}: expected a name that ends in {endings} or .txt, found {suffix!r}. "
            "Choose another, or say the --format."
        )
    return found


def short(path: Path) -> Path:
    """Return a path as seen from the current folder, if it is in it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def quiet_libraries() -> None:
    """Let libraries say only what matters, on stderr, in our form."""
    import logging
    import os

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    logging.basicConfig(level=logging.WARNING, format="train: %(message)s", stream=sys.stderr)
