"""The end of a fit: test figures, the model folder, and all of it in MLflow."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data.labels import SENTIMENTS, STANCES
from data.sentence import LabelledSentence
from evaluation.metrics import confusion
from evaluation.plots import confusion_figure
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
    begun = time.monotonic()
    predictions = predictor.predict(job.data.test)
    seconds = time.monotonic() - begun
    report = make_report(job.data.test, predictions.stance, predictions.sentiment, data_sha256=job.data.sha256["test"])
    card = model_card(job.settings, report, revision=job.encoder.revision, commit=git_commit(), run_id=tracker.run_id)
    made = job.workspace.new_model_folder()
    save_model_folder(made, model=predictor.model, tokenizer=job.encoder.tokenizer, config=predictor.config, card=card)
    figures = {
        f"test_{kind}_{name}": figure["value"]
        for kind in ("stance", "sentiment")
        for name, figure in report[kind].items()
    }
    speed = {"predict_sentences_per_s": len(job.data.test) / seconds}
    tracker.metrics({**figures, **speed, DEV_FIGURE: best_dev}, step)
    tracker.tags({"mlflow.note.content": figures_table(report), "model_folder": str(job.output.absolute())})
    tracker.document(report, "report.json")
    tracker.table(_test_table(job.data.test, predictions), "test_predictions.json")
    _track_confusions(tracker, job.data.test, predictions)
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


def _track_confusions(tracker: Tracker, sentences: list[LabelledSentence], predictions: Predictions) -> None:
    for kind, labels, true, probabilities in (
        ("stance", STANCES, stance_labels(sentences), predictions.stance),
        ("sentiment", SENTIMENTS, sentiment_labels(sentences), predictions.sentiment),
    ):
        if probabilities is not None and (true >= 0).any():
            counts = confusion(true, probabilities.argmax(axis=1), labels=labels)
            tracker.figure(confusion_figure(counts, labels=labels, title=f"{kind}, test"), f"confusion_{kind}.png")
