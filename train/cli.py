"""The command line. Each command parses and calls a plain function; heavy imports are made inside."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from data.problems import UserError
from data.writing import refuse_non_empty
from train.article_cli import actors_command, predict_command, sentences_command
from train.bench.cli import bench_command
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
from train.compare_cli import compare_command
from train.data_cli import data_app
from train.distill_cli import distill_command
from train.evaluate_cli import evaluate_command
from train.export_cli import export_command
from train.sweep_cli import sweep_command

if TYPE_CHECKING:
    from train.settings import FitSettings
    from train.workspace import Workspace

OURS = ("data", "models", "evaluation", "train")
EXIT_USER_ERROR = 2
EXIT_INTERRUPTED = 130
TAKES_SEVERAL = ("--text", "--labelled")


class _Group(TyperGroup):
    """Says what the user did wrong in one line, on stderr, with exit status 2."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        words = list(sys.argv[1:] if args is None else args)
        debug = "--debug" in words
        try:
            return super().main(_repeated([word for word in words if word != "--debug"]), *rest, **settings)
        except UserError as error:
            if debug:
                raise
            typer.echo(f"train: {error}", err=True)
            sys.exit(EXIT_USER_ERROR)
        except ModuleNotFoundError as error:
            if debug or (error.name or "").split(".")[0] in OURS:
                raise
            typer.echo(
                f"train: this command needs {error.name}, found it not installed: pip install '.[fit]'", err=True
            )
            sys.exit(EXIT_USER_ERROR)
        except KeyboardInterrupt:
            typer.echo("train: interrupted", err=True)
            sys.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:  # `train predict … | head`
            sys.stderr.close()
            sys.exit(0)


def _repeated(words: list[str]) -> list[str]:
    """Return the words with `--text A B` written as `--text A --text B`, as a shell's `--text *.txt` needs."""
    flag, out = "", list[str]()
    for word in words:
        if word.startswith("-"):
            flag = word if word in TAKES_SEVERAL else ""
            out += [] if flag else [word]
        else:
            out += [flag, word] if flag else [word]
    return out


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(data_app, name="data", help="Labelled data: check, import, split, count, compare.")


class ClassWeights(StrEnum):
    """What a rare class weighs in the loss."""

    none = "none"
    balanced = "balanced"


@app.callback()
def main(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Stance toward actors in Polish news: train a classifier, track its runs, read articles with it."""


@app.command("fit")
def fit_command(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder with train.jsonl, dev.jsonl, test.jsonl.  [default: the bundled sentences]"
        ),
    ] = None,
    encoder: Encoder = None,
    encoder_revision: EncoderRevision = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder for the model.  [default: runs/RUN_NAME]")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="At most so many epochs.  [default: 8]")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Sentences a step, on average.  [default: 32]")] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Of the encoder.  [default: 2e-5, 2e-4 for a small encoder]")
    ] = None,
    layer_decay: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="Each layer learns at X times the rate of the one above it, so that lower layers, which know the "
            "language, keep what they know.  [default: 1, 0.85 for a small encoder]",
        ),
    ] = None,
    head_learning_rate: Annotated[float | None, typer.Option(help="Of the heads.  [default: 1e-3]")] = None,
    patience: Annotated[
        int | None, typer.Option(help="Stop after so many epochs without a better dev macro-F1.  [default: 3]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Fixes a run on a CPU bit for bit.  [default: 1]")] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Fit N times, from SEED, SEED + 1, …, as nested runs: mean and standard deviation.  [default: 1]",
        ),
    ] = None,
    target: Annotated[
        Target | None,
        typer.Option(
            help="What the stance head sees: span (the actor's tokens; one pass a sentence), pair (the actor's name as "
            "a second segment; one pass an actor) or none (the sentence alone, a control).  [default: span]"
        ),
    ] = None,
    class_weights: Annotated[
        ClassWeights | None, typer.Option(help="Weigh rare stances more (balanced) or not (none).  [default: none]")
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(help="Longest stretch read at once; a longer sentence is read in several.  [default: 256]"),
    ] = None,
    freeze_embeddings: Annotated[
        bool | None,
        typer.Option(
            "--freeze-embeddings/--train-embeddings",
            help="Leave word embeddings as they are: less memory and time. --freeze-layers leaves them too.  [default: "
            "train, freeze for a small encoder]",
        ),
    ] = None,
    freeze_layers: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Leave the embeddings and the encoder's first N layers as they are, without dropout: they read each "
            "sentence once, not once an epoch.  [default: 0]",
        ),
    ] = None,
    precision: TrainingPrecision = None,
    run_name: RunName = None,
    experiment: Experiment = None,
    checkpoint_steps: Annotated[
        int | None, typer.Option(help="Steps between checkpoints inside an epoch.  [default: 500]")
    ] = None,
    controls: Annotated[
        bool | None,
        typer.Option(
            "--controls/--no-controls",
            help="Fit the same encoder with the actor unseen too: what the sentence alone gives away. Twice the time.  "
            "[default: no]",
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML with any of these settings; flags win over it.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped: its id, name or work folder.")
    ] = None,
) -> None:
    """Fine-tune a classifier, track the run, evaluate it on test, export the model.

    Offline: `train fit --encoder mini`, or --encoder PATH with the folder of an encoder. A file fit.toml in that folder
    says what other defaults the encoder wants, as mini's does; --config and flags win over it.
    """
    from train.settings import FitSettings, read_settings

    given = {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in context.params.items()
        if value is not None and name not in ("config", "resume")
    }
    if resume and (given or config):
        raise UserError("--resume: a run goes on with its own settings; expected no other flag. Leave the others out.")
    settings = read_settings(config, given)
    if not resume and settings.run.output:
        refuse_non_empty(settings.run.output)

    from train.resume import find_workspace

    quiet_libraries()
    workspace = find_workspace(resume) if resume else None
    if workspace:
        settings = FitSettings.from_flat(workspace.read("fit")[0])
    if settings.training.seeds > 1:
        _fit_seeds(settings, workspace)
        return
    from train.fit import fit
    from train.tables import report_table

    fitted = fit(settings, workspace=workspace)
    if fitted:
        report_table(fitted.report, sys.stdout)
        typer.echo(f"model: {short(fitted.folder)}" + ("  (the champion now)" if fitted.champion else ""))
        typer.echo(f"run:   {fitted.run_id}")


def _fit_seeds(settings: "FitSettings", workspace: "Workspace | None") -> None:
    from train.seeds import fit_seeds
    from train.tables import print_rows

    seeds = fit_seeds(settings, workspace=workspace)
    print_rows(seeds.head(), seeds.rows(), sys.stdout)
    typer.echo(f"models: {short(seeds.folder)}/seed-{settings.training.seed} …\nrun:    {seeds.run_id}")


app.command("evaluate")(evaluate_command)
app.command("compare")(compare_command)
app.command("predict")(predict_command)
app.command("actors")(actors_command)
app.command("sentences")(sentences_command)


app.command("export")(export_command)
app.command("sweep")(sweep_command)
app.command("distill")(distill_command)
app.command("bench")(bench_command)


@app.command("ui")
def ui_command(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 5000,
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    experiment: Annotated[str, typer.Option(metavar="S", help="The experiment to show.")] = "stanowisko",
) -> None:
    """Serve the MLflow UI on the store that runs are tracked in, on 127.0.0.1."""
    from train.ui import serve

    serve(port=port, open_browser=open, experiment=experiment)
