"""The command that makes small encoders."""

from pathlib import Path
from typing import Annotated

import typer

from data.problems import UserError
from data.writing import refuse_non_empty
from train.cli_options import RunName, TrainingPrecision, quiet_libraries, short


def distill_command(
    context: typer.Context,
    teacher: Annotated[str | None, typer.Option(metavar="NAME_OR_PATH", help="The large encoder.")] = None,
    text: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILES", help="Unlabelled text, a sentence or paragraph a line, .gz and .xz too."),
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="DIR", help="New folder for the student.")] = None,
    labelled: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILES", help="Sentences with stance labels, or with stance_probabilities, as .jsonl; one or more."
        ),
    ] = None,
    layers: Annotated[int | None, typer.Option(help="Layers of the student.  [default: 6]")] = None,
    vocab: Annotated[int | None, typer.Option(help="Word pieces of the student.  [default: 16000]")] = None,
    tokens: Annotated[int | None, typer.Option(help="How many tokens to read.  [default: the text once]")] = None,
    tokens_per_step: Annotated[int | None, typer.Option(help="Tokens in a step.  [default: 1500]")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Of the student.  [default: 3e-4]")] = None,
    labelled_share: Annotated[
        float | None, typer.Option(help="Share of the sentences read that are labelled ones.  [default: 0.3]")
    ] = None,
    max_tokens: Annotated[int | None, typer.Option(help="Longer sentences are left out.  [default: 256]")] = None,
    precision: TrainingPrecision = None,
    seed: Annotated[int | None, typer.Option(help="Fixes a run on a CPU bit for bit.  [default: 1]")] = None,
    checkpoint_steps: Annotated[int | None, typer.Option(help="Steps between checkpoints.  [default: 200]")] = None,
    run_name: RunName = None,
    experiment: Annotated[str | None, typer.Option(metavar="S", help="MLflow experiment.  [default: distill]")] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped: its id, name or work folder.")
    ] = None,
) -> None:
    """Make a small, fast encoder from a large one and unlabelled text.

    train distill --teacher allegro/herbert-large-cased --text news.txt --output small-herbert
    """
    given = {name: value for name, value in context.params.items() if value not in (None, [], ()) and name != "resume"}
    if resume and given:
        raise UserError("--resume: a run goes on with its own settings; expected no other flag. Leave the others out.")
    missing = [name for name in ("teacher", "text", "output") if name not in given]
    if missing and not resume:
        raise UserError(f"--{missing[0]}: expected a value, found none. `train distill --help` shows an example.")

    from train.distill_settings import DistillSettings

    if not resume:
        paths = {name: tuple(path.absolute() for path in given.get(name, ())) for name in ("text", "labelled")}
        settings = DistillSettings(**{**given, **paths, "output": given["output"].absolute()})
        refuse_non_empty(settings.output)

    from train.distill import distill
    from train.resume import find_workspace

    quiet_libraries()
    workspace = find_workspace(resume) if resume else None
    if workspace:
        settings = DistillSettings.from_flat(workspace.read("distill")[0])
    student = distill(settings, workspace=workspace)
    for name, value in student.figures.items():
        typer.echo(f"{name.replace('_', ' ')}: {value:.3f}")
    typer.echo(f"encoder: {short(student.folder)}")
    typer.echo(f"run:     {student.run_id}")
