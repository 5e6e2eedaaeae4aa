"""Pictures of an evaluation."""

from collections.abc import Mapping, Sequence
from typing import Any

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


def reliability_figure(
    before: Sequence[tuple[float, float, int]], after: Sequence[tuple[float, float, int]], *, title: str
) -> Figure:
    """Return confidence against accuracy, before and after the temperature, as `reliability` gives them."""
    figure = Figure(figsize=(4.8, 4.6), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle=":", label="calibrated")
    for points, name, marker in ((before, "before", "s"), (after, "after", "o")):
        confidence, accuracy = [point[0] for point in points], [point[1] for point in points]
        axes.plot(confidence, accuracy, marker=marker, linestyle="--" if name == "before" else "-", label=name)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    axes.set_title(title)
    axes.legend()
    return figure


def coverage_figure(curve: Sequence[Mapping[str, float]], *, title: str) -> Figure:
    """Return macro-F1 against the share of items kept, each point with the probability to abstain below."""
    figure = Figure(figsize=(5.2, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.plot([point["coverage"] for point in curve], [point["macro_f1"] for point in curve], marker="o")
    for point in curve:
        axes.annotate(
            f"{point['abstain_below']:.2f}",
            (point["coverage"], point["macro_f1"]),
            textcoords="offset points",
            xytext=(4, 6),
        )
    axes.invert_xaxis()
    axes.set_xlabel("share of actors answered")
    axes.set_ylabel("macro-F1")
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


def intervals_figure(figures: Mapping[str, Mapping[str, float]], *, title: str, axis: str) -> Figure:
    """Return figures with their intervals, a line each, the first marked across the others."""
    figure = Figure(figsize=(6.4, 0.26 * len(figures) + 1.2), layout="constrained")
    axes = figure.subplots()
    names = list(figures)
    for place, name in enumerate(names):
        of = figures[name]
        axes.plot([of["low"], of["high"]], [place, place], color="0.4", linewidth=1.5)
        axes.plot(of["value"], place, marker="o", color="black", markersize=4)
    axes.axvline(figures[names[0]]["value"], color="0.7", linestyle=":", zorder=0)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel(f"{axis}, 95 % interval")
    axes.set_title(title)
    return figure


def shifts_figure(shifts: Sequence[Mapping[str, Any]], *, title: str) -> Figure:
    """Return what each name moves P(against) and P(favor) by, as `name_shifts` gives it."""
    figure = Figure(figsize=(6.8, 0.3 * len(shifts) + 1.4), layout="constrained")
    axes = figure.subplots()
    for stance, colour, marker, lift in (("against", "#b2182b", "v", -0.14), ("favor", "#1b7837", "^", 0.14)):
        for place, row in enumerate(shifts):
            axes.plot([row[stance]["low"], row[stance]["high"]], [place + lift] * 2, color=colour, linewidth=1.5)
        values = [row[stance]["value"] for row in shifts]
        places = [place + lift for place in range(len(shifts))]
        axes.plot(values, places, marker=marker, color=colour, linestyle="", markersize=5, label=f"P({stance})")
    axes.axvline(0, color="0.6", linestyle=":", zorder=0)
    axes.set_yticks(range(len(shifts)), [f"{row['actor']} ({row['type']})" for row in shifts])
    axes.invert_yaxis()
    axes.set_xlabel("shift in probability against the mean of all names, 95 % interval")
    axes.set_title(title)
    axes.legend()
    return figure


def seeds_figure(figures: Mapping[str, Sequence[float]]) -> Figure:
    """Return each figure's values, a point a run, with their mean and one standard deviation to either side."""
    figure = Figure(figsize=(6.4, 0.5 * len(figures) + 1.4), layout="constrained")
    axes = figure.subplots()
    for place, (_, values) in enumerate(figures.items()):
        mean, spread = float(np.mean(values)), float(np.std(values, ddof=1))
        axes.plot([mean - spread, mean + spread], [place, place], color="0.75", linewidth=6, solid_capstyle="butt")
        axes.plot(values, [place] * len(values), marker="o", color="black", linestyle="", markersize=4, alpha=0.7)
        axes.plot(mean, place, marker="|", color="#b2182b", markersize=16)
    axes.set_yticks(range(len(figures)), list(figures))
    axes.invert_yaxis()
    axes.set_title("mean and standard deviation over seeds")
    return figure


def trials_figure(trials: Sequence[tuple[int, float]]) -> Figure:
    """Return the worth of each trial of a search, and the best so far; a trial stopped early counts as it was."""
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    ordered = sorted(trials)
    numbers, values = [number for number, _ in ordered], [value for _, value in ordered]
    axes.plot(numbers, values, marker="o", linestyle="", color="0.4", label="trial")
    axes.step(numbers, np.maximum.accumulate(values), where="post", color="#b2182b", label="best so far")
    axes.set_xlabel("trial")
    axes.set_ylabel("stance macro-F1 on dev")
    axes.legend()
    return figure
