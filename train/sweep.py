"""Search for good settings on dev with Optuna: nested runs, poor trials stopped early, resumable."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
import pandas as pd
from optuna.trial import FrozenTrial, TrialState

from data.folder import read_data_folder
from data.problems import UserError
from data.writing import refuse_non_empty
from evaluation.plots import trials_figure
from models.encoder import load_encoder
from train.beginning import begin_run, check_unchanged, noted_facts
from train.ending import ending
from train.fit import resolved, run_tags
from train.logged_model import DEV_FIGURE
from train.progress import console
from train.report_markdown import markdown_table
from train.settings import FitSettings
from train.sweep_settings import Space, best_toml, default_space, space_of, table_of
from train.sweep_trial import run_trial, stop_dead_trials
from train.tracking import MlflowTracker
from train.workspace import Workspace

STARTUP_TRIALS = 5  # before any trial is stopped early
STARTUP_EPOCHS = 2  # of a trial before it may be stopped
DONE = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Sweep:
    """What a sweep found: its trials, the best first, the file with the best settings, the run that tracked it."""

    trials: pd.DataFrame
    best: Path
    run_id: str


def sweep(
    settings: FitSettings, *, trials: int, space: Space | None = None, workspace: Workspace | None = None
) -> Sweep:
    """Try settings until `trials` are done; with a workspace, go on with the sweep that works there.

    A trial's worth is the stance macro-F1 of its best epoch on dev; test is never read. After the first trials
    one that is worse than the median of those before it at the same epoch is stopped (Optuna's MedianPruner).

    Raises:
        UserError: The settings, the data or the output are not as they must be, or no trial came to its end.
    """
    data = read_data_folder(settings.run.data)
    encoder = load_encoder(settings.encoder.encoder, settings.encoder.encoder_revision)
    settings = resolved(settings, encoder)
    space = space or default_space(float(settings.training.learning_rate or 0.0))
    output = Path(str(settings.run.output))
    if not workspace:
        refuse_non_empty(output)
        workspace = Workspace.beside(output)
        workspace.begin("sweep", settings.flat(), trials=trials, space=table_of(space))
    facts = noted_facts("sweep", workspace)
    check_unchanged(data, facts)
    tracker = begin_run(
        "sweep",
        settings.flat(),
        experiment=settings.run.experiment,
        name=str(settings.run.run_name),
        workspace=workspace,
        tags=run_tags(data, encoder),
        facts=facts | {"sha256": data.sha256},
    )
    with ending(tracker):
        study = _study(workspace, settings.training.seed)
        stop_dead_trials(study)
        while (done := len(study.get_trials(states=DONE))) < trials:
            console.print(f"trial {done + 1} of {trials}{_best_so_far(study)}", highlight=False)
            study.optimize(lambda trial: run_trial(trial, space, settings, data, workspace, tracker.run_id), n_trials=1)
        found = _finish(study, settings, workspace, tracker)
    return found


def read_notes(workspace: Workspace) -> tuple[FitSettings, int, Space]:
    """Return settings, number of trials and space of an unfinished sweep.

    Raises:
        UserError: No sweep works there.
    """
    notes, facts = workspace.read("sweep")
    space = space_of(facts["space"], where=str(workspace.path))
    return FitSettings.from_flat(notes), int(facts["trials"]), space


def sweep_name(settings: FitSettings) -> str:
    """Return the name of a sweep that was given none."""
    return f"sweep-{Path(settings.encoder.encoder).name}-{time.strftime('%Y%m%d-%H%M%S')}"


def _study(workspace: Workspace, seed: int) -> optuna.Study:
    """Return the study that the work folder keeps; what is sampled next hangs on the seed and the trials so far."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        study_name="sweep",
        storage=f"sqlite:///{(workspace.path / 'optuna.db').absolute()}",
        load_if_exists=True,
        direction="maximize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS, n_warmup_steps=STARTUP_EPOCHS),
    )
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    return study


def _best_so_far(study: optuna.Study) -> str:
    complete = study.get_trials(states=(TrialState.COMPLETE,))
    best = max(complete, key=_value, default=None)
    return f"; best dev macro-F1 so far {_value(best):.3f}, trial {best.number}" if best else ""


def _value(trial: FrozenTrial) -> float:
    return trial.value if trial.value is not None else float("-inf")


def _finish(study: optuna.Study, settings: FitSettings, workspace: Workspace, tracker: MlflowTracker) -> Sweep:
    done = sorted(study.get_trials(states=DONE), key=lambda trial: (trial.state != TrialState.COMPLETE, -_value(trial)))
    if not done or done[0].state != TrialState.COMPLETE:
        raise UserError("sweep: expected a trial that came to its end, found none. Allow more with --trials.")
    table = pd.DataFrame([_row(trial) for trial in done])
    made = workspace.new_model_folder()
    made.mkdir()
    best = best_toml({**settings.flat(), **done[0].params}, f"Best of {len(done)} trials: dev {_value(done[0]):.3f}")
    (made / "best.toml").write_text(best, encoding="utf-8")
    table.to_csv(made / "trials.csv", index=False)
    tracker.metrics({DEV_FIGURE: _value(done[0]), "trials": float(len(done))}, 0)
    head = list(table.columns)
    rows = [[str(cell) for cell in row] for row in table.to_numpy().tolist()]
    tracker.tags({"mlflow.note.content": markdown_table(head, rows)})
    tracker.table(table, "trials.json")
    tracker.text(best, "best.toml")
    tracker.figure(trials_figure([(trial.number, _value(trial)) for trial in done]), "trials.png")
    output = Path(str(settings.run.output))
    workspace.end(made, output)
    return Sweep(table, output / "best.toml", tracker.run_id)


def _row(trial: FrozenTrial) -> Mapping[str, Any]:
    figures = {name: round(value, 6) if isinstance(value, float) else value for name, value in trial.params.items()}
    value = round(_value(trial), 4)
    return {"trial": trial.number, "dev_macro_f1": value, "state": trial.state.name.lower(), **figures}
