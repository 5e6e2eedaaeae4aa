"""Predictions for sentences by models that have not seen them: fitted in turn on all articles but a part."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, GroupShuffleSplit

from data.folder import DataFolder
from data.problems import UserError
from data.sentence import LabelledSentence
from models.encoder import load_encoder
from models.predictions import Predictions
from train.finish import calibrated
from train.fit import resolved, train_model
from train.job import FitJob
from train.learning import model_config
from train.learning_watch import LearningWatch
from train.progress import console
from train.settings import FitSettings
from train.tracker import NullTracker
from train.workspace import Workspace

DEV_SHARE = 0.1  # of the sentences that a fold leaves for fitting


@dataclass(frozen=True)
class CrossFitted:
    """What models say of sentences, actor by actor and sentence by sentence.

    `held_out` is said by the model that was fitted without a sentence, at its best and calibrated; `learning` by that
    one and by those that were fitted on it, half and half, on average over the epochs: a wrong label is learnt late.
    """

    held_out: Predictions
    learning: Predictions


def cross_fitted(sentences: Sequence[LabelledSentence], settings: FitSettings, *, folds: int) -> CrossFitted:
    """Return the probabilities of every actor and sentence, by models fitted in turn on all articles but a part.

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
    held, unseen, learnt = (_Means(len(owner), len(sentences)) for _ in range(3))
    reads_sentiment = True
    for number, places in enumerate(_folds(articles, folds, settings.training.seed), start=1):
        console.print(f"fold {number} of {folds}", highlight=False)
        fitted_on, _, held_out = places
        said = _fit_and_predict([[sentences[index] for index in part] for part in places], settings)
        held.add(said.held_out, actors=np.isin(owner, held_out), sentences=held_out)
        unseen.add(said.held_out_by_epoch, actors=np.isin(owner, held_out), sentences=held_out)
        learnt.add(said.fitted_on_by_epoch, actors=np.isin(owner, fitted_on), sentences=fitted_on)
        reads_sentiment = reads_sentiment and said.held_out.sentiment is not None
    return CrossFitted(held.predictions(reads_sentiment), learnt.with_half_of(unseen).predictions(reads_sentiment))


@dataclass(frozen=True)
class _Said:
    """What the model of one fold says: at its best, calibrated, and on average over its epochs."""

    held_out: Predictions
    held_out_by_epoch: Predictions
    fitted_on_by_epoch: Predictions


class _Means:
    """Mean probabilities of actors (actors, 3) and sentences (sentences, 3), each told of some at a time."""

    def __init__(self, actors: int, sentences: int) -> None:
        self.sums = [np.zeros((rows, 3)) for rows in (actors, sentences)]
        self.times = [np.zeros((rows, 1)) for rows in (actors, sentences)]

    def add(self, said: Predictions, *, actors: NDArray[Any], sentences: NDArray[Any]) -> None:
        """Add what is said of some actors and sentences, which are in their order."""
        for sums, times, places, rows in zip(
            self.sums, self.times, (actors, sentences), (said.stance, said.sentiment), strict=True
        ):
            sums[places] += 0.0 if rows is None else rows
            times[places] += 1

    def with_half_of(self, other: "_Means") -> "_Means":
        """Return means of these and another's, half and half; the other's alone where these know nothing."""
        joined = _Means(0, 0)
        for number in range(2):
            mine, theirs = self.means()[number], other.means()[number]
            known = self.times[number] > 0
            joined.sums[number] = np.where(known, (mine + theirs) / 2, theirs)
            joined.times[number] = np.ones_like(self.times[number])
        return joined

    def means(self) -> list[NDArray[np.float64]]:
        """Return both means."""
        return [sums / np.maximum(times, 1) for sums, times in zip(self.sums, self.times, strict=True)]

    def predictions(self, reads_sentiment: bool) -> Predictions:
        """Return the means as predictions."""
        stance, sentiment = (mean.astype(np.float32) for mean in self.means())
        return Predictions(stance, sentiment if reads_sentiment else None)


def _folds(articles: Sequence[str], folds: int, seed: int) -> Iterator[tuple[NDArray[np.int64], ...]]:
    """Yield positions of the sentences to fit on, to choose by, and to predict, in order; articles kept together."""
    groups = np.asarray(articles)
    for rest, held_out in GroupKFold(folds, shuffle=True, random_state=seed).split(groups, groups=groups):
        chooser = GroupShuffleSplit(1, test_size=DEV_SHARE, random_state=seed)
        fitted_on, dev = next(chooser.split(rest, groups=groups[rest]))
        yield np.sort(rest[fitted_on]), np.sort(rest[dev]), np.sort(held_out)


def _fit_and_predict(parts: Sequence[list[LabelledSentence]], settings: FitSettings) -> _Said:
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
        job = FitJob(own, data, encoder, workspace, NullTracker(), first=True)
        watches = [LearningWatch(part, model_config(job), encoder.plain_tokenizer()) for part in (held_out, train)]
        trained = train_model(job, watches)
    best = calibrated(trained.predictor, dev).predict(held_out)
    return _Said(best, *(watch.mean() for watch in watches))
