"""One trial of a sweep: settings drawn, a model trained, its best epoch on dev; a poor one stopped early."""

import shutil
from typing import Any

import optuna
from optuna.trial import Trial, TrialState
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from data.folder import DataFolder
from models.encoder import load_encoder
from train.ending import ending
from train.fit import run_tags, train_model
from train.job import FitJob
from train.logged_model import DEV_FIGURE
from train.provenance import provenance_tags
from train.settings import FitSettings
from train.store import PARENT_RUN, open_store
from train.sweep_settings import Space, Span
from train.tracking import MlflowTracker
from train.workspace import Workspace

RUN_ID = "run_id"  # of a trial, among its attributes


def run_trial(
    trial: Trial, space: Space, settings: FitSettings, data: DataFolder, workspace: Workspace, parent: str
) -> float:
    """Train with settings drawn from the space, in a run nested in `parent`; return the best dev macro-F1.

    Raises:
        optuna.TrialPruned: It was worse than the median of the trials before it.
    """
    drawn = {name: _draw(trial, name, values) for name, values in space.items()}
    name = f"{settings.run.run_name}-trial-{trial.number}"
    own = FitSettings.from_flat({**settings.flat(), **drawn, "run_name": name})
    encoder = load_encoder(own.encoder.encoder, own.encoder.encoder_revision)
    tracker = MlflowTracker.start(
        open_store(),
        experiment=settings.run.experiment,
        name=name,
        parameters=own.flat(),
        tags=provenance_tags("sweep") | run_tags(data, encoder) | {PARENT_RUN: parent},
    )
    trial.set_user_attr(RUN_ID, tracker.run_id)
    work = Workspace(workspace.path / f"trial-{trial.number}")
    work.checkpoints.mkdir(parents=True)
    stopping = StopPoorTrial(trial)
    with ending(tracker):
        trained = train_model(FitJob(own, data, encoder, work, tracker, first=True), [stopping])
        tracker.metrics({DEV_FIGURE: trained.best_dev}, 0)
        tracker.tags({"trial": "pruned" if stopping.poor else "complete"})
    shutil.rmtree(work.path)
    if stopping.poor:
        raise optuna.TrialPruned
    return trained.best_dev


def stop_dead_trials(study: optuna.Study) -> None:
    """Put the settings of trials that a kill left unfinished first in the queue, and end their runs."""
    client = open_store()
    for trial in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params)
        if RUN_ID in trial.user_attrs:
            client.set_terminated(trial.user_attrs[RUN_ID], "KILLED")


def _draw(trial: Trial, name: str, values: Span | tuple[Any, ...]) -> Any:
    if not isinstance(values, Span):
        return trial.suggest_categorical(name, values)
    if values.whole:
        return trial.suggest_int(name, int(values.low), int(values.high), log=values.log)
    return trial.suggest_float(name, values.low, values.high, log=values.log)


class StopPoorTrial(TrainerCallback):
    """Tells Optuna the dev figure of each epoch, and stops the training where it says so."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self.poor = False

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **passed: Any) -> None:
        """Report the epoch's stance macro-F1 on dev."""
        epoch = round(state.epoch or 0)
        self._trial.report(passed["metrics"]["eval_stance_macro_f1"], epoch)
        self.poor = self._trial.should_prune()
        control.should_training_stop = control.should_training_stop or self.poor
