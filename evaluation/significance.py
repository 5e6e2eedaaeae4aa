"""Is the difference of two systems on the same test set more than chance? Articles, not labels, are what is drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from data.labels import MISSING
from evaluation.intervals import LEVEL, REPETITIONS, draw_clusters
from evaluation.metrics import IntArray, metrics_of_counts

RANDOMISATIONS = 10_000
CHUNK = 1_000  # repetitions at once: memory is bounded by the number of articles alone
TIE = 1e-12  # figures that should be equal may differ so much by rounding

Figures = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class McNemar:
    """What McNemar's test rests on: labels that only the first got right, only the second, and the p-value."""

    only_first: int
    only_second: int
    p: float


def differences(counts_a: IntArray, counts_b: IntArray, *, labels: Sequence[str]) -> dict[str, float]:
    """Return each figure of `metrics_of_counts` of B less that of A; counts are (clusters, labels, labels).

    Raises:
        ValueError: The counts are not of the same labels in the same clusters, or there are none.
    """
    _check_paired(counts_a, counts_b)
    found = _difference(_figures(counts_a.sum(axis=0), labels), _figures(counts_b.sum(axis=0), labels))
    return {name: float(values[0]) for name, values in found.items()}


def difference_intervals(
    counts_a: IntArray,
    counts_b: IntArray,
    *,
    labels: Sequence[str],
    repetitions: int = REPETITIONS,
    level: float = LEVEL,
    seed: int = 0,
) -> dict[str, tuple[float, float]]:
    """Return the percentile interval of each figure's difference, B less A, the same clusters drawn for both.

    The paired bootstrap of Efron and Tibshirani (1993), ch. 13, by cluster as in `bootstrap_intervals`.
    Counts are (clusters, labels, labels), of the same clusters in the same order.

    Raises:
        ValueError: The counts are not of the same labels in the same clusters, or there are none.
    """
    _check_paired(counts_a, counts_b)
    generator = np.random.default_rng(seed)
    parts = []
    for size in _chunks(repetitions):
        drawn = draw_clusters(len(counts_a), size, generator).astype(float)
        parts.append(_difference(_figures(drawn @ _flat(counts_a), labels), _figures(drawn @ _flat(counts_b), labels)))
    tail = 100 * (1 - level) / 2
    found = _joined(parts)
    bounds = {name: np.percentile(values, (tail, 100 - tail)) for name, values in found.items()}
    return {name: (float(low), float(high)) for name, (low, high) in bounds.items()}


def randomisation_test(
    counts_a: IntArray,
    counts_b: IntArray,
    *,
    labels: Sequence[str],
    repetitions: int = RANDOMISATIONS,
    seed: int = 0,
) -> dict[str, float]:
    """Return, for each figure, how likely a difference at least as large is if the systems may be exchanged.

    Approximate randomisation (Noreen 1989; Yeh 2000), two-sided: in each repetition the predictions of the two
    systems are exchanged, or not, a whole cluster at a time; p = (1 + hits) / (1 + repetitions), which is never 0.
    Counts are (clusters, labels, labels), of the same clusters in the same order.

    Raises:
        ValueError: The counts are not of the same labels in the same clusters, or there are none.
    """
    observed = differences(counts_a, counts_b, labels=labels)
    generator = np.random.default_rng(seed)
    change = _flat(counts_b) - _flat(counts_a)  # (clusters, labels * labels)
    total_a, total_b = _flat(counts_a).sum(axis=0), _flat(counts_b).sum(axis=0)
    hits = dict.fromkeys(observed, 0)
    for size in _chunks(repetitions):
        moved = generator.integers(0, 2, (size, len(change))).astype(float) @ change  # (size, labels * labels)
        found = _difference(_figures(total_a + moved, labels), _figures(total_b - moved, labels))
        for name, values in found.items():
            hits[name] += int((np.abs(values) >= abs(observed[name]) - TIE).sum())
    return {name: (1 + count) / (1 + repetitions) for name, count in hits.items()}


def mcnemar(true: IntArray, a: IntArray, b: IntArray) -> McNemar:
    """Return McNemar's exact test (1947) of the accuracy of two systems; all arrays are (items,).

    It takes labels for independent, which those of one article are not: beside the randomisation by
    article it is a second opinion, and where the two differ the randomisation is to be believed. No
    label that only one got right: p = 1. Items without a label are left out.
    """
    known = true != MISSING
    right_a, right_b = (a == true)[known], (b == true)[known]
    first, second = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    p = float(binomtest(first, first + second).pvalue) if first + second else 1.0
    return McNemar(first, second, p)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for all of them being looked at (Holm 1979), in the order given."""
    adjusted, largest = [1.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        largest = max(largest, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = largest
    return adjusted


def _check_paired(counts_a: IntArray, counts_b: IntArray) -> None:
    same = counts_a.shape == counts_b.shape and (counts_a.sum(axis=2) == counts_b.sum(axis=2)).all()
    if not same or not len(counts_a):
        raise ValueError("expected counts of two systems over the same labels in the same clusters")


def _chunks(repetitions: int) -> Iterator[int]:
    for begun in range(0, repetitions, CHUNK):
        yield min(CHUNK, repetitions - begun)


def _flat(counts: IntArray) -> NDArray[np.float64]:
    return counts.reshape(len(counts), -1).astype(float)  # float: matrix products of integers are slow


def _figures(flat: NDArray[np.float64] | IntArray, labels: Sequence[str]) -> Figures:
    return metrics_of_counts(flat.reshape(-1, len(labels), len(labels)).astype(np.int64), labels=labels)


def _difference(a: Figures, b: Figures) -> Figures:
    return {name: b[name] - a[name] for name in a}


def _joined(parts: Sequence[Mapping[str, NDArray[np.float64]]]) -> Figures:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
