"""The report of a model on labelled sentences."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.labels import SENTIMENTS, STANCES, label_index
from data.sentence import LabelledSentence
from evaluation.metrics import IntArray, classification_metrics


def stance_labels(sentences: Sequence[LabelledSentence]) -> IntArray:
    """Return the stance of each actor of each sentence, in order (actors,), MISSING where there is none."""
    labels = [label_index(actor.stance, STANCES) for sentence in sentences for actor in sentence.actors]
    return np.array(labels, dtype=np.int64)


def sentiment_labels(sentences: Sequence[LabelledSentence]) -> IntArray:
    """Return the sentiment of each sentence (sentences,), MISSING where there is none."""
    return np.array([label_index(sentence.sentiment, SENTIMENTS) for sentence in sentences], dtype=np.int64)


def make_report(
    sentences: Sequence[LabelledSentence],
    stance_probabilities: NDArray[np.floating[Any]],  # (actors, 3)
    sentiment_probabilities: NDArray[np.floating[Any]] | None,  # (sentences, 3)
    *,
    data_sha256: str,
) -> dict[str, Any]:
    """Return the figures of predictions: {"stance": {"macro_f1": {"value": …}, …}, "sentiment": …}."""
    stance, sentiment = stance_labels(sentences), sentiment_labels(sentences)
    if sentiment_probabilities is None:
        sentiment_figures: dict[str, float] = {}
    else:
        sentiment_figures = classification_metrics(sentiment, sentiment_probabilities.argmax(axis=1), labels=SENTIMENTS)
    return {
        "stance": _figures(classification_metrics(stance, stance_probabilities.argmax(axis=1), labels=STANCES)),
        "sentiment": _figures(sentiment_figures),
        "counts": {
            "sentences": len(sentences),
            "stance_labels": int((stance >= 0).sum()),
            "sentiment_labels": int((sentiment >= 0).sum()),
        },
        "data_sha256": data_sha256,
    }


def _figures(metrics: dict[str, float]) -> dict[str, dict[str, float]]:
    return {name: {"value": value} for name, value in metrics.items()}
