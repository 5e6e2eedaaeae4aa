"""The end of a fit: test figures, the model folder, and all of it in MLflow."""

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.labels import SENTIMENTS, STANCES
from data.probabilities import temper
from data.sentence import LabelledSentence
from evaluation.calibration import fit_temperature, reliability
from evaluation.metrics import confusion
from evaluation.plots import confusion_figure, coverage_figure, reliability_figure
from evaluation.report import make_report, sentiment_labels, stance_labels
from models.folder import save_model_folder
from models.predictor import Predictions, Predictor
from train.card import figures_table, model_card
from train.job import FitJob
from train.logged_model import DEV_FIGURE
from train.progress import console
from train.provenance import git_commit
from train.tracker import Tracker


@dataclass(frozen=True)
class Fitted:
    """What a fit leaves: the model folder, the run that tracked it and the report on test."""

    folder: Path
    run_id: str
    report: dict[str, Any]
    champion: bool


def finish(job: FitJob, predictor: Predictor, *, best_dev: float, step: int) -> Fitted:
    """Evaluate on test, write the model folder, and have MLflow keep all of it."""
    tracker = job.tracker
    predictor = calibrated(predictor, job.data.dev)
    begun = time.monotonic()
    predictions = predictor.predict(job.data.test)
    seconds = time.monotonic() - begun
    report = make_report(
        job.data.test,
        predictions.stance,
        predictions.sentiment,
        data_sha256=job.data.sha256["test"],
        temperatures=predictor.config.calibration,
    )
    card = model_card(job.settings, report, revision=job.encoder.revision, commit=git_commit(), run_id=tracker.run_id)
    made = job.workspace.new_model_folder()
    save_model_folder(made, model=predictor.model, tokenizer=job.encoder.tokenizer, config=predictor.config, card=card)
    figures = run_metrics(report)
    speed = {"predict_sentences_per_s": len(job.data.test) / seconds}
    tracker.metrics({**figures, **speed, DEV_FIGURE: best_dev}, step)
    tracker.tags({"mlflow.note.content": figures_table(report), "model_folder": str(job.output.absolute())})
    tracker.document(report, "report.json")
    tracker.table(_test_table(job.data.test, predictions), "test_predictions.json")
    tracker.table(slices_table(report), "slices.json")
    _track_pictures(tracker, job.data.test, predictions, report)
    champion = tracker.model(made, dev_macro_f1=best_dev, dev_sha256=job.data.sha256["dev"])
    if champion is None:
        console.print(f"the model is in {job.output}, but MLflow could not keep it", style="yellow")
    job.workspace.end(made, job.output)
    return Fitted(job.output, tracker.run_id, report, bool(champion))


def _test_table(sentences: list[LabelledSentence], predictions: Predictions) -> pd.DataFrame:
    """Return a row for each actor of the test sentences, labelled and predicted."""
    actors = [(sentence, index, actor) for index, sentence in enumerate(sentences) for actor in sentence.actors]
    return pd.DataFrame(
        {
            "id": [sentence.id for sentence, _, _ in actors],
            "text": [sentence.text for sentence, _, _ in actors],
            "actor": [actor.actor for _, _, actor in actors],
            "stance": [actor.stance for _, _, actor in actors],
            "predicted": [STANCES[row.argmax()] for row in predictions.stance],
            **{label: predictions.stance[:, column].round(4) for column, label in enumerate(STANCES)},
            "sentiment": [sentence.sentiment for sentence, _, _ in actors],
            "predicted_sentiment": [_best_sentiment(predictions, index) for _, index, _ in actors],
        }
    )


def _best_sentiment(predictions: Predictions, sentence: int) -> str | None:
    return None if predictions.sentiment is None else SENTIMENTS[predictions.sentiment[sentence].argmax()]


def calibrated(predictor: Predictor, dev: list[LabelledSentence]) -> Predictor:
    """Return the predictor with the temperatures that make the labels of dev likeliest."""
    predictions = predictor.predict(dev)
    temperatures = {"stance": fit_temperature(predictions.stance, stance_labels(dev))}
    if predictions.sentiment is not None:
        temperatures["sentiment"] = fit_temperature(predictions.sentiment, sentiment_labels(dev))
    config = dataclasses.replace(predictor.config, calibration=temperatures)
    return Predictor(config, predictor.tokenizer, predictor.model)


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
    return metrics


def slices_table(report: dict[str, Any]) -> pd.DataFrame:
    """Return the slices of a report as a table; a slice with too few labels has no figure."""
    rows = []
    for name, part in report["slices"].items():
        figure = part.get("macro_f1", {})
        rows.append({"slice": name, "labels": part["labels"], **{f"macro_f1_{key}": v for key, v in figure.items()}})
    return pd.DataFrame(rows)


def _track_pictures(
    tracker: Tracker, sentences: list[LabelledSentence], predictions: Predictions, report: dict[str, Any]
) -> None:
    for kind, labels, true, probabilities in (
        ("stance", STANCES, stance_labels(sentences), predictions.stance),
        ("sentiment", SENTIMENTS, sentiment_labels(sentences), predictions.sentiment),
    ):
        if probabilities is not None and (true >= 0).any():
            counts = confusion(true, probabilities.argmax(axis=1), labels=labels)
            tracker.figure(confusion_figure(counts, labels=labels, title=f"{kind}, test"), f"confusion_{kind}.png")
            calibration = report["calibration"][kind]
            before = reliability(temper(probabilities, 1 / calibration["temperature"]), true)
            figure = reliability_figure(before, reliability(probabilities, true), title=f"{kind}, test")
            tracker.figure(figure, f"reliability_{kind}.png")
            tracker.figure(coverage_figure(calibration["coverage"], title=f"{kind}, test"), f"coverage_{kind}.png")
