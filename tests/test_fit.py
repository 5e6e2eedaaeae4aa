"""The main job through the command line: fit, track, export, evaluate, predict, resume."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pytest
from safetensors.numpy import load_file

from data.folder import file_sha256
from data.labelled_files import write_sentences
from data.problems import UserError
from tests.conftest import small_corpus
from train.settings import FitSettings
from train.workspace import Workspace

pytestmark = pytest.mark.slow

# The encoder knows nothing yet: all of it has to learn.
ALL = ("--layer-decay", "1", "--train-embeddings")
QUICK = (
    *ALL,
    "--epochs",
    "10",
    "--batch-size",
    "8",
    "--learning-rate",
    "3e-3",
    "--max-tokens",
    "48",
    "--precision",
    "fp32",
)
BRIEF = (*QUICK, "--epochs", "4")


def train(*words: str | Path, folder: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "train", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment(),
        timeout=300,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done


def killed(*words: str | Path, folder: Path, once: Path) -> None:
    """Run a command and kill it once a file is there."""
    process = subprocess.Popen(
        [sys.executable, "-m", "train", *map(str, words)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while not once.exists():
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()


def environment() -> dict[str, str]:
    root = str(Path(__file__).parents[1])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW")}
    return {**kept, "PYTHONPATH": root, "CUDA_VISIBLE_DEVICES": ""}


def store(folder: Path) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(f"sqlite:///{folder / 'mlflow.db'}", f"sqlite:///{folder / 'mlflow.db'}")


def runs(folder: Path) -> list[Any]:
    client = store(folder)
    return list(client.search_runs([experiment.experiment_id for experiment in client.search_experiments()]))


@pytest.fixture(scope="module")
def fitted(published_encoder: Path, data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one fit ran: model in `first/`, store in mlflow.db."""
    folder = tmp_path_factory.mktemp("fitted")
    words = ("--data", data_folder, "--encoder", published_encoder, "--output", "first", "--run-name", "first")
    train("fit", *words, *QUICK, folder=folder)
    return folder


def test_fit_learns_and_reports(fitted: Path) -> None:
    (run,) = runs(fitted)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["test_stance_macro_f1"] > 0.6
    names = {"train_loss", "learning_rate", "dev_stance_macro_f1", "dev_sentiment_macro_f1", "test_sentiment_macro_f1"}
    names |= {"test_stance_f1_against", "test_stance_accuracy", "sentences_per_s", "predict_sentences_per_s"}
    assert names <= run.data.metrics.keys()
    history = store(fitted).get_metric_history(run.info.run_id, "dev_stance_macro_f1")
    assert 1 < len(history) <= 10
    assert len({metric.step for metric in history}) == len(history)


def test_fit_records_what_it_takes_to_repeat_it(fitted: Path, data_folder: Path, published_encoder: Path) -> None:
    (run,) = runs(fitted)
    assert run.data.params["batch_size"] == "8"
    assert run.data.params["target"] == "span"
    tags = run.data.tags
    assert tags["encoder"] == str(published_encoder)
    assert tags["encoder_revision"] == f"sha256:{file_sha256(published_encoder / 'model.safetensors')}"
    assert tags["mlflow.source.git.commit"]
    assert tags["version_torch"].startswith("2.")
    inputs = {entry.dataset.name.rpartition("/")[2]: entry for entry in run.inputs.dataset_inputs}
    for split in ("train", "dev", "test"):
        sha256 = file_sha256(data_folder / f"{split}.jsonl")
        assert tags[f"data_sha256_{split}"] == sha256
        assert {tag.key: tag.value for tag in inputs[split].tags}["sha256"] == sha256


def test_fit_keeps_pictures_predictions_and_the_report(fitted: Path) -> None:
    (run,) = runs(fitted)
    names = {entry.path for entry in store(fitted).list_artifacts(run.info.run_id)}
    assert {"confusion_stance.png", "confusion_sentiment.png", "test_predictions.json", "report.json"} <= names
    assert {"report.html", "report.md", "slices.json", "slices.png", "reliability_stance.png"} <= names
    assert "| macro\\_f1 |" in run.data.tags["mlflow.note.content"]
    assert 0.1 < run.data.metrics["control_majority_macro_f1"] < run.data.metrics["control_tfidf_macro_f1"]
    path = store(fitted).download_artifacts(run.info.run_id, "test_predictions.json")
    assert len(json.loads(Path(path).read_text())["data"]) == 24


def test_fit_registers_the_model_as_champion(fitted: Path) -> None:
    client = store(fitted)
    champion = client.get_model_version_by_alias("stance", "champion")
    (run,) = runs(fitted)
    assert champion.run_id == run.info.run_id


def test_fit_leaves_no_work_folder(fitted: Path) -> None:
    assert sorted(path.name for path in fitted.iterdir() if not path.name.startswith("mlflow")) == [
        "first",
        "mlartifacts",
    ]


def test_fit_model_serves_alike_without_our_packages(fitted: Path, tmp_path: Path) -> None:
    """Compare `train predict` with mlflow.pyfunc in a process that cannot import this project."""
    text = "Nowak pochwalił Kowala w Sejmie. Kowal skrytykował Nowaka podczas debaty."
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / "a.toml").write_text('[[actor]]\nname = "Nowak"\n[[actor]]\nname = "Kowal"\n')
    done = train("predict", tmp_path / "a.txt", "--actors", tmp_path / "a.toml", "--format", "jsonl", folder=fitted)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == 4
    assert all(text[record["sentence_start"] :].startswith(record["sentence"]) for record in records)
    rows = [
        {"text": record["sentence"], "actor": record["actor"], "mentions": record["mentions"]} for record in records
    ]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    script = f"""
import json, sys
sys.path = [entry for entry in sys.path if "site-packages" in entry or "python3" in entry]
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in str(finder).lower()]
import mlflow, pandas
mlflow.set_tracking_uri("sqlite:///{fitted / "mlflow.db"}")
model = mlflow.pyfunc.load_model("models:/stance@champion")
served = model.predict(pandas.DataFrame(json.load(open({str(tmp_path / "rows.json")!r}))))
assert not {{"data", "models", "train", "evaluation"}} & set(sys.modules)
print(served.to_json(orient="records"))
"""
    kept = {name: value for name, value in environment().items() if name != "PYTHONPATH"}
    alone = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path, env=kept, timeout=120
    )
    assert alone.returncode == 0, alone.stderr
    served = json.loads(alone.stdout.splitlines()[-1])
    for record, row in zip(records, served, strict=True):
        assert row["stance"] == record["stance"]
        for label, probability in record["probabilities"].items():
            assert row[label] == pytest.approx(probability, abs=1e-5)
        for label, probability in record["sentiment_probabilities"].items():
            assert row[f"sentiment_{label}"] == pytest.approx(probability, abs=1e-5)


def test_fit_model_is_found_by_folder_run_and_registry(fitted: Path, data_folder: Path) -> None:
    (run,) = runs(fitted)
    figures = set()
    for number, model in enumerate(("first", run.info.run_id, "models:/stance@champion", None)):
        words = ["--model", model] if model else []
        train(
            "evaluate", *words, "--data", data_folder / "test.jsonl", "--json", f"report-{number}.json", folder=fitted
        )
        report = json.loads((fitted / f"report-{number}.json").read_text())
        (fitted / f"report-{number}.json").unlink()
        figures.add(report["stance"]["macro_f1"]["value"])
        assert report["data_sha256"] == file_sha256(data_folder / "test.jsonl")
    assert len(figures) == 1
    assert figures.pop() == pytest.approx(run.data.metrics["test_stance_macro_f1"], abs=5e-5)  # logged with four digits


def test_fit_model_is_exported_whole(fitted: Path, tmp_path: Path) -> None:
    train("export", "--model", "models:/stance@champion", "--to", tmp_path / "away", folder=fitted)
    exported, first = (
        load_file(tmp_path / "away" / "model.safetensors"),
        load_file(fitted / "first" / "model.safetensors"),
    )
    assert all(np.array_equal(exported[name], first[name]) for name in first)
    done = train("export", "--to", tmp_path / "away", folder=fitted, status=2)
    assert "found something there" in done.stderr


@pytest.fixture
def bigger(tmp_path: Path) -> Path:
    """A data folder that takes seconds, not tenths of one, to train on."""
    folder = tmp_path / "bigger"
    folder.mkdir()
    write_sentences(small_corpus(900), folder / "train.jsonl")
    write_sentences(small_corpus(60, 900), folder / "dev.jsonl")
    write_sentences(small_corpus(60, 960), folder / "test.jsonl")
    return folder


def test_fit_killed_and_resumed_is_the_fit_that_was_not(bigger: Path, published_encoder: Path, tmp_path: Path) -> None:
    words = ("fit", "--data", bigger, "--encoder", published_encoder, *BRIEF, "--checkpoint-steps", "50")
    train(*words, "--output", "whole", "--run-name", "whole", folder=tmp_path)
    in_the_second_epoch = tmp_path / "cut.partial" / "checkpoints" / "checkpoint-150" / "trainer_state.json"
    killed(*words, "--output", "cut", "--run-name", "cut", folder=tmp_path, once=in_the_second_epoch)
    assert not (tmp_path / "cut").exists()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    train("fit", "--resume", tmp_path / "cut", folder=elsewhere)
    assert list(elsewhere.iterdir()) == []
    whole, cut = (next(run for run in runs(tmp_path) if run.info.run_name == name) for name in ("whole", "cut"))
    assert len(runs(tmp_path)) == 2
    same = [name for name in whole.data.metrics if name.startswith(("test_", "dev_", "best_"))]
    assert len(same) > 10
    assert {name: cut.data.metrics[name] for name in same} == {name: whole.data.metrics[name] for name in same}
    first, second = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "cut"))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    history = store(tmp_path).get_metric_history(cut.info.run_id, "dev_stance_macro_f1")
    assert sorted(metric.step for metric in history) == sorted({metric.step for metric in history})


def test_fit_killed_after_it_stopped_early_reads_no_further_epoch(
    elsewhere: Path, data_folder: Path, published_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from train import fit as fitting

    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")

    def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    settings = FitSettings.from_flat(
        {"data": str(data_folder), "encoder": str(published_encoder), "output": "out", "epochs": 30, "patience": 1}
        | {"max_tokens": 48, "learning_rate": 1e-6, "head_learning_rate": 1e-6, "precision": "fp32"}
    )
    with monkeypatch.context() as patch:
        patch.setattr(fitting, "finish", die)
        with pytest.raises(RuntimeError, match="killed"):
            fitting.fit(settings)
    (run,) = runs(elsewhere)
    before = store(elsewhere).get_metric_history(run.info.run_id, "dev_stance_macro_f1")
    assert len(before) < 30
    workspace = Workspace(elsewhere / "out.partial")
    fitted = fitting.fit(FitSettings.from_flat(workspace.read("fit")[0]), workspace=workspace)
    assert fitted
    after = store(elsewhere).get_metric_history(run.info.run_id, "dev_stance_macro_f1")
    assert [metric.step for metric in after] == [metric.step for metric in before]
    (run,) = runs(elsewhere)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["best_dev_stance_macro_f1"] == max(metric.value for metric in before)


def test_fit_in_two_processes_is_the_fit_in_one(
    fitted: Path, published_encoder: Path, data_folder: Path, tmp_path: Path
) -> None:
    launcher = shutil.which("torchrun", path=str(Path(sys.executable).parent))
    assert launcher
    words = [
        "fit",
        "--data",
        data_folder,
        "--encoder",
        published_encoder,
        "--output",
        "two",
        "--run-name",
        "two",
        *QUICK,
    ]
    done = subprocess.run(
        [launcher, "--nproc-per-node", "2", "--master-port", "29713", "-m", "train", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(),
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (one,), (two,) = runs(fitted), runs(tmp_path)
    for name, value in one.data.metrics.items():
        if name.startswith(("dev_", "test_", "train_loss", "gradient_norm")):
            assert two.data.metrics[name] == pytest.approx(value, abs=1e-3), name
    first, second = load_file(fitted / "first" / "model.safetensors"), load_file(tmp_path / "two" / "model.safetensors")
    assert all(np.allclose(first[name], second[name], atol=1e-3) for name in first)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def test_fit_output_that_is_not_empty_is_refused_before_any_work(
    elsewhere: Path, data_folder: Path, published_encoder: Path
) -> None:
    (elsewhere / "out").mkdir()
    (elsewhere / "out" / "mine.txt").write_text("mine")
    done = train(
        "fit", "--data", data_folder, "--encoder", published_encoder, "--output", "out", folder=elsewhere, status=2
    )
    assert "found something there" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (elsewhere / "mlflow.db").exists()
    assert [path.name for path in elsewhere.iterdir()] == ["out"]


def test_workspace_killed_before_its_run_began_knows_nothing_yet(tmp_path: Path) -> None:
    workspace = Workspace.beside(tmp_path / "out")
    workspace.begin("fit", FitSettings().flat())
    settings, facts = workspace.read("fit")
    assert FitSettings.from_flat(settings) == FitSettings()
    assert facts == {}
    with pytest.raises(UserError, match="expected an unfinished run of `train distill`, found one of `train fit`"):
        workspace.read("distill")
