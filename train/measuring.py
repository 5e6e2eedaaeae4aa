"""What a model is worth on labelled sentences: its predictions, and the report made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledSentence
from evaluation.controls import sentiment_controls, stance_controls
from evaluation.report import control_figures, make_report, sentiment_labels, stance_labels
from models.predictions import Predictions
from models.predictor import Predictor
from train.name_tests import name_audit, swap_test


@dataclass(frozen=True)
class Measured:
    """Labelled sentences, what a model said of them, and the report of it.

    `learning` is what models said of them that learnt them, where several were fitted in turn.
    """

    sentences: Sequence[LabelledSentence]
    predictions: Predictions
    report: dict[str, Any]
    learning: Predictions | None = None


def measure(
    predictor: Predictor,
    sentences: Sequence[LabelledSentence],
    predictions: Predictions,
    *,
    data_sha256: str,
    train: Sequence[LabelledSentence] = (),
    blind: Predictor | None = None,
) -> Measured:
    """Measure a model by its predictions for sentences: figures, slices, calibration, and the controls.

    The controls that must be fitted take `train`, and are left out without it; `blind` is the same
    encoder fitted with the actor unseen, where there is one.
    """
    report = make_report(
        sentences,
        predictions.stance,
        predictions.sentiment,
        data_sha256=data_sha256,
        temperatures=predictor.config.calibration,
    )
    controls = report["controls"]
    stances = stance_controls(train, sentences) if train else {}
    if blind:
        stances["no_actor"] = blind.predict(sentences).stance
    of_actors = [sentence.article for sentence in sentences for _ in sentence.actors]
    controls["stance"] = control_figures(stance_labels(sentences), stances, of_actors, labels=STANCES)
    if train and report["sentiment"]:
        controls["sentiment"] = control_figures(
            sentiment_labels(sentences),
            sentiment_controls(train, sentences),
            [sentence.article for sentence in sentences],
            labels=SENTIMENTS,
        )
    controls["swap"] = swap_test(predictor, sentences)
    if blind:
        controls["swap_no_actor"] = swap_test(blind, sentences)
    controls["names"] = name_audit(predictor, sentences)
    return Measured(sentences, predictions, report)


def predictions_table(measured: Measured) -> pd.DataFrame:
    """Return a row for each actor of each sentence, and for each sentence without one, labelled and predicted."""
    stance = iter(measured.predictions.stance)
    rows = []
    for index, sentence in enumerate(measured.sentences):
        of_sentence = {"id": sentence.id, "article": sentence.article, "text": sentence.text}
        feeling = {
            "sentiment": sentence.sentiment,
            "predicted_sentiment": _best_sentiment(measured.predictions, index),
        }
        for actor in sentence.actors:
            row = next(stance)
            chances = {label: round(float(value), 4) for label, value in zip(STANCES, row, strict=True)}
            said = {"actor": actor.actor, "stance": actor.stance, "predicted": STANCES[row.argmax()], **chances}
            rows.append({**of_sentence, **said, **feeling})
        if not sentence.actors:
            rows.append({**of_sentence, **dict.fromkeys(("actor", "stance", "predicted", *STANCES)), **feeling})
    return pd.DataFrame(rows, dtype=object)  # else None becomes a number


def _best_sentiment(predictions: Predictions, sentence: int) -> str | None:
    return None if predictions.sentiment is None else SENTIMENTS[predictions.sentiment[sentence].argmax()]


def run_metrics(report: dict[str, Any]) -> dict[str, float]:
    """Return the figures of a report under MLflow's names: test_stance_macro_f1, …_low, …_high, test_stance_ece."""
    metrics = {}
    for kind in ("stance", "sentiment"):
        for name, figure in report[kind].items():
            metrics[f"test_{kind}_{name}"] = figure["value"]
        if "macro_f1" in report[kind]:
            metrics |= {f"test_{kind}_macro_f1_{end}": report[kind]["macro_f1"][end] for end in ("low", "high")}
        if kind in report["calibration"]:
            metrics |= {f"test_{kind}_{name}": value for name, value in report["calibration"][kind]["after"].items()}
            metrics[f"{kind}_temperature"] = report["calibration"][kind]["temperature"]
    controls = report["controls"]
    metrics |= {f"control_{name}_macro_f1": of["macro_f1"]["value"] for name, of in controls["stance"].items()}
    for name in ("swap", "swap_no_actor"):
        if controls.get(name, {}).get("follow"):
            metrics[f"{name}_follow"] = controls[name]["follow"]["value"]
    if "answers_changed" in controls["names"]:
        metrics["name_answers_changed"] = controls["names"]["answers_changed"]
    return {name: round(value, 4) for name, value in metrics.items()}  # MLflow shows every digit


def slices_table(report: dict[str, Any]) -> pd.DataFrame:
    """Return the slices of a report as a table; a slice with too few labels has no figure."""
    rows = []
    for name, part in report["slices"].items():
        figure = part.get("macro_f1", {})
        rows.append({"slice": name, "labels": part["labels"], **{f"macro_f1_{key}": v for key, v in figure.items()}})
    return pd.DataFrame(rows)


def shifts_table(report: dict[str, Any]) -> pd.DataFrame:
    """Return the shifts of the name-substitution audit as a table, a row for each name."""
    rows = []
    for row in report["controls"]["names"].get("shifts", ()):
        flat = {f"{stance}_{key}": round(value, 4) for stance in STANCES for key, value in row[stance].items()}
        rows.append({"type": row["type"], "actor": row["actor"], "sentences": row["sentences"], **flat})
    return pd.DataFrame(rows)
