"""Options and habits that several commands share."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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


def short(path: Path) -> Path:
    """Return a path as seen from the current folder, if it is in it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def quiet_libraries() -> None:
    """Let libraries say only what matters, on stderr, in our form."""
    import logging
    import os

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    logging.basicConfig(level=logging.WARNING, format="train: %(message)s", stream=sys.stderr)
