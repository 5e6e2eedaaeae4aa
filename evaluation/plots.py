"""Pictures of an evaluation."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from evaluation.metrics import IntArray


def confusion_figure(counts: IntArray, *, labels: Sequence[str], title: str) -> Figure:
    """Return a confusion matrix as a picture: counts in the cells, shades by the share of the true label."""
    figure = Figure(figsize=(4.6, 4.0), layout="constrained")
    axes = figure.subplots()
    totals = counts.sum(axis=1, keepdims=True).clip(min=1)
    shares = counts / totals
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row in range(len(labels)):
        for column in range(len(labels)):
            axes.text(
                column,
                row,
                f"{counts[row, column]}\n{shares[row, column]:.0%}",
                ha="center",
                va="center",
                color="white" if shares[row, column] > 0.5 else "black",
            )
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("predicted")
    axes.set_ylabel("labelled")
    axes.set_title(title)
    return figure


def counts_figure(counts: Mapping[str, Mapping[str, int]], actors: Mapping[str, Mapping[str, int]]) -> Figure:
    """Return bars for each kind of count, and the stances of each actor stacked beside them."""
    figure = Figure(figsize=(12, max(6.0, 0.22 * len(actors) + 1)), layout="constrained")
    grid = figure.add_gridspec(len(counts), 2, height_ratios=[max(3, len(kind)) for kind in counts.values()])
    for row, (name, kind) in enumerate(counts.items()):
        axes = figure.add_subplot(grid[row, 0])
        axes.barh(list(kind), list(kind.values()), color="0.45")
        axes.invert_yaxis()
        axes.set_title(name)
    axes = figure.add_subplot(grid[:, 1])
    left = np.zeros(len(actors))
    for stance, colour, hatch in (("against", "#b2182b", "//"), ("neutral", "0.8", ""), ("favor", "#1b7837", "..")):
        values = np.array([stances.get(stance, 0) for stances in actors.values()], dtype=float)
        axes.barh(list(actors), values, left=left, color=colour, hatch=hatch, edgecolor="white", label=stance)
        left += values
    axes.invert_yaxis()
    axes.legend()
    axes.set_title("most frequent actors")
    return figure
