"""Figures of a classification: labels and probabilities in, numbers out. Better is higher."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, matthews_corrcoef

from data.labels import MISSING

IntArray = NDArray[np.int64]


def classification_metrics(true: IntArray, predicted: IntArray, *, labels: Sequence[str]) -> dict[str, float]:
    """Return macro-F1, the mean F1 of the first and last label, accuracy, Matthews correlation, F1 of each label.

    Both arrays hold label positions, (items,); items whose true label is missing are left out. A
    label that neither array holds counts as F1 0 in the mean over all labels. Empty: {}.
    """
    known = true != MISSING
    true, predicted = true[known], predicted[known]
    if not len(true):
        return {}
    positions = range(len(labels))
    each = f1_score(true, predicted, labels=positions, average=None, zero_division=0.0)
    return {
        "macro_f1": float(np.mean(each)),
        ends_name(labels): float((each[0] + each[-1]) / 2),
        "accuracy": float(accuracy_score(true, predicted)),
        "matthews": float(matthews_corrcoef(true, predicted)),
        **{f"f1_{label}": float(value) for label, value in zip(labels, each, strict=True)},
    }


def confusion(true: IntArray, predicted: IntArray, *, labels: Sequence[str]) -> IntArray:
    """Return the counts of (true, predicted) pairs, (labels, labels); missing labels left out."""
    known = true != MISSING
    counts: IntArray = confusion_matrix(true[known], predicted[known], labels=range(len(labels)))
    return counts


def ends_name(labels: Sequence[str]) -> str:
    """Return the name of the mean F1 of the first and the last label, SemEval-2016's figure for stance."""
    return f"f1_{labels[0]}_{labels[-1]}"


def metrics_of_counts(counts: IntArray, *, labels: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Return the figures of `classification_metrics` of many confusion matrices (repetitions, labels, labels)."""
    right = np.diagonal(counts, axis1=1, axis2=2).astype(float)  # (repetitions, labels)
    labelled, predicted = counts.sum(axis=2).astype(float), counts.sum(axis=1).astype(float)
    total = labelled.sum(axis=1)
    each = _ratio(2 * right, labelled + predicted)
    products = (labelled * predicted).sum(axis=1)
    spread = np.sqrt((total**2 - (predicted**2).sum(axis=1)) * (total**2 - (labelled**2).sum(axis=1)))
    return {
        "macro_f1": each.mean(axis=1),
        ends_name(labels): (each[:, 0] + each[:, -1]) / 2,
        "accuracy": _ratio(right.sum(axis=1), total),
        "matthews": _ratio(right.sum(axis=1) * total - products, spread),
        **{f"f1_{label}": each[:, place] for place, label in enumerate(labels)},
    }


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.zeros_like(above), where=below != 0)
