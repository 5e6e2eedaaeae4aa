"""`train export`: a model folder to carry away."""

from pathlib import Path
from typing import Annotated

import typer

from data.problems import UserError
from data.writing import refuse_non_empty
from train.cli_options import Model, quiet_libraries


def export_command(
    to: Annotated[Path, typer.Option(metavar="DIR", help="A new folder.")],
    model: Model = None,
    onnx: Annotated[
        bool, typer.Option("--onnx", help="Write graphs for ONNX Runtime into it: `train predict` needs no torch then.")
    ] = False,
    check: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Labelled sentences on which int8 must be as good as fp32.  [default: the bundled test sentences]",
        ),
    ] = None,
) -> None:
    """Copy a model out of MLflow into a folder to carry away."""
    if check and not onnx:
        raise UserError("--check: the graphs are what is checked; expected --onnx with it, found none. Add it.")
    refuse_non_empty(to)
    from train.export import export

    quiet_libraries()
    said = export(model, to, onnx=onnx, check=check)
    typer.echo(f"model: {to}")
    if said:
        typer.echo(said)
