"""The commands of `train data`: labelled sentences in and out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from data.writing import refuse_non_empty

data_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


class ImportFormat(StrEnum):
    """Where labels come from."""

    csv = "csv"
    tsv = "tsv"
    label_studio = "label-studio"
    doccano = "doccano"


@data_app.callback()
def data_main() -> None:
    """Labelled data: check, import, split, count, compare."""


@data_app.command("check")
def check_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files (.jsonl, .csv) or data folders.")],
) -> None:
    """Say everything that is wrong with labelled files, or how much they hold."""
    from train.check import check

    typer.echo(check(paths))


@data_app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, Label Studio's JSON or doccano's JSONL.")],
    to: Annotated[Path, typer.Option(metavar="OUT", help="A new .jsonl file.")],
    format: Annotated[
        ImportFormat | None, typer.Option(help="What FILE is.  [default: by its suffix: .csv, .tsv, .json, .jsonl]")
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Take the good records and write the bad ones to OUT.rejects.jsonl.")
    ] = False,
) -> None:
    """Bring labels of another form into ours; without offsets, actors are located in the text."""
    from train.importing import import_labels

    typer.echo(import_labels(file, form=format.value if format else None, to=to, skip_bad=skip_bad))


@data_app.command("split")
def split_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Labelled sentences, .jsonl or .csv.")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="A new folder for train, dev and test.")],
    seed: Annotated[int, typer.Option(help="Another seed, another split.")] = 1,
    dev: Annotated[float, typer.Option(help="Share of dev.")] = 0.15,
    test: Annotated[float, typer.Option(help="Share of test.")] = 0.15,
    unseen: Annotated[float, typer.Option(help="Share of test that names only actors absent from train.")] = 0.25,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="A data folder split before: its sentences stay in their splits, those of FILE... join them, so that "
            "figures stay comparable.",
        ),
    ] = None,
) -> None:
    """Split labelled sentences into train, dev and test; articles and near-duplicates stay together."""
    refuse_non_empty(to)
    from train.split import split

    typer.echo(split(files, to, seed=seed, dev=dev, test=test, unseen=unseen, keep=keep))


@data_app.command("stats")
def stats_command(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files (.jsonl, .csv) or data folders.")],
    plot: Annotated[Path | None, typer.Option(metavar="OUT", help="A new .png or .svg with the counts drawn.")] = None,
    actors: Annotated[int, typer.Option(help="How many of the most frequent actors to list.")] = 40,
) -> None:
    """Count what labelled sentences hold: labels, tags, actors, and how alike the sentences are."""
    from train.output import check_output
    from train.stats import show_stats

    check_output(plot, "plot")
    show_stats(paths, plot=plot, actors=actors)


@data_app.command("agreement")
def agreement_command(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="Labelled sentences, a file or a data folder.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="The same sentences, labelled by somebody else.")],
    disagreements: Annotated[bool, typer.Option("--disagreements", help="List the labels that differ.")] = False,
) -> None:
    """Say how far two labellings agree: Krippendorff's alpha, Cohen's kappa, a table, the differences."""
    from train.agreement import show_agreement

    show_agreement(first, second, disagreements=disagreements)
