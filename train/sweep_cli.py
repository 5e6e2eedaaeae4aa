"""`train sweep`: the search for good settings."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from data.problems import UserError
from data.writing import refuse_non_empty
from train.cli_options import (
    Encoder,
    EncoderRevision,
    Experiment,
    RunName,
    Target,
    TrainingPrecision,
    quiet_libraries,
    short,
)

SHOWN = 10  # trials


def sweep_command(
    context: typer.Context,
    trials: Annotated[int, typer.Option(min=1, metavar="N", help="How many settings to try.")] = 20,
    space: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="TOML that says what to try: `batch_size = [8, 16]`, `learning_rate = {low = 1e-5, high = 1e-4, "
            "log = true}`.  [default: learning rates, batch size, epochs, dropout, weight decay]",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder with train.jsonl, dev.jsonl, test.jsonl; test is not read for it."),
    ] = None,
    encoder: Encoder = None,
    encoder_revision: EncoderRevision = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder for what is found.  [default: runs/RUN_NAME]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of every trial, and of what is drawn.  [default: 1]")] = None,
    target: Annotated[Target | None, typer.Option(help="What the stance head sees.  [default: span]")] = None,
    precision: TrainingPrecision = None,
    run_name: RunName = None,
    experiment: Experiment = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML with the other settings of `train fit`.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a sweep that was stopped: its name or work folder.")
    ] = None,
) -> None:
    """Search for good settings on dev; each trial is a run nested in the sweep's.

    Poor trials are stopped early. The best settings are left as TOML for `train fit --config`. Test is never
    looked at: fit with what was found, and look then.
    """
    from train.settings import FitSettings, read_settings, refuse_more_fits

    not_settings = ("trials", "space", "config", "resume")
    given = {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in context.params.items()
        if value is not None and name not in not_settings
    }
    if resume and (given or config or space):
        raise UserError(
            "--resume: a sweep goes on with its own settings; expected no other flag. Leave the others out."
        )

    from train.resume import find_workspace
    from train.sweep import read_notes, sweep, sweep_name
    from train.sweep_settings import read_space
    from train.tables import print_rows

    settings = read_settings(config, given)
    refuse_more_fits(settings)
    if settings.run.run_name is None:
        settings = FitSettings.from_flat({**settings.flat(), "run_name": sweep_name(settings)})
    if settings.run.output:
        refuse_non_empty(settings.run.output)
    tried = read_space(space) if space else None
    quiet_libraries()
    workspace = find_workspace(resume) if resume else None
    if workspace:
        settings, trials, tried = read_notes(workspace)
    found = sweep(settings, trials=trials, space=tried, workspace=workspace)
    rows = [[str(cell) for cell in row] for row in found.trials.head(SHOWN).to_numpy().tolist()]
    print_rows(list(found.trials.columns), rows, sys.stdout)
    typer.echo(f"best:  {short(found.best)}\nrun:   {found.run_id}")
