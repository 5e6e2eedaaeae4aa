"""Figures of a classification: labels and probabilities in, numbers out. Better is higher."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, matthews_corrcoef

from data.labels import MISSING

IntArray = NDArray[np.int64]


def classification_metrics(true: IntArray, predicted: IntArray, *, labels: Sequence[str]) -> dict[str, float]:
    """Return macro-F1, accuracy, Matthews correlation and the F1 of each label.

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
        "accuracy": float(accuracy_score(true, predicted)),
        "matthews": float(matthews_corrcoef(true, predicted)),
        **{f"f1_{label}": float(value) for label, value in zip(labels, each, strict=True)},
    }


def confusion(true: IntArray, predicted: IntArray, *, labels: Sequence[str]) -> IntArray:
    """Return the counts of (true, predicted) pairs, (labels, labels); missing labels left out."""
    known = true != MISSING
    counts: IntArray = confusion_matrix(true[known], predicted[known], labels=range(len(labels)))
    return counts
