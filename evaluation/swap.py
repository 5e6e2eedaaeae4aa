"""Do predictions follow the actors? Two actors of a sentence have changed places; their stances must too."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.labels import STANCES
from data.probabilities import Probabilities
from evaluation.intervals import mean_with_interval

AGAINST, FAVOR = STANCES.index("against"), STANCES.index("favor")


def swap_figures(
    before: Probabilities,  # (pairs, 2, 3): of the actor labelled against, then of the one labelled favor
    after: Probabilities,  # (pairs, 2, 3): of the same actors, each where the other stood
    articles: Sequence[str],  # (pairs,)
) -> dict[str, Any]:
    """Return how far the predictions of pairs of actors followed when the two changed places, with intervals.

    - follow: the share of pairs in which the actor that came off better, by P(favor) - P(against), came off
      worse after the swap. A model that does not look at the actor gives both the same: it follows in none.
    - stances_traded: the same of the answers: each actor got the answer that the other had had, and the two
      answers had differed.
    - right_before, right_after: the share of actors whose answer is the label of their place.
    """
    gaps = [_balance(of[:, 1]) - _balance(of[:, 0]) for of in (before, after)]
    said, then = before.argmax(axis=2), after.argmax(axis=2)  # (pairs, 2)
    places = np.array([AGAINST, FAVOR])
    shares = {
        "follow": gaps[0] * gaps[1] < 0,
        "stances_traded": (said[:, 0] != said[:, 1]) & (said[:, ::-1] == then).all(axis=1),
        "right_before": (said == places).mean(axis=1),
        "right_after": (then == places[::-1]).mean(axis=1),
    }
    return {name: mean_with_interval(values.astype(float), articles) for name, values in shares.items()}


def _balance(probabilities: Probabilities) -> NDArray[np.floating[Any]]:
    balance: NDArray[np.floating[Any]] = probabilities[:, FAVOR] - probabilities[:, AGAINST]
    return balance
