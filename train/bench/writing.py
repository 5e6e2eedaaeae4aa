"""A bench's figures in files."""

import json
from pathlib import Path

from data.writing import whole_file, write_text
from train.bench.run import Bench


def write_bench(done: Bench, *, json_file: Path | None, plot: Path | None) -> None:
    """Write the figures as JSON and the picture as PNG, where that was asked for."""
    if json_file:
        write_text(json_file, json.dumps(done.results, ensure_ascii=False, indent=2) + "\n")
    if plot and done.figure:
        with whole_file(plot) as path:
            done.figure.savefig(path, dpi=150)
