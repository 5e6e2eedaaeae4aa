"""The end of a fit: test figures, the model folder, and all of it in MLflow."""

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.sentence import LabelledSentence
from evaluation.calibration import fit_temperature
from evaluation.report import sentiment_labels, stance_labels
from models.folder import save_model_folder
from models.predictor import Predictor
from train.card import model_card
from train.job import FitJob
from train.logged_model import DEV_FIGURE
from train.measuring import measure, run_metrics
from train.progress import console
from train.provenance import git_commit
from train.track_report import track_report


@dataclass(frozen=True)
class Trained:
    """A trained model, and its best figure on dev."""

    predictor: Predictor
    best_dev: float


@dataclass(frozen=True)
class Fitted:
    """What a fit leaves: the model folder, the run that tracked it and the report on test."""

    folder: Path
    run_id: str
    report: dict[str, Any]
    champion: bool


def finish(job: FitJob, trained: Trained, blind: Trained | None = None) -> Fitted:
    """Evaluate on test, write the model folder, and have MLflow keep all of it.

    `blind` is the same encoder fitted with the actor unseen, where that was asked for.
    """
    tracker, data = job.tracker, job.data
    predictor = calibrated(trained.predictor, data.dev)
    begun = time.monotonic()
    predictions = predictor.predict(data.test)
    speed = {"predict_sentences_per_s": len(data.test) / (time.monotonic() - begun)}
    measured = measure(
        predictor,
        data.test,
        predictions,
        data_sha256=data.sha256["test"],
        train=data.train,
        blind=calibrated(blind.predictor, data.dev) if blind else None,
    )
    report = measured.report
    card = model_card(job.settings, report, revision=job.encoder.revision, commit=git_commit(), run_id=tracker.run_id)
    made = job.workspace.new_model_folder()
    save_model_folder(made, model=predictor.model, tokenizer=job.encoder.tokenizer, config=predictor.config, card=card)
    # At step 0: MLflow draws a bar for what is measured once, and a curve of one dot at any other step.
    tracker.metrics({**run_metrics(report), **speed, DEV_FIGURE: trained.best_dev}, 0)
    tracker.tags({"model_folder": str(job.output.absolute())})
    track_report(tracker, measured, title=f"{job.settings.run.run_name}, test sentences")
    champion = tracker.model(made, dev_macro_f1=trained.best_dev, dev_sha256=data.sha256["dev"])
    if champion is None:
        console.print(f"the model is in {job.output}, but MLflow could not keep it", style="yellow")
    job.workspace.end(made, job.output)
    return Fitted(job.output, tracker.run_id, report, bool(champion))


def calibrated(predictor: Predictor, dev: list[LabelledSentence]) -> Predictor:
    """Return the predictor with the temperatures that make the labels of dev likeliest."""
    predictions = predictor.predict(dev)
    temperatures = {"stance": fit_temperature(predictions.stance, stance_labels(dev))}
    if predictions.sentiment is not None:
        temperatures["sentiment"] = fit_temperature(predictions.sentiment, sentiment_labels(dev))
    config = dataclasses.replace(predictor.config, calibration=temperatures)
    return Predictor(config, predictor.tokenizer, predictor.model)
