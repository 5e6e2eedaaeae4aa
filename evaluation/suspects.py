"""Which labels are most probably wrong: confident learning over what models say of them."""

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


def find_suspects(labels: IntArray, probabilities: Probabilities, *, ranking: Probabilities | None = None) -> Suspects:
    """Rank labels (items,) by `ranking`, and count the wrong ones by `probabilities`, both (items, labels).

    `probabilities` are of models that were fitted without the items. `ranking`, the same where it is not given, may
    be their mean with what models said while they learnt the items: a wrong label is learnt late (Pleiss et al.
    2020, "Identifying mislabeled data using the area under the margin ranking").

    The score is the probability of the given label, self-confidence (Northcutt, Jiang and Chuang 2021, "Confident
    learning"; cleanlab): of its scores it found most labels flipped on purpose in the bundled sentences.
    """
    known = np.flatnonzero(labels != MISSING)
    if not len(known):
        return Suspects(known, np.zeros(0), 0)
    given = labels[known]
    counted, ranked = (
        _normalised(rows[known]) for rows in (probabilities, probabilities if ranking is None else ranking)
    )
    quality = get_label_quality_scores(given, ranked, method="self_confidence")
    order = np.argsort(quality, kind="stable")
    several = len(set(given.tolist())) == counted.shape[1]  # the count needs every label
    return Suspects(known[order], quality[order], int(num_label_issues(given, counted)) if several else 0)


def _normalised(rows: Probabilities) -> NDArray[np.float64]:
    exact = rows.astype(np.float64)
    normalised: NDArray[np.float64] = exact / exact.sum(axis=1, keepdims=True)
    return normalised
