"""`train bench`: how fast, beside what others use."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from data.problems import UserError
from train.cli_options import quiet_libraries

QUICK_REPEATS = 2


class BenchPart(StrEnum):
    """What is measured."""

    predict = "predict"
    fit = "fit"
    cold = "cold"
    memory = "memory"
    text = "text"


def bench_command(
    encoder: Annotated[
        str,
        typer.Option(
            metavar="NAME_OR_PATH",
            help="Hub name, folder, mini, or random-base, random-large: of HerBERT's sizes with random weights, which "
            "are as fast and need no network.",
        ),
    ] = "random-base",
    repeats: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Rounds; figures are their medians.  [default: 5, with --quick 2]"),
    ] = None,
    only: Annotated[
        list[BenchPart] | None,
        typer.Option(
            help="Measure this part alone; may be given several times. predict: targets/s beside transformers' "
            "pipeline and SetFit's way, at 1, 2, 4 and 8 actors a sentence, and an archive of 1 to 16 times the size. "
            "fit: beside transformers' Trainer on pairs. cold: `train predict` on one article, from start to end. "
            "memory: peaks. text: sentence splitting and actor finding.  [default: all]"
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Little text: shows that it works, not how fast.")] = False,
    json: Annotated[Path | None, typer.Option(metavar="OUT", help="A new file for all figures.")] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="A new file for throughput by actors and by archive size.")
    ] = None,
) -> None:
    """Measure speed here: ours beside its peers with the same weights, threads and precision.

    All are warmed up, then timed in turn, in rounds of alternating order. The tables have medians, lowest and highest
    in brackets; the share of this machine's matrix-product rate that each reaches, padding not counted; and how many
    times its targets/s ours reaches, in each precision. On two cores it takes a quarter of an hour; leave the machine
    alone meanwhile. Tracked in MLflow, experiment stanowisko-bench.

    train bench --only predict --repeats 3 --plot throughput.png
    """
    from train.output import check_output

    for output in (json, plot):
        check_output(output, "text")
    parts = tuple(part.value for part in BenchPart if not only or part in only)
    if plot and "predict" not in parts:
        raise UserError("--plot: it shows what `--only predict` measures; expected that too. Add it, or leave it out.")
    if plot and plot.suffix != ".png":
        raise UserError(f"--plot {plot}: expected a name that ends in .png.")

    from train.bench.report import bench_sections
    from train.bench.run import BenchSettings, bench
    from train.bench.writing import write_bench
    from train.tables import print_sections

    quiet_libraries()
    done = bench(BenchSettings(encoder, repeats or (QUICK_REPEATS if quick else 5), quick, parts))
    write_bench(done, json_file=json, plot=plot)
    print_sections(bench_sections(done.results), sys.stdout)
    typer.echo(f"run:   {done.run_id}")
