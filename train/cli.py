"""The command line. Each command parses and calls a plain function; heavy imports are made inside."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from data.problems import UserError
from data.writing import refuse_non_empty
from train.data_cli import data_app

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


class ClassWeights(StrEnum):
    """What a rare class weighs in the loss."""

    none = "none"
    balanced = "balanced"


class PredictionFormat(StrEnum):
    """How predictions are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    html = "html"


class PlainFormat(StrEnum):
    """How plain records are written."""

    table = "table"
    jsonl = "jsonl"


class ActorsFormat(StrEnum):
    """How found or proposed actors are written."""

    table = "table"
    jsonl = "jsonl"
    toml = "toml"


Model = Annotated[
    str | None,
    typer.Option(
        metavar="M",
        help="A model folder, an MLflow run (id or name) or models:/NAME@ALIAS.  "
        "[default: the champion, else the newest finished run]",
    ),
]
Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Articles: .txt, .md, .html; rows of .jsonl, .csv, .parquet; folders, globs; or - for standard input.",
    ),
]
Actors = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The actors to look for, as TOML.  [default: a list of Polish and world news]"),
]
Output = Annotated[
    Path | None, typer.Option(metavar="PATH", help="A new file to write to.  [default: standard output]")
]


TextColumn = Annotated[str, typer.Option(metavar="NAME", help="Where rows of .jsonl, .csv, .parquet hold the text.")]
IdColumn = Annotated[str, typer.Option(metavar="NAME", help="Where they hold the article's id.")]
RejectsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A new file (.jsonl) for records that hold no article.  [default: beside --output]"
    ),
]
DoubtsFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A new file (.jsonl) for mentions in doubt, which are left out.")
]


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
    encoder: Annotated[
        str | None,
        typer.Option(metavar="NAME_OR_PATH", help="Hub name, folder, or mini.  [default: allegro/herbert-base-cased]"),
    ] = None,
    encoder_revision: Annotated[
        str | None, typer.Option(metavar="REV", help="Commit, tag or branch on the hub.  [default: main]")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="New folder for the model.  [default: runs/RUN_NAME]")
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="At most so many epochs.  [default: 8]")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Sentences a step, on average.  [default: 32]")] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="Of the encoder.  [default: 2e-5, 2e-4 for a small encoder]")
    ] = None,
    head_learning_rate: Annotated[float | None, typer.Option(help="Of the heads.  [default: 1e-3]")] = None,
    patience: Annotated[
        int | None, typer.Option(help="Stop after so many epochs without a better dev macro-F1.  [default: 3]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Fixes a run on a CPU bit for bit.  [default: 1]")] = None,
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
            help="Leave word embeddings as they are: less memory.  [default: train]",
        ),
    ] = None,
    precision: Annotated[
        Precision | None, typer.Option(help="auto: bf16 where the processor has it.  [default: auto]")
    ] = None,
    run_name: Annotated[str | None, typer.Option(metavar="S", help="Name of the run in MLflow.")] = None,
    experiment: Annotated[
        str | None, typer.Option(metavar="S", help="MLflow experiment.  [default: stanowisko]")
    ] = None,
    checkpoint_steps: Annotated[
        int | None, typer.Option(help="Steps between checkpoints inside an epoch.  [default: 500]")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML with any of these settings; flags win over it.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped: its id, name or work folder.")
    ] = None,
) -> None:
    """Fine-tune a classifier, track the run, evaluate it on test, export the model.

    Offline: `train fit --encoder mini`, or --encoder PATH with the folder of an encoder.
    """
    from train.settings import FitSettings, read_config

    given = {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in context.params.items()
        if value is not None and name not in ("config", "resume")
    }
    from_file = read_config(config) if config else {}
    if resume and (given or from_file):
        raise UserError("--resume: a run goes on with its own settings; expected no other flag. Leave the others out.")
    settings = FitSettings.from_flat({**from_file, **given})
    if not resume and settings.run.output:
        refuse_non_empty(settings.run.output)

    from train.fit import fit
    from train.resume import find_workspace
    from train.tables import report_table

    _quiet_libraries()
    workspace = find_workspace(resume) if resume else None
    if workspace:
        settings = FitSettings.from_flat(workspace.read("fit")[0])
    fitted = fit(settings, workspace=workspace)
    if fitted:
        report_table(fitted.report, sys.stdout)
        typer.echo(f"model: {_short(fitted.folder)}" + ("  (the champion now)" if fitted.champion else ""))
        typer.echo(f"run:   {fitted.run_id}")


@app.command("evaluate")
def evaluate_command(
    data: Annotated[Path, typer.Option(metavar="FILE", help="Labelled sentences, .jsonl or .csv.")],
    model: Model = None,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="A new file for the report as JSON.")] = None,
) -> None:
    """Measure a model on labelled sentences."""
    from train.output import check_output

    check_output(json, "json")
    from train.evaluate import evaluate
    from train.tables import report_table

    _quiet_libraries()
    report = evaluate(model, data, output=json)
    report_table(report, sys.stdout)


@app.command("predict")
def predict_command(
    inputs: Inputs,
    model: Model = None,
    actors: Actors = None,
    format: Annotated[PredictionFormat, typer.Option(help="How to write the records.")] = PredictionFormat.table,
    output: Output = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="A row for each actor (and outlet and week, if there are such columns).")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a reading into the same --output that was stopped.")
    ] = False,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
    doubts: DoubtsFile = None,
    rejects: RejectsFile = None,
) -> None:
    """Read articles: for each sentence and actor, the stance and how sure the model is."""
    from data.actor_list import BUNDLED, read_actors
    from data.articles import check_inputs
    from train.output import check_output

    check_inputs(inputs)
    check_output(output, format.value)
    if resume and not output:
        raise UserError("--resume: expected the --output that was being written, found none. Name it.")
    if summary and format is PredictionFormat.html:
        raise UserError("--summary: the page has one already; expected another format. Leave one of the two out.")
    read_actors(actors or BUNDLED)  # what is wrong with it is said before the model is loaded

    from train.model_source import model_folder
    from train.reading import ReadingJob, read

    _quiet_libraries()
    read(
        ReadingJob(
            inputs=inputs,
            model=model_folder(model),
            actors=actors or BUNDLED,
            form=format.value,
            output=output,
            doubts=doubts,
            rejects=rejects,
            text_column=text_column,
            id_column=id_column,
            summary=summary,
            resume=resume,
        )
    )


@app.command("actors")
def actors_command(
    inputs: Inputs,
    actors: Actors = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Propose the names that the list lacks instead, inflected forms grouped.")
    ] = False,
    least: Annotated[int, typer.Option(help="With --discover: propose names met so often.")] = 2,
    format: Annotated[
        ActorsFormat, typer.Option(help="How to write them; toml (with --discover) is a list to edit.")
    ] = ActorsFormat.table,
    output: Output = None,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
    doubts: DoubtsFile = None,
    rejects: RejectsFile = None,
) -> None:
    """Only find the actors of articles, in every grammatical case."""
    from data.articles import check_inputs
    from train import left_out
    from train.output import check_output, write_records, write_whole
    from train.plain import actor_list_toml, actor_records, discovered_records
    from train.tables import plain_table

    if format is ActorsFormat.toml and not discover:
        raise UserError("--format toml: expected --discover with it, found none. Add it, or take jsonl.")
    check_inputs(inputs)
    check_output(output, format.value)
    finder = _finder(actors)
    with left_out.doubts(doubts) as doubted, left_out.rejects(rejects) as refused:
        articles = _articles(inputs, text_column, id_column, refused)
        if discover:
            proposed = discovered_records(articles, finder, least=least)
            if format is ActorsFormat.toml:
                write_whole(actor_list_toml(proposed), output)
            else:
                write_records(proposed, form=format.value, output=output, columns={}, table=plain_table)
            return
        records = actor_records(articles, finder, doubted.note)
        write_records(records, form=format.value, output=output, columns={}, table=plain_table)


@app.command("sentences")
def sentences_command(
    inputs: Inputs,
    format: Annotated[PlainFormat, typer.Option(help="How to write the records.")] = PlainFormat.table,
    output: Output = None,
    text_column: TextColumn = "text",
    id_column: IdColumn = "id",
    rejects: RejectsFile = None,
) -> None:
    """Only split articles into sentences."""
    from data.articles import check_inputs
    from train import left_out
    from train.output import check_output, write_records
    from train.plain import sentence_records
    from train.tables import plain_table

    check_inputs(inputs)
    check_output(output, format.value)
    with left_out.rejects(rejects) as refused:
        records = sentence_records(_articles(inputs, text_column, id_column, refused))
        write_records(records, form=format.value, output=output, columns={}, table=plain_table)


@app.command("export")
def export_command(
    to: Annotated[Path, typer.Option(metavar="DIR", help="A new folder.")],
    model: Model = None,
) -> None:
    """Copy a model out of MLflow into a folder to carry away."""
    refuse_non_empty(to)
    from train.export import export

    _quiet_libraries()
    export(model, to)
    typer.echo(f"model: {to}")


@app.command("distill")
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
    precision: Annotated[
        Precision | None, typer.Option(help="auto: bf16 where the processor has it.  [default: auto]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Fixes a run on a CPU bit for bit.  [default: 1]")] = None,
    checkpoint_steps: Annotated[int | None, typer.Option(help="Steps between checkpoints.  [default: 200]")] = None,
    run_name: Annotated[str | None, typer.Option(metavar="S", help="Name of the run in MLflow.")] = None,
    experiment: Annotated[str | None, typer.Option(metavar="S", help="MLflow experiment.  [default: distill]")] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with a run that was stopped: its id, name or work folder.")
    ] = None,
) -> None:
    """Make a small, fast encoder from a large one and unlabelled text.

    train distill --teacher allegro/herbert-large-cased --text news.txt --output small-herbert
    """
    given = {name: value for name, value in context.params.items() if value and name != "resume"}
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

    _quiet_libraries()
    workspace = find_workspace(resume) if resume else None
    if workspace:
        settings = DistillSettings.from_flat(workspace.read("distill")[0])
    student = distill(settings, workspace=workspace)
    for name, value in student.figures.items():
        typer.echo(f"{name.replace('_', ' ')}: {value:.3f}")
    typer.echo(f"encoder: {_short(student.folder)}")
    typer.echo(f"run:     {student.run_id}")


@app.command("ui")
def ui_command(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 5000,
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    experiment: Annotated[str, typer.Option(metavar="S", help="The experiment to show.")] = "stanowisko",
) -> None:
    """Serve the MLflow UI on the store that runs are tracked in, on 127.0.0.1."""
    from train.ui import serve

    serve(port=port, open_browser=open, experiment=experiment)


def _articles(inputs: list[str], text_column: str, id_column: str, refused: Any) -> Any:
    from data.articles import read_articles
    from train.left_out import reject_record

    return read_articles(
        inputs,
        text_column=text_column,
        id_column=id_column,
        reject=lambda reject: refused.note(reject_record(reject)),
    )


def _finder(actors: Path | None) -> Any:
    from data.actor_list import BUNDLED, read_actors
    from data.finding import ActorFinder

    return ActorFinder(read_actors(actors or BUNDLED))


def _short(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _quiet_libraries() -> None:
    import logging
    import os

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    logging.basicConfig(level=logging.WARNING, format="train: %(message)s", stream=sys.stderr)
