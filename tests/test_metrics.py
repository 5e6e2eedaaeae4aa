"""Figures and reports."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from data.labels import MISSING, STANCES
from evaluation.metrics import classification_metrics, confusion
from evaluation.plots import confusion_figure
from evaluation.report import make_report, sentiment_labels, stance_labels
from tests.conftest import sentence_of


def test_metrics_leave_missing_labels_out() -> None:
    true = np.array([0, 1, 2, MISSING, 1])
    predicted = np.array([0, 1, 1, 0, 1])
    metrics = classification_metrics(true, predicted, labels=STANCES)
    assert metrics["accuracy"] == pytest.approx(3 / 4)
    assert metrics["macro_f1"] == pytest.approx(f1_score([0, 1, 2, 1], [0, 1, 1, 1], average="macro"))
    assert metrics["f1_favor"] == 0
    assert confusion(true, predicted, labels=STANCES).tolist() == [[1, 0, 0], [0, 2, 0], [0, 1, 0]]


def test_metrics_count_a_label_that_nobody_has_as_zero() -> None:
    metrics = classification_metrics(np.array([0, 1]), np.array([0, 1]), labels=STANCES)
    assert metrics["macro_f1"] == pytest.approx(2 / 3)


def test_metrics_of_nothing_are_none() -> None:
    assert classification_metrics(np.array([MISSING]), np.array([0]), labels=STANCES) == {}


def test_report_has_the_designs_shape() -> None:
    sentences = [
        sentence_of("a", "Nowak chwali.", ("Nowak", "Nowak", "favor"), sentiment="positive"),
        sentence_of("b", "Nowak milczy.", ("Nowak", "Nowak", None)),
    ]
    assert stance_labels(sentences).tolist() == [2, MISSING]
    assert sentiment_labels(sentences).tolist() == [2, MISSING]
    stance = np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])
    report = make_report(sentences, stance, None, data_sha256="abc")
    assert report["stance"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert report["sentiment"] == {}
    assert report["counts"] == {"sentences": 2, "articles": 2, "stance_labels": 1, "sentiment_labels": 1}
    assert report["data_sha256"] == "abc"


def test_plots_draw_every_cell_of_a_confusion() -> None:
    figure = confusion_figure(np.array([[5, 1, 0], [0, 7, 2], [1, 0, 3]]), labels=STANCES, title="stance")
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert len(texts) == 9
    assert texts[0] == "5\n83%"
