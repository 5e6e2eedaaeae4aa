"""Predictions for sentences by models that have not seen them: fitted in turn on all articles but a part."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, GroupShuffleSplit

from data.folder import DataFolder
from data.labels import SENTIMENTS, STANCES
from data.problems import UserError
from data.sentence import LabelledSentence
from models.encoder import load_encoder
from models.predictions import Predictions
from train.finish import calibrated
from train.fit import resolved, train_model
from train.job import FitJob
from train.progress import console
from train.settings import FitSettings
from train.tracker import NullTracker
from train.workspace import Workspace

DEV_SHARE = 0.1  # of the sentences that a fold leaves for fitting


def cross_fitted(sentences: Sequence[LabelledSentence], settings: FitSettings, *, folds: int) -> Predictions:
    """Return the probabilities of every actor and sentence, each by a model fitted without its article.

    A tenth of what each model is fitted on chooses its epoch and its temperature.

    Raises:
        UserError: There are fewer articles than folds, or a part has no stance label.
    """
    articles = [sentence.article for sentence in sentences]
    if len(set(articles)) < 2 * folds:
        raise UserError(
            f"--folds {folds}: expected at least {2 * folds} articles, found {len(set(articles))}. Take fewer folds."
        )
    owner = np.repeat(np.arange(len(sentences)), [len(sentence.actors) for sentence in sentences])
    stance = np.zeros((len(owner), len(STANCES)), dtype=np.float32)
    sentiment = np.zeros((len(sentences), len(SENTIMENTS)), dtype=np.float32)
    reads_sentiment = True
    for number, (fitted_on, dev, held_out) in enumerate(_folds(articles, folds, settings.training.seed), start=1):
        console.print(f"fold {number} of {folds}", highlight=False)
        parts = [[sentences[index] for index in part] for part in (fitted_on, dev, held_out)]
        predictions = _fit_and_predict(parts, settings)
        stance[np.isin(owner, held_out)] = predictions.stance  # both in the order of the sentences
        if predictions.sentiment is None:
            reads_sentiment = False
        else:
            sentiment[held_out] = predictions.sentiment
    return Predictions(stance, sentiment if reads_sentiment else None)


def _folds(articles: Sequence[str], folds: int, seed: int) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """Yield positions of the sentences to fit on, to choose by, and to predict, in order; articles kept together."""
    groups = np.asarray(articles)
    for rest, held_out in GroupKFold(folds, shuffle=True, random_state=seed).split(groups, groups=groups):
        chooser = GroupShuffleSplit(1, test_size=DEV_SHARE, random_state=seed)
        fitted_on, dev = next(chooser.split(rest, groups=groups[rest]))
        yield np.sort(rest[fitted_on]), np.sort(rest[dev]), np.sort(held_out)


def _fit_and_predict(parts: Sequence[list[LabelledSentence]], settings: FitSettings) -> Predictions:
    train, dev, held_out = parts
    for part in (train, dev):
        if not any(actor.stance for sentence in part for actor in sentence.actors):
            raise UserError("--folds: expected stance labels in every part, found one without. Take fewer folds.")
    encoder = load_encoder(settings.encoder.encoder, settings.encoder.encoder_revision)
    with tempfile.TemporaryDirectory(prefix="stanowisko-") as scratch:
        own = resolved(FitSettings.from_flat({**settings.flat(), "output": str(Path(scratch) / "model")}), encoder)
        workspace = Workspace(Path(scratch) / "work")
        workspace.checkpoints.mkdir(parents=True)
        data = DataFolder(settings.run.data, train, dev, held_out, sha256={})
        trained = train_model(FitJob(own, data, encoder, workspace, NullTracker(), first=True))
    return calibrated(trained.predictor, dev).predict(held_out)
