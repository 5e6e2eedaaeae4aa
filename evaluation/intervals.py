"""Intervals of figures by a bootstrap that resamples articles: labels of one article are not independent."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.labels import MISSING
from evaluation.metrics import IntArray, metrics_of_counts

REPETITIONS = 2000
LEVEL = 0.95


def counts_by_cluster(true: IntArray, predicted: IntArray, clusters: Sequence[str], *, labels: int) -> IntArray:
    """Return the confusion counts of each cluster (clusters, labels, labels); items without a label left out.

    `true`, `predicted` and `clusters` are (items,).
    """
    known = true != MISSING
    _, numbers = np.unique(np.asarray(clusters)[known], return_inverse=True)
    counts = np.zeros((int(numbers.max(initial=-1)) + 1, labels, labels), dtype=np.int64)
    np.add.at(counts, (numbers, true[known], predicted[known]), 1)
    return counts


def bootstrap_intervals(
    counts: IntArray, *, labels: Sequence[str], repetitions: int = REPETITIONS, level: float = LEVEL, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Return the percentile interval of each figure of `metrics_of_counts`, clusters drawn with replacement.

    The cluster bootstrap of Field and Welsh (2007), "Bootstrapping clustered data"; percentiles as in
    Efron and Tibshirani (1993). `counts` is (clusters, labels, labels).
    """
    generator = np.random.default_rng(seed)
    drawn = draw_clusters(len(counts), repetitions, generator) @ counts.reshape(len(counts), -1)
    figures = metrics_of_counts(drawn.reshape(repetitions, len(labels), len(labels)), labels=labels)
    tail = 100 * (1 - level) / 2
    bounds = {name: np.percentile(values, (tail, 100 - tail)) for name, values in figures.items()}
    return {name: (float(low), float(high)) for name, (low, high) in bounds.items()}


def mean_with_interval(
    values: NDArray[np.floating[Any]],
    clusters: Sequence[str],
    *,
    repetitions: int = REPETITIONS,
    level: float = LEVEL,
    seed: int = 0,
) -> dict[str, float]:
    """Return the mean of values (items,) as {"value", "low", "high"}, clusters drawn with replacement.

    Raises:
        ValueError: There are no values.
    """
    if not len(values):
        raise ValueError("expected values, found none")
    _, numbers = np.unique(np.asarray(clusters), return_inverse=True)
    sums, sizes = np.bincount(numbers, weights=values), np.bincount(numbers)
    drawn = draw_clusters(len(sizes), repetitions, np.random.default_rng(seed))
    tail = 100 * (1 - level) / 2
    low, high = np.percentile(drawn @ sums / (drawn @ sizes), (tail, 100 - tail))
    return {"value": float(np.mean(values)), "low": float(low), "high": float(high)}


def draw_clusters(clusters: int, repetitions: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return how often each cluster is drawn in each repetition: (repetitions, clusters)."""
    return generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=repetitions)
