"""Is a probability of 0.8 right eight times of ten? Temperature, errors of calibration, what abstaining gains."""

from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.metrics import f1_score

from data.labels import MISSING
from data.probabilities import SMALLEST, Probabilities, temper
from evaluation.metrics import IntArray

BINS = 15
COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)


def fit_temperature(probabilities: Probabilities, true: IntArray) -> float:
    """Return the temperature that makes labels likeliest (Guo et al. 2017); 1 if nothing is labelled."""
    known = true != MISSING
    if not known.any():
        return 1.0
    rows, labels = probabilities[known], true[known]

    def surprise(log_temperature: float) -> float:
        chosen = temper(rows, float(np.exp(log_temperature)))[np.arange(len(labels)), labels]
        return -float(np.log(np.clip(chosen, SMALLEST, None)).mean())

    found = minimize_scalar(surprise, bounds=(np.log(0.05), np.log(20)), method="bounded")
    return float(np.exp(found.x))


def expected_calibration_error(probabilities: Probabilities, true: IntArray, *, bins: int = BINS) -> float:
    """Return the mean distance of confidence from accuracy, bins of equally many items (Nguyen and O'Connor 2015)."""
    points = reliability(probabilities, true, bins=bins)
    sizes = np.array([size for _, _, size in points], dtype=float)
    gaps = np.array([abs(confidence - accuracy) for confidence, accuracy, _ in points])
    return float((gaps * sizes).sum() / sizes.sum()) if len(points) else float("nan")


def reliability(probabilities: Probabilities, true: IntArray, *, bins: int = BINS) -> list[tuple[float, float, int]]:
    """Return (mean confidence, accuracy, items) of bins of equally many items, the least confident first."""
    known = true != MISSING
    confidence, predicted = probabilities[known].max(axis=1), probabilities[known].argmax(axis=1)
    right = predicted == true[known]
    groups = np.array_split(np.argsort(confidence, kind="stable"), min(bins, max(1, len(confidence))))
    return [(float(confidence[g].mean()), float(right[g].mean()), len(g)) for g in groups if len(g)]


def brier_loss(probabilities: Probabilities, true: IntArray) -> float:
    """Return the mean squared distance between probabilities and labels, summed over labels (Brier 1950)."""
    known = true != MISSING
    hot = np.eye(probabilities.shape[1])[true[known]]
    return float(((probabilities[known] - hot) ** 2).sum(axis=1).mean())


def coverage_curve(probabilities: Probabilities, true: IntArray) -> list[dict[str, float]]:
    """Return, for shares of the items kept, the least probability kept and the macro-F1 over the kept."""
    known = true != MISSING
    rows, labels = probabilities[known], true[known]
    confidence = rows.max(axis=1)
    curve = []
    for coverage in COVERAGES:
        threshold = float(np.quantile(confidence, 1 - coverage)) if coverage < 1 else 0.0
        kept = confidence >= threshold
        score = f1_score(
            labels[kept], rows[kept].argmax(axis=1), labels=range(rows.shape[1]), average="macro", zero_division=0.0
        )
        curve.append({"abstain_below": threshold, "coverage": float(kept.mean()), "macro_f1": float(score)})
    return curve


def calibration_report(probabilities: Probabilities, true: IntArray, *, temperature: float) -> dict[str, Any]:
    """Return the errors of tempered probabilities, and of the same before the temperature was applied."""
    before = temper(probabilities, 1 / temperature)
    return {
        "temperature": temperature,
        "before": {"ece": expected_calibration_error(before, true), "brier": brier_loss(before, true)},
        "after": {"ece": expected_calibration_error(probabilities, true), "brier": brier_loss(probabilities, true)},
        "coverage": coverage_curve(probabilities, true),
    }
