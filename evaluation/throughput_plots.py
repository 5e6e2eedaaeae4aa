"""Pictures of speed: against actors a sentence, and against the size of an archive."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.throughput import Line, Spread

MARKERS = "osv^Dx*P"


def throughput_figure(
    curves: Mapping[str, Mapping[int, Spread]], archive: Mapping[float, Sequence[float]], line: Line
) -> Figure:
    """Return targets/s of each system against actors a sentence, and seconds against an archive's tokens.

    `curves` has for each system the rate at each number of actors; `archive` the seconds of each round at each size.
    """
    figure = Figure(figsize=(11.5, 5.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _rates(left, curves)
    _sizes(right, archive, line)
    return figure


def _rates(axes: Axes, curves: Mapping[str, Mapping[int, Spread]]) -> None:
    for place, (name, points) in enumerate(curves.items()):
        middle = [point.median for point in points.values()]
        ends = [
            [point.median - point.low for point in points.values()],
            [point.high - point.median for point in points.values()],
        ]
        marker, style = MARKERS[place % len(MARKERS)], "-" if name.startswith("ours") else "--"
        axes.errorbar(list(points), middle, yerr=ends, label=name, marker=marker, linestyle=style)
    counts = sorted({count for points in curves.values() for count in points})
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(counts, [str(count) for count in counts])
    axes.set_xlabel("actors a sentence, the text the same")
    axes.set_ylabel("targets/s")
    axes.set_title("throughput: median, lowest and highest")
    axes.legend(fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)


def _sizes(axes: Axes, archive: Mapping[float, Sequence[float]], line: Line) -> None:
    for tokens, seconds in archive.items():
        axes.plot([tokens] * len(seconds), seconds, marker="o", linestyle="", color="0.6", markersize=4)
        axes.plot(tokens, float(np.median(seconds)), marker="_", color="black", markersize=14)
    ends = np.array([0.0, max(archive)])
    fitted = line.intercept + line.slope * ends
    label = f"{1000 * line.slope:.3g} ms a token, R² {line.r_squared:.4f}"
    axes.plot(ends, fitted, color="#b2182b", label=label)
    axes.set_xlabel("tokens in the archive")
    axes.set_ylabel("seconds")
    axes.set_title("reading an archive")
    axes.legend()
