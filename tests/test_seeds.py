"""The same fit from several seeds, through the command line."""

import statistics
from pathlib import Path

import pytest

from data.problems import UserError
from tests.test_fit import BRIEF, killed, runs, train
from train.seeds import fit_seeds
from train.settings import FitSettings
from train.store import PARENT_RUN

pytestmark = pytest.mark.slow


def test_seeds_are_nested_runs_with_mean_and_deviation_and_go_on_after_a_kill(
    published_encoder: Path, data_folder: Path, tmp_path: Path
) -> None:
    words = ("--data", data_folder, "--encoder", published_encoder, "--output", "several", "--run-name", "several")
    done = train("fit", *words, *BRIEF, "--seeds", "2", "--seed", "5", folder=tmp_path)
    (parent,) = [run for run in runs(tmp_path) if PARENT_RUN not in run.data.tags]
    children = [run for run in runs(tmp_path) if run.data.tags.get(PARENT_RUN) == parent.info.run_id]
    assert sorted(run.data.params["seed"] for run in children) == ["5", "6"]
    for name in ("test_stance_macro_f1", "test_stance_brier"):
        values = [run.data.metrics[name] for run in children]
        assert parent.data.metrics[name] == pytest.approx(statistics.mean(values))
        assert parent.data.metrics[f"{name}_sd"] == pytest.approx(statistics.stdev(values))
    assert values[0] != values[1]  # by Brier score: the F1 of two small models may be the same
    assert f"{parent.data.metrics['test_stance_macro_f1']:.3f}" in done.stdout
    assert sorted(path.name for path in (tmp_path / "several").iterdir()) == ["seed-5", "seed-6"]
    assert not (tmp_path / "several.partial").exists()


def test_seeds_go_on_where_they_were_stopped(published_encoder: Path, data_folder: Path, tmp_path: Path) -> None:
    words = ("--data", data_folder, "--encoder", published_encoder, "--output", "several", "--run-name", "several")
    in_the_second = tmp_path / "several" / "seed-2.partial" / "run.json"
    killed("fit", *words, *BRIEF, "--seeds", "2", folder=tmp_path, once=in_the_second)
    assert (tmp_path / "several.partial").exists()
    train("fit", "--resume", "several", folder=tmp_path)
    found = runs(tmp_path)
    assert sorted(run.info.run_name for run in found) == ["several", "several-seed-1", "several-seed-2"]
    assert {run.info.status for run in found} == {"FINISHED"}
    assert not (tmp_path / "several.partial").exists()


def test_seeds_refuse_several_processes(data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UserError, match="--seeds: expected one process"):
        fit_seeds(FitSettings.from_flat({"seeds": 2, "data": str(data_folder), "output": str(tmp_path / "x")}))
