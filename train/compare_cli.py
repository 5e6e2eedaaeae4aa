"""The command that compares runs: compare."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from train.cli_options import BY_SUFFIX, Output, format_of, quiet_libraries


class ComparisonFormat(StrEnum):
    """How a comparison is written."""

    table = "table"
    json = "json"
    html = "html"
    markdown = "markdown"


def compare_command(
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN...",
            help="Two finished fits or more, MLflow's id or name of each; the first is the baseline.",
        ),
    ],
    format: Annotated[
        ComparisonFormat | None,
        typer.Option(
            help="How to write it: the table shows 20 of the differing sentences, the others all of them." + BY_SUFFIX
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Say whether one run is really better than another on the test sentences they share.

    Each run is compared with the first: every figure's difference with a 95 % interval, p of a randomisation
    test, the parameters that differ, and the sentences they answer differently. Whole articles are resampled and
    exchanged, for labels of one article go together. Runs tested on other sentences are refused.

    A difference of two runs is not one of two recipes: another seed is another run, see `train fit --seeds`.

    `train compare baseline new --output compare.html` gives a page to pass around.
    """
    from train.output import check_output, write_whole

    form = format_of(format, output, ComparisonFormat)
    check_output(output, form)
    from train.compare import compare
    from train.compare_page import WRITERS, compare_table

    quiet_libraries()
    comparison = compare(runs)
    if form is ComparisonFormat.table and output is None:  # as wide as the terminal
        compare_table(comparison, sys.stdout)
    else:
        write_whole(WRITERS[form](comparison), output)
