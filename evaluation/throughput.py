"""Speed: seconds and amounts of work in; rates, ratios and the line of time against size out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import linregress

BACKWARD = 2  # a backward pass computes two products for each one of the forward pass


@dataclass(frozen=True)
class Spread:
    """The median of several measurements, the lowest and the highest of them."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:.4g} ({self.low:.3g} to {self.high:.3g})"


@dataclass(frozen=True)
class Line:
    """Seconds = intercept + slope x size, by least squares, and the share of the variance that it explains."""

    slope: float
    intercept: float
    r_squared: float


@dataclass(frozen=True)
class EncoderShape:
    """What the work of an encoder's pass hangs on; `block_weights` are those of all products in its layers."""

    block_weights: int
    layers: int
    hidden: int


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the ends of some measurements.

    Raises:
        ValueError: There is none.
    """
    if not values:
        raise ValueError("expected at least one measurement, found none.")
    return Spread(float(np.median(values)), float(min(values)), float(max(values)))


def rate(work: float, seconds: Sequence[float]) -> Spread:
    """Return the work done in a second, over repeated measurements of the same work."""
    return spread([work / each for each in seconds])


def times_as_fast(work: float, seconds: Sequence[float], other_work: float, other_seconds: Sequence[float]) -> Spread:
    """Return how many times another's rate a rate is, from the ratio in each round.

    Both were measured in the same rounds, so that what slows a round down slows both.
    """
    rounds = zip(seconds, other_seconds, strict=True)
    return spread([(work / mine) / (other_work / other) for mine, other in rounds])


def growth(before: Sequence[float], after: Sequence[float]) -> Spread:
    """Return by what share time grew, from the ratio in each round: 0.1 is a tenth more."""
    return spread([later / earlier - 1 for earlier, later in zip(before, after, strict=True)])


def line_of(sizes: Sequence[float], seconds: Sequence[float]) -> Line:
    """Return the line through times (scipy.stats.linregress).

    Raises:
        ValueError: There are fewer than two sizes.
    """
    if len(set(sizes)) < 2:
        raise ValueError(f"expected at least two sizes for a line, found {len(set(sizes))}.")
    fitted: Any = linregress(sizes, seconds)
    return Line(float(fitted.slope), float(fitted.intercept), float(fitted.rvalue) ** 2)


def pass_flops(lengths: Sequence[int], shape: EncoderShape) -> float:
    """Return the floating-point operations of one forward pass over readings of these lengths (tokens).

    A reading of n tokens takes 2 x block_weights x n for the products with weights (a multiplication and an
    addition for each weight and token), and 4 x layers x hidden x n^2 for attention: n^2 scores of `hidden`
    products a layer, and as many to mix the values. Embeddings, norms, softmax and the heads are left out; so is
    padding: what is computed for it shows as a lower share of the machine's rate.
    """
    tokens = np.asarray(lengths, dtype=np.float64)
    return float((2 * shape.block_weights * tokens + 4 * shape.layers * shape.hidden * tokens**2).sum())


def step_flops(lengths: Sequence[int], shape: EncoderShape) -> float:
    """Return the operations of a training step: a forward pass and a backward pass of twice the work."""
    return (1 + BACKWARD) * pass_flops(lengths, shape)


def as_json(spreads: dict[str, Spread]) -> dict[str, dict[str, float]]:
    """Return spreads as plain numbers of four significant digits."""
    return {name: {end: float(f"{value:.4g}") for end, value in asdict(each).items()} for name, each in spreads.items()}
