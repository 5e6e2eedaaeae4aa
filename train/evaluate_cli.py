"""`train evaluate`: what a model is worth, and which labels are probably wrong."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from data.problems import UserError
from train.cli_options import Model, quiet_libraries


def evaluate_command(
    data: Annotated[Path, typer.Option(metavar="FILE", help="Labelled sentences, .jsonl or .csv.")],
    model: Model = None,
    train: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The sentences it was fitted on: the controls are fitted on them too."),
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="A new file for the report as JSON.")] = None,
    markdown: Annotated[Path | None, typer.Option(metavar="OUT", help="A new file for it as Markdown.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="A new file for it as a page with plots.")] = None,
    suspects: Annotated[
        Path | None,
        typer.Option(metavar="OUT", help="A new .csv or .jsonl for the labels most probably wrong, the surest first."),
    ] = None,
    folds: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="K",
            help="Measure settings instead of a model: fit K models, each without a part of the articles, and have it "
            "read that part. FILE may be a data folder then. For suspects among the sentences you fit on.",
        ),
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="With --folds: hub name, folder, or mini.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --folds: TOML with the settings of `train fit`.")
    ] = None,
) -> None:
    """Measure a model on labelled sentences: figures with intervals, slices, calibration, controls.

    Two actors of a sentence change places, and names are replaced by others, to see whether the model reads for
    the actor and how much a name alone moves it. --suspects ranks labels to look at again: mend data before models.
    """
    from train.output import check_output
    from train.settings import read_settings, refuse_more_fits

    for output in (json, markdown, html, suspects):
        check_output(output, "text")
    if suspects and suspects.suffix not in (".csv", ".jsonl"):
        raise UserError(f"--suspects {suspects}: expected a name that ends in .csv or .jsonl.")
    if folds and (model or train):
        raise UserError("--folds: models are fitted for it; expected neither --model nor --train. Leave them out.")
    if not folds and (encoder or config):
        raise UserError("--encoder and --config say what to fit; expected --folds with them. Add --folds 5.")
    settings = read_settings(config, {"encoder": encoder} if encoder else {})
    refuse_more_fits(settings)

    from train.evaluate import cross_evaluate, evaluate, write_report
    from train.tables import report_table

    quiet_libraries()
    if folds:
        title = f"{settings.encoder.encoder} on {data.name}, {folds} folds"
        measured = cross_evaluate(data, settings, folds=folds)
    else:
        title = f"{model or 'champion'} on {data.name}"
        measured = evaluate(model, data, fitted_on=train, must_be_new=suspects is not None)
    write_report(measured, title=title, json_file=json, markdown=markdown, html=html)
    report_table(measured.report, sys.stdout)
    if suspects:
        from train.suspects import write_suspects

        typer.echo(write_suspects(measured, suspects))
