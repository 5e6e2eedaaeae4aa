"""The same fit from several seeds: nested runs, and what of their figures is the recipe and what is luck."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.folder import DataFolder, read_data_folder
from data.problems import UserError
from data.writing import refuse_non_empty
from evaluation.plots import seeds_figure
from models.encoder import load_encoder
from train.beginning import check_unchanged, noted_facts
from train.ending import ending
from train.fit import begin_fit, fit, resolved, run_tags
from train.measuring import run_metrics
from train.progress import console
from train.report_markdown import markdown_table
from train.settings import FitSettings
from train.store import PARENT_RUN, open_store, runs_called
from train.tracking import MlflowTracker
from train.workspace import Workspace

OF_REPORT = ("test_", "control_", "swap_", "name_", "stance_", "sentiment_")  # what `run_metrics` calls its figures
SHOWN = ("test_stance_macro_f1", "test_stance_f1_against_favor", "test_stance_accuracy", "test_sentiment_macro_f1")


@dataclass(frozen=True)
class Seeds:
    """What fits from several seeds leave: their figures (seeds, figures), a row for each seed, and where they are."""

    figures: pd.DataFrame
    folder: Path
    run_id: str

    def rows(self) -> list[tuple[str, ...]]:
        """Return mean, standard deviation and each seed's value of the figures that matter."""
        shown = [name for name in SHOWN if name in self.figures]
        return [
            (
                name.removeprefix("test_"),
                f"{self.figures[name].mean():.3f}",
                f"{self.figures[name].std():.3f}",
                *(f"{value:.3f}" for value in self.figures[name]),
            )
            for name in shown
        ]

    def head(self) -> tuple[str, ...]:
        """Return the head of those rows."""
        return ("", "mean", "sd", *(f"seed {seed}" for seed in self.figures.index))


def fit_seeds(settings: FitSettings, *, workspace: Workspace | None = None) -> Seeds:
    """Fit from `seeds` seeds, the first of them `seed`; with a workspace, go on with the fits that work there.

    Each fit is a run of its own, nested in a run that has the mean of every figure under its name and the
    standard deviation (of a sample, n - 1) under …_sd.

    Raises:
        UserError: The settings, the data or the output are not as they must be.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise UserError("--seeds: expected one process, found torchrun. Start a fit for each seed instead.")
    facts = noted_facts("fit", workspace)
    settings, data, tags = _recipe(settings)
    check_unchanged(data, facts)
    output = Path(str(settings.run.output))
    if not workspace:
        refuse_non_empty(output)
        workspace = Workspace.beside(output)
        workspace.begin("fit", settings.flat())
    tracker = begin_fit(settings, workspace, tags=tags, facts={"sha256": data.sha256})
    facts = workspace.read("fit")[1]
    done: dict[str, dict[str, float]] = facts.pop("done", {})
    with ending(tracker):
        for seed in _seeds(settings):
            if str(seed) not in done:
                done[str(seed)] = _fit_one(settings, seed, tracker.run_id)
                workspace.note("fit", settings.flat(), **facts, done=done)
        seeds = Seeds(pd.DataFrame.from_dict(done, orient="index"), output, tracker.run_id)
        _track(seeds, tracker)
    shutil.rmtree(workspace.path)
    return seeds


def _seeds(settings: FitSettings) -> range:
    return range(settings.training.seed, settings.training.seed + settings.training.seeds)


def _recipe(settings: FitSettings) -> tuple[FitSettings, DataFolder, dict[str, str]]:
    """Return the settings with nothing left open, the data, and the tags of both; the encoder is let go again."""
    data = read_data_folder(settings.run.data)
    encoder = load_encoder(settings.encoder.encoder, settings.encoder.encoder_revision)
    return resolved(settings, encoder), data, run_tags(data, encoder)


def _fit_one(settings: FitSettings, seed: int, parent: str) -> dict[str, float]:
    """Fit from one seed, or go on with that fit, and return its figures on test."""
    name = f"{settings.run.run_name}-seed-{seed}"
    output = Path(str(settings.run.output)) / f"seed-{seed}"
    console.print(f"{name}, of {settings.training.seeds}", highlight=False)
    own = {"seed": seed, "seeds": 1, "run_name": name, "output": str(output)}
    begun = Workspace.beside(output)
    if begun.path.exists():
        fitted = fit(FitSettings.from_flat(begun.read("fit")[0]), workspace=begun, parent=parent)
    elif output.exists():  # whole, but the command was killed before it was noted
        return _tracked_figures(name, parent)
    else:
        fitted = fit(FitSettings.from_flat({**settings.flat(), **own}), parent=parent)
    if fitted is None:  # only other processes get none
        raise UserError(f"{name}: expected a fitted model, found none.")
    return run_metrics(fitted.report)


def _tracked_figures(name: str, parent: str) -> dict[str, float]:
    for run in runs_called(open_store(), name):
        if run.data.tags.get(PARENT_RUN) == parent and run.info.status == "FINISHED":
            return {figure: value for figure, value in run.data.metrics.items() if figure.startswith(OF_REPORT)}
    raise UserError(
        f"{name}: its model is there, but no finished run of it is tracked. Delete its folder, then resume."
    )


def _track(seeds: Seeds, tracker: MlflowTracker) -> None:
    means, spreads = seeds.figures.mean(), seeds.figures.std()
    figures = {str(name): float(value) for name, value in means.items() if not str(name).endswith(("_low", "_high"))}
    tracker.metrics(figures | {f"{name}_sd": float(spreads[name]) for name in figures}, 0)
    tracker.tags({"mlflow.note.content": markdown_table(seeds.head(), seeds.rows())})
    table = seeds.figures.rename_axis("seed").reset_index()
    tracker.table(table, "seeds.json")
    shown = {name: seeds.figures[name].tolist() for name in SHOWN if name in seeds.figures}
    tracker.figure(seeds_figure(shown), "seeds.png")
