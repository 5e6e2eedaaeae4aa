"""Which labels are most probably wrong: confident learning over probabilities of models that never saw them."""

from dataclasses import dataclass

import numpy as np
from cleanlab.count import num_label_issues
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray

from data.labels import MISSING
from data.probabilities import Probabilities
from evaluation.metrics import IntArray


@dataclass(frozen=True)
class Suspects:
    """Labels by how probably they are wrong.

    `order` has the positions of all labelled items, the most suspect first, `quality` their scores in that
    order, 0 to 1, better higher; `expected` is how many of the labels are wrong by confident learning's count.
    """

    order: NDArray[np.int64]
    quality: NDArray[np.float64]
    expected: int


def find_suspects(labels: IntArray, probabilities: Probabilities) -> Suspects:
    """Rank labels (items,) by probabilities (items, labels) of models that were fitted without them.

    The score is the probability of the given label, self-confidence (Northcutt, Jiang and Chuang 2021, "Confident
    learning"; cleanlab): of its scores it found most labels flipped on purpose in the bundled sentences.
    """
    known = np.flatnonzero(labels != MISSING)
    given = labels[known]
    rows = probabilities[known].astype(np.float64)
    rows /= rows.sum(axis=1, keepdims=True)
    if not len(known):
        return Suspects(known, np.zeros(0), 0)
    quality = get_label_quality_scores(given, rows, method="self_confidence")
    order = np.argsort(quality, kind="stable")
    several = len(set(given.tolist())) == rows.shape[1]  # the count needs every label
    return Suspects(known[order], quality[order], int(num_label_issues(given, rows)) if several else 0)
