"""Probabilities of labels, and a temperature that makes them bolder or more careful."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.floating[Any]]  # (items, labels)
SMALLEST = 1e-12


def temper(probabilities: Probabilities, temperature: float) -> NDArray[np.float64]:
    """Return probabilities with their logits divided by a temperature: p^(1/T), summing to 1 (items, labels)."""
    logits = np.log(np.clip(probabilities.astype(np.float64), SMALLEST, None)) / temperature
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    tempered: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return tempered
