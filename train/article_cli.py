"""The commands that read articles: predict, actors, sentences."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from data.problems import UserError
from train.cli_options import BY_SUFFIX, Model, Output, format_of, quiet_libraries


class PredictionFormat(StrEnum):
    """How predictions are written."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    html = "html"


class ReadingPrecision(StrEnum):
    """The numbers that a model reads with."""

    auto = "auto"
    fp32 = "fp32"
    bf16 = "bf16"
    int8 = "int8"


class PlainFormat(StrEnum):
    """How plain records are written."""

    table = "table"
    jsonl = "jsonl"


class ActorsFormat(StrEnum):
    """How found or proposed actors are written."""

    table = "table"
    jsonl = "jsonl"
    toml = "toml"


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


def predict_command(
    inputs: Inputs,
    model: Model = None,
    actors: Actors = None,
    format: Annotated[
        PredictionFormat | None,
        typer.Option(help="How to write the records." + BY_SUFFIX),
    ] = None,
    output: Output = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="A row for each actor (and outlet and week, if there are such columns).")
    ] = False,
    abstain_below: Annotated[
        float,
        typer.Option(metavar="P", help="Say no stance that is less probable; train evaluate shows what that gains."),
    ] = 0.0,
    precision: Annotated[
        ReadingPrecision,
        typer.Option(
            help="auto: fp32, and from 256 sentences on whichever is fastest here of fp32, bf16 and (exported with "
            "--onnx) int8, if its probabilities are within 0.01 of fp32's on average: tried once and remembered."
        ),
    ] = ReadingPrecision.auto,
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

    form = format_of(format, output, PredictionFormat)
    check_inputs(inputs)
    check_output(output, form)
    if not 0 <= abstain_below <= 1:
        raise UserError(f"--abstain-below: expected a probability from 0 to 1, found {abstain_below}.")
    if resume and not output:
        raise UserError("--resume: expected the --output that was being written, found none. Name it.")
    if summary and form is PredictionFormat.html:
        raise UserError("--summary: the page has one already; expected another format. Leave one of the two out.")
    read_actors(actors or BUNDLED)  # what is wrong with it is said before the model is loaded

    from train.model_source import model_folder
    from train.reading import ReadingJob, read

    quiet_libraries()
    read(
        ReadingJob(
            inputs=inputs,
            model=model_folder(model),
            actors=actors or BUNDLED,
            form=form,
            output=output,
            doubts=doubts,
            rejects=rejects,
            text_column=text_column,
            id_column=id_column,
            abstain_below=abstain_below,
            precision=precision.value,
            summary=summary,
            resume=resume,
        )
    )


def actors_command(
    inputs: Inputs,
    actors: Actors = None,
    discover: Annotated[
        bool, typer.Option("--discover", help="Propose the names that the list lacks instead, inflected forms grouped.")
    ] = False,
    least: Annotated[int, typer.Option(help="With --discover: propose names met so often.")] = 2,
    format: Annotated[
        ActorsFormat | None,
        typer.Option(help="How to write them; toml (with --discover) is a list to edit." + BY_SUFFIX),
    ] = None,
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

    form = format_of(format, output, ActorsFormat)
    if form is ActorsFormat.toml and not discover:
        raise UserError("--format toml: expected --discover with it, found none. Add it, or take jsonl.")
    if doubts and discover:
        raise UserError("--doubts: expected no --discover with it, which reads no mentions. Leave one of the two out.")
    check_inputs(inputs)
    check_output(output, form)
    finder = _finder(actors)
    with left_out.doubts(doubts) as doubted, left_out.rejects(rejects) as refused:
        articles = _articles(inputs, text_column, id_column, refused)
        if discover:
            proposed = discovered_records(articles, finder, least=least)
            if form is ActorsFormat.toml:
                write_whole(actor_list_toml(proposed), output)
            else:
                write_records(proposed, form=form, output=output, columns={}, table=plain_table)
            return
        records = actor_records(articles, finder, doubted.note)
        write_records(records, form=form, output=output, columns={}, table=plain_table)


def sentences_command(
    inputs: Inputs,
    format: Annotated[PlainFormat | None, typer.Option(help="How to write the records." + BY_SUFFIX)] = None,
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

    form = format_of(format, output, PlainFormat)
    check_inputs(inputs)
    check_output(output, form)
    with left_out.rejects(rejects) as refused:
        records = sentence_records(_articles(inputs, text_column, id_column, refused))
        write_records(records, form=form, output=output, columns={}, table=plain_table)


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
