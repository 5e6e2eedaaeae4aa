"""How far two labellings agree."""

from collections.abc import Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np
from sklearn.metrics import cohen_kappa_score

from evaluation.metrics import IntArray, confusion


@dataclass(frozen=True)
class Agreement:
    """Agreement of two annotators on the same items.

    `alpha` is Krippendorff's for nominal data (Krippendorff 2011), `kappa` Cohen's; `by_label` is
    the share of items that both give a label among those that either gives it (Jaccard); `table`
    has the first annotator in rows (labels, labels).
    """

    items: int
    observed: float
    alpha: float
    kappa: float
    by_label: dict[str, float]
    table: IntArray


def agreement(first: IntArray, second: IntArray, *, labels: Sequence[str]) -> Agreement:
    """Return the agreement of two arrays of label positions, (items,), none of them missing.

    Raises:
        ValueError: The arrays differ in length or are empty.
    """
    if len(first) != len(second) or not len(first):
        raise ValueError("expected two labellings of the same items")
    table = confusion(first, second, labels=labels)
    either = table.sum(axis=0) + table.sum(axis=1) - np.diag(table)
    constant = len({*first.tolist(), *second.tolist()}) == 1
    return Agreement(
        items=len(first),
        observed=float(np.mean(first == second)),
        alpha=1.0 if constant else float(_alpha(first, second)),
        kappa=1.0 if constant else float(cohen_kappa_score(first, second)),
        by_label={
            label: float(table[position, position] / either[position])
            for position, label in enumerate(labels)
            if either[position]
        },
        table=table,
    )


def _alpha(first: IntArray, second: IntArray) -> float:
    return float(krippendorff.alpha(np.stack([first, second]), level_of_measurement="nominal"))
