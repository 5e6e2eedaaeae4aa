"""The report of a model on labelled sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from data.labels import SENTIMENTS, STANCES, label_index
from data.probabilities import Probabilities
from data.sentence import LabelledSentence
from evaluation.calibration import calibration_report
from evaluation.intervals import bootstrap_intervals, counts_by_cluster
from evaluation.metrics import IntArray, classification_metrics
from evaluation.slices import LEAST_LABELS, stance_slices


def stance_labels(sentences: Sequence[LabelledSentence]) -> IntArray:
    """Return the stance of each actor of each sentence, in order (actors,), MISSING where there is none."""
    labels = [label_index(actor.stance, STANCES) for sentence in sentences for actor in sentence.actors]
    return np.array(labels, dtype=np.int64)


def sentiment_labels(sentences: Sequence[LabelledSentence]) -> IntArray:
    """Return the sentiment of each sentence (sentences,), MISSING where there is none."""
    return np.array([label_index(sentence.sentiment, SENTIMENTS) for sentence in sentences], dtype=np.int64)


def make_report(
    sentences: Sequence[LabelledSentence],
    stance_probabilities: Probabilities,  # (actors, 3)
    sentiment_probabilities: Probabilities | None,  # (sentences, 3)
    *,
    data_sha256: str,
    temperatures: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return the report of predictions: {"stance": {"macro_f1": {"value": …, "low": …, "high": …}, …}, …}.

    `low` and `high` bound 95 % of a bootstrap over articles. `temperatures` are those that were applied to
    the probabilities of "stance" and "sentiment"; 1 if not given.
    """
    temperatures = temperatures or {}
    stance, sentiment = stance_labels(sentences), sentiment_labels(sentences)
    articles = [sentence.article for sentence in sentences]
    of_actors = [sentence.article for sentence in sentences for _ in sentence.actors]
    report: dict[str, Any] = {
        "stance": figures_with_intervals(stance, stance_probabilities, of_actors, labels=STANCES),
        "sentiment": {},
        "slices": _slices(sentences, stance, stance_probabilities, of_actors),
        "calibration": {},
        "controls": {},
    }
    if (stance >= 0).any():
        temperature = temperatures.get("stance", 1.0)
        report["calibration"]["stance"] = calibration_report(stance_probabilities, stance, temperature=temperature)
    if sentiment_probabilities is not None and (sentiment >= 0).any():
        report["sentiment"] = figures_with_intervals(sentiment, sentiment_probabilities, articles, labels=SENTIMENTS)
        temperature = temperatures.get("sentiment", 1.0)
        report["calibration"]["sentiment"] = calibration_report(
            sentiment_probabilities, sentiment, temperature=temperature
        )
    report["counts"] = {
        "sentences": len(sentences),
        "articles": len(set(articles)),
        "stance_labels": int((stance >= 0).sum()),
        "sentiment_labels": int((sentiment >= 0).sum()),
    }
    report["data_sha256"] = data_sha256
    return report


def plain_figures(true: IntArray, probabilities: Probabilities | None, *, labels: Sequence[str]) -> dict[str, float]:
    """Return the figures alone, without intervals; {} without probabilities."""
    if probabilities is None:
        return {}
    return classification_metrics(true, probabilities.argmax(axis=1), labels=labels)


def figures_with_intervals(
    true: IntArray, probabilities: Probabilities, articles: Sequence[str], *, labels: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return each figure as {"value", "low", "high"}; {} if nothing is labelled."""
    values = plain_figures(true, probabilities, labels=labels)
    if not values:
        return {}
    counts = counts_by_cluster(true, probabilities.argmax(axis=1), articles, labels=len(labels))
    bounds = bootstrap_intervals(counts, labels=labels)
    return {name: {"value": value, "low": bounds[name][0], "high": bounds[name][1]} for name, value in values.items()}


def control_figures(
    true: IntArray, controls: Mapping[str, Probabilities], articles: Sequence[str], *, labels: Sequence[str]
) -> dict[str, dict[str, dict[str, float]]]:
    """Return macro-F1 and accuracy of each control, with their intervals; {} if nothing is labelled."""
    figures = {
        name: figures_with_intervals(true, probabilities, articles, labels=labels)
        for name, probabilities in controls.items()
    }
    return {name: {kind: of[kind] for kind in ("macro_f1", "accuracy")} for name, of in figures.items() if of}


def _slices(
    sentences: Sequence[LabelledSentence],
    stance: IntArray,
    probabilities: Probabilities,
    articles: Sequence[str],
) -> dict[str, dict[str, Any]]:
    slices: dict[str, dict[str, Any]] = {}
    for name, mask in stance_slices(sentences):
        labels = int((stance[mask] >= 0).sum())
        if labels >= LEAST_LABELS:
            chosen = [article for article, inside in zip(articles, mask, strict=True) if inside]
            figures = figures_with_intervals(stance[mask], probabilities[mask], chosen, labels=STANCES)
            slices[name] = {"labels": labels, "macro_f1": figures["macro_f1"], "accuracy": figures["accuracy"]}
        elif labels:
            slices[name] = {"labels": labels, "too_few": True}
    return slices
