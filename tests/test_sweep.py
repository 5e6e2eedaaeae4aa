"""The search for settings: what may be tried, trials as nested runs, and going on after a kill."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from data.problems import UserError
from tests.test_fit import killed, runs, train
from train.settings import FitSettings, read_config
from train.store import PARENT_RUN
from train.sweep_settings import Span, best_toml, default_space, read_space, space_of, table_of

QUICK = "learning_rate = {low = 1e-4, high = 3e-3, log = true}\nepochs = {low = 1, high = 3}\nbatch_size = [4, 8]\n"


def space_file(folder: Path, text: str) -> Path:
    path = folder / "space.toml"
    path.write_text(text)
    return path


def test_space_is_read_as_lists_and_spans(tmp_path: Path) -> None:
    space = read_space(space_file(tmp_path, QUICK))
    assert space == {
        "learning_rate": Span(1e-4, 3e-3, log=True),
        "epochs": Span(1, 3),
        "batch_size": (4, 8),
    }
    epochs = space["epochs"]
    assert isinstance(epochs, Span) and epochs.whole
    assert space_of(table_of(space), where="notes") == space


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# nothing", "expected settings to search, found none"),
        ("epochs = 3", "epochs: expected a list of values or {low"),
        ("epochs = {low = 3, high = 1}", "epochs: expected a list"),
        ("learning_rate = {low = 0, high = 1, log = true}", "learning_rate: expected a list"),
        ("epoch = [1, 2]", "did you mean 'epochs'"),
        ("epochs = [0, 2]", "--epochs: expected at least 1"),
        ("output = ['a']", "output is no setting to search"),
        ("target = {low = 1, high = 2}", "expected a list of values, found a span"),
        ("epochs = [", "expected TOML"),
    ],
)
def test_space_that_cannot_be_searched_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_space(space_file(tmp_path, text))


def test_space_by_default_lies_around_the_encoders_own_rate() -> None:
    rate = default_space(2e-5)["learning_rate"]
    assert isinstance(rate, Span) and (rate.low, rate.high) == pytest.approx((5e-6, 8e-5))


def test_best_settings_are_a_configuration_of_fit(tmp_path: Path) -> None:
    settings = FitSettings.from_flat({"encoder": "mini", "dropout": 0.25, "run_name": "x", "output": "y"})
    (tmp_path / "best.toml").write_text(best_toml(settings.flat(), "Best of 3"))
    read = FitSettings.from_flat(read_config(tmp_path / "best.toml"))
    assert read.encoder.encoder == "mini" and read.heads.dropout == 0.25
    assert read.run.run_name is None and read.run.output is None


@pytest.mark.slow
def test_sweep_killed_and_resumed_tries_what_it_was_to_try(
    published_encoder: Path, data_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "fit.toml").write_text('max_tokens = 48\nprecision = "fp32"\n')
    words = ("sweep", "--data", data_folder, "--encoder", published_encoder, "--trials", "4", "--run-name", "search")
    more = ("--output", "search", "--config", "fit.toml", "--space", space_file(tmp_path, QUICK))
    killed(*words, *more, folder=tmp_path, once=tmp_path / "search.partial" / "trial-1" / "checkpoints")
    done = train("sweep", "--resume", "search", folder=tmp_path)
    table = pd.read_csv(tmp_path / "search" / "trials.csv")
    assert len(table) == 4 and set(table["state"]) <= {"complete", "pruned"}
    assert table["dev_macro_f1"].tolist()[0] == max(table[table["state"] == "complete"]["dev_macro_f1"])
    assert f"{table['dev_macro_f1'][0]}" in done.stdout
    best = tomllib.loads((tmp_path / "search" / "best.toml").read_text())
    assert best["batch_size"] == table["batch_size"][0] and best["max_tokens"] == 48
    (parent,) = [run for run in runs(tmp_path) if PARENT_RUN not in run.data.tags]
    trials = [run for run in runs(tmp_path) if run.data.tags.get(PARENT_RUN) == parent.info.run_id]
    assert parent.info.status == "FINISHED"
    assert sorted(run.info.status for run in trials) == ["FINISHED"] * 4 + ["KILLED"]
    assert parent.data.metrics["best_dev_stance_macro_f1"] == pytest.approx(table["dev_macro_f1"][0], abs=1e-4)
    assert not any(name.startswith("test_") for run in runs(tmp_path) for name in run.data.metrics)
    assert not (tmp_path / "search.partial").exists()
    refused = train("sweep", "--resume", "search", "--seed", "3", folder=tmp_path, status=2)
    assert "expected no other flag" in refused.stderr


@pytest.mark.slow
def test_best_settings_fit_a_model(published_encoder: Path, data_folder: Path, tmp_path: Path) -> None:
    text = best_toml(
        FitSettings.from_flat({"encoder": str(published_encoder), "data": str(data_folder), "max_tokens": 48}).flat()
        | {"epochs": 1, "learning_rate": 1e-3, "precision": "fp32"},
        "Best of 3",
    )
    (tmp_path / "best.toml").write_text(text)
    train("fit", "--config", "best.toml", "--output", "model", folder=tmp_path)
    assert (tmp_path / "model" / "config.json").exists()
