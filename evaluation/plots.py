"""Pictures of an evaluation."""

from collections.abc import Sequence

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
